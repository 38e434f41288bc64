"""Rules by which proposals are screened, and what staff waive."""

from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.forms.values import refuse_unreadable
from common.moves.workflow import MoveRefused
from forum.consultation.models import Submission
from forum.edition.models import Edition
from forum.screening.findings import Finding, Screening


class ScreeningRuleQuerySet(models.QuerySet["ScreeningRule"]):
    """Related managers offer these too, so that an input can ask the rules of its edition."""

    def in_use(self) -> Self:
        return self.filter(is_on=True).order_by("kind")

    def findings_of(self, submission: Submission) -> list[Finding]:
        """What the rules of its edition find in it as it is stored; nothing for what proposes no
        session."""
        rows = Submission.objects.select_related("edition", "kind")
        stored = rows.get(pk=submission.pk)
        return Screening(stored.edition, [stored]).findings_of(stored)

    def require_passed(self, submission: Submission) -> None:
        """Raises MoveRefused while a hard rule fails that is not waived."""
        open_ones = [one for one in self.findings_of(submission) if one.is_open]
        for finding in open_ones:
            if finding.rule.is_hard:
                raise MoveRefused(
                    _(
                        "The screening has found something that is not waived: %(finding)s"
                    )
                    % {"finding": finding.sentence}
                )


MOST = 50  # the largest threshold


class ScreeningRule(models.Model):
    """A rule of an edition. A proposal that fails a hard one is not accepted until it is put right
    or staff waive it; the others are advice."""

    class Kind(models.TextChoices):
        COMPLETE = "complete", _("Everything required is filled in")
        SPEAKERS = "speakers", _("At least so many speakers are named")
        PER_SPEAKER = "per_speaker", _("At most so many proposals name one speaker")
        REGIONS = "regions", _("At least so many regions")
        TYPES = "types", _("At least so many stakeholder types")
        GENDERS = "genders", _("At least so many genders among the speakers")
        REPORT = "report", _("The reports of the last edition are delivered")

    WITHOUT_NUMBER = (Kind.COMPLETE, Kind.REPORT)

    edition = models.ForeignKey(
        Edition,
        models.CASCADE,
        related_name="screening_rules",
        verbose_name=_("edition"),
    )
    kind = models.CharField(_("rule"), max_length=11, choices=Kind.choices)
    threshold = models.PositiveSmallIntegerField(
        _("number"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MOST)],
        help_text=_("Empty for rules without a number."),
    )
    is_hard = models.BooleanField(
        _("binding"),
        default=False,
        help_text=_("A proposal that fails it is accepted only after a waiver."),
    )
    is_on = models.BooleanField(_("in use"), default=True)

    objects = ScreeningRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("screening rule")
        verbose_name_plural = _("screening rules")
        ordering = ["edition", "kind"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "kind"],
                name="screening_rule_once",
                violation_error_message=_("This edition has this rule already."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["complete", "report"], threshold=None)
                | (
                    ~Q(kind__in=["complete", "report"])
                    & Q(threshold__isnull=False, threshold__gte=1)
                ),
                name="screening_rule_number",
                violation_error_message=_(
                    "Enter a number for a rule that counts, and none for the others."
                ),
            ),
        ]

    def __str__(self) -> str:
        name = str(self.get_kind_display())
        return f"{name}: {self.threshold}" if self.threshold else name


class Waiver(models.Model):
    """Staff let a proposal pass a rule, with the reason; a waiver that was ended stays as its
    log."""

    submission = models.ForeignKey(
        Submission, models.CASCADE, related_name="waivers", verbose_name=_("submission")
    )
    rule = models.ForeignKey(
        ScreeningRule, models.CASCADE, related_name="waivers", verbose_name=_("rule")
    )
    reason = models.CharField(
        _("reason"), max_length=500, validators=[refuse_unreadable]
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("by"),
    )
    at = models.DateTimeField(_("at"), auto_now_add=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("ended by"),
    )
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        verbose_name = _("waiver")
        verbose_name_plural = _("waivers")
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "rule"],
                condition=Q(ended_at=None),
                name="waiver_once",
                violation_error_message=_("This rule is waived already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.submission}: {self.rule}"
