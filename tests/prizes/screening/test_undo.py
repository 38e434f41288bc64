"""One decision of the screening is undone by who made it, before anybody is written to."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from accounts.role.roles import Role
from common.mail.models import OutgoingMail
from common.moves.models import StatusChange
from prizes.entry.models import Entry
from prizes.entry.workflow import Status
from prizes.screening.models import Screening
from prizes.screening.usual import add_usual
from tests.factories import UserFactory
from tests.prizes.records import ContestFactory, EntryFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def contest():
    contest = ContestFactory(now="nomination")
    add_usual(contest)
    return contest


@pytest.fixture(autouse=True)
def officer(client, settings):
    settings.REQUIRE_STAFF_MFA = False
    person = UserFactory(role=Role.SECRETARIAT)
    client.force_login(person)
    return person


@pytest.fixture
def entry(contest):
    return EntryFactory(contest=contest, status=Status.SUBMITTED)


def page_of(entry, language="en"):
    with translation.override(language):
        return reverse(
            "admin:prizes_contest_screening_entry", args=[entry.contest_id, entry.pk]
        )


def decide(client, entry, move="refuse", **more):
    reason = entry.contest.entry_reasons.get(move=move, order=1)
    data = {"move": move, f"{move}-reasons": [reason.pk]} | more
    return client.post(page_of(entry), data, follow=True).content.decode()


def html(response):
    return response.content.decode()


@pytest.mark.parametrize(
    ("move", "status"), [("refuse", "refused"), ("send_back", "returned")]
)
def test_a_decision_is_undone_from_its_page_and_both_are_logged(
    client, entry, officer, move, status
):
    after = decide(client, entry, move)
    assert f'href="{page_of(entry)}#undo"' in after
    decided = Entry.objects.get(pk=entry.pk).status
    sent = OutgoingMail.objects.deliver_waiting()

    page = html(client.get(page_of(entry)))
    undone = html(client.post(page_of(entry), {"move": "undo"}, follow=True))

    assert (decided, sent) == (status, 0)
    assert 'id="undo"' in page
    assert "(Geneva time). No e-mail about it leaves before." in page
    assert Entry.objects.get(pk=entry.pk).status == Status.SUBMITTED
    assert 'value="pass"' in undone  # the same entry can be decided on again
    assert 'id="undo"' not in undone
    logged = StatusChange.objects.of(entry).order_by("pk")
    assert list(logged.values_list("move", "by")) == [
        (move, officer.pk),
        ("undo", officer.pk),
    ]
    OutgoingMail.objects.update(not_before=None)
    assert OutgoingMail.objects.deliver_waiting() == 0


def test_the_mail_leaves_once_no_undo_can_come(client, entry):
    decide(client, entry)

    mail = OutgoingMail.objects.get(to=entry.owner.email)
    wait = mail.not_before - mail.created_at
    OutgoingMail.objects.update(not_before=timezone.now())

    assert wait > datetime.timedelta(hours=1)
    assert OutgoingMail.objects.deliver_waiting() == 1


def test_what_was_typed_with_the_undo_is_stored(client, contest, entry):
    decide(client, entry)
    check = contest.checks.first()
    form = client.get(page_of(entry)).context["form"]

    client.post(
        page_of(entry),
        {
            "move": "undo",
            "opened_with": form["opened_with"].value(),
            f"check_{check.pk}": "yes",
            "note": "It is eligible",
        },
    )

    screening = Screening.objects.get(entry=entry)
    assert screening.note == "It is eligible"
    assert screening.findings.get(screening_check=check).answer == "yes"


def past(minutes):
    return timezone.now() - datetime.timedelta(minutes=minutes)


def later(entry):
    StatusChange.objects.of(entry).update(at=past(31))


def another(client):
    client.force_login(UserFactory(role=Role.SECRETARIAT))


def written_to():
    OutgoingMail.objects.update(not_before=timezone.now())
    OutgoingMail.objects.deliver_waiting()


def changed(entry):
    row = Entry.objects.get(pk=entry.pk)
    row.description = "Better words"
    row.save()


@pytest.mark.parametrize("reason", ["later", "another officer", "told", "changed"])
def test_afterwards_it_is_neither_offered_nor_done(client, entry, reason):
    decide(client, entry, "send_back")
    {
        "later": lambda: later(entry),
        "another officer": lambda: another(client),
        "told": written_to,
        "changed": lambda: changed(entry),
    }[reason]()

    page = html(client.get(page_of(entry)))
    refused = client.post(page_of(entry), {"move": "undo"})

    assert 'id="undo"' not in page
    assert "This can no longer be undone." in html(refused)
    assert refused.status_code == 409
    assert Entry.objects.get(pk=entry.pk).status == Status.RETURNED


def test_an_acceptance_has_its_own_way_back(client, entry):
    after = html(client.post(page_of(entry), {"move": "pass"}, follow=True))

    page = html(client.get(page_of(entry)))

    assert "#undo" not in after
    assert 'id="undo"' not in page
    assert 'value="reopen"' in page


def test_the_page_says_it_in_arabic(client, entry):
    decide(client, entry)

    page = html(client.get(page_of(entry, "ar")))

    assert "التراجع عن القرار" in page
    assert "No e-mail about it" not in page
