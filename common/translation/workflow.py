"""Moves of the texts of a record in other languages."""

from collections.abc import Iterable

from django.db import models
from django.utils.translation import gettext_lazy as _

from common.moves.workflow import Move, Workflow, moves


class TextStatus(models.TextChoices):
    """Statuses of a text as it is typed; what was approved before stays where it is shown."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    APPROVED = "approved", _("Approved")
    REFUSED = "refused", _("Rejected")


EDITABLE = (TextStatus.DRAFT, TextStatus.REFUSED)


def translation_workflow(
    model_label: str, writers: Iterable[str], staff: Iterable[str]
) -> Workflow:
    """Writers submit and write again; staff do too, approve, reject and remove."""
    staff = frozenset(staff)
    everybody = frozenset(writers) | staff
    return Workflow(
        model_label=model_label,
        initial=TextStatus.DRAFT,
        moves=moves(
            Move(
                "submit",
                frozenset(EDITABLE),
                TextStatus.SUBMITTED,
                by=everybody,
                label=_("Submit the text"),
                check="require_complete",
            ),
            Move(
                "approve",
                {TextStatus.SUBMITTED},
                TextStatus.APPROVED,
                by=staff,
                label=_("Approve the text"),
                check="require_complete",
                then="keep_approved",
            ),
            Move(
                "refuse",
                {TextStatus.SUBMITTED},
                TextStatus.REFUSED,
                by=staff,
                label=_("Reject the text"),
                needs_note=True,
            ),
            Move(
                "revise",
                {TextStatus.SUBMITTED, TextStatus.APPROVED},
                TextStatus.DRAFT,
                by=everybody,
                label=_("Write again"),
            ),
            Move(
                "take_down",
                {TextStatus.APPROVED},
                TextStatus.REFUSED,
                by=staff,
                label=_("Remove the text"),
                needs_note=True,
                then="drop_approved",
            ),
        ),
    )
