"""Reminders about projects: automatic ones about what has waited too long, and dates set by
staff."""

from typing import Any, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from common.mail import outbox
from stocktaking.project.models import Project


class ReminderQuerySet(models.QuerySet["Reminder"]):
    def missing(
        self,
        kind: str,
        about: str,
        projects: models.QuerySet[Project],
        later: tuple[str, ...] = (),
    ) -> models.QuerySet[Project]:
        """Those of these projects whose owner has not had this reminder since `about`, the
        column with the time of what the reminder is about, nor a `later` reminder, after which
        this one would come too late. Owners of closed accounts get none."""
        kinds = [kind, *later]
        made = self.filter(
            project=OuterRef("pk"), kind__in=kinds, about=OuterRef(about)
        )
        waiting = (
            projects.filter(owner__is_active=True)
            .exclude(Exists(made))
            .select_related("owner")
        )
        return waiting.annotate(remind_about=F(about))

    @transaction.atomic
    def remind(
        self, kind: str, project: Project, template: str, context: dict[str, Any]
    ) -> bool:
        """Write to the owner of a project from `missing`; returns whether a mail was written.
        The row is unique, so two workers do not write twice."""
        row, new = self.get_or_create(
            project=project,
            kind=kind,
            about=project.remind_about,  # type: ignore[attr-defined]  # annotated
            to=project.owner,
            defaults={"sent_at": Now()},
        )
        if new:
            outbox.send(
                template, row.to, {"project": project, "reminder": row} | context
            )
        return new

    def due(self) -> Self:
        """Dates set by staff that have come, for people who can still sign in."""
        waiting = self.filter(kind=Reminder.Kind.STAFF, sent_at=None, about__lte=Now())
        return (
            waiting.filter(to__is_active=True)
            .select_related("project", "to")
            .order_by("pk")
        )

    def open_of(self, project: Project) -> Self:
        """Dates set by staff for a project that are still to come, next first."""
        waiting = self.filter(project=project, kind=Reminder.Kind.STAFF, sent_at=None)
        return waiting.select_related("to").order_by("about", "pk")

    @transaction.atomic
    def fire(self, pk: int) -> bool:
        """Send the mail of one date, unless another worker does."""
        row = (
            self.due()
            .select_for_update(skip_locked=True, of=("self",))
            .filter(pk=pk)
            .first()
        )
        if row is None:
            return False
        outbox.send(
            "stocktaking/desk_reminder",
            row.to,
            {"project": row.project, "reminder": row},
        )
        row.sent_at = Now()
        row.save(update_fields=["sent_at"])
        return True


class Reminder(models.Model):
    """A mail about a project to one person, at most once: about a return or an untouched draft
    (`about` is the time of the return or of the last change), or on a date set by staff."""

    class Kind(models.TextChoices):
        RETURNED_WEEK = "returned-7", _("a week after the return")
        RETURNED_WEEKS = "returned-21", _("three weeks after the return")
        DRAFT_MONTH = "draft-month", _("a month before the draft is deleted")
        DRAFT_WEEK = "draft-week", _("a week before the draft is deleted")
        STAFF = "staff", _("a date set by staff")

    project = models.ForeignKey(
        "stocktaking.Project",
        models.CASCADE,
        related_name="reminders",
        verbose_name=_("project"),
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    about = models.DateTimeField(_("returned, last changed or due at"))
    to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        related_name="+",
        verbose_name=_("to"),
    )
    note = models.CharField(_("note"), max_length=300, blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True)

    objects = ReminderQuerySet.as_manager()

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ["-about", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "kind", "about", "to"],
                name="reminder_once",
                nulls_distinct=False,
                violation_error_message=_("You already have this reminder."),
            ),
        ]
        indexes = [
            models.Index(
                fields=["about"], name="reminder_due", condition=models.Q(sent_at=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project_id}: {self.get_kind_display()}"
