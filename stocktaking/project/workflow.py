"""How a project moves from draft to public record."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.mail import outbox
from common.mail.models import OutgoingMail
from common.moves.models import StatusChange
from common.moves.workflow import Move, MoveRefused, Workflow, moves
from common.records.models import Change
from stocktaking.status.workflow import (
    MAIL_WAITS,
    OWNERS,
    STAFF,
    Status,
    require_just_decided,
)


def require_complete(project: Any) -> None:
    project.require_complete()


def enter_register(project: Any, change: StatusChange) -> None:
    project.reviewed_at = change.at
    project.archived_at = None  # what was withdrawn and comes back is withdrawn no more
    project.save(update_fields=["reviewed_at", "archived_at"])
    project.record_change(Change.Kind.PUBLISH, by=change.by)
    tell_owner(project, change)


class ByDate:
    """The actor that makes an approved entry public on its date; nobody signs in as it."""

    pk = None
    is_authenticated = False


BY_DATE = ByDate()


BY_DATE_ROLE = "date of publication"


class ByImport:
    """The actor that brings back what an undone import had brought in; nobody signs in as it."""

    pk = None
    is_authenticated = False


BY_IMPORT = ByImport()


BY_IMPORT_ROLE = "import"


def enter_by_import(project: Any, change: StatusChange) -> None:
    """As at its first import: nobody has reviewed it, nobody is told."""
    project.archived_at = None
    project.save(update_fields=["archived_at"])


def require_date(project: Any) -> None:
    if project.public_from is None or project.public_from <= timezone.now():
        raise MoveRefused(_("Enter the time at which the project becomes public."))
    require_complete(project)


def require_due(project: Any) -> None:
    if project.public_from > timezone.now():
        raise MoveRefused(_("Its date has not yet come."))


def keep_until_date(project: Any, change: StatusChange) -> None:
    project.reviewed_at = change.at
    project.save(update_fields=["reviewed_at"])
    tell_owner(project, change)


def enter_by_date(project: Any, change: StatusChange) -> None:
    """Reviewed it was when it was approved."""
    project.record_change(Change.Kind.PUBLISH)
    tell_owner(project, change)


def leave_register(project: Any, change: StatusChange) -> None:
    if change.source == Status.PUBLISHED:
        project.record_change(Change.Kind.DELETE, by=change.by)
    tell_owner(project, change)


def tell_owner(project: Any, change: StatusChange) -> None:
    """Write to the owner, unless the owner made the move; what can be undone is told later."""
    if project.owner and project.owner != change.by:
        wait = MAIL_WAITS if change.source == Status.SUBMITTED else None
        context = {"project": project, "change": change}
        outbox.send(
            f"stocktaking/{change.target}",
            project.owner,
            context,
            cause=change,
            wait=wait,
        )


def require_undoable(project: Any) -> None:
    require_just_decided(project)
    require_parted(project)


def require_just_merged(project: Any) -> None:
    """A public record that was merged comes back, as long as nothing else has happened to it."""
    last = project.history().first()
    if last is None or last.move != "merge" or last.source != Status.PUBLISHED:
        raise MoveRefused(_("This can no longer be undone."))
    require_parted(project)


def require_parted(project: Any) -> None:
    if project.successor_id:
        project.merges.latest("at").require_undoable()


def require_successor(project: Any) -> None:
    if project.successor_id is None:
        raise MoveRefused(_("Choose the record that stays."))


def require_unmerged(project: Any) -> None:
    if project.successor_id:
        raise MoveRefused(
            _("This project was merged into %(number)s.")
            % {"number": project.successor.number}
        )
    require_complete(project)


def lead_to_successor(project: Any, change: StatusChange) -> None:
    """The merged record leaves the register, and both owners are told."""
    if change.source == Status.PUBLISHED:
        into = str(project.successor_id)
        project.record_change(Change.Kind.MERGE, by=change.by, into=into)
    tell_both("stocktaking/merged", project, change, wait=MAIL_WAITS)


def tell_both(template: str, project: Any, change: StatusChange, **when: Any) -> None:
    """Write to the owners of a merged record and of the one it was merged into."""
    context = {"project": project, "survivor": project.successor, "change": change}
    owners = {project.owner, project.successor.owner} - {None, change.by}
    for owner in sorted(owners, key=lambda user: user.pk):
        outbox.send(template, owner, context, cause=change, **when)


def part(project: Any, change: StatusChange) -> None:
    """What the successor had taken over goes back; the letters about the merge are kept back."""
    merge = project.history().exclude(pk=change.pk).first()
    OutgoingMail.objects.withdraw(merge)
    if merge.at < timezone.now() - MAIL_WAITS:  # the letters about it have left
        tell_both("stocktaking/parted", project, change)
    project.merges.latest("at").take_back(change)
    project.successor = project.archived_at = None
    project.save(update_fields=["successor", "archived_at"])
    if change.target == Status.PUBLISHED:
        project.record_change(Change.Kind.PUBLISH, by=change.by)


def take_back_decision(project: Any, change: StatusChange) -> None:
    """Keep back the mail about the decision; what became public leaves the register again."""
    if project.successor_id:
        part(project, change)
        return
    decision = project.history().exclude(pk=change.pk).first()
    OutgoingMail.objects.withdraw(decision)
    if change.source in (Status.PUBLISHED, Status.APPROVED):
        project.published_at = project.reviewed_at = project.public_from = None
        project.save(update_fields=["published_at", "reviewed_at", "public_from"])
    if change.source == Status.PUBLISHED:
        project.record_change(Change.Kind.DELETE, by=change.by)


def receive(project: Any, change: StatusChange) -> None:
    """Tie the entry to the authority list, and send its owner a copy of what was submitted."""
    project.link_organisation()
    if project.owner:
        outbox.send(
            "stocktaking/submitted",
            project.owner,
            {"project": project, "change": change},
        )


PROJECT_WORKFLOW = Workflow(
    model_label="stocktaking.project",
    initial=Status.DRAFT,
    moves=moves(
        Move(
            "submit",
            frozenset({Status.DRAFT, Status.RETURNED}),
            Status.SUBMITTED,
            by=OWNERS,
            label=_("Submit"),
            check=require_complete,
            then=receive,
        ),
        Move(
            "take_back",
            frozenset({Status.SUBMITTED, Status.ON_HOLD, Status.APPROVED}),
            Status.DRAFT,
            by=OWNERS,
            label=_("Take back"),
        ),
        Move(
            "publish",
            frozenset({Status.SUBMITTED, Status.APPROVED}),
            Status.PUBLISHED,
            by=STAFF,
            label=_("Publish"),
            check=require_complete,
            then=enter_register,
        ),
        Move(
            "approve",
            frozenset({Status.SUBMITTED}),
            Status.APPROVED,
            by=STAFF,
            label=_("Approve for later"),
            offered=False,
            check=require_date,
            then=keep_until_date,
        ),
        Move(
            "release",
            frozenset({Status.APPROVED}),
            Status.PUBLISHED,
            by=frozenset({BY_DATE_ROLE}),
            label=_("Becomes public on its date"),
            check=require_due,
            then=enter_by_date,
        ),
        Move(
            "send_back",
            frozenset({Status.SUBMITTED}),
            Status.RETURNED,
            by=STAFF,
            label=_("Return"),
            needs_note=True,
            then=tell_owner,
        ),
        Move(
            "refuse",
            frozenset({Status.SUBMITTED}),
            Status.REFUSED,
            by=STAFF,
            label=_("Reject"),
            needs_note=True,
            then=tell_owner,
        ),
        Move(
            "duplicate",
            frozenset({Status.SUBMITTED}),
            Status.REFUSED,
            by=STAFF,
            label=_("Reject as a duplicate"),
            needs_note=True,
            then=tell_owner,
        ),
        Move(
            "hold",
            frozenset({Status.SUBMITTED}),
            Status.ON_HOLD,
            by=STAFF,
            label=_("Put on hold"),
            needs_note=True,
            then=tell_owner,
        ),
        Move(
            "resume",
            frozenset({Status.ON_HOLD, Status.APPROVED}),
            Status.SUBMITTED,
            by=STAFF,
            label=_("Reopen"),
            stamps=False,
        ),
        Move(
            "merge",
            frozenset({Status.SUBMITTED, Status.PUBLISHED}),
            Status.ARCHIVED,
            by=STAFF,
            label=_("Merge into another project"),
            offered=False,
            check=require_successor,
            then=lead_to_successor,
        ),
        Move(
            "undo",
            frozenset(
                {
                    Status.PUBLISHED,
                    Status.APPROVED,
                    Status.RETURNED,
                    Status.REFUSED,
                    Status.ON_HOLD,
                    Status.ARCHIVED,
                }
            ),
            Status.SUBMITTED,
            by=STAFF,
            label=_("Undo"),
            stamps=False,
            offered=False,
            check=require_undoable,
            then=take_back_decision,
        ),
        Move(
            "unmerge",
            frozenset({Status.ARCHIVED}),
            Status.PUBLISHED,
            by=STAFF,
            label=_("Undo the merge"),
            stamps=False,
            check=require_just_merged,
            then=part,
        ),
        Move(
            "archive",
            frozenset({Status.PUBLISHED, Status.REFUSED}),
            Status.ARCHIVED,
            by=STAFF,
            label=_("Archive"),
            needs_note=True,
            then=leave_register,
        ),
        Move(
            "withdraw",
            frozenset({Status.PUBLISHED}),
            Status.ARCHIVED,
            by=OWNERS,
            label=_("Withdraw from the Stocktaking database"),
            needs_note=True,
            then=leave_register,
        ),
        Move(
            "restore",
            frozenset({Status.ARCHIVED}),
            Status.PUBLISHED,
            by=STAFF,
            label=_("Publish again"),
            needs_note=True,
            check=require_unmerged,
            then=enter_register,
        ),
        Move(
            "import_again",
            frozenset({Status.ARCHIVED}),
            Status.PUBLISHED,
            by=frozenset({BY_IMPORT_ROLE}),
            label=_("Imported again"),
            offered=False,
            check=require_unmerged,
            then=enter_by_import,
        ),
    ),
)
