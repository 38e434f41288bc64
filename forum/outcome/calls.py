"""The call for reports of an edition: what is asked, until when, and who was reminded of it."""

import datetime
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Case, Count, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.user.models import User
from common.text.words import WordLimit
from forum.edition.models import Edition
from forum.outcome.models import written_by
from forum.room.models import SessionType
from forum.session.models import Session
from forum.session.workflow import SessionStatus

CHAIR_WORDS = 5000
SOON = datetime.timedelta(days=2)
PURSUED = datetime.timedelta(days=14)  # after the due date; later nobody is reminded


class Part(models.TextChoices):
    """What a report can have besides its key points."""

    OUTCOMES = "outcomes", _("Outcomes and commitments")
    CHALLENGES = "challenges", _("Challenges")
    OUTLOOK = "outlook", _("Vision for the action lines and the way ahead")
    LINES = "lines", _("Action lines and Goals that were discussed")
    PEOPLE = "people", _("People of the programme who took part")
    NUMBERS = "numbers", _("How many people took part, women and men")


FIELDS_OF: dict[str, tuple[str, ...]] = {
    Part.OUTCOMES: ("outcomes",),
    Part.CHALLENGES: ("challenges",),
    Part.OUTLOOK: ("outlook",),
    Part.LINES: ("action_lines", "sdgs"),
    Part.PEOPLE: ("attended",),
    Part.NUMBERS: (
        "on_site",
        "on_site_women",
        "on_site_men",
        "remote",
        "remote_women",
        "remote_men",
    ),
}


def every_part() -> list[str]:
    return list(Part.values)


def parts_field(label: Any, **options: Any) -> ArrayField:
    return ArrayField(
        models.CharField(max_length=10, choices=Part.choices),
        verbose_name=label,
        blank=True,
        **options,
    )


class ReportCall(models.Model):
    """What organizers are asked to report on after their session."""

    edition = models.OneToOneField(
        Edition, models.CASCADE, related_name="report_call", verbose_name=_("edition")
    )
    due_at = models.DateTimeField(_("reports are due at"))
    asked = parts_field(
        _("what is asked"),
        default=every_part,
        help_text=_("The key points of the discussion are always asked."),
    )
    required = parts_field(
        _("what must be filled in"),
        default=list,
        help_text=_("The key points of the discussion are always required."),
    )
    session_types = models.ManyToManyField(
        SessionType,
        blank=True,
        related_name="+",
        verbose_name=_("types of session that report"),
        help_text=_("None chosen: all."),
    )
    guidance = models.TextField(
        _("guidance for organizers"), blank=True, max_length=2000
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed at"), auto_now=True)

    class Meta:
        verbose_name = _("call for reports")
        verbose_name_plural = _("calls for reports")
        ordering = ["-due_at", "-pk"]

    def __str__(self) -> str:
        return str(self.edition)

    def kind_of_reminder(self) -> str:
        """The kind of reminder that this hour calls for; "" when it is too late for any."""
        now = timezone.now()
        if now > self.due_at + PURSUED:
            return ""
        if now > self.due_at:
            return ReportReminder.Kind.LATE
        is_soon = now > self.due_at - SOON
        return ReportReminder.Kind.SOON if is_soon else ReportReminder.Kind.ASKED


def asked_of(edition: Edition) -> tuple[set[str], set[str]]:
    """The fields of a report that the edition asks for, and those that it requires."""
    call = ReportCall.objects.filter(edition=edition).first()
    asked = call.asked if call else every_part()
    required = [part for part in call.required if part in asked] if call else []
    return (
        {"summary", *(name for part in asked for name in FIELDS_OF[part])},
        {"summary", *(name for part in required for name in FIELDS_OF[part][:1])},
    )


class State(models.TextChoices):
    MISSING = "missing", _("Not begun")
    DRAFT = "draft", _("Begun")
    HANDED_IN = "handed_in", _("Submitted")
    PUBLISHED = "published", _("Published")


CONDITIONS: dict[str, Q] = {
    State.MISSING: Q(outcome=None),
    State.DRAFT: Q(
        outcome__isnull=False, outcome__handed_in_at=None, outcome__published_at=None
    ),
    State.HANDED_IN: Q(outcome__handed_in_at__isnull=False, outcome__published_at=None),
    State.PUBLISHED: Q(outcome__published_at__isnull=False),
}


def reporting(edition: Edition) -> models.QuerySet[Session]:
    """The sessions of the programme with a time that report, as the call of the edition says."""
    sessions = Session.objects.filter(
        edition=edition,
        status=SessionStatus.RELEASED,
        released__isnull=False,
        start__isnull=False,
    )
    call = ReportCall.objects.filter(edition=edition).first()
    types = list(call.session_types.all()) if call else []
    return sessions.filter(type__in=types) if types else sessions


def owed(edition: Edition) -> models.QuerySet[Session]:
    """Those that are over and whose report was not handed in."""
    lacking = CONDITIONS[State.MISSING] | CONDITIONS[State.DRAFT]
    return reporting(edition).filter(lacking, end__lte=timezone.now())


def owed_by(user: User) -> models.QuerySet[Session]:
    """The same for one person, of all editions whose call is not long over."""
    calls = ReportCall.objects.filter(due_at__gt=timezone.now() - PURSUED)
    lacking = CONDITIONS[State.MISSING] | CONDITIONS[State.DRAFT]
    return written_by(user).filter(
        lacking,
        edition__in=calls.values("edition"),
        status=SessionStatus.RELEASED,
        released__isnull=False,
        end__lte=timezone.now(),
    )


def with_state(sessions: models.QuerySet[Session]) -> models.QuerySet[Session]:
    """With `report_state`, and `reminded`: how many mails have asked for the report."""
    whens = [
        When(condition, then=Value(state)) for state, condition in CONDITIONS.items()
    ]
    reminders = ReportReminder.objects.filter(session=OuterRef("pk")).order_by()
    counted = reminders.values("session").annotate(n=Count("pk")).values("n")
    return sessions.annotate(
        report_state=Case(*whens, output_field=models.CharField()),
        reminded=Coalesce(Subquery(counted), 0),
    )


class ReportReminder(models.Model):
    """A mail that asked somebody for the report of a session: each kind once."""

    class Kind(models.TextChoices):
        ASKED = "asked", _("after the session")
        SOON = "soon", _("two days before the report is due")
        LATE = "late", _("when it was due")

    session = models.ForeignKey(
        Session,
        models.CASCADE,
        related_name="report_reminders",
        verbose_name=_("session"),
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="+",
        verbose_name=_("to"),
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    at = models.DateTimeField(_("sent at"), auto_now_add=True)

    class Meta:
        verbose_name = _("reminder of a report")
        verbose_name_plural = _("reminders of reports")
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "user", "kind"], name="report_reminder_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session_id} → {self.user_id}: {self.kind}"


class ChairSummary(models.Model):
    """What the chair of an edition sums up; it opens the compiled outcome document."""

    edition = models.ForeignKey(
        Edition,
        models.CASCADE,
        related_name="chair_summaries",
        verbose_name=_("edition"),
    )
    language = models.CharField(
        _("language of the text"),
        max_length=8,
        choices=settings.LANGUAGES,
        default="en",
    )
    text = models.TextField(
        _("text"), max_length=60_000, validators=[WordLimit(CHAIR_WORDS)]
    )
    by_machine = models.BooleanField(
        _("Parts of this text were written by a machine"), default=False
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed at"), auto_now=True)

    class Meta:
        verbose_name = _("chair’s summary")
        verbose_name_plural = _("chair’s summaries")
        ordering = ["-edition__last_year", "language", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "language"],
                name="chair_summary_once",
                violation_error_message=_(
                    "This edition has a summary in this language already."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.edition} ({self.get_language_display()})"

    @classmethod
    def of(cls, edition: Edition, language: str) -> "ChairSummary | None":
        """The summary in this language, else the English one, else any."""
        rows = {row.language: row for row in cls.objects.filter(edition=edition)}
        return rows.get(language) or rows.get("en") or next(iter(rows.values()), None)
