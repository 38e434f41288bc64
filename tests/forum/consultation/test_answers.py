"""What became of an input: for its author without signing in, for everyone, and for the agenda."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from common.mail.models import OutgoingMail
from forum.agenda.models import AgendaRelease
from forum.consultation.phases import InputKind
from forum.release.tasks import release_agendas
from privacy.erasure import erase
from tests.factories import UserFactory
from tests.forum.records import (
    EditionFactory,
    PhaseFactory,
    SubmissionFactory,
    officer,
    released,
    scheduled,
)

pytestmark = pytest.mark.django_db
LINK = re.compile(r"http\S+(/en/forum/inputs/\S+)")
PAGE = "/en/forum/2027/consultation/"


def submitted(**fields):
    """An input that its author has submitted, and the link of the mail that confirms it."""
    PhaseFactory()
    draft = SubmissionFactory(**fields)
    submission = draft.move("submit", draft.owner)
    mail = OutgoingMail.objects.filter(to=draft.owner.email).latest("pk")
    return submission, LINK.search(mail.body)[1]


@pytest.fixture
def desk(client, settings):
    settings.REQUIRE_STAFF_MFA = False
    user = officer()
    client.force_login(user)
    return user


# --- the author -----------------------------------------------------------------------------


def test_the_link_of_the_mail_shows_the_author_where_the_input_stands():
    submission, link = submitted(title="Masts for villages")
    desk = officer()

    waiting = Client().get(link)
    submission.move("note", desk, "It will be part of the opening.")
    answered = Client().get(link).content.decode()

    assert waiting.status_code == 200
    assert waiting["Cache-Control"] == "no-store"
    assert "Masts for villages" in waiting.content.decode()
    assert "Not answered yet." in waiting.content.decode()
    assert "It will be part of the opening." in answered
    assert "Not answered yet." not in answered


def test_the_answer_leads_to_the_session_once_it_is_public():
    submission, link = submitted()
    session = released(title="Villages online")
    submission.session = session
    submission.save()
    submission.move("use", officer())

    page = Client().get(link).content.decode()

    assert f'href="{session.get_absolute_url()}"' in page


def test_a_returned_input_says_what_to_do():
    submission, link = submitted()
    submission.move("send_back", officer(), "Name the speakers.")

    page = Client().get(link).content.decode()

    assert "Name the speakers." in page
    assert f"{submission.get_absolute_url()}?sign-in" in page


def test_the_table_does_not_hold_the_link_and_the_mail_is_deleted_once_sent():
    submission, link = submitted()

    token = link.rstrip("/").rpartition("/")[2]
    assert len(submission.tokens) == 1
    assert token not in submission.tokens
    assert (
        Client().get(reverse("forum:input-by-link", args=["x" * 43])).status_code == 404
    )
    assert OutgoingMail.objects.get(to=submission.owner.email).leaves_no_trace


# --- everyone -------------------------------------------------------------------------------


def test_inputs_are_public_with_their_answer_when_the_author_agreed():
    secret = SubmissionFactory(title="Secret title", status="submitted")
    draft = SubmissionFactory(title="Only a draft", is_public=True)
    shown = SubmissionFactory(title="Masts", status="submitted", is_public=True)
    shown.move("note", officer(), "Part of the opening.")

    page = Client().get(f"{PAGE}inputs/").content.decode()
    front = Client().get(PAGE).content.decode()

    assert shown.number in page
    assert "Masts" in page
    assert "Part of the opening." in page
    assert str(shown.owner) not in page
    assert secret.title not in page
    assert draft.title not in page
    assert f"{PAGE}inputs/" in front


def test_a_reason_that_is_no_answer_stays_between_author_and_secretariat():
    shown = SubmissionFactory(title="Masts", status="submitted", is_public=True)
    shown.move("accept", officer(), "Not told to everyone.")

    assert (
        "Not told to everyone." not in Client().get(f"{PAGE}inputs/").content.decode()
    )


def test_the_list_is_filtered_by_kind_and_by_what_waits():
    SubmissionFactory(title="Masts", status="submitted", is_public=True)
    SubmissionFactory(title="Cables", status="noted", is_public=True, kind="theme")

    def titles(query):
        page = Client().get(f"{PAGE}inputs/{query}")
        return [one.title for one in page.context["page"].object_list]

    assert titles("") == ["Masts", "Cables"]
    assert titles("?kind=theme") == ["Cables"]
    assert titles("?unanswered=1") == ["Masts"]
    assert titles("?kind=poem") == ["Masts", "Cables"]


@pytest.mark.parametrize("rows", [1, 10])
def test_queries_of_the_public_list(client, django_assert_num_queries, rows):
    for _row in range(rows):
        SubmissionFactory(status="noted", is_public=True)
    client.get(f"{PAGE}inputs/")

    with django_assert_num_queries(5):  # edition, kinds, meter; count, inputs
        page = client.get(f"{PAGE}inputs/")

    assert len(page.context["page"].object_list) == rows


def test_the_meter_counts_official_inputs_with_a_disposition():
    for status in ("submitted", "accepted", "noted", "not_used", "draft", "returned"):
        SubmissionFactory(status=status)
    SubmissionFactory(status="submitted", kind="comment")

    page = " ".join(Client().get(PAGE).content.decode().split())

    assert "2 of 4 official inputs have been answered." in page


def test_the_author_agrees_in_the_form(client):
    PhaseFactory()
    user = UserFactory()
    client.force_login(user)
    draft = SubmissionFactory(owner=user)
    edit = reverse("forum:submission-edit", args=[draft.pk])
    data = {"kind": "workshop", "language": "en", "is_public": "on", "save": "1"}

    client.post(edit, data)

    draft.refresh_from_db()
    assert draft.is_public


# --- the agenda -----------------------------------------------------------------------------


def release(client, **more):
    """Ask for a release, and have a worker make it; the answer leads to its page."""
    data = {"edition": EditionFactory().pk, "name": "First agenda"} | more
    response = client.post(reverse("admin:forum_session_release"), data)
    release_agendas()
    return client.get(response.url) if response.status_code == 302 else response


def test_the_agenda_waits_until_all_official_inputs_have_an_answer(client, desk):
    scheduled()
    SubmissionFactory(status="accepted")
    last = SubmissionFactory(status="submitted")
    SubmissionFactory(status="submitted", kind="comment")
    SubmissionFactory(status="noted")

    refused = release(client)
    last.move("note", desk)
    still = release(client)

    assert refused.status_code == still.status_code == 409
    assert "2 official inputs to the consultation have no answer." in (
        refused.content.decode()
    )
    assert (
        "1 official input to the consultation has no answer." in still.content.decode()
    )
    assert not AgendaRelease.objects.exists()


def test_when_all_are_answered_the_agenda_is_released_without_a_word(client, desk):
    scheduled()
    SubmissionFactory(status="noted")

    made = release(client, early_reason="Not needed.")

    page = client.get(made.url).content.decode()
    assert "Not needed." not in page
    assert AgendaRelease.objects.get().early_reason == ""


def test_a_reason_to_release_before_is_printed_with_the_release(client, desk):
    scheduled()
    SubmissionFactory(status="submitted")

    made = release(client, early_reason="Visas need the programme in March.")

    page = " ".join(Client().get(made.url).content.decode().split())
    rows = Client().get(reverse("api:forum-edition-releases", args=["2027"])).json()
    assert "Released while 1 official input to the consultation had no answer:" in page
    assert "Visas need the programme in March." in page
    assert rows["results"][0]["unanswered"] == 1
    assert rows["results"][0]["early_reason"] == "Visas need the programme in March."


def test_an_input_of_a_kind_that_is_not_official_holds_nothing_up(client, desk):
    scheduled()
    waiting = SubmissionFactory(status="submitted")
    InputKind.objects.filter(pk=waiting.kind_id).update(is_official=False)

    assert release(client).status_code == 302


def test_an_erased_author_has_not_agreed_to_publication_any_more():
    shown = SubmissionFactory(title="Masts", status="submitted", is_public=True)
    shown.move("note", officer(), "Part of the opening.")

    erase(shown.owner)

    assert shown.number not in Client().get(f"{PAGE}inputs/").content.decode()


@pytest.mark.parametrize("agreed", [True, False])
def test_staff_end_the_publication_but_do_not_agree_to_it(desk, client, agreed):
    row = SubmissionFactory(status="submitted", is_public=agreed)

    address = reverse("admin:forum_submission_change", args=[row.pk])
    form = client.get(address).context["adminform"].form

    assert ("is_public" in form.fields) is agreed


def test_staff_choose_among_the_kinds_of_the_edition_of_an_input(desk, client):
    row = SubmissionFactory(status="submitted")
    InputKind.objects.add_usual(EditionFactory(slug="2026"))

    address = reverse("admin:forum_submission_change", args=[row.pk])
    form = client.get(address).context["adminform"].form

    offered = form.fields["kind"].queryset
    assert {kind.edition for kind in offered} == {row.edition}


def test_the_desk_knows_that_its_reason_may_be_published(desk, client):
    row = SubmissionFactory(status="submitted", is_public=True)

    page = client.get(f"/fr/forum/submissions/{row.pk}/").content.decode()

    assert "publié avec la contribution" in page
