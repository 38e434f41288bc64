"""Moves of new versions of published projects."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from common.moves.workflow import Move, Workflow, moves
from stocktaking.base.workflow import OWNERS, STAFF


class RevisionStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    ON_HOLD = "on_hold", _("On hold")
    RETURNED = "returned", _("Returned for changes")
    REFUSED = "refused", _("Rejected")
    APPROVED = "approved", _("Approved")
    WITHDRAWN = "withdrawn", _("Withdrawn")


# A project has at most one revision with one of these statuses.
WAITING_REVISIONS = (RevisionStatus.SUBMITTED, RevisionStatus.ON_HOLD)


OPEN_REVISIONS = (RevisionStatus.DRAFT, *WAITING_REVISIONS, RevisionStatus.RETURNED)


EDITABLE_REVISIONS = (RevisionStatus.DRAFT, RevisionStatus.RETURNED)


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
            check="require_ready",
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
            {RevisionStatus.SUBMITTED},
            RevisionStatus.APPROVED,
            by=STAFF,
            label=_("Publish"),
            check="require_ready",
            then="replace_public",
        ),
        Move(
            "send_back",
            {RevisionStatus.SUBMITTED},
            RevisionStatus.RETURNED,
            by=STAFF,
            label=_("Return"),
            needs_note=True,
            then="tell_owner",
        ),
        Move(
            "refuse",
            {RevisionStatus.SUBMITTED},
            RevisionStatus.REFUSED,
            by=STAFF,
            label=_("Reject"),
            needs_note=True,
            then="tell_owner",
        ),
        Move(
            "hold",
            {RevisionStatus.SUBMITTED},
            RevisionStatus.ON_HOLD,
            by=STAFF,
            label=_("Put on hold"),
            needs_note=True,
            then="tell_owner",
        ),
        Move(
            "resume",
            {RevisionStatus.ON_HOLD},
            RevisionStatus.SUBMITTED,
            by=STAFF,
            label=_("Reopen"),
            stamps=False,
        ),
        Move(
            "undo",
            {
                RevisionStatus.APPROVED,
                RevisionStatus.RETURNED,
                RevisionStatus.REFUSED,
                RevisionStatus.ON_HOLD,
            },
            RevisionStatus.SUBMITTED,
            by=STAFF,
            label=_("Undo"),
            stamps=False,
            offered=False,
            check="require_undoable",
            then="bring_back",
        ),
        Move(
            "withdraw",
            frozenset(OPEN_REVISIONS),
            RevisionStatus.WITHDRAWN,
            by=OWNERS,
            label=_("Withdraw the new version"),
        ),
        # the project gets another owner, or its former one back
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
            {RevisionStatus.WITHDRAWN},
            RevisionStatus.DRAFT,
            by=STAFF,
            label=_("Open again for the former owner"),
            offered=False,
        ),
    ),
)
