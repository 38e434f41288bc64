"""The screening of entries: its own state beside the status of the entry, from the answers to the
checks of the contest; who screens what; canned reasons."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from common.moves.reasons import CannedReason, CannedText
from prizes.contest.models import Contest
from prizes.entry.models import Entry


class ScreeningCheck(models.Model):
    """A question that screeners answer of each entry of a contest."""

    class Finds(models.TextChoices):
        """What the portal finds by itself and offers as an answer."""

        NOTHING = "", _("nothing: a person reads it")
        PROJECT = "project", _("whether the project is published")
        WORDS = "words", _("whether the number of words is right")
        TWINS = "twins", _("whether there are likely duplicates")

    contest = models.ForeignKey(
        Contest, models.CASCADE, related_name="checks", verbose_name=_("contest")
    )
    order = models.PositiveSmallIntegerField(_("order"))
    text = models.CharField(_("check"), max_length=200)
    finds = models.CharField(
        _("what the portal finds"),
        max_length=10,
        choices=Finds.choices,
        blank=True,
        default=Finds.NOTHING,
    )

    class Meta:
        verbose_name = _("check of the screening")
        verbose_name_plural = _("checks of the screening")
        ordering = ["contest", "order"]
        constraints = [
            models.UniqueConstraint(
                fields=["contest", "order"], name="check_order_once"
            )
        ]

    def __str__(self) -> str:
        return self.text


class EntryReasonQuerySet(models.QuerySet["EntryReason"]):
    def offered(self, contest: Contest) -> Self:
        rows = self.filter(contest=contest, active=True)
        return rows.prefetch_related("texts").order_by("move", "order", "pk")


class EntryReason(CannedReason):
    """A reason for returning or rejecting entries of a contest, worded in the six languages."""

    class Kind(models.TextChoices):
        SEND_BACK = "send_back", _("Return")
        REFUSE = "refuse", _("Reject as not eligible")

    contest = models.ForeignKey(
        Contest, models.CASCADE, related_name="entry_reasons", verbose_name=_("contest")
    )
    move = models.CharField(_("move"), max_length=10, choices=Kind.choices)

    objects = EntryReasonQuerySet.as_manager()

    class Meta:
        verbose_name = _("canned reason for entries")
        verbose_name_plural = _("canned reasons for entries")
        ordering = ["contest", "move", "order", "pk"]

    def __str__(self) -> str:
        text = self.wording(settings.LANGUAGE_CODE)
        return str(text) if text else f"{self.get_move_display()} {self.order}"


class EntryReasonText(CannedText):
    reason = models.ForeignKey(
        EntryReason,
        models.CASCADE,
        related_name="texts",
        verbose_name=_("canned reason"),
    )

    class Meta:
        verbose_name = _("text of a reason for entries")
        verbose_name_plural = _("texts of reasons for entries")
        ordering = ["reason", "language"]
        constraints = [
            models.UniqueConstraint(
                fields=["reason", "language"], name="entry_reason_text_once"
            )
        ]


class ScreeningQuerySet(models.QuerySet["Screening"]):
    def progress(self, contest: Contest) -> Any:
        """For each screener of a contest (None: nobody) the numbers `assigned`, `answered` and
        `decided`, as (user id, …). One query."""
        decided = ~Q(entry__status="submitted")
        return (
            self.filter(entry__contest=contest)
            .order_by()
            .values_list("screener")
            .annotate(
                assigned=Count("pk"),
                answered=Count("pk", filter=~Q(state=Screening.State.OPEN)),
                decided=Count("pk", filter=decided),
            )
        )


class Screening(models.Model):
    """How far the screening of an entry is. An entry that nobody has touched has no row: it is
    open, and nobody's."""

    class State(models.TextChoices):
        OPEN = "open", _("Not answered")
        UNCLEAR = "unclear", _("Unclear")
        FAILED = "failed", _("Fails a check")
        PASSED = "passed", _("Passes every check")

    entry = models.OneToOneField(
        Entry, models.CASCADE, related_name="screening", verbose_name=_("entry")
    )
    screener = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("screener"),
    )
    state = models.CharField(
        _("state of the screening"),
        max_length=10,
        choices=State.choices,
        default=State.OPEN,
        editable=False,
    )
    note = models.TextField(_("note for colleagues"), max_length=2000, blank=True)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("changed by"),
    )
    updated_at = models.DateTimeField(_("changed at"), auto_now=True)

    objects = ScreeningQuerySet.as_manager()

    class Meta:
        verbose_name = _("screening of an entry")
        verbose_name_plural = _("screenings of entries")
        ordering = ["entry"]
        indexes = [
            models.Index(fields=["screener", "state"], name="screening_of_screener")
        ]

    def __str__(self) -> str:
        return f"{self.entry}: {self.get_state_display()}"

    def store_answers(self, answers: dict[int, tuple[str, str]]) -> None:
        """Store answer and note of each check (by its id), and the state that follows from them.
        A check that is missing here is not answered."""
        self.findings.exclude(screening_check__in=answers).delete()
        rows = [
            Finding(screening=self, screening_check_id=pk, answer=answer, note=note)
            for pk, (answer, note) in answers.items()
        ]
        Finding.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["screening", "screening_check"],
            update_fields=["answer", "note"],
        )
        checks = set(self.entry.contest.checks.values_list("pk", flat=True))
        self.state = state_of(
            checks, {pk: answer for pk, (answer, _n) in answers.items()}
        )


def state_of(checks: set[int], answers: dict[int, str]) -> "Screening.State":
    """A no fails the entry whatever is open; a contest without checks is never answered."""
    given = {answers.get(pk) for pk in checks}
    if Finding.Answer.NO in given:
        return Screening.State.FAILED
    if not checks or None in given:
        return Screening.State.OPEN
    if Finding.Answer.UNCLEAR in given:
        return Screening.State.UNCLEAR
    return Screening.State.PASSED


class Finding(models.Model):
    """The answer to one check of one entry."""

    class Answer(models.TextChoices):
        YES = "yes", _("Yes")
        NO = "no", _("No")
        UNCLEAR = "unclear", _("Unclear")

    screening = models.ForeignKey(
        Screening, models.CASCADE, related_name="findings", verbose_name=_("screening")
    )
    screening_check = models.ForeignKey(
        ScreeningCheck, models.CASCADE, related_name="+", verbose_name=_("check")
    )
    answer = models.CharField(_("answer"), max_length=8, choices=Answer.choices)
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("answer to a check")
        verbose_name_plural = _("answers to checks")
        ordering = ["screening", "screening_check"]
        constraints = [
            models.UniqueConstraint(
                fields=["screening", "screening_check"], name="finding_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.screening_check_id}: {self.get_answer_display()}"
