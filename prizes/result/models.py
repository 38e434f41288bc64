"""Results: the outcome of the count, proposed by one person, frozen by another one, once."""

from typing import Any, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.user.models import User
from common.moves.actors import AnyUser
from common.moves.workflow import MoveRefused
from prizes.ballot.barring import barred_votes
from prizes.ballot.order import Turn
from prizes.ballot.voter import Mailbox
from prizes.base.two_officers import TwoOfficers, TwoOfficersQuerySet
from prizes.contest.models import Category, Contest
from prizes.entry.models import Entry
from prizes.entry.workflow import COUNT
from prizes.public_record.models import publish_root
from prizes.result.files import begin_files
from prizes.result.preview import Preview, final_preview


class ResultQuerySet(models.QuerySet["Result"]):
    def visible_to(self, user: AnyUser | None) -> Self:
        """Counts are public with the champions; the secretariat sees them after the count."""
        if user and user.is_authenticated and user.is_secretariat:
            return self
        return self.filter(category__contest__champions_at__lte=Now())


class Result(models.Model):
    """The valid votes of one nominee. A trigger refuses every change and deletion."""

    category = models.ForeignKey(
        Category, models.PROTECT, related_name="results", verbose_name=_("category")
    )
    entry = models.OneToOneField(
        Entry, models.PROTECT, related_name="result", verbose_name=_("entry")
    )
    rank = models.PositiveSmallIntegerField(_("rank"))
    votes = models.PositiveIntegerField(_("valid votes"))
    champion = models.BooleanField(_("champion"), default=False)
    frozen_at = models.DateTimeField(_("frozen at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )

    objects = ResultQuerySet.as_manager()

    class Meta:
        verbose_name = _("result")
        verbose_name_plural = _("results")
        ordering = ["category", "rank", "pk"]
        indexes = [models.Index(fields=["category", "rank"], name="result_order")]

    def __str__(self) -> str:
        return f"{self.rank}. {self.entry}"


class CountProposalQuerySet(TwoOfficersQuerySet):
    def open(self) -> Self:
        """Proposals that another officer has to confirm, or that have gone out of date."""
        return super().open().filter(contest__counted_at=None)


class CountProposal(TwoOfficers):
    """One officer has seen what the count would freeze and asks another one to confirm it."""

    contest = models.ForeignKey(
        Contest,
        models.PROTECT,
        related_name="count_proposals",
        verbose_name=_("contest"),
    )
    digest = models.CharField(_("hash of what was shown"), max_length=64)

    objects = CountProposalQuerySet.as_manager()

    class Meta(TwoOfficers.Meta):
        verbose_name = _("proposal to count the votes")
        verbose_name_plural = _("proposals to count the votes")
        constraints = [
            *TwoOfficers.Meta.constraints,
            models.UniqueConstraint(
                fields=["contest", "digest"],
                condition=models.Q(dismissed_at=None),
                name="count_proposed_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contest}: {self.digest[:12]}"

    def rivals(self) -> Any:
        return Entry.objects.on_ballot().filter(contest=self.contest_id)

    def concerning(self, by: User) -> Any:
        """Not those of the officer's organization: when the organizers have a nominee themselves,
        nobody could count. There is nothing to choose in a count, and anyone can check it."""
        return self.rivals().involving(by)


def standing_proposal(contest: Contest, seen: Preview) -> CountProposal | None:
    """The open proposal, if what it showed is what would be frozen now."""
    rows = CountProposal.objects.open().filter(contest=contest, digest=seen.digest)
    return rows.select_related("proposed_by").first()


@transaction.atomic
def count_votes(contest: Contest, by: Any, digest: str) -> list[Result]:
    """Approve what the preview with this digest showed. Raises MoveRefused.

    The first officer's approval is a proposal and returns nothing. The second one's, for the same
    numbers, freezes them, makes champions and returns the results: once, after the close, of a
    record that verifies. The chains are locked meanwhile, and entries before the contest, as moves
    do it.
    """
    list(
        Entry.objects.on_ballot()
        .select_for_update(of=("self",))
        .filter(contest=contest)
    )
    contest = Contest.objects.select_for_update(no_key=True).get(pk=contest.pk)
    seen = final_preview(contest)
    if digest != seen.digest:
        raise MoveRefused(
            _("What would be frozen has changed since you saw it: look again.")
        )
    proposal = standing_proposal(contest, seen)
    if proposal is None:
        CountProposal(contest=contest, digest=digest).propose(by)
        return []
    proposal = proposal.locked()
    proposal.require_second(by)
    proposal.end("confirmed", by)
    return _freeze(contest, seen, by)


def _freeze(contest: Contest, seen: Preview, by: User) -> list[Result]:
    rows = [
        Result(
            category=category,
            entry=entry,
            rank=row.rank,
            votes=row.votes,
            champion=row.champion,
            frozen_at=Now(),
            by=by,
        )
        for category, places in seen.places.items()
        for entry, row in places
    ]
    Result.objects.bulk_create(rows)
    for row in rows:
        if row.champion:
            row.entry.move("crown", COUNT)
    Contest.objects.filter(pk=contest.pk).update(counted_at=Now())
    begin_files(contest, barred_votes(contest))
    Mailbox.objects.filter(contest=contest).delete()  # nobody votes any more
    Turn.objects.filter(contest=contest).delete()
    publish_root(contest)
    return rows
