"""Checking in at the entrances of an edition: who may, where, and the log of all check-ins."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from forum.edition.models import Edition
from forum.registration.models import Registration


class Steward(models.Model):
    """A volunteer who checks in; the page asks for the second factor, as of staff."""

    edition = models.ForeignKey(
        Edition, models.CASCADE, related_name="stewards", verbose_name=_("edition")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="+",
        verbose_name=_("account"),
    )

    class Meta:
        verbose_name = _("check-in volunteer")
        verbose_name_plural = _("check-in volunteers")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "user"], name="steward_once")
        ]

    def __str__(self) -> str:
        return str(self.user)


class Gate(models.Model):
    """A place where people check in: of the whole edition, or of one session.

    Whoever checks in at a gate of a session is present in that session; gates of the edition
    count who has come to the edition.
    """

    edition = models.ForeignKey(
        Edition, models.CASCADE, related_name="gates", verbose_name=_("edition")
    )
    name = models.CharField(_("name"), max_length=100)
    session = models.ForeignKey(
        "forum.Session",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="gates",
        verbose_name=_("session"),
        help_text=_("Leave empty for an entrance of the whole edition."),
    )

    class Meta:
        verbose_name = _("entrance")
        verbose_name_plural = _("entrances")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "name"],
                name="gate_once",
                violation_error_message=_(
                    "This edition has an entrance of this name already."
                ),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Refusal(models.TextChoices):
    """Why a check-in did not let anybody in."""

    WITHDRAWN = "withdrawn", pgettext_lazy("check-in", "Registration withdrawn")
    NOT_APPROVED = "not_approved", pgettext_lazy("check-in", "Not approved")
    REPLACED = "replaced", pgettext_lazy("check-in", "Badge was replaced")


class CheckInQuerySet(models.QuerySet["CheckIn"]):
    def of_edition(self, edition: Edition) -> Self:
        return self.filter(edition=edition)

    def standing(self) -> Self:
        """Those that let somebody in and were not undone."""
        return self.filter(refusal="", undone_at=None)

    def arrivals(self) -> Self:
        """One for each person and each edition or session."""
        return self.filter(is_arrival=True)

    def for_list(self) -> Self:
        return self.select_related("registration", "gate", "session", "by", "undone_by")

    def counts(self, edition: Edition) -> dict[str, Any]:
        """`present`: people who came to the edition; `gates`: arrivals by id of the entrance,
        "0" for check-ins without one."""
        rows = self.of_edition(edition).arrivals().order_by()
        found = list(rows.values_list("gate", "session").annotate(models.Count("pk")))
        gates: dict[str, int] = {}
        for gate, _session, number in found:
            gates[str(gate or 0)] = gates.get(str(gate or 0), 0) + number
        present = sum(number for _gate, session, number in found if session is None)
        return {"present": present, "gates": gates}


class CheckIn(models.Model):
    """One scan. Devices send it with an id of their own, so that it is stored once.

    All scans are kept. The first that lets a person in is the arrival; `settle` of
    forum.checkin.merging says which, also when an earlier one comes later from a device that had
    no network. `at` is by the clock of the server.
    """

    uid = models.UUIDField(_("id of the device"), unique=True, editable=False)
    edition = models.ForeignKey(
        Edition, models.CASCADE, related_name="check_ins", verbose_name=_("edition")
    )
    registration = models.ForeignKey(
        Registration,
        models.CASCADE,
        related_name="check_ins",
        verbose_name=_("registration"),
    )
    gate = models.ForeignKey(
        Gate,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="check_ins",
        verbose_name=_("entrance"),
    )
    session = models.ForeignKey(
        "forum.Session",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="check_ins",
        verbose_name=_("session"),
    )
    at = models.DateTimeField(_("at"))
    received_at = models.DateTimeField(_("received at"), auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("by"),
    )
    device = models.CharField(_("device"), max_length=40, blank=True)
    refusal = models.CharField(
        _("not admitted because"), max_length=12, choices=Refusal.choices, blank=True
    )
    is_arrival = models.BooleanField(_("arrival"), default=False)
    undone_at = models.DateTimeField(_("undone at"), null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("undone by"),
    )
    undo_reason = models.CharField(_("reason"), max_length=300, blank=True)

    objects = CheckInQuerySet.as_manager()

    class Meta:
        verbose_name = _("check-in")
        verbose_name_plural = _("check-ins")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["edition", "-id"], name="check_in_order"),
            models.Index(
                fields=["edition", "gate", "session"],
                name="check_in_counts",
                condition=models.Q(is_arrival=True),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["registration", "session"],
                condition=models.Q(is_arrival=True),
                nulls_distinct=False,
                name="check_in_one_arrival",
            ),
            models.CheckConstraint(
                condition=models.Q(is_arrival=False)
                | models.Q(refusal="", undone_at=None),
                name="check_in_arrival_stands",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.registration} {self.at:%Y-%m-%d %H:%M}"
