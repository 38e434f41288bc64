"""Merging two records of the same project: one is kept, the other leads to it."""

from typing import Any, NamedTuple

from django.conf import settings
from django.db import models, transaction
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.role.roles import is_own
from accounts.user.models import User
from common.moves.models import StatusChange
from common.moves.workflow import CONCERNED, MoveRefused, NotYourMove
from stocktaking.base.workflow import Status
from stocktaking.organization.references import (
    Carried,
    Carrier,
    Column,
    column_of,
    put_back,
    references_to,
    rehearsed,
)
from stocktaking.ownership.workflow import OwnershipStatus
from stocktaking.project.content import project_content, write
from stocktaking.project.fields import LISTS, OF_ORGANIZATION, PROJECT_COLUMNS
from stocktaking.project.models import Project
from stocktaking.revision.differences import label, plain, readable
from stocktaking.revision.models import Revision

LEFT, RIGHT, BOTH = "left", "right", "both"
# What belongs to the record itself and not to the project. All else that refers to a merged
# record moves; so does a new table, unless it is listed here.
STAYS: dict[Column, str] = {
    **{
        (f"stocktaking.project_{name}", "project"): "the editor keeps it field by field"
        for name in LISTS
    },
    ("stocktaking.projectwords", "project"): "the words of the record",
    (
        "stocktaking.projecthints",
        "project",
    ): "sounds and initials of the record's own names",
    ("stocktaking.projecttext", "project"): "what the record said in another language",
    ("stocktaking.attachment", "project"): "files are kept field by field",
    ("stocktaking.revision", "project"): "a new version of the record itself",
    (
        "stocktaking.message",
        "project",
    ): "a private conversation with the owner of the record",
    ("stocktaking.screening", "project"): "the checks of the record",
    ("stocktaking.deskassignment", "project"): "who works on the record",
    ("stocktaking.batchitem", "project"): "what a batch did to the record",
    ("stocktaking.upkeep", "project"): "how often the owner of the record is asked",
    ("stocktaking.merge", "loser"): "says what was merged",
    ("stocktaking.merge", "survivor"): "says what was merged",
}
# Of these only open rows move.
OPEN_ROWS: dict[Column, dict[str, Any]] = {
    ("stocktaking.ownershiprequest", "project"): {"status": OwnershipStatus.OPEN},
    ("stocktaking.reminder", "project"): {"sent_at": None},
}
CO_EDITORS: Column = ("stocktaking.coeditor", "project")
JOINED = ("prize_editions",)  # of which both may be kept, besides the lists
OF_RECORD = ("owner_id", *JOINED)  # beside what the project form holds


class Choice(NamedTuple):
    """A field in which two records differ, with both values."""

    field: str
    label: str
    left: str
    right: str
    sides: tuple[str, ...]  # what may be kept


def values_of(project: Project) -> dict[str, Any]:
    """The values that a merge may take over: the fields of the form, owner and prizes."""
    return project_content(project) | {
        name: getattr(project, name) for name in OF_RECORD
    }


def choices_between(left: Project, right: Project) -> list[Choice]:
    """The fields in which they differ, in the order of the form; an image goes with its
    description."""
    one, other = values_of(left), values_of(right)
    differing = [
        name
        for name in (*PROJECT_COLUMNS, *LISTS, *OF_RECORD)
        if name != "image_alt" and plain(one[name]) != plain(other[name])
    ]
    return [
        Choice(
            name,
            _label(name),
            _shown(name, one[name], left),
            _shown(name, other[name], right),
            (LEFT, RIGHT, BOTH) if name in (*LISTS, *JOINED) else (LEFT, RIGHT),
        )
        for name in differing
    ]


def _label(name: str) -> str:
    return capfirst(str(_("owner"))) if name == "owner_id" else label(name)


def _shown(name: str, value: object, project: Project) -> str:
    if name == "owner_id":
        return str(project.owner or "")
    return readable(name, value)


def chosen_content(
    left: Project, right: Project, kept: dict[str, str]
) -> dict[str, Any]:
    """Field → value of the chosen side; fields in which they do not differ are left out."""
    one, other = values_of(left), values_of(right)
    content = {}
    for choice in choices_between(left, right):
        side = kept[choice.field]
        names = [choice.field, *(["image_alt"] if choice.field == "image" else [])]
        for name in names:
            content[name] = {LEFT: one[name], RIGHT: other[name]}.get(side)
        if side == BOTH:
            content[choice.field] = _both(one[choice.field], other[choice.field])
    return content


def _both(one: Any, other: Any) -> Any:
    if isinstance(one, list):
        return sorted({*one, *other})
    return ";".join(
        dict.fromkeys(part for text in (one, other) for part in text.split(";") if part)
    )


def require_mergeable(survivor: Project, loser: Project) -> None:
    """Raises MoveRefused with the reason. The record that is kept must be public and not merged
    itself, so that no circle can arise."""
    if survivor.pk == loser.pk:
        raise MoveRefused(_("These are the same project."))
    if survivor.status != Status.PUBLISHED or survivor.successor_id:
        raise MoveRefused(_("The project that is kept has to be public."))
    if Revision.objects.at_desk().filter(project__in=[survivor, loser]).exists():
        raise MoveRefused(_("Decide on the new version that is waiting first."))


class MergeQuerySet(models.QuerySet["Merge"]):
    @transaction.atomic
    def merge(
        self, survivor: Project, loser: Project, content: dict[str, Any], by: User
    ) -> "Merge":
        """`survivor` takes over `content` and the followers; `loser` leads to it from now on.

        Raises MoveRefused, and ValidationError when the chosen fields contradict each other.
        """
        rows = Project.objects.select_for_update().filter(
            pk__in=[survivor.pk, loser.pk]
        )
        locked = {row.pk: row for row in rows.order_by("pk")}
        survivor, loser = locked[survivor.pk], locked[loser.pk]
        require_mergeable(survivor, loser)
        if is_own(survivor, by):
            raise NotYourMove(CONCERNED)
        now = values_of(survivor)
        changed = {
            name: v for name, v in content.items() if plain(now[name]) != plain(v)
        }
        merge = Merge(survivor=survivor, loser=loser, by=by)
        merge.before = {name: now[name] for name in changed}
        merge.after = changed
        owner = changed.get("owner_id", survivor.owner_id)
        merge.rows = carry(survivor, loser, owner).as_json()
        merge.save()
        _store(survivor, changed, by)
        loser.successor = survivor
        loser.save(update_fields=["successor"])
        loser.move(
            "merge", by, str(_("Merged into %(number)s.") % {"number": survivor.number})
        )
        return merge


class Merge(models.Model):
    """The merge of one record into another: who, when, and what an undo needs."""

    loser = models.ForeignKey(
        "stocktaking.Project",
        models.PROTECT,
        related_name="merges",
        verbose_name=_("merged"),
    )
    survivor = models.ForeignKey(
        "stocktaking.Project",
        models.PROTECT,
        related_name="+",
        verbose_name=_("merged into"),
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("by"),
    )
    at = models.DateTimeField(_("at"), auto_now_add=True)
    before = models.JSONField(_("previous values of the changed fields"), default=dict)
    after = models.JSONField(_("new values"), default=dict)
    rows = models.JSONField(_("what went over"), default=dict)
    undone_at = models.DateTimeField(_("undone at"), null=True)

    objects = MergeQuerySet.as_manager()

    class Meta:
        verbose_name = _("merge of two projects")
        verbose_name_plural = _("merges of projects")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.loser_id} → {self.survivor_id}"

    def require_undoable(self) -> None:
        """Raises MoveRefused once the kept record is gone, or a field that was taken over has
        changed again."""
        if self.survivor.successor_id:
            raise MoveRefused(_("Undo the later merge first."))
        now = values_of(self.survivor)
        if any(plain(now[name]) != plain(value) for name, value in self.after.items()):
            raise MoveRefused(_("The project was changed again in the meantime."))

    def take_back(self, change: StatusChange) -> None:
        """Give the kept record its earlier content and followers back."""
        survivor = Project.objects.select_for_update().get(pk=self.survivor_id)
        _store(survivor, self.before, change.by)
        put_back(Carried.of(self.rows), self.loser, survivor)
        self.undone_at = change.at
        self.save(update_fields=["undone_at"])


def carry(survivor: Project, loser: Project, owner: int | None) -> Carried:
    """Move everything that refers to the project. Co-editors of the merged record move only
    where its owner stays the owner."""
    references = [
        reference
        for reference in references_to(Project)
        if column_of(reference) not in STAYS
    ]
    if owner != loser.owner_id:
        references = [ref for ref in references if column_of(ref) != CO_EDITORS]
    whole = [ref for ref in references if column_of(ref) not in OPEN_ROWS]
    carrier = Carrier(loser, survivor, may_stay=True)
    carrier.carry(whole)
    opened = {
        column_of(ref): ref.model._base_manager.filter(
            project=loser, **OPEN_ROWS[column_of(ref)]
        ).values_list("pk", flat=True)
        for ref in references
        if column_of(ref) in OPEN_ROWS
    }
    return carrier.carry(
        [ref for ref in references if column_of(ref) in opened], opened
    )


def going_of(carried: Carried) -> list[tuple[str, int]]:
    """Names of kinds with the number of rows that move, for display."""
    called = {
        ref.model._meta.label_lower: capfirst(str(ref.model._meta.verbose_name_plural))
        for ref in references_to(Project)
    }
    return [(called[label], count) for label, count in sorted(carried.counts().items())]


def rehearse(survivor: Project, loser: Project, owner: int | None) -> Carried:
    """What would move."""
    return rehearsed(lambda: carry(survivor, loser, owner))


def _store(project: Project, content: dict[str, Any], by: User | None) -> None:
    """Store these fields of a public record and log the change."""
    if not content:
        return
    for name in (*PROJECT_COLUMNS, *OF_RECORD):
        if name in content:
            setattr(project, name, content[name])
    project.validate_constraints()
    write(project, content)
    if content.keys() & OF_ORGANIZATION:
        project.link_organization()
    project.record_change("update", by=by)
