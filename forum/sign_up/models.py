"""Places in single sessions: who signed up, in which order, and who waits."""

from typing import Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.mail import outbox
from common.moves.actors import AnyUser, Person
from common.moves.models import StatusChange
from common.moves.workflow import MoveRefused
from forum.agenda.models import ReleasedSession, Star
from forum.registration.models import Registration
from forum.registration.workflow import HOLDING
from forum.session.models import Session
from forum.session.workflow import SessionStatus

MOST_PLACES = 5000


class SignUpListQuerySet(models.QuerySet["SignUpList"]):
    def to_settle(self) -> Self:
        """Lists in which somebody has no place at the Forum any more, or may move up."""
        rows = SignUp.objects.filter(list=OuterRef("pk"))
        ended = rows.exclude(registration__status__in=HOLDING)
        held = rows.filter(held_at__isnull=False).order_by().values("list")
        count = held.annotate(number=models.Count("pk")).values("number")
        return self.annotate(taken=Subquery(count)).filter(
            Exists(ended)
            | Q(Exists(rows.filter(held_at=None)))
            & (Q(taken=None) | Q(taken__lt=models.F("places")))
        )


class SignUpList(models.Model):
    """A session for which one signs up. Its row is the lock under which places are counted.

    Without such a row everybody who is registered may come.
    """

    session = models.OneToOneField(
        Session,
        models.CASCADE,
        related_name="sign_up_list",
        verbose_name=_("session"),
    )
    places = models.PositiveSmallIntegerField(
        _("places"), validators=[MinValueValidator(1), MaxValueValidator(MOST_PLACES)]
    )
    closes_at = models.DateTimeField(
        _("sign-up closes at"),
        null=True,
        blank=True,
        help_text=_("Leave empty to let people sign up until the session begins."),
    )

    objects = SignUpListQuerySet.as_manager()

    class Meta:
        verbose_name = _("sign-up for a session")
        verbose_name_plural = _("sign-ups for sessions")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(places__gte=1, places__lte=MOST_PLACES),
                name="sign_up_list_places",
            )
        ]

    def __str__(self) -> str:
        return str(self.session)

    def clean(self) -> None:
        taken = self.held().count() if self.pk else 0
        if self.places is not None and self.places < taken:
            sentence = _(
                "%(count)d places are already taken: enter at least that number."
            )
            raise ValidationError({"places": sentence % {"count": taken}})

    def held(self) -> models.QuerySet["SignUp"]:
        return self.sign_ups.exclude(held_at=None)

    def waiting(self) -> models.QuerySet["SignUp"]:
        """The waiting list, in order."""
        return self.sign_ups.filter(held_at=None).order_by("pk")

    def is_open(self, released: ReleasedSession) -> bool:
        """Whether one may sign up now for the session as it is released."""
        end = self.closes_at or released.start
        return released.status == SessionStatus.RELEASED and (
            end is None or timezone.now() < end
        )

    def locked(self) -> "SignUpList":
        return SignUpList.objects.select_for_update(of=("self",)).get(pk=self.pk)

    @transaction.atomic
    def settle(self) -> int:
        """Take out whose registration has ended, and let the first who wait move up; returns how
        many did. Safe to run twice."""
        row = self.locked()
        row.sign_ups.exclude(registration__status__in=HOLDING).delete()
        free = max(0, row.places - row.held().count())
        first = row.waiting().select_related("registration__user", "list__session")
        return sum(sign_up.hold(is_told=True) for sign_up in first[:free])

    @transaction.atomic
    def enter(self, registration: Registration, released: ReleasedSession) -> "SignUp":
        """Sign a person up: a place while there is one, else the end of the waiting list.

        Raises MoveRefused when sign-up is closed or the registration holds no place at the Forum.
        A second call changes nothing.
        """
        self.settle()  # locks; who waited before comes first
        if not self.is_open(released):
            raise MoveRefused(_("Sign-up for this session is closed."))
        if not Registration.objects.holding().contains(registration):
            raise MoveRefused(_("Register for the Forum first."))
        sign_up, is_new = SignUp.objects.get_or_create(
            list=self, registration=registration
        )
        if is_new and self.held().count() < self.locked().places:
            sign_up.hold()
        elif is_new:
            sign_up.keep_star(Star.Level.INTERESTED)
            sign_up.log("wait")
        return sign_up

    @transaction.atomic
    def leave(self, registration: Registration) -> bool:
        """Give the place, or the place in the waiting list, to who comes next; returns whether
        there was one."""
        self.locked()
        sign_up = self.sign_ups.filter(registration=registration).first()
        if sign_up is None:
            return False
        sign_up.log("leave")
        sign_up.delete()
        Star.objects.filter(user=registration.user, session=self.session_id).delete()
        self.settle()
        return True


class SignUpQuerySet(models.QuerySet["SignUp"]):
    def of(self, user: AnyUser) -> Self:
        """One's own, while one's registration holds a place."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(registration__user=user.pk, registration__status__in=HOLDING)

    def with_place_in_list(self) -> Self:
        """`ahead`: how many wait before each, itself included."""
        before = SignUp.objects.filter(
            list=OuterRef("list"), held_at=None, pk__lte=OuterRef("pk")
        )
        counted = before.order_by().values("list").annotate(number=models.Count("pk"))
        return self.annotate(ahead=Subquery(counted.values("number")))


class SignUp(models.Model):
    """One person in the list of one session; `held_at` is empty while the person waits."""

    list = models.ForeignKey(
        SignUpList,
        models.CASCADE,
        related_name="sign_ups",
        verbose_name=_("session"),
    )
    registration = models.ForeignKey(
        Registration,
        models.CASCADE,
        related_name="sign_ups",
        verbose_name=_("registration"),
    )
    at = models.DateTimeField(_("signed up at"), auto_now_add=True)
    held_at = models.DateTimeField(
        _("has a place since"), null=True, blank=True, editable=False
    )

    objects = SignUpQuerySet.as_manager()

    class Meta:
        verbose_name = _("sign-up")
        verbose_name_plural = _("sign-ups")
        ordering = ["list", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["list", "registration"], name="sign_up_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["list", "id"],
                name="sign_up_waiting",
                condition=Q(held_at=None),
            )
        ]

    def __str__(self) -> str:
        return f"{self.registration}: {self.list}"

    def place_in_list(self) -> int | None:
        """Position in the waiting list, 1 is next; None for who has a place."""
        if self.held_at:
            return None
        return self.list.waiting().filter(pk__lte=self.pk).count()

    def hold(self, *, is_told: bool = False) -> bool:
        """Give this person a place; the list is locked. With `is_told` by mail too."""
        self.held_at = timezone.now()
        self.save(update_fields=["held_at"])
        self.keep_star(Star.Level.ATTEND)
        self.log("move up" if is_told else "sign up")
        person = self.registration.user
        if is_told and person:
            context = {"session": self.list.session, "registration": self.registration}
            outbox.send("forum/sign_up", person, context)
        return True

    def keep_star(self, level: Star.Level) -> None:
        """The session is on the person's agenda and in the calendar."""
        person: Person | None = self.registration.user
        if person:
            Star.objects.update_or_create(
                user=person, session_id=self.list.session_id, defaults={"level": level}
            )

    def log(self, move: str) -> None:
        """Who signed up for what, waited, moved up or left, and when."""
        StatusChange.objects.create(
            record_kind="forum.signuplist",
            record_id=self.list_id,
            move=move,
            source="",
            target="held" if self.held_at else "waiting",
            by=self.registration.user if move != "move up" else None,
        )
