"""Registration for an edition; the database counts the places."""

import secrets
from typing import Any, Self

from django.conf import settings
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.role.roles import STAFF_ROLES, roles_towards
from accounts.user.models import User
from common.mail import outbox
from common.mail.addresses import AddressField
from common.moves.actors import AnyUser
from common.moves.models import Moved, StatusChange
from common.moves.workflow import MoveRefused, status_check
from common.text.collation import LANGUAGES, SortKey
from forum.base.workflow import DESK
from forum.edition.models import Edition
from forum.registration.capacity import Attendance, Capacity
from forum.registration.delegation import Delegation
from forum.registration.querysets import CLAIM, EDIT, REGISTER, RegistrationQuerySet
from forum.registration.workflow import (
    HOLDING,
    LIVE,
    REGISTRATION_WORKFLOW,
    RegistrationStatus,
)

# Without signs that are mistaken for each other: codes are read out at the door.
CODE_SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


CODE_LENGTH = 8


def new_code() -> str:
    return "".join(secrets.choice(CODE_SIGNS) for _sign in range(CODE_LENGTH))


class Listed(models.TextChoices):
    """What a person has agreed to; nobody else can agree in their place."""

    HIDDEN = "hidden", _("Nobody but the secretariat")
    ATTENDEES = "attendees", _("Other people who are registered")
    PUBLIC = "public", _("Everybody")


class RegistrationTag(models.Model):
    """A word by which staff group registrations, such as “Speaker” or “Press”."""

    name = models.CharField(_("name"), max_length=60, unique=True)

    class Meta:
        verbose_name = _("tag of registrations")
        verbose_name_plural = _("tags of registrations")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Registration(Moved):
    """A person's registration; nothing of it is public.

    Somebody without an account has an e-mail address instead, or nothing: staff know whom they have
    entered. Who registered the person stands in the log (`with_registrar`).
    """

    edition = models.ForeignKey(
        Edition, models.PROTECT, related_name="registrations", verbose_name=_("edition")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="forum_registrations",
        verbose_name=_("participant"),
    )
    email = AddressField(
        _("e-mail address"),
        blank=True,
        help_text=_("Of a person without an account; letters go there."),
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
    delegation = models.ForeignKey(
        Delegation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="registrations",
        verbose_name=_("delegation"),
    )
    has_reserved_seat = models.BooleanField(
        _("on a reserved seat"), default=False, editable=False
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
    listed = models.CharField(
        _("who may read that you take part"),
        max_length=10,
        choices=Listed.choices,
        default=Listed.HIDDEN,
        help_text=_(
            "The list of attendees shows your name, organization and country once you are "
            "approved. You can change this at any time; it takes effect at once."
        ),
    )
    tags = models.ManyToManyField(
        RegistrationTag,
        blank=True,
        related_name="registrations",
        verbose_name=_("tags"),
        help_text=_("Only the secretariat sees them."),
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
            *(
                models.Index(
                    "edition",
                    SortKey("name", code),
                    "id",
                    name=f"attendee_order_{code.replace('-', '_')}",
                    condition=models.Q(status=RegistrationStatus.APPROVED)
                    & ~models.Q(listed=Listed.HIDDEN),
                )
                for code in LANGUAGES
            ),
            models.Index(fields=["-created_at", "-id"], name="registration_order"),
            models.Index(
                fields=["edition", "attendance", "waitlisted_at", "id"],
                name="registration_waiting",
                condition=models.Q(status=RegistrationStatus.WAITLISTED),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(listed__in=Listed.values), name="registration_listed"
            ),
            status_check(RegistrationStatus.values, "registration_status"),
            models.UniqueConstraint(
                fields=["edition", "user"],
                condition=models.Q(status__in=sorted(LIVE)),
                name="registration_once",
                violation_error_message=_("This person is already registered."),
            ),
            models.UniqueConstraint(
                fields=["edition", "email"],
                condition=models.Q(status__in=sorted(LIVE), user=None)
                & ~models.Q(email=""),
                name="registration_once_by_address",
                violation_error_message=_("This person is already registered."),
            ),
        ]

    # What a person may change; the rest of it is the desk's.
    EDITABLE = (
        "attendance",
        "name",
        "organization_name",
        "stakeholder_type",
        "country",
        "needs",
        "listed",
    )
    # What stands on the badge, or what places are counted by: approved once more when it changes.
    APPROVED_ANEW = frozenset(EDITABLE) - {"needs", "listed"}

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"

    def get_absolute_url(self) -> str:
        return reverse("forum:register", args=[self.edition.slug])

    def roles_of(self, user: AnyUser) -> set[str]:
        if not user.is_authenticated:
            return super().roles_of(user)
        owns = self.user_id == user.pk
        if not owns and self.delegation:
            owns = self.delegation.focal_points.filter(user=user).exists()
        return roles_towards(user, owns=owns)

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
    def enter(self, by: AnyUser | None = None) -> Self:
        """Store a new registration: it takes a place, or joins the waiting list when none is left.

        `by` is who registers the person, who does it alone if it is None. An address that belongs
        to an account is registered for the account. Raises MoveRefused when this way of taking part
        is not offered or the quota of the delegation is reached, ValidationError when the person is
        registered already.
        """
        capacity = self.capacity()
        self._find_account()
        self.validate_constraints()
        delegation = self.delegation and Delegation.locked(self.delegation.pk)
        if delegation:
            delegation.add_member()
        waits = capacity.is_full and not self.has_seat_kept()
        values = {
            f.attname: getattr(self, f.attname) for f in self._meta.fields if f.editable
        }
        self.pk = Registration.objects.create(
            **values,
            status=RegistrationStatus.WAITLISTED if waits else self.status,
            waitlisted_at=timezone.now() if waits else None,
        ).pk
        self.refresh_from_db()
        if not waits:
            self.hold_place()
        self._log(REGISTER, by or self.user, source=RegistrationStatus.REQUESTED)
        self.tell_participant(StatusChange(target=self.status))  # by the portal
        return self

    def _find_account(self) -> None:
        """Whoever is named by address and has an account is registered for it."""
        if self.user or not self.email:
            return
        accounts = User.objects.with_address(self.email).filter(is_active=True)
        self.user = accounts.first()
        if self.user:
            self.email = ""

    def _log(
        self, move: str, by: AnyUser | None, note: str = "", source: str = ""
    ) -> None:
        """A row in the log of moves for what changes no status."""
        StatusChange.objects.create(
            record_kind="forum.registration",
            record_id=self.pk,
            move=move,
            source=source or self.status,
            target=self.status,
            by=by if by and by.is_authenticated else None,
            note=note,
        )

    @transaction.atomic
    def claim(self, user: User) -> None:
        """The person, who had no account when somebody registered them, has one now.

        Raises ValidationError when they are registered already.
        """
        self.user, self.email = user, ""
        self.validate_constraints()
        self.save(update_fields=["user", "email"])
        self._log(CLAIM, user)

    @transaction.atomic
    def revise(self, by: AnyUser) -> "Registration":
        """Store what was changed of `EDITABLE`; returns the saved record.

        What was approved is to be approved once more, unless staff have changed it, and keeps its
        place meanwhile. Raises MoveRefused when it has ended, or when no place is left in the new
        way of taking part: then nothing is changed.
        """
        capacities = Capacity.lock_all(self.edition_id)
        stored = type(self).objects.select_for_update().get(pk=self.pk)
        if stored.status not in LIVE:
            raise MoveRefused(_("This registration has ended and cannot be changed."))
        fields = [self._meta.get_field(name) for name in self.EDITABLE]
        changed: list[Any] = [
            f
            for f in fields
            if getattr(self, f.attname) != getattr(stored, f.attname)  # type: ignore[union-attr]
        ]
        if not changed:
            return stored
        names = {field.name for field in changed}
        note = ", ".join(str(field.verbose_name) for field in changed)
        moves_up = "attendance" in names and stored._leave_for(
            self.attendance, capacities.get(self.attendance)
        )
        for field in changed:
            setattr(stored, field.attname, getattr(self, field.attname))
        stored.save(update_fields=sorted(names))
        if "attendance" in names and not moves_up:
            stored.hold_place()
        stored._log(EDIT, by, note)
        if moves_up:
            return Moved.move(stored, "promote", DESK)
        needs_approval = (
            stored.status == RegistrationStatus.APPROVED
            and names & self.APPROVED_ANEW
            and not STAFF_ROLES & stored.roles_of(by)
        )
        return Moved.move(stored, "revise", by, note) if needs_approval else stored

    def _leave_for(self, attendance: str, capacity: Capacity | None) -> bool:
        """Release the place for one in another way of taking part; returns whether the person had
        none and now moves up. Raises MoveRefused when there is none."""
        if capacity is None:
            raise MoveRefused(_("This mode of attendance is not offered."))
        if capacity.is_full:
            raise MoveRefused(
                _(
                    "All places of this kind are taken. Your registration stays as it was."
                )
            )
        if self.status not in HOLDING:
            return True
        self.give_place_back()
        return False

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
        if self.delegation and change.target not in LIVE:
            Delegation.locked(self.delegation.pk).count(members=-1)
        if change.source in HOLDING:
            self.give_place_back()
        self.tell_participant(change)

    def tell_participant(self, change: StatusChange) -> None:
        """A letter, unless the person has made the change, or has neither account nor address."""
        context = {
            "registration": self,
            "change": change,
            "is_promoted": change.move == "promote",
            "is_revised": change.move == "revise",
            "place": self.place_in_waiting_list(),
        }
        letter = "forum/registration"
        if self.user and self.user != change.by:
            outbox.send(letter, self.user, context)
        elif self.email:
            outbox.send_to_address(
                letter, self.email, settings.LANGUAGE_CODE, context | {"to": self.name}
            )

    def has_seat_kept(self, attendance: str = "") -> bool:
        """Whether the delegation has a free reserved seat; the capacity is locked."""
        on_site = (attendance or self.attendance) == Attendance.ON_SITE
        kept = Delegation.objects.filter(pk=self.delegation_id or 0, free_seats__gt=0)
        return on_site and kept.exists()

    def hold_place(self) -> None:
        """Take a reserved seat of the delegation, or else a place. Raises MoveRefused when none
        is left."""
        capacity = self.capacity()
        if self.has_seat_kept() and self.delegation:
            Delegation.locked(self.delegation.pk).count(free_seats=-1)
            self.has_reserved_seat = True
            self.save(update_fields=["has_reserved_seat"])
            return
        if capacity.is_full:
            raise MoveRefused(_("All places are taken."))
        capacity.taken += 1
        capacity.save(update_fields=["taken"])

    def give_place_back(self) -> None:
        """Release the place; the first of the waiting list moves up, on a reserved seat the
        first of the delegation."""
        capacity = self.capacity()
        waiting = Registration.objects.waiting().filter(
            edition=self.edition_id, attendance=self.attendance
        )
        waiting = waiting.exclude(pk=self.pk)
        if self._keeps_seat_for_delegation():
            first = waiting.filter(delegation=self.delegation_id).first()
        else:
            capacity.taken -= 1
            capacity.save(update_fields=["taken"])
            first = None if capacity.is_full else waiting.first()
        if first:
            Moved.move(first, "promote", DESK)

    def _keeps_seat_for_delegation(self) -> bool:
        """Leave a reserved seat; returns whether it stays one of the delegation."""
        if not self.has_reserved_seat or not self.delegation:
            return False
        self.has_reserved_seat = False
        self.save(update_fields=["has_reserved_seat"])
        delegation = Delegation.locked(self.delegation.pk)
        if delegation.released_at:
            delegation.reserved -= 1
            delegation.save(update_fields=["reserved"])
            return False
        delegation.count(free_seats=1)
        return True
