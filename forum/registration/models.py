"""Registration for an edition; the database counts the places."""

import secrets
from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.role.roles import roles_towards
from common.mail import outbox
from common.moves.actors import AnyUser
from common.moves.models import Moved, StatusChange
from common.moves.workflow import MoveRefused, status_check
from forum.base.workflow import DESK
from forum.edition.models import Edition
from forum.registration.workflow import (
    HOLDING,
    LIVE,
    REGISTRATION_WORKFLOW,
    RegistrationStatus,
)


class RegistrationQuerySet(models.QuerySet["Registration"]):
    def visible_to(self, user: AnyUser) -> Self:
        if not user.is_authenticated:
            return self.none()
        return self if user.is_secretariat else self.filter(user=user)

    def live(self) -> Self:
        return self.filter(status__in=LIVE)

    def holding(self) -> Self:
        """Registrations that have a place of the capacity."""
        return self.filter(status__in=HOLDING)

    def waiting(self) -> Self:
        """The waiting list, in order."""
        return self.filter(status=RegistrationStatus.WAITLISTED).order_by(
            "waitlisted_at", "pk"
        )


# Without signs that are mistaken for each other: codes are read out at the door.
CODE_SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


CODE_LENGTH = 8


def new_code() -> str:
    return "".join(secrets.choice(CODE_SIGNS) for _sign in range(CODE_LENGTH))


class Attendance(models.TextChoices):
    ON_SITE = "on_site", _("On site, in Geneva")
    REMOTE = "remote", _("Remotely")


class Capacity(models.Model):
    """How many people may take part in one way, and how many places are taken; the row is the
    lock."""

    edition = models.ForeignKey(
        Edition, models.CASCADE, related_name="capacities", verbose_name=_("edition")
    )
    attendance = models.CharField(
        _("attendance"), max_length=10, choices=Attendance.choices
    )
    places = models.PositiveIntegerField(
        _("places"), null=True, blank=True, help_text=_("Leave empty for no limit.")
    )
    taken = models.PositiveIntegerField(_("places taken"), default=0, editable=False)

    class Meta:
        verbose_name = _("capacity")
        verbose_name_plural = _("capacities")
        ordering = ["edition", "attendance"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "attendance"], name="capacity_once"
            ),
            models.CheckConstraint(
                condition=models.Q(places=None)
                | models.Q(taken__lte=models.F("places")),
                name="capacity_never_exceeded",
                violation_error_message=_("More places than this are already taken."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.edition_id}: {self.get_attendance_display()}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Never writes the counter: a form read earlier must not set it back, only moves change
        it."""
        if self.pk and kwargs.get("update_fields") is None:
            kwargs["update_fields"] = ["edition", "attendance", "places"]
        super().save(*args, **kwargs)

    def clean(self) -> None:
        if self.places is not None and self.places < self.taken:
            raise ValidationError(
                {
                    "places": _(
                        "%(taken)d places are already taken: enter at least that number."
                    )
                    % {"taken": self.taken}
                }
            )

    @property
    def is_full(self) -> bool:
        return self.places is not None and self.taken >= self.places

    @transaction.atomic
    def fill(self) -> int:
        """Let people on the waiting list move up while there are places; returns how many did."""
        moved = 0
        while True:
            capacity = Capacity.objects.select_for_update().get(pk=self.pk)
            waiting = Registration.objects.waiting().filter(
                edition=self.edition_id, attendance=self.attendance
            )
            first = None if capacity.is_full else waiting.first()
            if first is None:
                return moved
            first.move("promote", DESK)
            moved += 1


class Registration(Moved):
    """A person's registration; nothing of it is public."""

    edition = models.ForeignKey(
        Edition, models.PROTECT, related_name="registrations", verbose_name=_("edition")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="forum_registrations",
        verbose_name=_("participant"),
    )
    attendance = models.CharField(
        _("attendance"), max_length=10, choices=Attendance.choices
    )
    name = models.CharField(_("name on the badge"), max_length=150)
    organization_name = models.CharField(_("organization"), max_length=250, blank=True)
    stakeholder_type = models.ForeignKey(
        "reference.StakeholderType",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="forum_registrations",
        verbose_name=_("stakeholder type"),
    )
    country = models.ForeignKey(
        "reference.Country",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="forum_registrations",
        verbose_name=_("country"),
    )
    needs = models.TextField(
        _("what you need to take part"),
        blank=True,
        max_length=1000,
        help_text=_(
            "Step-free access, captions, sign language … Only the secretariat can read "
            "this."
        ),
    )
    as_speaker = models.BooleanField(
        _("registered as a speaker"), default=False, editable=False
    )
    WORKFLOW = REGISTRATION_WORKFLOW
    status = models.CharField(
        _("status"),
        max_length=20,
        choices=RegistrationStatus.choices,
        default=RegistrationStatus.REQUESTED,
        editable=False,
    )
    code = models.CharField(
        _("confirmation code"),
        max_length=12,
        unique=True,
        default=new_code,
        editable=False,
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    waitlisted_at = models.DateTimeField(
        _("on the waiting list since"), null=True, blank=True, editable=False
    )
    approved_at = models.DateTimeField(
        _("approved at"), null=True, blank=True, editable=False
    )

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="registration_order"),
            models.Index(
                fields=["edition", "attendance", "waitlisted_at", "id"],
                name="registration_waiting",
                condition=models.Q(status=RegistrationStatus.WAITLISTED),
            ),
        ]
        constraints = [
            status_check(RegistrationStatus.values, "registration_status"),
            models.UniqueConstraint(
                fields=["edition", "user"],
                condition=models.Q(status__in=sorted(LIVE)),
                name="registration_once",
                violation_error_message=_("You are already registered."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"

    def get_absolute_url(self) -> str:
        return reverse("forum:register", args=[self.edition.slug])

    def roles_of(self, user: AnyUser) -> set[str]:
        if not user.is_authenticated:
            return super().roles_of(user)
        return roles_towards(user, owns=self.user_id == user.pk)

    def place_in_waiting_list(self) -> int | None:
        """Position in the waiting list, 1 is next; None for somebody who does not wait."""
        if self.status != RegistrationStatus.WAITLISTED or not self.waitlisted_at:
            return None
        same_list = Registration.objects.waiting().filter(
            edition=self.edition_id, attendance=self.attendance
        )
        ahead = models.Q(waitlisted_at__lt=self.waitlisted_at) | models.Q(
            waitlisted_at=self.waitlisted_at, pk__lte=self.pk
        )
        return same_list.filter(ahead).count()

    def capacity(self) -> Capacity:
        """The counter of this registration's places, locked until the transaction ends.

        Raises MoveRefused when this way of taking part is not offered.
        """
        locked = Capacity.objects.select_for_update()
        try:
            return locked.get(edition=self.edition_id, attendance=self.attendance)
        except Capacity.DoesNotExist as error:
            raise MoveRefused(_("This mode of attendance is not offered.")) from error

    @transaction.atomic
    def enter(self) -> "Registration":
        """Store a new registration: it takes a place, or joins the waiting list when none is left.

        Raises MoveRefused when this way of taking part is not offered, ValidationError when the
        person is registered already.
        """
        capacity = self.capacity()
        self.validate_constraints()
        entered = Registration.objects.create(
            **{
                f.attname: getattr(self, f.attname)
                for f in self._meta.fields
                if f.editable
            },
            status=RegistrationStatus.WAITLISTED if capacity.is_full else self.status,
            waitlisted_at=timezone.now() if capacity.is_full else None,
        )
        if not capacity.is_full:
            entered.hold_place()
        StatusChange.objects.create(
            record_kind="forum.registration",
            record_id=entered.pk,
            move="register",
            source=RegistrationStatus.REQUESTED,
            target=entered.status,
            by=entered.user,
        )
        entered.tell_participant(StatusChange(target=entered.status))  # by the portal
        return entered

    @transaction.atomic
    def move(self, name: str, user: AnyUser, note: str = "") -> Self:
        """Make one move of the table; the counter is locked first, so that moves wait for each
        other."""
        self.capacity()
        return super().move(name, user, note)

    def take_place(self, change: StatusChange) -> None:
        self.hold_place()
        self.tell_participant(change)

    def free_place(self, change: StatusChange) -> None:
        """Release the place, if one was taken, and let the first of the waiting list move up."""
        if change.source in HOLDING:
            self.give_place_back()
        self.tell_participant(change)

    def tell_participant(self, change: StatusChange) -> None:
        if self.user != change.by:
            context = {
                "registration": self,
                "change": change,
                "is_promoted": change.move == "promote",
                "place": self.place_in_waiting_list(),
            }
            outbox.send("forum/registration", self.user, context)

    def hold_place(self) -> None:
        """Take a place. Raises MoveRefused when none is left."""
        capacity = self.capacity()
        if capacity.is_full:
            raise MoveRefused(_("All places are taken."))
        capacity.taken += 1
        capacity.save(update_fields=["taken"])

    def give_place_back(self) -> None:
        """Release the place; the first of the waiting list moves up."""
        capacity = self.capacity()
        capacity.taken -= 1
        capacity.save(update_fields=["taken"])
        waiting = Registration.objects.waiting().filter(
            edition=self.edition_id, attendance=self.attendance
        )
        first = waiting.exclude(pk=self.pk).first()
        if first and not capacity.is_full:
            Moved.move(first, "promote", DESK)
