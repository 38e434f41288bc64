"""The other pages of the Forum: editions, sessions, people, documents, releases, outcomes."""

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils.html import escape

from common.moves.models import StatusChange
from forum.outcome.models import OutcomeReport
from forum.people.models import Person, Role
from forum.session.models import Session
from tests.factories import UserFactory
from tests.forum.records import (
    DocumentFactory,
    EditionFactory,
    OutcomeFactory,
    PersonFactory,
    PhaseFactory,
    SessionFactory,
    officer,
    release,
    released,
)

pytestmark = pytest.mark.django_db


def text(client, name, *args):
    response = client.get(reverse(name, args=args))
    assert response.status_code == 200
    return response.content.decode()


def test_editions_stand_in_a_timeline_with_the_facts_of_their_source(client):
    EditionFactory(
        slug="2005", first_year=2005, last_year=2005, title="Tunis", participants=19000
    )
    EditionFactory(
        slug="2006-2008",
        first_year=2006,
        last_year=2008,
        title="Cluster",
        start_date=None,
        end_date=None,
    )
    released(edition=EditionFactory(slug="2027"))

    page = client.get(reverse("forum:editions"))

    html = page.content.decode()
    assert [e.slug for e in page.context["editions"]] == ["2027", "2006-2008", "2005"]
    assert [e.in_programme for e in page.context["editions"]] == [1, 0, 0]
    assert "19,000" in html
    assert "2006–2008" in html
    assert "days not known" in html


@pytest.mark.parametrize("rows", [1, 10])
def test_editions_queries(client, django_assert_num_queries, rows):
    for number in range(rows):
        EditionFactory(slug=f"e{number}")

    with django_assert_num_queries(
        2
    ):  # editions with their counts; the current or next one
        client.get(reverse("forum:editions"))


def test_an_edition_names_its_source_and_what_is_unconfirmed(client):
    EditionFactory(
        source="A list", notes="Theme unconfirmed", chair="Somebody, Somewhere"
    )

    html = text(client, "forum:edition", "2027")

    assert [
        html.count(t) for t in ("A list", "Theme unconfirmed", "Somebody, Somewhere")
    ] == [
        1,
        1,
        1,
    ]


def test_a_session_page_holds_what_the_release_holds(client):
    person = PersonFactory(name="Amara Example")
    session = released(
        title="Digital <villages>",
        number="133",
        speakers=[person],
        interpretation=["fr", "ar"],
        has_captions=True,
        link="https://itu.example/133",
        source_note="Organizer unconfirmed",
        source="A page",
    )
    Session.objects.filter(pk=session.pk).update(description="Secret plans")

    html = text(client, "forum:session", session.pk)

    for part in (
        escape("Digital <villages>"),
        "Session 133",
        "Amara Example",
        "Français, عربي",
        "itu.example",
        "Organizer unconfirmed",
        "10:00–11:00",
        "Panellist",
    ):
        assert part in html
    assert "Secret plans" not in html


def test_a_planned_session_is_there_for_its_proposer_and_staff_only(client):
    session = SessionFactory(owner=UserFactory())
    people = {
        "anonymous": None,
        "stranger": UserFactory(),
        "owner": session.owner,
        "secretariat": officer(),
    }

    found = {}
    for name, user in people.items():
        client.logout()
        if user:
            client.force_login(user)
        found[name] = client.get(session.get_absolute_url()).status_code

    assert found == {
        "anonymous": 404,
        "stranger": 404,
        "owner": 200,
        "secretariat": 200,
    }
    visible = {
        n: session in Session.objects.visible_to(u) for n, u in people.items() if u
    }
    assert visible == {"stranger": False, "owner": True, "secretariat": True}


@pytest.mark.parametrize(
    ("word", "count"), [("villages", 2), ("masts", 1), ("-masts", 1)]
)
def test_sessions_are_found_by_their_words(word, count):
    SessionFactory(title="Villages and masts")
    SessionFactory(title="Villages")

    assert Session.objects.search(word).count() == count


def test_sessions_of_an_action_line():
    four = SessionFactory(action_lines=["C4", "C5"])
    SessionFactory(action_lines=["C7-EGOV"])

    assert list(Session.objects.of_action_line("C4", "C5")) == [four]


def test_a_person_is_public_with_a_part_in_a_release(client):
    person = PersonFactory(name="Amara Example", bio="Writes about masts.")
    hidden = client.get(person.get_absolute_url()).status_code
    session = released(speakers=[person], title="The masts session")

    html = text(client, "forum:person", person.pk)

    assert hidden == 404
    for part in (
        "Amara Example",
        "Writes about masts.",
        "The masts session",
        "Panellist",
    ):
        assert part in html
    assert Person.objects.public().get() == person
    assert session.participations.get().role == Role.PANELLIST


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Amara", "Bilal"]),
        ("q=university", ["Amara"]),
        ("country=KE", ["Amara", "Bilal"]),
        ("edition=2027", ["Amara", "Bilal"]),
        ("edition=2020", []),
        ("role=moderator", []),
        ("role=panellist&q=bil", ["Bilal"]),
    ],
)
def test_people_are_found(client, query, found):
    released(speakers=[PersonFactory(name="Amara")])
    released(speakers=[PersonFactory(name="Bilal", organization="Ministry")])

    page = client.get(f"{reverse('forum:people')}?{query}").context["page"]

    assert [person.name for person in page.object_list] == found


@pytest.mark.parametrize("rows", [1, 10])
def test_people_queries(client, django_assert_num_queries, rows):
    released(speakers=[PersonFactory() for _row in range(rows)])

    with django_assert_num_queries(2):  # count; people with their countries
        page = client.get(reverse("forum:people")).context["page"]

    assert len(page.object_list) == rows


def test_releases_tell_what_changed_and_stay_as_they_were(client):
    session = released(title="First title")
    Session.objects.filter(pk=session.pk).update(title="Second title")
    release(name="Changes of July")

    listed = text(client, "forum:releases", "2027")
    first = text(client, "forum:release", "2027", 1)
    second = text(client, "forum:release", "2027", 2)

    assert "Changes of July" in listed
    assert ("First title" in first, "Second title" in first) == (True, False)
    assert "Second title" in second


@pytest.mark.parametrize("rows", [1, 10])
def test_releases_queries(client, django_assert_num_queries, rows):
    for _row in range(rows):
        released()

    with django_assert_num_queries(3):  # edition; count, releases
        client.get(reverse("forum:releases", args=["2027"]))


def test_the_feed_tells_of_releases_and_is_not_sent_twice(client):
    released(title="A session")
    first = client.get(reverse("forum:feed"))

    again = client.get(reverse("forum:feed"), headers={"If-None-Match": first["ETag"]})

    assert first["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert "<title>Forum 2027: 1. A release</title>" in first.content.decode()
    assert again.status_code == 304


def test_documents_of_an_edition(client):
    shown = DocumentFactory(title="Outcome of 2027", language="fr", version=2)
    DocumentFactory(title="In preparation", is_public=False)
    OutcomeFactory(summary="Villages agreed on masts.")

    html = text(client, "forum:documents", "2027")
    client.force_login(officer())
    staff = text(client, "forum:documents", "2027")

    assert (shown.title in html, "In preparation" in html) == (True, False)
    assert "In preparation" in staff
    assert "Villages agreed on masts." in html


def test_an_uploaded_document_is_a_download_with_our_own_name(client):
    file = ContentFile(b"%PDF-1.7\n%%EOF", name="evil.html")
    document = DocumentFactory(link="", title="../../evil <b>", file=file)

    response = client.get(reverse("forum:document", args=[document.pk]))

    assert response["Content-Disposition"] == (
        f'attachment; filename="2027-outcome-en-{document.pk}.pdf"'
    )
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert b"".join(response.streaming_content).startswith(b"%PDF-")


@pytest.mark.parametrize("rows", [1, 10])
def test_documents_queries(client, django_assert_num_queries, rows):
    for _row in range(rows):
        DocumentFactory()
        OutcomeFactory()

    # edition; documents; count, reports; outcome documents
    with django_assert_num_queries(5):
        client.get(reverse("forum:documents", args=["2027"]))


REPORT = {
    "language": "en",
    "summary": "Villages agreed.",
    "outcomes": "Masts.",
    "outlook": "",
    "hand_in": "1",
}


def test_the_organizer_writes_the_outcome_and_the_secretariat_publishes_it(client):
    session, desk = released(owner=UserFactory()), officer()
    edit = reverse("forum:outcome-edit", args=[session.pk])
    client.force_login(session.owner)
    client.post(edit, REPORT | {"publish": "1"})  # not theirs to publish
    client.logout()
    before = client.get(reverse("forum:outcome", args=[session.pk])).status_code
    client.force_login(desk)
    client.post(edit, REPORT | {"publish": "1"})
    client.logout()

    html = text(client, "forum:outcome", session.pk)

    logged = StatusChange.objects.filter(record_kind="forum.outcomereport").first()
    assert (before, OutcomeReport.objects.get().by) == (404, session.owner)
    assert (logged.move, logged.by) == ("publish", desk)
    assert "Villages agreed." in html


@pytest.mark.parametrize(
    ("bad", "field", "sentence"),
    [
        ({"summary": ""}, "summary", "This field is required."),
        (
            {"summary": "word " * 801},
            "summary",
            "Enter at most 800 words; you have 801.",
        ),
        (
            {"outcomes": "x" * 12001},
            "outcomes",
            "Ensure this value has at most 12000 characters (it has 12001).",
        ),
        (
            {"language": "tlh"},
            "language",
            "Select a valid choice. tlh is not one of the available choices.",
        ),
        (
            {"outlook": "\ufffd"},
            "outlook",
            "Some characters could not be read (“�”). Type them again.",
        ),
    ],
)
def test_a_bad_report_is_refused_beside_its_field(client, bad, field, sentence):
    session = released(owner=UserFactory())
    client.force_login(session.owner)

    response = client.post(
        reverse("forum:outcome-edit", args=[session.pk]), REPORT | bad
    )

    assert (response.status_code, response.context["form"].errors) == (
        400,
        {field: [sentence]},
    )


def test_my_agenda_gathers_what_is_mine(client):
    user = UserFactory()
    released(owner=user, title="My own session")
    PhaseFactory()
    client.force_login(user)

    html = text(client, "forum:my-agenda")

    assert "My own session" in html
    assert "You are not registered for an edition." in html


@pytest.mark.parametrize("rows", [1, 10])
def test_my_agenda_queries(client, django_assert_num_queries, rows):
    user = UserFactory()
    for _row in range(rows):
        released(owner=user)
    client.force_login(user)
    client.get(reverse("forum:my-agenda"))

    # session, user; sessions, key, submissions, registrations
    with django_assert_num_queries(7):
        client.get(reverse("forum:my-agenda"))


@pytest.mark.parametrize(
    "name", ["edition", "agenda", "consultation", "documents", "releases"]
)
def test_pages_of_an_edition_that_is_not_there(client, name):
    assert client.get(reverse(f"forum:{name}", args=["1815"])).status_code == 404
