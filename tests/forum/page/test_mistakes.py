"""At the desk: mistakes go, doubles are found and merged, requests become sessions."""

import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from common.mail.models import OutgoingMail
from forum.agenda.models import ReleasedSession, Star
from forum.consultation.models import Submission
from forum.edition.models import Edition
from forum.people.models import Participation, Person
from forum.room.models import Room, SessionType, Track
from forum.session.models import Session
from tests.factories import UserFactory
from tests.forum.records import (
    CapacityFactory,
    EditionFactory,
    PersonFactory,
    RoomFactory,
    SessionFactory,
    SessionTypeFactory,
    SubmissionFactory,
    at,
    officer,
    registered,
    release,
    released,
    scheduled,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def desk(client, settings):
    settings.REQUIRE_STAFF_MFA = False
    user = officer()
    client.force_login(user)
    return user


def delete(client, record):
    url = reverse(f"admin:forum_{record._meta.model_name}_delete", args=[record.pk])
    return client.post(url, {"post": "yes"}, follow=True)


def said(response):
    return " ".join(str(message) for message in response.context["messages"])


@pytest.mark.parametrize(
    "make",
    [
        lambda: SessionFactory(speakers=[PersonFactory()]),
        RoomFactory,
        PersonFactory,
        lambda: EditionFactory(slug="2072"),
        lambda: SessionType.objects.create(code="OOPS", name_en="Oops"),
        lambda: Track.objects.create(code="OOPS", name_en="Oops"),
    ],
)
def test_what_was_made_by_mistake_can_be_deleted(client, make):
    record = make()

    page = client.get(
        reverse(f"admin:forum_{record._meta.model_name}_change", args=[record.pk])
    )
    response = delete(client, record)

    assert "/delete/" in page.content.decode()
    assert "was deleted successfully" in said(response)
    assert not type(record).objects.filter(pk=record.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_a_session_made_by_mistake_is_deleted_outside_a_transaction_too(client):
    """The desk's session is read under a lock, which needs a transaction of the view's own."""
    session = SessionFactory()

    response = delete(client, session)

    assert "was deleted successfully" in said(response)
    assert not Session.objects.filter(pk=session.pk).exists()


def test_what_was_public_or_is_in_use_stays_and_the_page_says_why(client):
    person, room = PersonFactory(name="Amara"), RoomFactory(name="Popov", building="")
    session = released(title="Villages", room=room, speakers=[person])

    answers = [
        said(delete(client, one)) for one in (session, person, room, session.edition)
    ]

    assert answers[0] == "Villages cannot be deleted. It is or was public."
    assert answers[1].endswith(" cannot be deleted. It is or was public.")
    assert answers[2].startswith(
        "Popov cannot be deleted. Other records depend on it: "
    )
    assert "Session “Villages”" in answers[2]
    assert "Villages" in answers[3]
    assert (
        Session.objects.count() == Room.objects.count() == Person.objects.count() == 1
    )


def test_a_session_made_of_a_request_stays_until_the_request_is_reviewed_again(
    client, desk
):
    request = SubmissionFactory(status="accepted", title="Masts")
    session = request.make_session(desk)

    refused = said(delete(client, session))
    request.move("reopen", desk, "By mistake.")
    deleted = said(delete(client, session))

    request.refresh_from_db()
    assert "Submission “Masts”" in refused
    assert "was deleted successfully" in deleted
    assert (request.status, request.session) == ("submitted", None)


def test_lists_of_the_session_form_offer_what_belongs_to_its_edition(client):
    edition, other = EditionFactory(slug="2027"), EditionFactory(slug="2024")
    RoomFactory(name="Here", edition=edition)
    RoomFactory(name="Elsewhere", edition=other)
    offered = SessionTypeFactory(code="WORKSHOP", name="Thematic Workshop")
    SessionType.objects.create(code="OLD", name_en="Old type")
    edition.session_types.add(offered)
    session = SessionFactory(edition=edition, type=offered)

    html = client.get(
        reverse("admin:forum_session_change", args=[session.pk])
    ).content.decode()

    assert "Here, CICG</option>" in html
    assert "Elsewhere" not in html
    assert ">Old type</option>" not in html
    assert '<input type="checkbox" name="interpretation" value="fr"' in html


@pytest.mark.parametrize(
    "name", ["lukasz kakol", "Kąkol, Łukasz", "Dr. ŁUKASZ  KĄKOL", "Łukasz M. Kakol"]
)
def test_a_second_person_of_a_name_is_asked_about(client, name):
    first = PersonFactory(name="Łukasz Kąkol", organization="NASK")
    data = {
        "name": name,
        "organization": "NASK PIB",
        "bio_language": "en",
        "availabilities-TOTAL_FORMS": 0,
        "availabilities-INITIAL_FORMS": 0,
    }
    url = reverse("admin:forum_person_add")

    asked = client.post(url, data)
    before = Person.objects.count()
    client.post(url, data | {"is_another": "on"})

    html = asked.content.decode()
    assert "There is already someone of this name" in html
    assert reverse("admin:forum_person_change", args=[first.pk]) in html
    assert (before, Person.objects.count()) == (1, 2)


def test_namesakes_at_one_time_are_confirmed_before_the_session_is_scheduled(client):
    scheduled(
        title="First",
        speakers=[PersonFactory(name="Łukasz Kąkol", organization="NASK")],
    )
    second = SessionFactory(
        title="Second",
        speakers=[PersonFactory(name="Lukasz Kakol", organization="NASK PIB")],
    )
    url = reverse("admin:forum_session_move", args=[second.pk])

    asked = client.post(url, {"move": "schedule"}, follow=True)
    second.refresh_from_db()
    before = second.status
    client.post(url, {"move": "schedule", "confirmed": "1"})

    second.refresh_from_db()
    assert "Łukasz Kąkol (NASK) is in “First” at this time" in said(asked)
    assert 'name="confirmed"' in asked.content.decode()
    assert (before, second.status) == ("draft", "scheduled")


def test_two_records_of_one_person_are_merged_and_the_merge_is_undone(client):
    kept = PersonFactory(name="Łukasz Kąkol", organization="NASK")
    double = PersonFactory(
        name="Lukasz Kakol",
        organization="NASK PIB",
        user=UserFactory(),
        email="kakol@nask.example",
    )
    both = released(title="Both", speakers=[kept, double])
    own = released(title="Own", speakers=[double], start=at(14), end=at(15))
    url = reverse("admin:forum_person_merge")
    ids = f"{kept.pk},{double.pk}"

    page = client.get(url, {"ids": ids}).content.decode()
    client.post(url, {"ids": ids, "kept": kept.pk})

    kept.refresh_from_db()
    assert {"Both", "Own"} <= set(re.findall(r"<bdi>([^<]+)</bdi> \(2027\)", page))
    assert set(kept.participations.values_list("session", flat=True)) == {
        both.pk,
        own.pk,
    }
    assert kept.user == double.user
    assert ("kakol@nask.example" in page, kept.email) == (True, "kakol@nask.example")
    public = Client().get(reverse("forum:person", args=[double.pk]), follow=True)
    assert "Own" in public.content.decode()
    assert public.redirect_chain[-1][0] == kept.get_absolute_url()
    release(name="After the merge")
    assert ReleasedSession.objects.get(pk=own.pk).people[0]["person"] == kept.pk

    shown = client.get(
        reverse("admin:forum_person_change", args=[kept.pk])
    ).content.decode()
    undo = unescape(re.search(r'action="([^"]+/undo/)"', shown)[1])
    client.post(undo)

    kept.refresh_from_db()
    parts = Participation.objects.filter(person=double).values_list(
        "session", flat=True
    )
    assert (set(parts), kept.user) == ({both.pk, own.pk}, None)
    double.refresh_from_db()
    assert (kept.email, double.email) == ("", "kakol@nask.example")
    for address in (f"/api/v1/forum/people/{double.pk}/", double.get_absolute_url()):
        answer = Client().get(address)
        assert answer.status_code == 200
        assert "Lukasz" in answer.content.decode()
        assert "nask.example" not in answer.content.decode()


def test_an_accepted_request_becomes_a_session_from_its_admin_page(client):
    request = SubmissionFactory(status="accepted", title="Masts")
    page = client.get(reverse("admin:forum_submission_change", args=[request.pk]))
    action = re.search(r'action="([^"]+/session/)"', page.content.decode())[1]

    response = client.post(action)

    session = Session.objects.get()
    assert response.url == reverse("admin:forum_session_change", args=[session.pk])
    assert (session.title, session.owner) == ("Masts", request.owner)


def test_a_single_request_is_made_into_a_session_from_the_list(client):
    request = SubmissionFactory(status="submitted", title="Masts")
    chosen = {"action": "merge_into_session", "_selected_action": [request.pk]}

    page = client.post(
        reverse("admin:forum_submission_changelist"), chosen, follow=True
    )
    client.post(
        reverse("admin:forum_submission_merge"),
        {"ids": request.pk, "leader": request.pk},
    )

    assert "A session of this request" in page.content.decode()
    assert Session.objects.get().title == "Masts"


def test_many_requests_are_declined_with_one_reason_in_the_language_of_each(client):
    languages = ["fr", "ar", "en"]
    requests = [
        SubmissionFactory(status="submitted", owner=UserFactory(language=code))
        for code in languages
    ]
    chosen = {"action": "decline", "_selected_action": [one.pk for one in requests]}

    page = client.post(
        reverse("admin:forum_submission_changelist"), chosen, follow=True
    )
    url, _status = page.redirect_chain[-1]
    client.post(
        url.partition("?")[0],
        {
            "move": "decline",
            "ids": ",".join(str(one.pk) for one in requests),
            "note": "Full.",
        },
    )

    assert set(Submission.objects.values_list("status", flat=True)) == {"not_used"}
    mails = {mail.to: mail.body for mail in OutgoingMail.objects.all()}
    for code, request in zip(languages, requests, strict=True):
        assert "Full." in mails[request.owner.email]
        assert f"/{code}/forum/submissions/{request.pk}/" in mails[request.owner.email]


def test_both_authors_of_merged_requests_get_the_link_and_the_rights(client, desk):
    leader = SubmissionFactory(status="accepted", title="Masts")
    other = SubmissionFactory(status="submitted", organization_name="UNESCO")

    session = leader.make_session_with([other], desk)

    mails = {mail.to: mail.body for mail in OutgoingMail.objects.all()}
    link = session.get_absolute_url().partition("/forum/")[2]
    second = Client()
    second.force_login(other.owner)
    assert link in mails[leader.owner.email]
    assert link in mails[other.owner.email]
    assert second.get(session.get_absolute_url()).status_code == 200
    form = second.get(reverse("forum:outcome-edit", args=[session.pk]))
    assert 'name="summary"' in form.content.decode()
    stranger = Client()
    stranger.force_login(UserFactory())
    assert stranger.get(session.get_absolute_url()).status_code == 404


def test_a_request_merged_before_the_session_was_made_is_told_of_it(client, desk):
    leader = SubmissionFactory(status="accepted")
    other = SubmissionFactory(status="merged", merged_into=leader)

    session = leader.make_session(desk)

    (mail,) = OutgoingMail.objects.filter(to=other.owner.email)
    assert "has become a session" in mail.subject
    assert session.get_absolute_url().partition("/forum/")[2] in mail.body


def test_mails_of_a_registration_say_the_place_and_the_next_step(desk):
    CapacityFactory(places=1)
    CapacityFactory(attendance="remote", places=None)
    holder, first, second = registered(), registered(), registered()
    remote = registered(attendance="remote")

    waiting = {mail.to: mail for mail in OutgoingMail.objects.all()}
    OutgoingMail.objects.all().delete()
    holder.move("cancel", holder.user)
    remote.move("approve", desk)

    told = {mail.to: mail for mail in OutgoingMail.objects.all()}
    assert (
        waiting[first.user.email].subject == "Forum 2027: number 1 on the waiting list"
    )
    assert (
        waiting[second.user.email].subject == "Forum 2027: number 2 on the waiting list"
    )
    promoted = told[first.user.email]
    assert promoted.subject == "Forum 2027: a place has become free for you"
    assert "You need not do anything" in promoted.body
    assert "Requested" not in promoted.body
    assert "How to join:" in told[remote.user.email].body
    assert "/en/forum/2027/agenda/" in told[remote.user.email].body


def test_my_agenda_begins_with_the_first_day_and_says_what_moved_and_what_overlaps(
    client,
):
    user = UserFactory()
    own = Client()
    own.force_login(user)
    next_day = at(10).date().replace(day=6)
    late = released(title="Late", start=at(9, day=next_day), end=at(10, day=next_day))
    early, same = (
        released(title="Early"),
        released(title="Same", start=at(10, 30), end=at(11, 30)),
    )
    for session in (late, early, same):
        Star.objects.create(user=user, session=session)
    Session.objects.filter(pk=late.pk).update(
        start=at(16, day=next_day), end=at(17, day=next_day)
    )
    release(name="Moved")

    html = own.get(reverse("forum:my-agenda")).content.decode()

    heads = re.findall(r'<h3 class="day-head">([^<]+)</h3>', html)
    titles = re.findall(r'forum/sessions/\d+/">([^<]+)</a></h4>', html)
    assert heads == ["Monday, 5 July 2027", "Tuesday, 6 July 2027"]
    assert titles == ["Early", "Same", "Late"]
    moved = html.partition(f'id="s{late.pk}"')[2]
    assert "16:00–17:00" in moved
    assert ">moved</span>" in moved
    assert (
        "<del><bdi>Tuesday, 6 July 2027, 09:00–10:00 (Geneva time)</bdi></del>" in moved
    )
    assert html.count("At the same time as:") == 2


def test_a_new_room_begins_with_the_coming_edition(client):
    EditionFactory(slug="2027")

    html = client.get(reverse("admin:forum_room_add")).content.decode()

    coming = Edition.objects.get()
    assert f'<option value="{coming.pk}" selected>' in html
