"""Submissions to the open consultation before an edition."""

from collections.abc import Iterable
from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.role.roles import roles_towards
from accounts.user.models import User
from common.mail import outbox
from common.mail.links import Linked, LinkedQuerySet
from common.moves.actors import AnyUser
from common.moves.models import Moved, StatusChange
from common.moves.workflow import MoveRefused, status_check
from common.text.words import WordLimit
from forum.base.status import ANSWERED
from forum.consultation.phases import InputKind
from forum.consultation.questions import Question, asked, is_answer
from forum.consultation.workflow import (
    IN_HAND,
    SUBMISSION_WORKFLOW,
    SubmissionStatus,
)
from forum.edition.models import Edition
from forum.people.models import Participation, Person, Role
from forum.room.models import SessionType, Track
from forum.session.models import Organizer, Session
from stocktaking.organization.identity import home_of
from stocktaking.organization.models import Organization


class SubmissionQuerySet(LinkedQuerySet["Submission"]):
    def visible_to(self, user: AnyUser) -> Self:
        """One's own; for the secretariat all that were submitted."""
        if not user.is_authenticated:
            return self.none()
        if user.is_secretariat:
            return self.filter(Q(owner=user) | ~Q(status=SubmissionStatus.DRAFT))
        return self.filter(owner=user)

    def of_owner(self, user: AnyUser) -> Self:
        return self.filter(owner=user).order_by("-updated_at", "-pk")

    def handed_in(self) -> Self:
        return self.exclude(
            status__in=[SubmissionStatus.DRAFT, SubmissionStatus.RETURNED]
        )

    def for_link(self, token: str) -> Self:
        """What the link of its author's mail leads to, with the answer. Never a draft that was
        not sent yet."""
        rows = self.with_token(token).exclude(submitted_at=None)
        return rows.with_reason().select_related(
            "edition", "kind", "session__released", "grouped__group"
        )

    def published(self, edition: Edition) -> Self:
        """What everyone reads: inputs whose author agreed, each with its answer."""
        rows = self.handed_in().filter(edition=edition, is_public=True)
        return rows.with_reason().select_related(
            "edition", "kind", "session__released", "grouped__group"
        )

    def proposals(self, edition: Edition) -> Self:
        """Requests for sessions that were sent."""
        return self.handed_in().filter(edition=edition, kind__proposes_session=True)

    def official(self) -> Self:
        """Those that are answered before the agenda is released."""
        return self.handed_in().filter(kind__is_official=True)

    def unanswered(self) -> Self:
        return self.exclude(status__in=ANSWERED)

    def except_used(self) -> Self:
        return self.exclude(status=SubmissionStatus.USED)

    def with_reason(self) -> Self:
        """`reason`: the note of the move that brought the submission to its status."""
        moves = StatusChange.objects.filter(
            record_kind="forum.submission",
            record_id=OuterRef("pk"),
            target=OuterRef("status"),
        )
        return self.annotate(
            reason=Subquery(moves.order_by("-at", "-pk").values("note")[:1])
        )

    def counts(self, column: str) -> list[tuple[str, int]]:
        """Submissions by the values of a column, most frequent first, without drafts."""
        rows = (
            self.handed_in().order_by().values_list(Coalesce(column, models.Value("")))
        )
        return [
            (code, count)
            for code, count in rows.annotate(count=models.Count("pk")).order_by(
                "-count", column
            )
        ]


TEXT_WORDS = 600


class Submission(Linked, Moved):
    """A proposal for an edition; who proposes what is not public."""

    edition = models.ForeignKey(
        Edition, models.PROTECT, related_name="submissions", verbose_name=_("edition")
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="forum_submissions",
        verbose_name=_("author"),
    )
    kind = models.ForeignKey(
        InputKind, models.PROTECT, related_name="submissions", verbose_name=_("kind")
    )
    title = models.CharField(_("title"), max_length=250, blank=True)
    language = models.CharField(
        _("language of the text"),
        max_length=8,
        choices=settings.LANGUAGES,
        default="en",
    )
    text = models.TextField(
        _("proposal"), blank=True, max_length=8000, validators=[WordLimit(TEXT_WORDS)]
    )
    organization_name = models.CharField(_("organization"), max_length=250, blank=True)
    stakeholder_type = models.ForeignKey(
        "reference.StakeholderType",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="forum_submissions",
        verbose_name=_("stakeholder type"),
    )
    country = models.ForeignKey(
        "reference.Country",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="forum_submissions",
        verbose_name=_("country"),
    )
    session_type = models.ForeignKey(
        SessionType,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="submissions",
        verbose_name=_("type of session"),
    )
    track = models.ForeignKey(
        Track,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="submissions",
        verbose_name=_("track"),
    )
    people = models.TextField(
        _("speakers or nominees"),
        blank=True,
        max_length=4000,
        help_text=_("Name, role and organization, one person per line."),
    )
    action_lines = models.ManyToManyField(
        "reference.ActionLine",
        blank=True,
        related_name="forum_submissions",
        verbose_name=_("action lines"),
        limit_choices_to={"number__isnull": False},
    )
    sdgs = models.ManyToManyField(
        "reference.SDG",
        blank=True,
        related_name="forum_submissions",
        verbose_name=_("SDGs"),
    )
    is_public = models.BooleanField(
        _("I agree to publication"),
        default=False,
        help_text=_(
            "Title, text, organization and the answer are shown on the page of the consultation, "
            "under the number of your input. Your name is not shown."
        ),
    )
    answers = models.JSONField(_("answers"), default=dict, blank=True, editable=False)
    WORKFLOW = SUBMISSION_WORKFLOW
    status = models.CharField(
        _("status"),
        max_length=20,
        choices=SubmissionStatus.choices,
        default=SubmissionStatus.DRAFT,
        editable=False,
    )
    session = models.ForeignKey(
        Session,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="submissions",
        verbose_name=_("used in session"),
    )
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="merged",
        verbose_name=_("merged with"),
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed at"), auto_now=True)
    submitted_at = models.DateTimeField(
        _("submitted at"), null=True, blank=True, editable=False
    )

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        ordering = ["-updated_at", "-pk"]
        indexes = [
            models.Index(
                fields=["owner", "-updated_at", "-id"], name="submission_of_owner"
            ),
            models.Index(
                fields=["edition", "status", "submitted_at"], name="submission_queue"
            ),
            GinIndex(fields=["tokens"], name="submission_tokens"),
        ]
        constraints = [
            status_check(SubmissionStatus.values, "submission_status"),
            models.CheckConstraint(
                condition=~models.Q(merged_into=models.F("pk")),
                name="submission_not_into_itself",
                violation_error_message=_("A submission cannot be merged with itself."),
            ),
            models.CheckConstraint(
                condition=~models.Q(status=SubmissionStatus.USED)
                | models.Q(session__isnull=False),
                name="submission_used_somewhere",
            ),
            models.CheckConstraint(
                condition=~models.Q(status=SubmissionStatus.MERGED)
                | models.Q(merged_into__isnull=False),
                name="submission_merged_somewhere",
            ),
        ]

    def __str__(self) -> str:
        return self.title or gettext("Untitled draft")

    def get_absolute_url(self) -> str:
        return reverse("forum:submission", args=[self.pk])

    def clean(self) -> None:
        if self.kind_id and self.kind.edition_id != self.edition_id:
            raise ValidationError({"kind": _("This belongs to another edition.")})
        if self.session and self.session.edition_id != self.edition_id:
            raise ValidationError(
                {"session": _("This session belongs to another edition.")}
            )
        if self.merged_into and self.merged_into.edition_id != self.edition_id:
            raise ValidationError(
                {"merged_into": _("This belongs to another edition.")}
            )

    @property
    def number(self) -> str:
        """The public reference, such as OCP-2027-000123; the last part is the id."""
        return f"OCP-{self.edition.slug}-{self.pk:06d}"

    @property
    def is_answered(self) -> bool:
        return self.status in ANSWERED

    @property
    def is_editable(self) -> bool:
        """Whether the author may still change it."""
        return self.status in IN_HAND

    def roles_of(self, user: AnyUser) -> set[str]:
        if not user.is_authenticated:
            return super().roles_of(user)
        return roles_towards(user, owns=self.owner_id == user.pk)

    REQUIRED_TO_SUBMIT = (
        "title",
        "text",
        "organization_name",
        "stakeholder_type",
        "country",
    )

    def missing(self) -> list[str]:
        """Names of the required fields and questions that are empty."""
        return self.missing_fields() + [
            question.name
            for question in self.questions_asked()
            if question.is_required and not self.has_answer(question)
        ]

    def missing_fields(self) -> list[str]:
        names = [name for name in self.REQUIRED_TO_SUBMIT if not getattr(self, name)]
        if self.kind.proposes_session and not self.session_type_id:
            names.append("session_type")
        if self.kind.names_people and not self.people:
            names.append("people")
        return names

    def questions_asked(self) -> list[Question]:
        """The questions of its kind that its answers ask for."""
        return asked(Question.objects.of_kind(self.kind), self.answers)

    def has_answer(self, question: Question) -> bool:
        return is_answer(self.answers.get(str(question.pk)))

    def answers_in_words(self) -> list[tuple[Question, str]]:
        """The questions that were answered, with the answers as a reader sees them."""
        return [
            (question, question.in_words(self.answers[str(question.pk)]))
            for question in self.questions_asked()
            if self.has_answer(question)
        ]

    def require_complete(self) -> None:
        """Raises MoveRefused when the consultation is closed, ValidationError by field."""
        if not InputKind.objects.open_now().filter(pk=self.kind_id).exists():
            raise MoveRefused(_("The consultation is not open for submissions."))
        errors = {
            name: [_("Fill in this field before you submit.")]
            for name in self.missing()
        }
        if errors:
            raise ValidationError(errors)
        self.full_clean()

    def require_screened(self) -> None:
        """Raises MoveRefused while a hard rule of the edition fails and is not waived."""
        self.edition.screening_rules.all().require_passed(self)

    def require_session(self) -> None:
        if self.status == SubmissionStatus.SUBMITTED:
            self.require_screened()
        if not self.session_id:
            raise MoveRefused(_("Enter the session in which the submission is used."))

    def require_other(self) -> None:
        other = self.merged_into
        if other is None:
            raise MoveRefused(_("Enter the submission with which this one is merged."))
        if other.status == SubmissionStatus.MERGED:
            raise MoveRefused(
                _(
                    "%(other)s has itself been merged with another submission: enter the "
                    "number of that one."
                )
                % {"other": other.number}
            )

    def join_other(self, change: StatusChange) -> None:
        """After a merge, go into the session of the other submission, if it has one."""
        if self.merged_into and self.merged_into.session:
            self.join(self.merged_into.session)
        if change.by:  # both authors who have agreed are told by the joining itself
            self.tell_author(change)

    def receive(self, change: StatusChange) -> None:
        """Confirm it with a link that shows its author, without signing in, what becomes of it."""
        context = {"submission": self, "change": change, "token": self.add_link()}
        outbox.send(
            "forum/submission_received", self.owner, context, leaves_no_trace=True
        )

    def tell_author(self, change: StatusChange) -> None:
        """Notify the author of the outcome, unless the author made the move."""
        if self.owner != change.by:
            context = {"submission": self, "change": change}
            outbox.send("forum/submission", self.owner, context, cause=change)

    def tell_of_session(self) -> None:
        """The request was merged earlier and now is part of a session: its author is an
        organizer."""
        outbox.send("forum/submission_session", self.owner, {"submission": self})

    def join(self, session: Session) -> None:
        """Its organization becomes an organizer of the session; its speakers, lines and Goals are
        added."""
        last = session.organizers.aggregate(models.Max("order"))["order__max"]
        Organizer.objects.get_or_create(
            session=session,
            name=self.organization_name or str(self.owner),
            defaults={
                "organization": Organization.objects.namesake(
                    self.organization_name,
                    home_of(self.country_id, self.stakeholder_type_id),
                ),
                "order": 0 if last is None else last + 1,
            },
        )
        session.action_lines.add(*self.action_lines.all())
        session.sdgs.add(*self.sdgs.all())
        self._bring_speakers(session)
        self.session = session
        self.save(update_fields=["session", "updated_at"])

    def _bring_speakers(self, session: Session) -> None:
        """Those whom it names are panellists of the session. Who is not known under this name and
        organization is a new person; staff see who may be the same in the list of people."""
        order = session.participations.count()
        for speaker in self.speakers.all():
            person = Person.objects.known_as(speaker.name, speaker.organization)
            if person is None:
                person = Person.objects.create(
                    name=speaker.name,
                    organization=speaker.organization,
                    country=speaker.country,
                )
            Participation.objects.get_or_create(
                session=session,
                person=person,
                role=Role.PANELLIST,
                defaults={"order": order},
            )
            order += 1

    @property
    def can_become_session(self) -> bool:
        """Whether it is an accepted workshop request without a session."""
        accepted = self.status == SubmissionStatus.ACCEPTED
        return accepted and self.kind.proposes_session and not self.session_id

    @transaction.atomic
    def make_session(self, by: Any) -> Session:
        """Create a draft session from an accepted workshop request; its author is the organizer.

        Raises MoveRefused for anything else, and when another officer was quicker.
        """
        request = Submission.objects.select_for_update(of=("self",)).get(pk=self.pk)
        if not request.can_become_session:
            raise MoveRefused(
                _(
                    "Only an accepted workshop request can become a session, and only once."
                )
            )
        session = Session.objects.create(
            edition=request.edition,
            title=request.title,
            language=request.language,
            description=request.text,
            type=request.session_type,
            track=request.track,
            owner=request.owner,
            updated_by=by,
        )
        request.join(session)
        request.move("use", by)
        for merged in request.merged.filter(status=SubmissionStatus.MERGED).order_by(
            "pk"
        ):
            merged.join(session)
            merged.tell_of_session()
        return session

    @transaction.atomic
    def make_session_with(self, others: Iterable["Submission"], by: User) -> Session:
        """Create one draft session from this request and others, which are merged with it; all
        their organizations are organizers. Raises MoveRefused and changes nothing then."""
        leader = Submission.objects.select_for_update(of=("self",)).get(pk=self.pk)
        if leader.status == SubmissionStatus.SUBMITTED:
            leader = leader.move("accept", by)
        merging = list(others)
        for other in merging:
            if not other.kind.proposes_session or other.edition_id != leader.edition_id:
                raise MoveRefused(
                    _("Only workshop requests of one edition can form a session.")
                )
        session = leader.make_session(by)
        # Merged once the session is there: the mail to each author then leads to it.
        for other in merging:
            other.merged_into = leader
            other.save(update_fields=["merged_into", "updated_at"])
            other.move("merge", by)
        return session
