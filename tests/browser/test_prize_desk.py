"""The desk of the Prizes in a browser: batches of the screening, what a verification found, the
year."""

import datetime
import os

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation

from accounts.role.roles import Role
from prizes.ballot.models import cast
from prizes.certificate.models import CertificateJob
from prizes.contest.models import Contest
from prizes.entry.workflow import Status
from prizes.result.verification import verified_now
from prizes.screening.batch import ScreeningBatch, notes_of
from prizes.screening.models import EntryReason, Screening
from prizes.screening.tasks import work_on_screening
from prizes.screening.usual import add_usual
from tests.browser.test_desk import ASKED, FRAME
from tests.browser.test_pages import LOOKS, look_at, sign_in, violations
from tests.factories import UserFactory
from tests.prizes.public_record.test_attacks import ago
from tests.prizes.records import ContestFactory, EntryFactory, held_vote, voter
from tests.prizes.tampering import published, tampered

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def officer(settings):
    settings.REQUIRE_STAFF_MFA = False
    return UserFactory(role=Role.SECRETARIAT)


def screened(contest):
    """Entries that fail a check; one is in Arabic."""
    add_usual(contest)
    for title, line in (("Kiosks in the villages", "C1"), ("أكشاك في القرى", "C4")):
        entry = EntryFactory(
            contest=contest, line=line, title=title, status=Status.SUBMITTED
        )
        Screening.objects.create(entry=entry, state="failed")
    return EntryReason.objects.filter(contest=contest, move="refuse").first()


def batch(contest, reason, officer):
    """One that is done, and can be undone."""
    made = ScreeningBatch(
        contest=contest,
        move="refuse",
        notes=notes_of(reason),
        by=officer,
        previewed_at=timezone.now(),
    )
    made.start(list(contest.entries.values_list("pk", flat=True)[:1]))
    work_on_screening()
    return made


@transaction.atomic  # triggers sleep until its end
def not_true_any_more(contest):
    """A verification that has found a change in the log of held votes."""
    entry = EntryFactory(contest=contest)
    cast(entry, voter())
    held_vote(entry)
    published(contest, ago(2))
    tampered("UPDATE prizes_holdevent SET reason = 'Other'")
    verified_now(contest)


def announced(contest):
    past = timezone.now() - datetime.timedelta(hours=1)
    Contest.objects.filter(pk=contest.pk).update(
        counted_at=past, champions_at=past, winners_at=past
    )
    CertificateJob.objects.create(
        contest=contest, state="done", finished_at=timezone.now()
    )


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_desk_can_be_used_by_everybody(page, live_server, officer, language):
    entered = ContestFactory(now="nomination")
    reason = screened(entered)
    done = batch(entered, reason, officer)
    voted = ContestFactory(now="voting")
    not_true_any_more(voted)
    over = ContestFactory(now="announcement")
    announced(over)
    sign_in(page, live_server, officer)
    with translation.override(language):
        refuse = reverse("admin:prizes_contest_screening_reject", args=[entered.pk])
        addresses = {
            "list": reverse("admin:prizes_contest_screening", args=[entered.pk]),
            "reason": refuse,
            "preview": f"{refuse}?reason={reason.pk}",
            "wrong": f"{refuse}?reason=x",
            "batch": done.get_absolute_url(),
            "verify": reverse("admin:prizes_contest_verify", args=[voted.pk]),
            "year": reverse("admin:prizes_contest_year", args=[over.pk]),
        }

    found = []
    for name, path in addresses.items():
        page.goto(live_server.url + path)
        for width, scheme in (
            LOOKS if os.environ.get("SCREENSHOTS") else ASKED[language]
        ):
            look_at(page, width, scheme, f"prize-desk-{language}-{name}")
            page.evaluate(
                "Promise.all(document.getAnimations().map((one) => one.finished))"
            )
            wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            found += [(name, width, "too wide", wide)] if wide > 0 else []
            found += [
                (name, width, scheme, *v) for v in violations(page) if v[0] not in FRAME
            ]

    assert found == []
