"""The texts of sections and blocks in each language, what they said before, and comments."""

from datetime import timedelta
from typing import Any, Self

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.records.hashing import content_hash
from reports.report.kinds import MAX_COMMENT, MAX_TEXT, State

SITTING = timedelta(minutes=10)  # earlier texts are kept at most this often


class Segment(models.Model):
    """One text of a section or block in one language."""

    section = models.ForeignKey(
        "reports.Section",
        models.CASCADE,
        null=True,
        related_name="segments",
        verbose_name=_("section"),
    )
    block = models.ForeignKey(
        "reports.Block",
        models.CASCADE,
        null=True,
        related_name="segments",
        verbose_name=_("block"),
    )
    field = models.CharField(_("field"), max_length=20)
    language = models.CharField(_("language"), max_length=8, choices=settings.LANGUAGES)
    text = models.TextField(
        _("text"), blank=True, validators=[MaxLengthValidator(MAX_TEXT)]
    )
    state = models.CharField(_("state"), max_length=10, choices=State.choices)
    original_hash = models.CharField(
        _("SHA-256 of the original"),
        max_length=64,
        blank=True,
        help_text=_("Of the text that this translates; empty for the original itself."),
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("by"),
    )
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("text of a report")
        verbose_name_plural = _("texts of reports")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(section=None, block__isnull=False)
                | Q(section__isnull=False, block=None),
                name="segment_of_section_or_block",
            ),
            models.UniqueConstraint(
                fields=["section", "field", "language"],
                condition=Q(block=None),
                name="segment_of_section_once",
            ),
            models.UniqueConstraint(
                fields=["block", "field", "language"],
                condition=Q(section=None),
                name="segment_of_block_once",
            ),
            models.CheckConstraint(
                condition=LessThanOrEqual(Length("text"), MAX_TEXT),
                name="segment_length",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.section or self.block}: {self.field} ({self.language})"

    def is_outdated(self, original: "Segment | None") -> bool:
        """Whether the original has changed since this was translated from it."""
        if self.state == State.ORIGINAL or not self.text:
            return False
        return self.original_hash != hash_of(original)

    def keep_earlier(self, text: str, by: Any) -> None:
        """Keep the present text before another replaces it: always that of somebody else, and
        when most of it goes; one's own no more often than once in a sitting."""
        if not self.text or self.text == text:
            return
        last = self.earlier.order_by("-pk").first()
        is_kept = last is not None and timezone.now() - last.replaced_at < SITTING
        if is_kept and self.by == by and len(text) * 2 >= len(self.text):
            return
        self.earlier.create(text=self.text, state=self.state, by=self.by, at=self.at)


def hash_of(original: Segment | None) -> str:
    """What a translation remembers of its original."""
    return content_hash(original.text) if original else ""


class EarlierTextQuerySet(models.QuerySet["EarlierText"]):
    def of(self, section: int, language: str) -> Self:
        """The earlier texts of a section and its blocks in one language, newest first."""
        is_there = Q(segment__section=section) | Q(segment__block__section=section)
        return self.filter(is_there, segment__language=language).order_by("-pk")


class EarlierText(models.Model):
    """What a segment said before."""

    segment = models.ForeignKey(
        Segment, models.CASCADE, related_name="earlier", verbose_name=_("text")
    )
    text = models.TextField(_("text"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("by"),
    )
    at = models.DateTimeField(_("at"))
    replaced_at = models.DateTimeField(_("replaced at"), auto_now_add=True)

    objects = EarlierTextQuerySet.as_manager()

    class Meta:
        verbose_name = _("earlier text of a report")
        verbose_name_plural = _("earlier texts of reports")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.segment} · {self.at:%Y-%m-%d %H:%M}"


class CommentQuerySet(models.QuerySet["Comment"]):
    def untold(self) -> Self:
        """Those of which the editors have not been told yet."""
        return self.filter(told_at=None)


class Comment(models.Model):
    """A remark of a reviewer on a block, open until somebody resolves it."""

    block = models.ForeignKey(
        "reports.Block",
        models.CASCADE,
        related_name="comments",
        verbose_name=_("block"),
    )
    text = models.TextField(
        _("comment"),
        max_length=MAX_COMMENT,
        validators=[MaxLengthValidator(MAX_COMMENT)],
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"), auto_now_add=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("resolved by"),
    )
    resolved_at = models.DateTimeField(_("resolved at"), null=True)
    told_at = models.DateTimeField(_("told to the editors at"), null=True)

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment on a report")
        verbose_name_plural = _("comments on reports")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(resolved_at=None, resolved_by=None)
                | Q(resolved_at__isnull=False, resolved_by__isnull=False),
                name="comment_resolved_by_somebody",
            ),
        ]
        indexes = [
            models.Index(
                fields=["block"], name="comment_open", condition=Q(resolved_at=None)
            ),
            models.Index(
                fields=["at"], name="comment_untold", condition=Q(told_at=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.block}: {self.text[:60]}"
