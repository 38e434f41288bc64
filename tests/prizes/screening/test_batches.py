"""Batches that return or reject: one canned reason, each owner in their language, and the undo."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.role.roles import Role
from common.mail.models import OutgoingMail
from common.moves.models import StatusChange
from prizes.contest.models import Contest
from prizes.entry.models import Entry
from prizes.entry.workflow import Status
from prizes.screening.batch import ScreeningBatch
from prizes.screening.models import EntryReason, Screening
from prizes.screening.tasks import work_on_screening
from prizes.screening.usual import add_usual
from tests.factories import UserFactory
from tests.prizes.records import ContestFactory, EntryFactory

pytestmark = pytest.mark.django_db
LINES = ("C1", "C2", "C3", "C4", "C5", "C6")


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


def screened(contest, answer="no", **more):
    """A submitted entry of which one check was answered like this, the others with yes."""
    language = more.pop("language", "en")
    entry = EntryFactory(contest=contest, status=Status.SUBMITTED, **more)
    entry.owner.language = language
    entry.owner.save()
    checks = list(contest.checks.all())
    answers = {check.pk: ("yes", "") for check in checks} | {checks[0].pk: (answer, "")}
    screening = Screening.objects.create(entry=entry)
    screening.store_answers(answers)
    screening.save()
    return entry


def reason(contest, move="refuse", order=1):
    return EntryReason.objects.get(contest=contest, move=move, order=order)


def page_of(contest, name, query=""):
    address = reverse(f"admin:prizes_contest_screening_{name}", args=[contest.pk])
    return f"{address}?{query}"


def decided(client, contest, name, chosen, query=""):
    """Through the pages: choose the reason, read the preview, press the button."""
    address = page_of(contest, name, f"{query}&reason={chosen.pk}")
    page = client.get(address)
    return page, client.post(address, {"token": page.context["token"]})


def statuses(*entries):
    rows = Entry.objects.filter(pk__in=[entry.pk for entry in entries])
    return dict(rows.values_list("pk", "status"))


def mails():
    return {mail.to: mail for mail in OutgoingMail.objects.order_by("pk")}


def html(response):
    return response.content.decode()


def test_all_that_fail_are_rejected_and_each_owner_reads_why_in_their_language(
    client, contest
):
    english = screened(contest, line="C1")
    arabic = screened(contest, line="C1", language="ar")
    other = screened(contest, line="C4")
    unclear = screened(contest, "unclear", line="C1")
    good = screened(contest, "yes", line="C1")
    why = reason(contest)

    page, begun = decided(client, contest, "reject", why, "category=C1")
    work_on_screening()
    done = html(client.get(begun.url))

    shown = html(page)
    assert "2 entries of this list fail a check and wait for a decision." in shown
    for text in why.texts.all():
        assert f'<bdi lang="{text.language}">{text.text}</bdi>' in shown
    assert statuses(english, arabic, other, unclear, good) == {
        english.pk: "refused",
        arabic.pk: "refused",
        other.pk: "submitted",
        unclear.pk: "submitted",
        good.pk: "submitted",
    }
    assert "2 of 2 processed" in done
    assert why.wording("en").text in done
    letters = mails()
    assert set(letters) == {english.owner.email, arabic.owner.email}
    assert why.wording("en").text in letters[english.owner.email].body
    assert why.wording("ar").text in letters[arabic.owner.email].body
    assert why.wording("en").text not in letters[arabic.owner.email].body
    assert (
        StatusChange.objects.get(record_id=arabic.pk, move="refuse").note
        == why.wording("ar").text
    )


def test_the_mails_wait_until_no_undo_can_come(client, contest):
    entry = screened(contest)
    decided(client, contest, "reject", reason(contest))

    work_on_screening()
    at_once = OutgoingMail.objects.deliver_waiting()
    mail = OutgoingMail.objects.get(to=entry.owner.email)
    wait = mail.not_before - mail.created_at
    OutgoingMail.objects.update(not_before=timezone.now())
    later = OutgoingMail.objects.deliver_waiting()

    assert (at_once, later) == (0, 1)
    assert wait > datetime.timedelta(hours=1)


def test_returned_entries_can_be_submitted_again_and_the_batch_undone(client, contest):
    failed = screened(contest, line="C1")
    unclear = screened(contest, "unclear", line="C2", language="fr")
    passed = screened(contest, "yes", line="C3")
    why = reason(contest, "send_back")

    _page, begun = decided(client, contest, "return", why)
    work_on_screening()
    returned = statuses(failed, unclear, passed)
    letters = mails()
    client.post(begun.url)
    work_on_screening()
    undone = html(client.get(begun.url))

    assert returned == {
        failed.pk: "returned",
        unclear.pk: "returned",
        passed.pk: "submitted",
    }
    assert why.wording("fr").text in letters[unclear.owner.email].body
    assert "Undone: 2" in undone
    assert set(statuses(failed, unclear).values()) == {"submitted"}
    assert Screening.objects.get(entry=unclear).state == "unclear"
    assert OutgoingMail.objects.filter(withdrawn_at=None).count() == 0
    OutgoingMail.objects.update(not_before=None)
    assert OutgoingMail.objects.deliver_waiting() == 0


def test_the_undo_leaves_alone_what_its_owner_has_changed_since(client, contest):
    changed, other = screened(contest, line="C1"), screened(contest, line="C2")
    _page, begun = decided(client, contest, "return", reason(contest, "send_back"))
    work_on_screening()
    entry = Entry.objects.get(pk=changed.pk)
    entry.description = "Better words"
    entry.save()

    client.post(begun.url)
    work_on_screening()

    assert statuses(changed, other) == {changed.pk: "returned", other.pk: "submitted"}
    assert "The entry was changed since." in html(client.get(begun.url))
    assert mails()[changed.owner.email].withdrawn_at is None


def test_after_half_an_hour_it_cannot_be_undone(client, contest):
    entry = screened(contest)
    _page, begun = decided(client, contest, "reject", reason(contest))
    work_on_screening()
    before = html(client.get(begun.url))
    past = timezone.now() - datetime.timedelta(minutes=31)
    ScreeningBatch.objects.update(finished_at=past)

    page = client.post(begun.url, follow=True)

    assert "Undo the whole batch" in before
    assert "This can no longer be undone." in html(page)
    assert "Undo the whole batch" not in html(page)
    assert statuses(entry) == {entry.pk: "refused"}


def test_what_was_answered_or_submitted_anew_after_the_preview_stays(client, contest):
    answered, again, left = (screened(contest, line=line) for line in LINES[:3])
    address = page_of(contest, "reject", f"reason={reason(contest).pk}")
    token = client.get(address).context["token"]
    Screening.objects.filter(entry=answered).update(state="passed")
    Entry.objects.filter(pk=again.pk).update(submitted_at=timezone.now())
    later = screened(contest, line="C4")

    begun = client.post(address, {"token": token})
    work_on_screening()

    page = html(client.get(begun.url))
    assert "Its answers were changed after the preview." in page
    assert "It was submitted again after the preview." in page
    assert statuses(answered, again, left, later) == {
        answered.pk: "submitted",
        again.pk: "submitted",
        left.pk: "refused",
        later.pk: "submitted",
    }


def test_nothing_is_rejected_without_a_reason_of_this_contest_and_move(client, contest):
    screened(contest)
    foreign = ContestFactory(now="nomination")
    add_usual(foreign)
    address = page_of(contest, "reject")
    first = client.get(address)
    wrong = [
        client.get(page_of(contest, "reject", f"reason={value}"))
        for value in (reason(foreign).pk, reason(contest, "send_back").pk, "x", "")
    ]

    refused = client.post(address, {"token": first.context["token"]}, follow=True)
    mixed = client.post(page_of(contest, "return"), {"token": first.context["token"]})

    assert "Reject them" not in html(first)
    for page in wrong:
        assert "Reject them" not in html(page)
        assert page.context["form"].errors["reason"]
    assert "Choose a reason first." in html(refused)
    assert mixed.status_code == 404
    assert not ScreeningBatch.objects.exists()


def test_the_wording_is_that_of_the_preview(client, contest):
    entry = screened(contest)
    why = reason(contest)
    seen = why.wording("en").text
    decided(client, contest, "reject", why)
    why.texts.update(text="Something else.")

    work_on_screening()

    assert seen in mails()[entry.owner.email].body


def test_without_a_canned_reason_the_page_leads_to_where_they_are_made(client, contest):
    screened(contest)
    contest.entry_reasons.all().delete()

    page = html(client.get(page_of(contest, "return")))

    assert "This contest has no canned reason for it." in page
    assert reverse("admin:prizes_entryreason_changelist") in page


def test_a_language_without_a_text_shows_the_english_one_as_english(client, contest):
    screened(contest)
    why = reason(contest)
    why.texts.filter(language="ar").delete()

    page = html(client.get(page_of(contest, "reject", f"reason={why.pk}")))

    english = f'<bdi lang="en">{why.texts.get(language="en").text}</bdi>'
    assert page.count(english) == 2
    assert '<bdi lang="ar">' not in page


def test_where_outcomes_are_told_by_letter_no_mail_is_sent(client, contest):
    Contest.objects.filter(pk=contest.pk).update(told_by_letter=True)
    screened(contest)
    page, _begun = decided(client, contest, "reject", reason(contest))

    work_on_screening()

    assert "outcomes of this contest are told by letters" in html(page)
    assert not OutgoingMail.objects.exists()


def test_an_entry_of_the_officer_is_never_in_a_batch(client, contest, officer):
    own = screened(contest, owner=officer)
    screened(contest, line="C4")

    page, _begun = decided(client, contest, "reject", reason(contest))
    work_on_screening()

    assert page.context["count"] == 1
    assert statuses(own) == {own.pk: "submitted"}


@pytest.mark.parametrize("name", ["accept", "return", "reject"])
def test_the_preview_asks_as_often_for_ten_entries_as_for_one(
    client, contest, name, django_assert_max_num_queries
):
    for number in range(10):
        screened(contest, "yes" if name == "accept" else "no", line=LINES[number % 6])
    chosen = reason(contest, "send_back" if name == "return" else "refuse")

    with django_assert_max_num_queries(16):
        page = client.get(page_of(contest, name, f"reason={chosen.pk}"))

    assert page.context["count"] == 10


def test_only_staff_open_the_pages(client, contest):
    client.force_login(UserFactory(role=Role.EXPERT))

    for name in ("return", "reject"):
        assert client.get(page_of(contest, name)).status_code in (302, 403)
