"""Verifying a vote in the background: the chains, the recount and the tally, as one job."""

import time
from datetime import timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from common.jobs.models import LIVE, Job, JobQuerySet, LeaseLostError
from prizes.ballot.models import SHARDS, Vote
from prizes.ballot.voiding import Voiding
from prizes.base.finding import Said, translated
from prizes.contest.models import Contest, Phase
from prizes.entry.models import Entry
from prizes.public_record.verifying import Broken, root_hash, verify
from prizes.result.counting import Recounting, Tally, tally

LAST_STEP = 99  # percent
DIFFERS = Broken(
    Said(gettext_noop("tally")),
    Said(gettext_noop("the tally is not the recount of the events")),
)


class VerificationQuerySet(JobQuerySet):
    def current(self, contest: Contest) -> "Verification | None":
        """The one that says what the record is now: made after the close, and nothing has changed
        since."""
        voting = contest.phases.filter(kind=Phase.Kind.VOTING)
        closes = voting.values("closes_at")[:1]
        done = self.filter(contest=contest, state="done", root=root_hash(contest))
        rows = done.filter(started_at__gte=models.Subquery(closes))
        return rows.order_by("-pk").first()


class Verification(Job):
    """What verifying found. `votes` and `totals` are what a count would freeze: only after the
    close, before it nobody knows them."""

    LEASE: ClassVar[timedelta] = timedelta(minutes=5)

    contest = models.ForeignKey(
        Contest,
        models.CASCADE,
        related_name="verifications",
        verbose_name=_("contest"),
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    root = models.CharField(_("hash over all chains"), max_length=64, blank=True)
    events = models.PositiveIntegerField(_("events"), default=0)
    roots = models.PositiveIntegerField(_("published roots that agree"), default=0)
    place = models.CharField(_("place"), max_length=100, blank=True)
    problem = models.CharField(_("problem"), max_length=200, blank=True)
    hour = models.CharField(_("hour"), max_length=30, blank=True)
    parts = models.JSONField(_("what place and problem say"), default=list, blank=True)
    votes = models.JSONField(_("valid votes"), default=dict, blank=True)
    totals = models.JSONField(_("totals"), default=dict, blank=True)

    objects = VerificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("verification of a vote")
        verbose_name_plural = _("verifications of votes")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["contest", "-id"], name="verification_order"),
            models.Index(
                fields=["lease_until"],
                name="verification_live",
                condition=models.Q(state__in=LIVE),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contest} ({self.pk})"

    def get_absolute_url(self) -> str:
        return reverse("admin:prizes_contest_verify", args=[self.contest_id])

    @property
    def found(self) -> str:
        """Place and problem in the language of the reader."""
        if not self.parts:
            return f"{self.place}: {self.problem}"
        return ": ".join(translated(parts) for parts in self.parts)

    @property
    def tally(self) -> Tally:
        return {int(entry): votes for entry, votes in self.votes.items()}

    def work(self) -> None:
        """Verify and recount; the worker has acquired the job. Raises LeaseLostError."""
        contest = self.contest
        recounting = Recounting(contest)
        pace = Pace(while_voting=contest.is_open(Phase.Kind.VOTING))

        def advance(done: int) -> None:
            self.advance(LAST_STEP * done // SHARDS)
            pace.rest()

        checked = verify(contest, recounting.add, advance)
        broken = checked.broken
        found: dict[str, Any] = {}
        if contest.has_ended(Phase.Kind.VOTING):
            if broken is None and tally(contest) != recounting.votes:
                broken = DIFFERS
            found = {"votes": recounting.votes, "totals": totals(contest)}
        if broken:
            found |= {
                "place": broken.place[:100],
                "problem": broken.problem[:200],
                "hour": broken.hour,
                "parts": [broken.place.parts, broken.problem.parts],
            }
        self.finish(
            root=checked.root, events=checked.events, roots=checked.roots, **found
        )


class Pace:
    """While people vote the worker rests after each chain, `RESTS` times as long as it worked, so
    that voters hardly feel it on a small machine. After the close it does not rest."""

    RESTS = 5

    def __init__(self, *, while_voting: bool) -> None:
        self.while_voting, self.since = while_voting, time.monotonic()

    def rest(self) -> None:
        if self.while_voting:
            time.sleep(self.RESTS * (time.monotonic() - self.since))
            self.since = time.monotonic()


def totals(contest: Contest) -> dict[str, int]:
    """How many votes were given and not withdrawn, are void, are for nominees that left, were not
    confirmed in time. Of a voter who voted again after a void, both votes were given."""
    votes = Vote.objects.filter(category__contest=contest, voided=False)
    left = votes.exclude(entry__in=Entry.objects.on_ballot())
    cases = Voiding.objects.filter(event__contest=contest)
    void = cases.filter(voided_by__isnull=False).count()
    return {
        "given": votes.count() + void,
        "void": void,
        "removed": left.count(),
        "lapsed": votes.in_state(Vote.State.LAPSED).count(),
    }


def verified_now(contest: Contest) -> Verification:
    """Verify without a worker: for commands."""
    job = Verification.objects.create(contest=contest)
    work_at(job.pk)
    return Verification.objects.get(pk=job.pk)


def work_at(pk: int) -> bool:
    """One worker's turn; whether it was this worker's."""
    job = Verification.objects.select_related("contest").acquire(pk)
    if job is None:
        return False
    try:
        job.work()
    except LeaseLostError:  # stopped by staff
        return True
    except BaseException:
        job.release()
        raise
    return True
