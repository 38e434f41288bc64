"""Moves of texts in other languages."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from common.moves.workflow import Move, Workflow, moves
from stocktaking.base.workflow import OWNERS, STAFF


class TextStatus(models.TextChoices):
    """Statuses of a text in another language; a machine translation is shown, never approved."""

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


TEXT_WORKFLOW = Workflow(
    model_label="stocktaking.projecttext",
    initial=TextStatus.DRAFT,
    moves=moves(
        Move(
            "submit",
            frozenset(EDITABLE_TEXTS),
            TextStatus.SUBMITTED,
            by=OWNERS,
            label=_("Submit the text"),
            check="require_ready",
        ),
        Move(
            "take_back",
            {TextStatus.SUBMITTED},
            TextStatus.DRAFT,
            by=OWNERS,
            label=_("Take back"),
        ),
        Move(
            "approve",
            {TextStatus.SUBMITTED},
            TextStatus.APPROVED,
            by=STAFF,
            label=_("Approve the text"),
            check="require_ready",
            then="now_public",
        ),
        Move(
            "refuse",
            {TextStatus.SUBMITTED},
            TextStatus.REFUSED,
            by=STAFF,
            label=_("Reject the text"),
            needs_note=True,
            then="tell_writer",
        ),
        Move(
            "withdraw",
            frozenset(OPEN_TEXTS),
            TextStatus.WITHDRAWN,
            by=OWNERS,
            label=_("Withdraw the text"),
        ),
        # the project gets another owner, or its former one back
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
            {TextStatus.WITHDRAWN},
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
            then="now_public",
        ),
        # made by an import, for the portal itself or for the person who imports
        Move(
            "show",
            {TextStatus.DRAFT},
            TextStatus.SHOWN,
            by=STAFF,
            label=_("Show as machine translation"),
            offered=False,
            check="require_machine",
        ),
        # made by the approval of the next text of the same language
        Move(
            "replace",
            {TextStatus.APPROVED},
            TextStatus.REPLACED,
            by=STAFF,
            label=_("Replace by a newer text"),
            offered=False,
        ),
    ),
)
