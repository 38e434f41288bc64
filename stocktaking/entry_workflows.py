"""Moves of what hangs on an entry: new versions of it, texts in other languages, claims to it."""

from datetime import timedelta
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.roles import OWNER, STAFF_ROLES
from common import mail
from common.models import OutgoingMail, StatusChange
from common.workflow import Move, MoveRefused, Workflow, moves

STAFF = frozenset(role.value for role in STAFF_ROLES)
OWNERS = frozenset({OWNER})

# The desk offers to undo a move for a minute; a batch of many takes some time itself, so the table
# allows it a little longer, and the mail about it leaves only when no undo can come any more.
UNDO_OFFERED = timedelta(seconds=60)
UNDO_ALLOWED = timedelta(seconds=150)
MAIL_WAITS = timedelta(seconds=180)


def require_just_decided(record: Any) -> None:
    """Only a decision about what was submitted can be undone, and only while it is fresh."""
    last = record.history().first()
    if (
        last is None
        or last.source != "submitted"
        or last.at < timezone.now() - UNDO_ALLOWED
    ):
        raise MoveRefused(_("This can no longer be undone."))


class RevisionStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    ON_HOLD = "on_hold", _("On hold")
    RETURNED = "returned", _("Returned for changes")
    REFUSED = "refused", _("Rejected")
    APPROVED = "approved", _("Approved")
    WITHDRAWN = "withdrawn", _("Withdrawn")


# While it is in one of these, there is no second one of the same entry.
WAITING_REVISIONS = (RevisionStatus.SUBMITTED, RevisionStatus.ON_HOLD)
OPEN_REVISIONS = (RevisionStatus.DRAFT, *WAITING_REVISIONS, RevisionStatus.RETURNED)
EDITABLE_REVISIONS = (RevisionStatus.DRAFT, RevisionStatus.RETURNED)


def require_ready(record: Any) -> None:
    record.require_ready()


def replace_public(revision: Any, change: StatusChange) -> None:
    """The proposed text becomes the public one, as the entry's next version."""
    revision.apply(change.by)
    tell_owner(revision, change)


def tell_owner(revision: Any, change: StatusChange) -> None:
    owner = revision.project.owner
    if owner and owner != change.by:
        wait = MAIL_WAITS if change.source == RevisionStatus.SUBMITTED else None
        context = {"revision": revision, "project": revision.project, "change": change}
        template = f"stocktaking/revision_{change.target}"
        mail.send(template, owner, context, cause=change, wait=wait)


def require_undoable(revision: Any) -> None:
    require_just_decided(revision)
    revision.require_undoable()


def bring_back(revision: Any, change: StatusChange) -> None:
    """Keep back the mail about the decision; the public text is again what it was before it."""
    OutgoingMail.objects.withdraw(revision.history().exclude(pk=change.pk).first())
    if change.source == RevisionStatus.APPROVED:
        revision.take_out(change.by)


REVISION_WORKFLOW = Workflow(
    model_label="stocktaking.revision",
    initial=RevisionStatus.DRAFT,
    moves=moves(
        Move(
            "submit",
            frozenset(EDITABLE_REVISIONS),
            RevisionStatus.SUBMITTED,
            by=OWNERS,
            label=_("Submit the new version"),
            check=require_ready,
        ),
        Move(
            "take_back",
            frozenset(WAITING_REVISIONS),
            RevisionStatus.DRAFT,
            by=OWNERS,
            label=_("Take back"),
        ),
        Move(
            "publish",
            frozenset({RevisionStatus.SUBMITTED}),
            RevisionStatus.APPROVED,
            by=STAFF,
            label=_("Publish"),
            check=require_ready,
            then=replace_public,
        ),
        Move(
            "send_back",
            frozenset({RevisionStatus.SUBMITTED}),
            RevisionStatus.RETURNED,
            by=STAFF,
            label=_("Return"),
            needs_note=True,
            then=tell_owner,
        ),
        Move(
            "refuse",
            frozenset({RevisionStatus.SUBMITTED}),
            RevisionStatus.REFUSED,
            by=STAFF,
            label=_("Reject"),
            needs_note=True,
            then=tell_owner,
        ),
        Move(
            "hold",
            frozenset({RevisionStatus.SUBMITTED}),
            RevisionStatus.ON_HOLD,
            by=STAFF,
            label=_("Put on hold"),
            needs_note=True,
            then=tell_owner,
        ),
        Move(
            "resume",
            frozenset({RevisionStatus.ON_HOLD}),
            RevisionStatus.SUBMITTED,
            by=STAFF,
            label=_("Reopen"),
            stamps=False,
        ),
        Move(
            "undo",
            frozenset(
                {
                    RevisionStatus.APPROVED,
                    RevisionStatus.RETURNED,
                    RevisionStatus.REFUSED,
                    RevisionStatus.ON_HOLD,
                }
            ),
            RevisionStatus.SUBMITTED,
            by=STAFF,
            label=_("Undo"),
            stamps=False,
            offered=False,
            check=require_undoable,
            then=bring_back,
        ),
        Move(
            "withdraw",
            frozenset(OPEN_REVISIONS),
            RevisionStatus.WITHDRAWN,
            by=OWNERS,
            label=_("Withdraw the new version"),
        ),
        # the entry gets another owner, or its former one back
        Move(
            "close",
            frozenset(OPEN_REVISIONS),
            RevisionStatus.WITHDRAWN,
            by=STAFF,
            label=_("End with the change of owner"),
            offered=False,
        ),
        Move(
            "reopen",
            frozenset({RevisionStatus.WITHDRAWN}),
            RevisionStatus.DRAFT,
            by=STAFF,
            label=_("Open again for the former owner"),
            offered=False,
        ),
    ),
)


class ClaimStatus(models.TextChoices):
    OPEN = "open", _("Awaiting the secretariat")
    GRANTED = "granted", _("Granted")
    REFUSED = "refused", _("Rejected")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class AccountClosed:
    """The actor that ends what a closed account has asked for; nobody signs in as it."""

    pk = None
    is_authenticated = False


ACCOUNT_CLOSED = AccountClosed()
ACCOUNT_CLOSED_ROLE = "closed account"


def require_grantable(claim: Any) -> None:
    claim.require_grantable()


def hand_over(claim: Any, change: StatusChange) -> None:
    """The record has a new owner; both are told."""
    claim.hand_over(change.by)
    tell_claimant(claim, change)
    tell_former_owner("stocktaking/ownership_passed", claim, change)


def require_decided(claim: Any) -> None:
    claim.require_undoable()


def take_back_request(claim: Any, change: StatusChange) -> None:
    """The request waits again; what was granted goes back to who had it."""
    if change.source == ClaimStatus.GRANTED:
        claim.give_back(change.by)
        tell_former_owner("stocktaking/ownership_returned", claim, change)
    tell_claimant(claim, change)


def tell_former_owner(template: str, claim: Any, change: StatusChange) -> None:
    owner = claim.former_owner
    if owner and owner.is_active and owner != change.by:
        context = {"claim": claim, "project": claim.project, "change": change}
        mail.send(template, owner, context)


def tell_claimant(claim: Any, change: StatusChange) -> None:
    if claim.by.is_active:
        context = {"claim": claim, "project": claim.project, "change": change}
        mail.send(f"stocktaking/claim_{change.target}", claim.by, context)


CLAIM_WORKFLOW = Workflow(
    model_label="stocktaking.claim",
    initial=ClaimStatus.OPEN,
    moves=moves(
        Move(
            "grant",
            frozenset({ClaimStatus.OPEN}),
            ClaimStatus.GRANTED,
            by=STAFF,
            label=_("Make this person the owner"),
            needs_note=True,
            check=require_grantable,
            then=hand_over,
        ),
        Move(
            "refuse",
            frozenset({ClaimStatus.OPEN}),
            ClaimStatus.REFUSED,
            by=STAFF,
            label=_("Reject the request"),
            needs_note=True,
            then=tell_claimant,
        ),
        Move(
            "withdraw",
            frozenset({ClaimStatus.OPEN}),
            ClaimStatus.WITHDRAWN,
            by=OWNERS,
            label=_("Withdraw the request"),
        ),
        Move(
            "undo",
            frozenset({ClaimStatus.GRANTED, ClaimStatus.REFUSED}),
            ClaimStatus.OPEN,
            by=STAFF,
            label=_("Undo the decision"),
            needs_note=True,
            stamps=False,
            check=require_decided,
            then=take_back_request,
        ),
        Move(
            "lapse",
            frozenset({ClaimStatus.OPEN}),
            ClaimStatus.WITHDRAWN,
            by=frozenset({ACCOUNT_CLOSED_ROLE}),
            label=_("Ends with the account"),
            offered=False,
        ),
    ),
)


class TextStatus(models.TextChoices):
    """Of a text in another language; what a machine made is only ever shown, never approved."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    APPROVED = "approved", _("Approved")
    REFUSED = "refused", _("Rejected")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    REPLACED = "replaced", _("Replaced by a newer one")
    SHOWN = "shown", _("Shown as machine translation")


EDITABLE_TEXTS = (TextStatus.DRAFT, TextStatus.REFUSED)
OPEN_TEXTS = (*EDITABLE_TEXTS, TextStatus.SUBMITTED)
PUBLIC_TEXTS = (TextStatus.APPROVED, TextStatus.SHOWN)


def require_machine(text: Any) -> None:
    text.require_machine()


def now_public(text: Any, change: StatusChange) -> None:
    """What everybody reads has changed: the entry's next version, and its row in the log."""
    text.tell_readers(change.by)
    tell_writer(text, change)


def tell_writer(text: Any, change: StatusChange) -> None:
    owner = text.project.owner
    if owner and owner != change.by:
        context = {"text": text, "project": text.project, "change": change}
        mail.send(f"stocktaking/text_{change.target}", owner, context)


TEXT_WORKFLOW = Workflow(
    model_label="stocktaking.entrytext",
    initial=TextStatus.DRAFT,
    moves=moves(
        Move(
            "submit",
            frozenset(EDITABLE_TEXTS),
            TextStatus.SUBMITTED,
            by=OWNERS,
            label=_("Submit the text"),
            check=require_ready,
        ),
        Move(
            "take_back",
            frozenset({TextStatus.SUBMITTED}),
            TextStatus.DRAFT,
            by=OWNERS,
            label=_("Take back"),
        ),
        Move(
            "approve",
            frozenset({TextStatus.SUBMITTED}),
            TextStatus.APPROVED,
            by=STAFF,
            label=_("Approve the text"),
            check=require_ready,
            then=now_public,
        ),
        Move(
            "refuse",
            frozenset({TextStatus.SUBMITTED}),
            TextStatus.REFUSED,
            by=STAFF,
            label=_("Reject the text"),
            needs_note=True,
            then=tell_writer,
        ),
        Move(
            "withdraw",
            frozenset(OPEN_TEXTS),
            TextStatus.WITHDRAWN,
            by=OWNERS,
            label=_("Withdraw the text"),
        ),
        # the entry gets another owner, or its former one back
        Move(
            "close",
            frozenset(OPEN_TEXTS),
            TextStatus.WITHDRAWN,
            by=STAFF,
            label=_("End with the change of owner"),
            offered=False,
        ),
        Move(
            "reopen",
            frozenset({TextStatus.WITHDRAWN}),
            TextStatus.DRAFT,
            by=STAFF,
            label=_("Open again for the former owner"),
            offered=False,
        ),
        Move(
            "take_down",
            frozenset(PUBLIC_TEXTS),
            TextStatus.WITHDRAWN,
            by=OWNERS | STAFF,
            label=_("Remove the text"),
            needs_note=True,
            then=now_public,
        ),
        # an import makes it, for the portal itself or for who brings the file
        Move(
            "show",
            frozenset({TextStatus.DRAFT}),
            TextStatus.SHOWN,
            by=STAFF,
            label=_("Show as machine translation"),
            offered=False,
            check=require_machine,
        ),
        # the approval of the next text of the same language makes it
        Move(
            "replace",
            frozenset({TextStatus.APPROVED}),
            TextStatus.REPLACED,
            by=STAFF,
            label=_("Replace by a newer text"),
            offered=False,
        ),
    ),
)
