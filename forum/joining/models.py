"""Two requests for a session become one only when both authors agree."""

import datetime
from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.role.roles import is_own
from common.forms.values import refuse_unreadable
from common.mail import outbox
from common.mail.links import Linked, LinkedQuerySet
from common.moves.actors import AnyUser
from common.moves.workflow import MoveRefused
from forum.base.workflow import DESK
from forum.consultation.models import Submission
from forum.consultation.workflow import WAITING

DAYS_TO_ANSWER, MOST_DAYS = 10, 60
PAUSE = datetime.timedelta(days=3)  # between the question and its reminder
NEAR = datetime.timedelta(days=2)  # before the last day


class JoiningQuerySet(models.QuerySet["Joining"]):
    def visible_to(self, user: AnyUser) -> Self:
        """For both authors and the secretariat."""
        if not user.is_authenticated:
            return self.none()
        if user.is_secretariat:
            return self
        return self.filter(consents__author=user).distinct()

    def open(self) -> Self:
        return self.filter(state=Joining.State.OPEN)

    def for_page(self) -> Self:
        return self.select_related(
            "leader__edition", "other__edition", "proposed_by"
        ).prefetch_related("consents__author", "consents__submission__edition")


class Joining(models.Model):
    """The proposal to join two requests, with who answered what and when: never deleted."""

    class State(models.TextChoices):
        OPEN = "open", _("Waiting for answers")
        AGREED = "agreed", _("Both agree: joined")
        DECLINED = "declined", _("Declined")
        EXPIRED = "expired", _("Not answered in time")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    leader = models.ForeignKey(
        Submission,
        models.PROTECT,
        related_name="joinings_led",
        verbose_name=_("leading request"),
    )
    other = models.ForeignKey(
        Submission,
        models.PROTECT,
        related_name="joinings",
        verbose_name=_("joining request"),
    )
    note = models.CharField(
        _("reason"), max_length=500, blank=True, validators=[refuse_unreadable]
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("proposed by"),
    )
    proposed_at = models.DateTimeField(_("proposed at"), auto_now_add=True)
    answer_by = models.DateField(_("answer by"))
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.OPEN
    )
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    objects = JoiningQuerySet.as_manager()

    class Meta:
        verbose_name = _("joining of two requests")
        verbose_name_plural = _("joinings of requests")
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(leader=F("other")), name="joining_of_two"
            ),
            models.UniqueConstraint(
                fields=["other"],
                condition=Q(state="open"),
                name="joining_open_once",
                violation_error_message=_(
                    "This request has been asked to join another one already."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.other.number} → {self.leader.number}"

    def get_absolute_url(self) -> str:
        return reverse("forum:joining", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state == Joining.State.OPEN and not self.is_late

    @property
    def is_late(self) -> bool:
        """Whether the last day is over by the clock of the Forum's place."""
        return self.answer_by < today_at(self.leader)

    @property
    def is_near_its_end(self) -> bool:
        """Whether two days or fewer are left to answer."""
        return self.is_open and self.answer_by - today_at(self.leader) <= NEAR

    @transaction.atomic
    def propose(self) -> Self:
        """Store the proposal and ask both authors, except the one who made it. Raises
        MoveRefused."""
        for submission in (self.leader, self.other):
            require_joinable(submission)
        if self.leader.owner_id == self.other.owner_id:
            raise MoveRefused(_("Both requests are of the same author."))
        if self.leader.edition_id != self.other.edition_id:
            raise MoveRefused(_("Both requests have to be of one edition."))
        if Joining.objects.open().filter(other=self.other_id).exists():
            raise MoveRefused(
                _("This request has been asked to join another one already.")
            )
        self.save()
        for submission in (self.leader, self.other):
            consent = Consent(
                joining=self, submission=submission, author=submission.owner
            )
            if submission.owner_id == self.proposed_by_id:
                consent.answer = Consent.Answer.AGREES
                consent.answered_at = timezone.now()
            consent.save()
            if not consent.answer:
                consent.ask()
        return self

    @transaction.atomic
    def withdraw(self, by: AnyUser) -> bool:
        """By who proposed it or staff; whether it was open."""
        locked = Joining.objects.select_for_update(of=("self",)).get(pk=self.pk)
        if locked.state != Joining.State.OPEN:
            return False
        locked.close(Joining.State.WITHDRAWN, by)
        return True

    @transaction.atomic
    def expire(self) -> bool:
        """End it after its last day; whether it was still open."""
        locked = Joining.objects.select_for_update(of=("self",)).get(pk=self.pk)
        if locked.state != Joining.State.OPEN or not locked.is_late:
            return False
        locked.close(Joining.State.EXPIRED)
        return True

    def may_withdraw(self, user: AnyUser) -> bool:
        staff = getattr(user, "is_secretariat", False)
        concerned = any(is_own(one, user) for one in (self.leader, self.other))
        return self.proposed_by_id == user.pk or (staff and not concerned)

    def close(self, state: str, by: AnyUser | None = None) -> None:
        """End it, and tell everybody concerned but the one who ended it."""
        self.state, self.closed_at = state, timezone.now()
        self.save(update_fields=["state", "closed_at"])
        people = {self.leader.owner, self.other.owner, self.proposed_by}
        for person in sorted(people, key=lambda one: one.pk):
            if person.pk != getattr(by, "pk", None) or state == Joining.State.AGREED:
                outbox.send("forum/joining_closed", person, {"joining": self})

    def settle(self, by: AnyUser | None) -> None:
        """Join the two when both agree, end it when one declines. Raises MoveRefused."""
        answers = set(self.consents.values_list("answer", flat=True))
        if Consent.Answer.DECLINES in answers:
            self.close(Joining.State.DECLINED, by)
        elif answers == {Consent.Answer.AGREES}:
            for submission in (self.leader, self.other):
                require_joinable(submission)
            self.other.merged_into = self.leader
            self.other.save(update_fields=["merged_into", "updated_at"])
            self.other.move("merge", DESK)
            self.close(Joining.State.AGREED, by)


def require_joinable(submission: Submission) -> None:
    """Raises MoveRefused for anything but a request for a session that waits."""
    if not submission.kind.proposes_session or submission.status not in WAITING:
        raise MoveRefused(
            _("%(number)s cannot be joined: it is not a request under review.")
            % {"number": submission.number}
        )


def today_at(submission: Submission) -> datetime.date:
    """Today by the clock of the edition's place."""
    return submission.edition.local_day(timezone.now())


class ConsentQuerySet(LinkedQuerySet["Consent"]):
    def for_link(self, token: str) -> Self:
        return self.with_token(token).select_related(
            "author",
            "submission",
            "joining__leader__edition",
            "joining__other__edition",
            "joining__proposed_by",
        )

    def to_remind(self) -> Self:
        """Without an answer to an open proposal that was not made in the last three days, and not
        reminded."""
        return self.filter(
            answer="",
            reminded_at=None,
            joining__state=Joining.State.OPEN,
            joining__proposed_at__lte=Now() - PAUSE,
        ).select_related(
            "author",
            "joining__leader__edition",
            "joining__other__edition",
            "joining__proposed_by",
        )


class Consent(Linked):
    """What one author answers; by signing in, or by the link of the e-mail."""

    class Answer(models.TextChoices):
        AGREES = "agrees", _("Agrees")
        DECLINES = "declines", _("Declines")

    joining = models.ForeignKey(
        Joining, models.CASCADE, related_name="consents", verbose_name=_("joining")
    )
    submission = models.ForeignKey(
        Submission, models.CASCADE, related_name="+", verbose_name=_("submission")
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="forum_consents",
        verbose_name=_("author"),
    )
    answer = models.CharField(
        _("answer"), max_length=10, choices=Answer.choices, blank=True
    )
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    by_link = models.BooleanField(_("by the link of the e-mail"), default=False)
    reminded_at = models.DateTimeField(_("reminded at"), null=True, blank=True)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent to a joining")
        verbose_name_plural = _("consents to joinings")
        ordering = ["joining", "pk"]
        indexes = [GinIndex(fields=["tokens"], name="consent_tokens")]
        constraints = [
            models.UniqueConstraint(
                fields=["joining", "submission"], name="joining_consent_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.author}: {self.get_answer_display()}"

    def ask(self, *, again: bool = False) -> None:
        """Ask the author by a mail with a link of its own."""
        context = {
            "joining": self.joining,
            "consent": self,
            "token": self.add_link(),
            "again": again,
        }
        outbox.send("forum/joining_asked", self.author, context, leaves_no_trace=True)

    @transaction.atomic
    def remind(self) -> bool:
        """Ask once more near the last day; whether it was still to be done."""
        rows = Consent.objects.to_remind().select_for_update(of=("self",))
        consent = rows.filter(pk=self.pk).first()
        if consent is None or not consent.joining.is_near_its_end:
            return False
        Consent.objects.filter(pk=self.pk).update(reminded_at=timezone.now())
        consent.ask(again=True)
        return True

    @transaction.atomic
    def give(self, answer: str, *, by_link: bool = False) -> Joining:
        """Store the answer, once, and do what follows. Raises MoveRefused."""
        joining = Joining.objects.select_for_update(of=("self",)).get(
            pk=self.joining_id
        )
        consent = Consent.objects.select_for_update(of=("self",)).get(pk=self.pk)
        if not joining.is_open or consent.answer:
            raise MoveRefused(_("This has been answered or is closed."))
        consent.answer = answer
        consent.answered_at, consent.by_link = timezone.now(), by_link
        consent.save(update_fields=["answer", "answered_at", "by_link"])
        author: Any = consent.author
        joining.settle(author)
        return joining
