"""How a version gets from built to public: review, approval, a time of publication."""

import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.contrib.auth import get_user_model
from django.db import models, transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.role.roles import Role
from common.mail import outbox
from common.moves.actors import AnyUser, Person
from common.moves.models import Moved, StatusChange
from common.moves.workflow import MoveRefused
from reports.early.models import Reviewer
from reports.publication.workflow import BUILT, REVIEWER, Status
from reports.report.checklist import Problem, changes_since, problems_of
from reports.report.models import Report

ERRORS_NAMED = 3  # of the checklist, where an approval is refused


class ClearedQuerySet(models.QuerySet[Any]):
    def due(self) -> Self:
        """Scheduled publications whose time has come, by the clock of the database."""
        due = self.filter(status=Status.SCHEDULED, publish_at__lte=Now())
        return due.order_by("publish_at", "pk")


class Cleared(Moved):
    """What a publication knows of its own clearance."""

    publish_at = models.DateTimeField(
        _("scheduled for"), null=True, blank=True, editable=False
    )

    if TYPE_CHECKING:
        version: "models.PositiveIntegerField[Any, int]"
        report_id: int | None
        language: "models.CharField[Any, str]"
        requested_by: Any
        snapshots: ClassVar[Any]
        reviewers: ClassVar[Any]

    class Meta:
        abstract = True

    def roles_of(self, user: AnyUser) -> set[str]:
        """Also that of a reviewer of the version that waits."""
        roles = super().roles_of(user)
        if user.is_authenticated and self.is_reviewed_by(user):
            roles.add(REVIEWER)
        return roles

    def is_reviewed_by(self, user: Person) -> bool:
        asked = self.reviewers.filter(version=self.version, user=user)
        return bool(self.status == Status.IN_REVIEW and asked.exists())

    @transaction.atomic
    def send_to_reviewers(
        self, users: list[Person], by: Person, note: str = ""
    ) -> Self:
        """Ask these people for a review; who was asked before is not written to again.

        Raises MoveRefused.
        """
        rows = [
            self.reviewers.get_or_create(version=self.version, user=user)
            for user in users
        ]
        moved = self.move("review", by, note)
        for reviewer, is_new in rows:
            if is_new:
                context = {"publication": self, "note": note, "by": by}
                outbox.send("reports/review", reviewer.user, context)
        return moved

    def require_reviewers(self) -> None:
        if not self.reviewers.filter(version=self.version).exists():
            raise MoveRefused(_("Name at least one reviewer."))

    def tell_of_return(self, change: StatusChange) -> None:
        """Write to whoever requested the report what the reviewers want changed."""
        if self.requested_by:
            context = {"publication": self, "change": change}
            outbox.send("reports/returned", self.requested_by, context)

    @transaction.atomic
    def take_answer(self, reviewer: Reviewer, note: str) -> None:
        """A reviewer has finished; whoever requested the report is told."""
        reviewer.answer(note)
        if self.requested_by:
            context = {"publication": self, "reviewer": reviewer}
            outbox.send("reports/reviewed", self.requested_by, context)

    @transaction.atomic
    def schedule_for(
        self, moment: datetime.datetime, by: Person, note: str = ""
    ) -> Self:
        """Publish it at this time. Raises MoveRefused."""
        self.publish_at = moment
        self.save(update_fields=["publish_at"])
        return self.move("schedule", by, note)

    def require_moment(self) -> None:
        if self.publish_at is None or self.publish_at <= timezone.now():
            raise MoveRefused(_("Enter a time in the future."))
        self.require_correct_text()

    def require_due(self) -> None:
        """Somebody may have chosen a later time since the task looked."""
        if self.publish_at is None or self.publish_at > timezone.now():
            raise MoveRefused(_("The time of publication has not come."))

    def require_release(self) -> None:
        self.require_due()
        self.require_correct_text()

    def forget_moment(self, _change: StatusChange | None = None) -> None:
        self.publish_at = None
        self.save(update_fields=["publish_at"])

    def tell_why_held(self, change: StatusChange) -> None:
        """Write to the secretariat why it was not published at its time."""
        held_at = self.publish_at
        self.forget_moment()
        people = get_user_model().objects.filter(
            is_active=True, groups__name=Role.SECRETARIAT.value
        )
        for person in people.order_by("pk"):
            outbox.send("reports/held", person, lambda: self.held_context(held_at))

    def held_context(self, held_at: datetime.datetime | None) -> dict[str, Any]:
        """What the mail says, in the language of its reader."""
        errors = [problem for problem in self.problems() if problem.is_error]
        return {
            "publication": self,
            "held_at": held_at,
            "errors": errors[:ERRORS_NAMED],
            "count": len(errors),
        }

    def problems(self) -> list[Problem]:
        """The checklist of the text in the language of this publication, errors first."""
        if self.report_id is None:
            return []
        report = Report.objects.with_outline().get(pk=self.report_id)
        waits = self.snapshots.filter(version=self.version).first()
        if self.status not in BUILT or waits is None:
            return problems_of(report, self.language)
        return [
            *changes_since(report, waits.taken_at),
            *problems_of(report, self.language, waits.body),
        ]

    def require_correct_text(self) -> None:
        """An error of the checklist keeps a report from being approved and from being published;
        it is named."""
        errors = [problem for problem in self.problems() if problem.is_error]
        if errors:
            named = " ".join(problem.sentence for problem in errors[:ERRORS_NAMED])
            raise MoveRefused(
                ngettext(
                    "%(count)s error of the checklist has to be corrected first: %(named)s",
                    "%(count)s errors of the checklist have to be corrected first: %(named)s",
                    len(errors),
                )
                % {"count": len(errors), "named": named}
            )
