"""Proposals of the solver for the timetable of an edition, each a piece of work in the background
whose result planners compare and accept."""

import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from common.jobs.models import LIVE, Job, JobQuerySet
from common.moves.workflow import MoveRefused
from forum.edition.models import Edition
from forum.planning.grid import STEPS
from forum.planning.planner import Planner, Result
from forum.planning.slots import Slot
from forum.session.models import Session

KEPT = 20  # of an edition; older ones are deleted
NAMED = 5


class SuggestionQuerySet(JobQuerySet):
    def visible_to(self, planner: Planner) -> Self:
        """Those of the edition: all for staff, one's own for a coordinator."""
        rows = self.filter(edition=planner.edition)
        return rows if planner.is_staff else rows.filter(by=planner.user)


class Suggestion(Job):
    """`variants`: what was found, as forum.suggestion.work writes it. `stood`: session → its
    version when it was read."""

    class Kind(models.TextChoices):
        PROPOSE = "propose", _("Place what is not placed")
        REPAIR = "repair", _("Repair with the fewest moves")

    edition = models.ForeignKey(
        Edition, models.CASCADE, related_name="suggestions", verbose_name=_("edition")
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("by"),
    )
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    since = models.TimeField(_("earliest start"), default=datetime.time(9))
    until = models.TimeField(_("latest end"), default=datetime.time(18))
    grid = models.PositiveSmallIntegerField(
        _("starts every"), choices=[(step, str(step)) for step in STEPS], default=15
    )
    variants = models.JSONField(_("variants"), default=list)
    stood = models.JSONField(_("versions of the sessions"), default=dict)
    unknown_zones = models.PositiveIntegerField(_("people without a zone"), default=0)
    accepted = models.CharField(_("accepted variant"), max_length=8, blank=True)
    accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("accepted by"),
    )

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposal for the timetable")
        verbose_name_plural = _("proposals for the timetable")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["edition", "by", "-id"], name="suggestion_of"),
            models.Index(
                fields=["lease_until"],
                name="suggestion_live",
                condition=models.Q(state__in=LIVE),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["edition"],
                condition=models.Q(state__in=LIVE),
                name="suggestion_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(until__gt=models.F("since")),
                name="suggestion_hours_in_order",
                violation_error_message=_("The end must be after the start."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.pk})"

    def get_absolute_url(self) -> str:
        return reverse("forum:suggestion", args=[self.edition.slug, self.pk])

    @transaction.atomic
    def begin(self) -> Self:
        """Store it for a worker. Raises MoveRefused while another one of the edition is at work."""
        self.edition.lock()
        others = Suggestion.objects.filter(edition=self.edition)
        if others.live().exists():
            raise MoveRefused(
                gettext("Another proposal for this edition is being worked on.")
            )
        old = others.order_by("-pk").values_list("pk", flat=True)[KEPT - 1 :]
        Suggestion.objects.filter(pk__in=list(old)).delete()
        self.save()
        return self

    def variant(self, name: str) -> dict[str, Any] | None:
        return next((one for one in self.variants if one["name"] == name), None)

    @transaction.atomic
    def accept(self, name: str, planner: Planner) -> Result:
        """Put a variant into the timetable as one change, which one undo takes back.

        Raises MoveRefused when it is over, when a session of it was changed since it was read,
        by name, or when it would clash by now.
        """
        self.edition.lock()
        job = Suggestion.objects.select_for_update().get(pk=self.pk)
        variant = job.variant(name)
        if job.state != "done" or variant is None or not variant["moves"]:
            raise MoveRefused(gettext("There is nothing to accept."))
        if job.accepted_at:
            raise MoveRefused(gettext("This proposal was accepted before."))
        slots = {row["session"]: Slot.read(row["after"]) for row in variant["moves"]}
        self._require_unchanged(job, slots)
        result = planner.arrange(slots)
        Suggestion.objects.filter(pk=self.pk).update(
            accepted=name, accepted_at=timezone.now(), accepted_by=planner.user
        )
        return result

    @staticmethod
    def _require_unchanged(job: "Suggestion", slots: dict[int, Slot]) -> None:
        rows = Session.objects.filter(pk__in=slots).order_by("title", "pk")
        changed = [
            title
            for pk, version, title in rows.values_list("pk", "version", "title")
            if job.stood.get(str(pk)) != version
        ]
        if not changed:
            return
        names = ", ".join(f"“{title}”" for title in changed[:NAMED])
        more = len(changed) - NAMED
        if more > 0:
            names = ngettext(
                "%(names)s and %(number)d more", "%(names)s and %(number)d more", more
            ) % {"names": names, "number": more}
        raise MoveRefused(
            gettext(
                "Changed since this proposal was made: %(names)s. Nothing was moved: ask for a "
                "new proposal."
            )
            % {"names": names}
        )
