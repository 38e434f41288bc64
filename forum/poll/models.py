"""Polls in a session: a question with choices, which everybody answers once.

Who has answered and what was answered stand in two tables. Of an anonymous poll nothing joins them;
of another one each answer names its author, for the organizers and the secretariat.
"""

from typing import Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.user.models import User
from common.moves.actors import AnyUser
from common.moves.models import StatusChange
from common.moves.workflow import MoveRefused
from forum.registration.models import Registration
from forum.registration.workflow import RegistrationStatus
from forum.session.models import Session

MOST_CHOICES = 12
LONGEST_CHOICE = 200


class PollQuerySet(models.QuerySet["Poll"]):
    def of_session(self, session: Session) -> Self:
        return self.filter(session=session).order_by("pk")

    def visible(self) -> Self:
        """Polls that were opened; those in preparation are for whoever makes them."""
        return self.filter(opened_at__isnull=False)


class Poll(models.Model):
    class Audience(models.TextChoices):
        ACCOUNT = "account", _("Everybody with an account")
        REGISTERED = "registered", _("People who are registered for the edition")

    class Results(models.TextChoices):
        CLOSED = "closed", _("After the poll has closed")
        LIVE = "live", _("At once, while the poll is open")

    session = models.ForeignKey(
        Session, models.PROTECT, related_name="polls", verbose_name=_("session")
    )
    question = models.CharField(_("question"), max_length=300)
    several = models.BooleanField(_("Several choices can be ticked"), default=False)
    anonymous = models.BooleanField(
        _("Anonymous: nobody can see who chose what"), default=True
    )
    audience = models.CharField(
        _("who may answer"),
        max_length=10,
        choices=Audience.choices,
        default=Audience.ACCOUNT,
    )
    results = models.CharField(
        _("results are shown"),
        max_length=6,
        choices=Results.choices,
        default=Results.CLOSED,
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("made by"),
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    opened_at = models.DateTimeField(_("opened at"), null=True)
    closed_at = models.DateTimeField(_("closed at"), null=True)

    objects = PollQuerySet.as_manager()

    class Meta:
        verbose_name = _("poll")
        verbose_name_plural = _("polls")
        ordering = ["session", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(closed_at__gte=models.F("opened_at")),
                name="poll_closes_after_opening",
            ),
        ]

    def __str__(self) -> str:
        return self.question

    def get_absolute_url(self) -> str:
        return reverse("forum:poll", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return bool(self.opened_at) and not self.closed_at

    @property
    def shows_results(self) -> bool:
        """Whether readers see the results now."""
        is_live = self.results == self.Results.LIVE
        return bool(self.closed_at) or (self.is_open and is_live)

    def may_answer(self, user: AnyUser) -> bool:
        if not user.is_authenticated:
            return False
        if self.audience == self.Audience.ACCOUNT:
            return True
        return Registration.objects.filter(
            edition=self.session.edition_id,
            user_id=user.pk,
            status=RegistrationStatus.APPROVED,
        ).exists()

    def has_answered(self, user: AnyUser) -> bool:
        return user.is_authenticated and self.voters.filter(user_id=user.pk).exists()

    @transaction.atomic
    def answer(self, user: User, chosen: list["Choice"]) -> None:
        """Store the answer of this person, once. Raises MoveRefused with a sentence.

        The row of the poll is locked against closing; that nobody answers twice is a constraint.
        """
        poll = Poll.objects.select_for_update(of=("self",), no_key=True).get(pk=self.pk)
        if not poll.is_open:
            raise MoveRefused(_("This poll is closed."))
        if not poll.may_answer(user):
            raise MoveRefused(_("This poll is for people who are registered."))
        try:
            with transaction.atomic():
                Voter.objects.create(poll=poll, user=user)
        except IntegrityError as error:
            raise MoveRefused(_("You have answered already.")) from error
        if poll.anonymous:
            Choice.objects.filter(pk__in=[one.pk for one in chosen]).update(
                anonymous_votes=models.F("anonymous_votes") + 1
            )
        else:
            NamedVote.objects.bulk_create(
                NamedVote(choice=one, user=user) for one in chosen
            )

    def figures(self) -> list[tuple["Choice", int]]:
        """How often each choice was made, in their order."""
        rows = self.choices.annotate(named=Count("named_votes")).order_by("order")
        return [(row, row.anonymous_votes + row.named) for row in rows]

    def open(self, by: User) -> bool:
        """Open it, once. A poll with answers is never opened again."""
        return self._turn("opened_at", Q(opened_at=None), "open", by)

    def close(self, by: User) -> bool:
        closable = Q(opened_at__isnull=False, closed_at=None)
        return self._turn("closed_at", closable, "close", by)

    @transaction.atomic
    def _turn(self, column: str, condition: Q, move: str, by: User) -> bool:
        rows = Poll.objects.filter(condition, pk=self.pk)
        turned = rows.update(**{column: timezone.now()})
        if turned:
            StatusChange.objects.create(
                record_kind="forum.poll",
                record_id=self.pk,
                move=move,
                source="draft" if move == "open" else "open",
                target="open" if move == "open" else "closed",
                by=by,
            )
        return bool(turned)


class Choice(models.Model):
    """A choice of a poll; of an anonymous one only the number of its votes is known."""

    poll = models.ForeignKey(
        Poll, models.CASCADE, related_name="choices", verbose_name=_("poll")
    )
    text = models.CharField(_("choice"), max_length=LONGEST_CHOICE)
    order = models.PositiveSmallIntegerField(_("order"))
    anonymous_votes = models.PositiveIntegerField(_("anonymous votes"), default=0)

    class Meta:
        verbose_name = _("choice of a poll")
        verbose_name_plural = _("choices of polls")
        ordering = ["poll", "order"]
        constraints = [
            models.UniqueConstraint(fields=["poll", "order"], name="poll_choice_once"),
        ]

    def __str__(self) -> str:
        return self.text


class Voter(models.Model):
    """That somebody has answered, not what."""

    poll = models.ForeignKey(
        Poll, models.CASCADE, related_name="voters", verbose_name=_("poll")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="+",
        verbose_name=_("who has answered"),
    )

    class Meta:
        verbose_name = _("person who answered a poll")
        verbose_name_plural = _("people who answered a poll")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["poll", "user"], name="poll_answered_once"),
        ]

    def __str__(self) -> str:
        return f"{self.poll_id}: {self.user_id}"


class NamedVoteQuerySet(models.QuerySet["NamedVote"]):
    def of_poll(self, poll: Poll) -> Self:
        rows = self.filter(choice__poll=poll).select_related("choice", "user")
        return rows.order_by("choice__order", "pk")


class NamedVote(models.Model):
    """A choice with the name of who made it, of a poll that is not anonymous."""

    choice = models.ForeignKey(
        Choice, models.CASCADE, related_name="named_votes", verbose_name=_("choice")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="+",
        verbose_name=_("who made it"),
    )

    objects = NamedVoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("vote with a name")
        verbose_name_plural = _("votes with a name")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["choice", "user"], name="poll_named_vote_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.choice_id}: {self.user_id}"


def choices_from(text: str) -> list[str]:
    """One choice a line. Raises ValidationError with a sentence."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not 2 <= len(lines) <= MOST_CHOICES:  # noqa: PLR2004  (one choice is none)
        raise ValidationError(
            _("Enter from 2 to %(most)d choices, one a line."),
            params={"most": MOST_CHOICES},
        )
    if len(set(lines)) < len(lines):
        raise ValidationError(_("Each choice may stand there once."))
    if any(len(line) > LONGEST_CHOICE for line in lines):
        raise ValidationError(
            _("A choice has %(most)d characters at most."),
            params={"most": LONGEST_CHOICE},
        )
    return lines
