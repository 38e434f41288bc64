"""Similar inputs that are answered together, once their authors have seen with which others."""

import datetime
from collections.abc import Iterable
from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models, transaction
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from common.forms.values import refuse_unreadable
from common.mail import outbox
from common.mail.links import Linked, LinkedQuerySet
from common.moves.actors import AnyUser, Person
from common.moves.workflow import MoveRefused
from common.text.digits import whole_number
from forum.consultation.models import Submission, SubmissionQuerySet
from forum.consultation.workflow import WAITING
from forum.edition.models import Edition

DAYS_TO_OBJECT = 7
MOST_INPUTS = 60  # of one group


def ungrouped(edition: Edition) -> SubmissionQuerySet:
    """The inputs that wait for an answer and are in no group."""
    rows = Submission.objects.filter(edition=edition, status__in=WAITING)
    return rows.filter(grouped=None).select_related("edition", "kind").order_by("pk")


def matching(rows: SubmissionQuerySet, words: str) -> SubmissionQuerySet:
    """Those with this number, or with these words in title or organization."""
    number = whole_number(words.rpartition("-")[2]) or 0
    return rows.filter(
        Q(pk=number) | Q(title__icontains=words) | Q(organization_name__icontains=words)
    )


class InputGroupQuerySet(models.QuerySet["InputGroup"]):
    def with_counts(self) -> Self:
        """With `inputs`, and `objections`: how many of them are not the same to their author."""
        objected = Q(members__objected_at__isnull=False)
        return self.annotate(
            inputs=Count("members"), objections=Count("members", filter=objected)
        )


class InputGroup(models.Model):
    """A theme, and the inputs that say the same about it. `size`: how many were merged."""

    edition = models.ForeignKey(
        Edition, models.PROTECT, related_name="input_groups", verbose_name=_("edition")
    )
    name = models.CharField(
        _("theme"),
        max_length=150,
        validators=[refuse_unreadable],
        help_text=_("Authors and, once it is answered, everybody read it."),
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("by"),
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    asked_at = models.DateTimeField(_("authors were told at"), null=True, blank=True)
    object_by = models.DateField(_("authors may object until"), null=True, blank=True)
    settled_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("answered by"),
    )
    size = models.PositiveSmallIntegerField(_("inputs"), default=0)

    objects = InputGroupQuerySet.as_manager()

    class Meta:
        verbose_name = _("group of inputs")
        verbose_name_plural = _("groups of inputs")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["edition", "-id"], name="input_group_order")]
        constraints = [
            models.CheckConstraint(
                condition=Q(asked_at=None, object_by=None)
                | Q(asked_at__isnull=False, object_by__isnull=False),
                name="input_group_asked_with_a_day",
            ),
            models.CheckConstraint(
                condition=Q(settled_at=None) | Q(asked_at__isnull=False, size__gte=2),
                name="input_group_settled_after_asking",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("forum:input-group", args=[self.edition.slug, self.pk])

    @property
    def may_be_objected_to(self) -> bool:
        """Whether the last day of the authors is not over, by the clock of the Forum's place."""
        today = self.edition.local_day(timezone.now())
        return (
            self.settled_at is None
            and self.object_by is not None
            and today <= self.object_by
        )

    @property
    def others(self) -> int:
        """With how many others each of its inputs was merged."""
        return max(0, self.size - 1)

    @classmethod
    @transaction.atomic
    def make(
        cls, edition: Edition, name: str, numbers: list[int], by: Any
    ) -> "InputGroup":
        """Group these inputs. Raises MoveRefused for fewer than two that wait and are in no other
        group."""
        rows = ungrouped(edition).filter(pk__in=numbers[:MOST_INPUTS])
        inputs = list(rows.select_for_update(of=("self",)))
        if len(inputs) < 2:  # noqa: PLR2004  (one input is no group)
            raise MoveRefused(
                _("Tick at least two inputs that wait and are in no other group.")
            )
        group = cls.objects.create(edition=edition, name=name, by=by)
        GroupedInput.objects.bulk_create(
            GroupedInput(group=group, submission=one) for one in inputs
        )
        return group

    def locked(self) -> "InputGroup":
        rows = type(self).objects.select_related("edition")
        group = rows.select_for_update(of=("self",)).get(pk=self.pk)
        if group.settled_at:
            raise MoveRefused(_("This group has been answered."))
        return group

    @transaction.atomic
    def ask(self) -> int:
        """Show the group to each author who has not seen it, by a mail with a link to say that it
        is not the same; returns to how many. Raises MoveRefused once it is answered."""
        group = self.locked()
        today = group.edition.local_day(timezone.now())
        group.asked_at = timezone.now()
        group.object_by = today + datetime.timedelta(days=DAYS_TO_OBJECT)
        group.save(update_fields=["asked_at", "object_by"])
        new = group.members.filter(asked_at=None, objected_at=None).for_page()
        told = 0
        for member in new:
            told += member.tell(group)
        return told

    @transaction.atomic
    def add(self, pk: int) -> tuple[Submission, int]:
        """One more input joins the group; returns it and how many authors were told. Where the
        others have been told already, its author is told at once and everybody has a week again.
        Raises MoveRefused for an input that does not wait or is in a group, and once answered."""
        group = self.locked()
        if group.members.count() >= MOST_INPUTS:
            raise MoveRefused(
                _("A group has at most %(limit)d inputs.") % {"limit": MOST_INPUTS}
            )
        rows = ungrouped(group.edition).filter(pk=pk)
        found = rows.select_for_update(of=("self",)).first()
        if found is None:
            raise MoveRefused(
                _("This input has been answered, or is in a group already.")
            )
        GroupedInput.objects.create(group=group, submission=found)
        return found, group.ask() if group.asked_at else 0

    @transaction.atomic
    def take_out(self, pk: int) -> Submission | None:
        """One input leaves the group; None when it was not in it. Raises MoveRefused once
        answered."""
        member = self.locked().members.filter(pk=pk).for_page().first()
        if member is None:
            return None
        member.delete()
        found: Submission = member.submission
        return found

    @transaction.atomic
    def dissolve(self) -> None:
        """Raises MoveRefused once it is answered."""
        self.locked().delete()

    @transaction.atomic
    def settle(self, by: Person) -> int:
        """Answer all whose author has not objected: the first is noted, or waits on as a request
        for a session, and the others are merged with it. Returns how many there are. Raises
        MoveRefused while authors may object, and when fewer than two are left."""
        group = self.locked()
        last = group.object_by
        if last is None:
            raise MoveRefused(_("Show the group to its authors first."))
        if group.may_be_objected_to:
            raise MoveRefused(
                _("Its authors may object until %(day)s.") % {"day": date_format(last)}
            )
        members = group.members.standing().for_page().order_by("submission_id")
        inputs = [member.submission for member in members]
        if len(inputs) < 2:  # noqa: PLR2004  (one input is no group)
            raise MoveRefused(_("Fewer than two inputs are left: dissolve the group."))
        group.size, group.settled_by = len(inputs), by
        group.settled_at = timezone.now()
        group.save(update_fields=["size", "settled_by", "settled_at"])
        lead = inputs[0]
        for other in inputs[1:]:
            other.merged_into = lead
            other.save(update_fields=["merged_into", "updated_at"])
            other.move("merge", by)
        if not lead.kind.proposes_session:
            lead.move("note", by)
        return len(inputs)


class GroupedInputQuerySet(LinkedQuerySet["GroupedInput"]):
    def standing(self) -> Self:
        """Those whose author has not objected and that still wait."""
        return self.filter(objected_at=None, submission__status__in=WAITING)

    def for_page(self) -> Self:
        return self.select_related(
            "submission__owner", "submission__edition", "submission__kind"
        )

    def shown(self) -> Self:
        """Of groups that their authors were told of."""
        return self.exclude(asked_at=None).select_related(
            "group__edition", "submission__edition", "submission__owner"
        )


class GroupedInput(Linked):
    """An input in a group, and what its author says to it."""

    group = models.ForeignKey(
        InputGroup, models.CASCADE, related_name="members", verbose_name=_("group")
    )
    submission = models.OneToOneField(
        Submission,
        models.CASCADE,
        related_name="grouped",
        verbose_name=_("submission"),
    )
    asked_at = models.DateTimeField(_("told at"), null=True, blank=True)
    objected_at = models.DateTimeField(_("objected at"), null=True, blank=True)
    reason = models.CharField(
        _("why not"), max_length=300, blank=True, validators=[refuse_unreadable]
    )
    by_link = models.BooleanField(_("by the link of the e-mail"), default=False)

    objects = GroupedInputQuerySet.as_manager()

    class Meta:
        verbose_name = _("input of a group")
        verbose_name_plural = _("inputs of a group")
        ordering = ["pk"]
        indexes = [GinIndex(fields=["tokens"], name="grouped_input_tokens")]

    def __str__(self) -> str:
        return f"{self.group}: {self.submission}"

    @property
    def is_merged(self) -> bool:
        """Whether its answer is the one of the group."""
        return self.group.settled_at is not None and self.objected_at is None

    def others(self) -> Iterable[Submission]:
        """The other inputs of the group, without those whose author has objected."""
        rows = Submission.objects.filter(
            grouped__group=self.group_id, grouped__objected_at=None
        )
        return (
            rows.exclude(pk=self.submission_id).select_related("edition").order_by("pk")
        )

    def tell(self, group: InputGroup) -> bool:
        """A mail with a link of its own; whether it was written."""
        self.asked_at = timezone.now()
        self.save(update_fields=["asked_at"])
        context = {
            "group": group,
            "submission": self.submission,
            "others": list(self.others()),
            "token": self.add_link(),
        }
        owner = self.submission.owner
        sent = outbox.send("forum/group_asked", owner, context, leaves_no_trace=True)
        return sent is not None

    @transaction.atomic
    def object(self, by: AnyUser | None, reason: str) -> bool:
        """Its author says that it is not the same; whether this was new. Raises MoveRefused after
        the last day and once the group is answered."""
        group = InputGroup.objects.select_related("edition")
        locked = group.select_for_update(of=("self",)).get(pk=self.group_id)
        if not locked.may_be_objected_to:
            raise MoveRefused(_("The last day is over."))
        rows = GroupedInput.objects.filter(pk=self.pk, objected_at=None)
        changed = rows.update(
            objected_at=timezone.now(), reason=reason, by_link=by is None
        )
        return bool(changed)
