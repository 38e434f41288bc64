"""What is asked of people once their registration is approved: travel, hotel, interpretation."""

import datetime
from typing import Self

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.moves.actors import AnyUser
from forum.edition.models import Edition
from forum.registration.models import Registration
from forum.registration.workflow import RegistrationStatus

KEPT = datetime.timedelta(days=30)  # after the last day of the edition
REMINDED = datetime.timedelta(days=7)  # before the last day of the form


class FollowUpQuerySet(models.QuerySet["FollowUp"]):
    def visible_to(self, user: AnyUser) -> Self:
        """Of approved registrations only: to the person and to staff."""
        if not user.is_authenticated:
            return self.none()
        approved = self.filter(registration__status=RegistrationStatus.APPROVED)
        return (
            approved
            if user.is_secretariat
            else approved.filter(registration__user=user.pk)
        )

    def filled(self) -> Self:
        return self.exclude(filled_at=None)

    def no_longer_needed(self) -> Self:
        """Of editions that ended 30 days ago, and of registrations that have ended."""
        edge = timezone.now().date() - KEPT
        ended = (RegistrationStatus.REFUSED, RegistrationStatus.CANCELLED)
        return self.filter(
            Q(registration__edition__end_date__lt=edge)
            | Q(registration__status__in=ended)
        )


def asked(user: AnyUser) -> models.QuerySet[Registration]:
    """The registrations for which this person may fill in the form, or read it."""
    rows = Registration.objects.filter(
        status=RegistrationStatus.APPROVED,
        edition__follow_up_until__isnull=False,
    )
    return rows.filter(user=user.pk) if user.is_authenticated else rows.none()


def is_open(edition: Edition) -> bool:
    """Whether the form can be filled in today, by the clock of the edition's place."""
    until = edition.follow_up_until
    return until is not None and edition.local_day(timezone.now()) <= until


def to_remind() -> models.QuerySet[Registration]:
    """Approved people whose form is due within a week, who have not filled it in, and who have
    not been reminded."""
    today = timezone.now().date()
    done = FollowUp.objects.exclude(filled_at=None, reminded_at=None)
    return (
        Registration.objects.filter(
            status=RegistrationStatus.APPROVED,
            edition__follow_up_until__range=(today, today + REMINDED),
        )
        .exclude(pk__in=done.values("registration"))
        .exclude(user=None, email="")
        .select_related("edition", "user")
        .order_by("pk")
    )


class FollowUp(models.Model):
    """The answers of one person. It is deleted 30 days after the edition, or when the registration
    ends (`no_longer_needed`); nobody reads it before the registration is approved."""

    registration = models.OneToOneField(
        Registration,
        models.CASCADE,
        related_name="follow_up",
        verbose_name=_("registration"),
    )
    visa_letter = models.BooleanField(_("I need a letter for my visa"), default=False)
    passport_name = models.CharField(
        _("name as in the passport"), max_length=150, blank=True
    )
    passport_number = models.CharField(
        _("passport number"),
        max_length=20,
        blank=True,
        validators=[
            RegexValidator(
                r"^[A-Za-z0-9 -]+$",
                _("Enter Latin letters, digits, blanks and hyphens."),
            )
        ],
    )
    nationality = models.ForeignKey(
        "reference.Country",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("nationality"),
    )
    hotel = models.CharField(_("hotel"), max_length=250, blank=True)
    arrives_on = models.DateField(_("day of arrival"), null=True, blank=True)
    departs_on = models.DateField(_("day of departure"), null=True, blank=True)
    interpretation = models.CharField(
        _("interpretation into"),
        max_length=8,
        choices=settings.LANGUAGES,
        blank=True,
        help_text=_("Leave empty if you do not need it."),
    )
    accessibility = models.TextField(
        _("accessibility at the venue"),
        max_length=1000,
        blank=True,
        help_text=_("Wheelchair, sign language, captions, an accompanying person …"),
    )
    filled_at = models.DateTimeField(
        _("filled in at"), null=True, blank=True, editable=False
    )
    reminded_at = models.DateTimeField(
        _("reminded at"), null=True, blank=True, editable=False
    )

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        verbose_name = _("follow-up form")
        verbose_name_plural = _("follow-up forms")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(departs_on__gte=F("arrives_on"))
                | Q(arrives_on=None)
                | Q(departs_on=None),
                name="follow_up_days_in_order",
                violation_error_message=_("The departure lies before the arrival."),
            ),
            models.CheckConstraint(
                condition=Q(visa_letter=False)
                | (~Q(passport_name="") & ~Q(passport_number="")),
                name="follow_up_letter_names_the_passport",
                violation_error_message=_(
                    "The letter needs the name and the number of the passport."
                ),
            ),
        ]

    def __str__(self) -> str:
        return str(self.registration)
