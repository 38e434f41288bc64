"""What the reviews of an edition say together, and how balanced the proposals are."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.scoring.totals import Totals, totals_of
from forum.base.status import SubmissionStatus
from forum.consultation.models import Submission, SubmissionQuerySet
from forum.decision.models import Disposition, PendingDisposition
from forum.edition.models import Edition
from forum.review.models import Review
from forum.speakers.models import Gender, ProposedSpeaker
from reference.names import vocabulary

# Proposals that will be in the programme, alone or with others.
CHOSEN = (SubmissionStatus.ACCEPTED, SubmissionStatus.USED, SubmissionStatus.MERGED)


class Line(NamedTuple):
    """A proposal in the table of the secretariat."""

    submission: Any
    totals: Totals
    abstained: int


ORDERS = {
    "median": gettext_lazy("Median"),
    "mean": gettext_lazy("Mean"),
    "spread": gettext_lazy("Spread"),
    "reviews": gettext_lazy("Fewest reviews"),
    "number": gettext_lazy("Number"),
}


def lines_of(edition: Edition, order: str, track: str = "") -> list[Line]:
    """All proposals of an edition, or of a track, with what their reviews say; three queries.
    Those without a review come last, except in the order of fewest reviews."""
    proposals = Submission.objects.proposals(edition).select_related(
        "track", "edition", "pending"
    )
    if track:
        proposals = proposals.filter(track=track)
    reviews: dict[int, list[Review]] = {}
    rows = Review.objects.filter(submission__in=proposals.values("pk")).handed_in()
    for review in rows.prefetch_related("scores__criterion"):
        reviews.setdefault(review.submission_id, []).append(review)
    lines = [line(one, reviews.get(one.pk, [])) for one in proposals.order_by("pk")]
    if order == "reviews":
        return sorted(lines, key=lambda row: row.totals.scored)
    if order == "number":
        return lines
    return sorted(lines, key=lambda row: lowest_last(getattr(row.totals, order)))


def lowest_last(number: float | None) -> float:
    return 1.0 if number is None else -number


def line(submission: Submission, reviews: Iterable[Review]) -> Line:
    given = list(reviews)
    abstained = sum(one.state == Review.State.ABSTAINED for one in given)
    return Line(submission, totals_of(one.total for one in given), abstained)


# --- balance --------------------------------------------------------------------------------


class Share(NamedTuple):
    """A part of the proposals, or of their speakers: how many are chosen of how many."""

    label: str
    chosen: int
    everything: int


class Group(NamedTuple):
    label: str
    shares: list[Share]


def chosen(proposals: SubmissionQuerySet) -> SubmissionQuerySet:
    """Those that are accepted, or will be by what is pending."""
    pending = PendingDisposition.objects.filter(submission=OuterRef("pk"))
    waiting = Q(status=SubmissionStatus.SUBMITTED)
    will_be = waiting & Exists(pending.filter(move=Disposition.ACCEPT))
    will_not = Q(status=SubmissionStatus.ACCEPTED) & Exists(
        pending.exclude(move=Disposition.ACCEPT)
    )
    return proposals.filter(will_be | Q(status__in=CHOSEN)).exclude(will_not)


def balance_of(edition: Edition) -> list[Group]:
    """The chosen proposals against all, by region, stakeholder type, least developed country,
    gender and age of the speakers; four queries."""
    proposals = Submission.objects.proposals(edition).order_by()
    is_chosen = Q(pk__in=chosen(proposals).values("pk"))
    counts = {"chosen": Count("pk", filter=is_chosen), "everything": Count("pk")}

    def by(column: str, labels: dict[str, Any]) -> list[Share]:
        rows = proposals.values_list(column).annotate(**counts).order_by(column)
        return [
            Share(str(labels.get(code, _("Not stated"))), *numbers)
            for code, *numbers in rows
        ]

    speakers = ProposedSpeaker.objects.filter(submission=OuterRef("pk"), is_youth=True)
    young = Q(Exists(speakers))
    one = proposals.aggregate(
        all=Count("pk"),
        all_chosen=Count("pk", filter=is_chosen),
        ldc=Count("pk", filter=Q(country__is_ldc=True)),
        ldc_chosen=Count("pk", filter=is_chosen & Q(country__is_ldc=True)),
        youth=Count("pk", filter=young),
        youth_chosen=Count("pk", filter=is_chosen & young),
    )
    return [
        Group(_("Proposals"), [Share(_("All"), one["all_chosen"], one["all"])]),
        Group(_("Region"), by("country__region", vocabulary.labels("region"))),
        Group(
            _("Stakeholder type"),
            by("stakeholder_type", vocabulary.labels("stakeholder_type")),
        ),
        Group(
            _("Inclusion"),
            [
                Share(_("Least developed countries"), one["ldc_chosen"], one["ldc"]),
                Share(
                    _("With a speaker younger than 30"),
                    one["youth_chosen"],
                    one["youth"],
                ),
            ],
        ),
        Group(_("Gender of the speakers"), genders(proposals)),
    ]


def genders(proposals: SubmissionQuerySet) -> list[Share]:
    speakers = ProposedSpeaker.objects.filter(submission__in=proposals.values("pk"))
    is_chosen = Q(submission__in=chosen(proposals).values("pk"))
    rows = speakers.order_by().values_list("gender")
    labels = {"": _("Not stated")} | dict(Gender.choices)
    return [
        Share(str(labels[gender]), *numbers)
        for gender, *numbers in rows.annotate(
            chosen=Count("pk", filter=is_chosen), everything=Count("pk")
        ).order_by("gender")
    ]
