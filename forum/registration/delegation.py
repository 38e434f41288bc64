"""Delegations: who registers their members, how many there may be, and seats kept for them."""

from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.moves.actors import AnyUser
from common.moves.workflow import MoveRefused
from forum.base.workflow import DESK
from forum.edition.models import Edition
from forum.registration.capacity import Attendance, Capacity

MOST_MEMBERS = 1000


class DelegationQuerySet(models.QuerySet["Delegation"]):
    def visible_to(self, user: AnyUser) -> Self:
        """Staff see all delegations, a focal point those of its own."""
        if not user.is_authenticated:
            return self.none()
        return self if user.is_secretariat else self.of_focal_point(user)

    def of_focal_point(self, user: AnyUser) -> Self:
        own = FocalPoint.objects.filter(user=user.pk)
        return self.filter(pk__in=own.values("delegation"))

    def with_seats_to_release(self) -> Self:
        """Those with seats kept until a day that may be over somewhere."""
        return self.filter(
            released_at=None,
            reserved__gt=0,
            reserved_until__lte=timezone.now().date(),
        ).select_related("edition")


class Delegation(models.Model):
    """An organization or a government at one edition; its focal points register the members.

    `members` counts live registrations. `free_seats` are the reserved seats on site that no member
    has yet: the capacity counts them as taken, so that nobody else gets them. Both counters change
    with the row locked, after the capacity, and a CHECK keeps them within their limits.
    """

    edition = models.ForeignKey(
        Edition, models.PROTECT, related_name="delegations", verbose_name=_("edition")
    )
    name = models.CharField(_("organization or government"), max_length=250)
    organization = models.ForeignKey(
        "stocktaking.Organization",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="forum_delegations",
        verbose_name=_("organization"),
    )
    country = models.ForeignKey(
        "reference.Country",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="forum_delegations",
        verbose_name=_("country"),
    )
    quota = models.PositiveSmallIntegerField(
        _("quota"),
        null=True,
        blank=True,
        help_text=_("How many members may be registered; leave empty for no limit."),
    )
    members = models.PositiveIntegerField(_("members"), default=0, editable=False)
    reserved = models.PositiveSmallIntegerField(
        _("seats reserved on site"),
        default=0,
        help_text=_(
            "They count as taken until the day below; then free ones go to the waiting list."
        ),
    )
    reserved_until = models.DateField(
        _("reserved until (last day)"), null=True, blank=True
    )
    free_seats = models.PositiveIntegerField(
        _("reserved seats still free"), default=0, editable=False
    )
    released_at = models.DateTimeField(
        _("free seats released at"), null=True, blank=True, editable=False
    )

    objects = DelegationQuerySet.as_manager()

    class Meta:
        verbose_name = _("delegation")
        verbose_name_plural = _("delegations")
        ordering = ["-edition", "name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "name"],
                name="delegation_once",
                violation_error_message=_(
                    "This edition has a delegation of this name already."
                ),
            ),
            models.CheckConstraint(
                condition=Q(quota=None) | Q(members__lte=F("quota")),
                name="delegation_quota_never_exceeded",
                violation_error_message=_("More members than this are registered."),
            ),
            models.CheckConstraint(
                condition=Q(free_seats__lte=F("reserved")),
                name="delegation_free_seats_are_reserved",
                violation_error_message=_("More seats than this are still free."),
            ),
            models.CheckConstraint(
                condition=Q(reserved=0) | Q(reserved_until__isnull=False),
                name="delegation_seats_have_an_end",
                violation_error_message=_(
                    "Enter the day until which they are reserved."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Never writes the counters of a form that was read earlier: `count` changes them."""
        if self.pk and kwargs.get("update_fields") is None:
            counted = {"id", "members", "free_seats", "released_at"}
            names = {field.name for field in self._meta.concrete_fields}
            kwargs["update_fields"] = names - counted
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("forum:delegation", args=[self.pk])

    def clean(self) -> None:
        if self.quota is not None and self.quota < self.members:
            sentence = _(
                "%(count)d members are registered: enter at least that number."
            )
            raise ValidationError({"quota": sentence % {"count": self.members}})

    @classmethod
    def locked(cls, pk: int) -> "Delegation":
        """The row, locked until the transaction ends; the capacity is locked before it."""
        return cls.objects.select_for_update().get(pk=pk)

    @property
    def is_full(self) -> bool:
        return self.quota is not None and self.members >= self.quota

    @property
    def places_left(self) -> int | None:
        """Members that may still be registered; None without a quota."""
        return None if self.quota is None else max(0, self.quota - self.members)

    @property
    def has_kept_seats(self) -> bool:
        """Whether seats are still kept for it."""
        return self.reserved > 0 and self.released_at is None

    def takes_members(self) -> bool:
        """Whether its focal points may register somebody now."""
        is_open = Edition.objects.open_for_registration().filter(pk=self.edition_id)
        return self.free_seats > 0 or is_open.exists()

    def add_member(self) -> None:
        """Count one more; the row is locked. Raises MoveRefused when the quota is reached."""
        if self.is_full:
            raise MoveRefused(
                _("The quota of this delegation is reached: %(quota)d members.")
                % {"quota": self.quota}
            )
        self.count(members=1)

    def count(self, *, members: int = 0, free_seats: int = 0) -> None:
        """Change the counters; the row is locked."""
        self.members += members
        self.free_seats += free_seats
        self.save(update_fields=["members", "free_seats"])

    def require_seats(self, seats: int, capacity: Capacity | None) -> None:
        """Raises ValidationError when so many seats cannot be kept; both rows are locked."""
        more = seats - self.reserved
        if more == 0:
            return
        if capacity is None:
            raise ValidationError({"reserved": _("Nobody can take part on site.")})
        in_use = self.reserved - self.free_seats
        if seats < in_use:
            sentence = _(
                "%(count)d of these seats are taken: enter at least that number."
            )
            raise ValidationError({"reserved": sentence % {"count": in_use}})
        if more < 0 or capacity.places is None:
            return
        free = capacity.places - capacity.taken
        if more - len(self._on_site()[:more]) > free:
            sentence = _("Only %(count)d places are free on site.")
            raise ValidationError({"reserved": sentence % {"count": free}})

    def _on_site(self) -> Any:
        """Members who hold a place that is not one of the reserved seats."""
        if not self.pk:
            return ()
        members: Any = self.registrations  # type: ignore[attr-defined]
        rows = members.holding().filter(
            attendance=Attendance.ON_SITE, has_reserved_seat=False
        )
        return rows.order_by("pk").values_list("pk", flat=True)

    @transaction.atomic
    def reserve(self, seats: int) -> None:
        """Keep so many seats on site, those included that members have on site already.

        Raises ValidationError when so many places are not free, or when more seats are in use.
        """
        capacity = Capacity.lock_all(self.edition_id).get(Attendance.ON_SITE)
        row = Delegation.locked(self.pk)
        row.require_seats(seats, capacity)
        more = seats - row.reserved
        if capacity and more < 0:
            row._give_up(-more, capacity)
        elif capacity and more:
            row._keep(more, capacity)
        self.refresh_from_db()

    def _keep(self, more: int, capacity: Capacity) -> None:
        """Members on site get seats first, then those who wait; the others stay free."""
        seated = list(self._on_site()[:more])
        new = more - len(seated)
        members: Any = self.registrations  # type: ignore[attr-defined]
        members.filter(pk__in=seated).update(has_reserved_seat=True)
        capacity.taken += new
        capacity.save(update_fields=["taken"])
        self.reserved += more
        self.released_at = None
        self.save(update_fields=["reserved", "released_at"])
        self.count(free_seats=new)
        waiting = members.waiting().filter(attendance=Attendance.ON_SITE)
        for member in waiting[:new]:
            member.move("promote", DESK)

    def _give_up(self, fewer: int, capacity: Capacity) -> None:
        """So many free seats become places for everybody; the first who wait get them."""
        self.reserved -= fewer
        self.free_seats -= fewer
        self.save(update_fields=["reserved", "free_seats"])
        capacity.taken -= fewer
        capacity.save(update_fields=["taken"])
        capacity.fill()

    @transaction.atomic
    def release(self) -> int:
        """After the last day, give the free seats to the waiting list; returns how many.

        Safe to run twice, and early: by the clock of the edition's place the day must be over.
        """
        capacity = Capacity.lock_all(self.edition_id).get(Attendance.ON_SITE)
        row = Delegation.locked(self.pk)
        today = self.edition.local_day(timezone.now())
        if capacity is None or row.released_at or not row.reserved_until:
            return 0
        if row.reserved_until >= today:
            return 0
        free = row.free_seats
        row.released_at = timezone.now()
        row.save(update_fields=["released_at"])
        row._give_up(free, capacity)
        return free


class FocalPoint(models.Model):
    """Somebody who registers the members of a delegation."""

    delegation = models.ForeignKey(
        Delegation,
        models.CASCADE,
        related_name="focal_points",
        verbose_name=_("delegation"),
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="forum_delegations",
        verbose_name=_("account"),
    )

    class Meta:
        verbose_name = _("focal point")
        verbose_name_plural = _("focal points")
        ordering = ["delegation", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["delegation", "user"], name="focal_point_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.delegation}"
