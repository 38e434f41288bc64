"""Moves of the texts of an entry in other languages."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from common.moves.workflow import Move, Workflow, moves
from prizes.entry.workflow import STAFF, WRITERS


class TextStatus(models.TextChoices):
    """Statuses of a text as it is typed; what was approved before stays public."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    APPROVED = "approved", _("Approved")
    REFUSED = "refused", _("Rejected")


EDITABLE = (TextStatus.DRAFT, TextStatus.REFUSED)

ENTRY_TRANSLATION_WORKFLOW = Workflow(
    model_label="prizes.entrytranslation",
    initial=TextStatus.DRAFT,
    moves=moves(
        Move(
            "submit",
            frozenset(EDITABLE),
            TextStatus.SUBMITTED,
            by=WRITERS | STAFF,
            label=_("Submit the text"),
            check="require_complete",
        ),
        Move(
            "approve",
            {TextStatus.SUBMITTED},
            TextStatus.APPROVED,
            by=STAFF,
            label=_("Approve the text"),
            check="require_complete",
            then="keep_approved",
        ),
        Move(
            "refuse",
            {TextStatus.SUBMITTED},
            TextStatus.REFUSED,
            by=STAFF,
            label=_("Reject the text"),
            needs_note=True,
        ),
        Move(
            "revise",
            {TextStatus.SUBMITTED, TextStatus.APPROVED},
            TextStatus.DRAFT,
            by=WRITERS | STAFF,
            label=_("Write again"),
        ),
        Move(
            "take_down",
            {TextStatus.APPROVED},
            TextStatus.REFUSED,
            by=STAFF,
            label=_("Remove the text"),
            needs_note=True,
            then="drop_approved",
        ),
    ),
)
