"""A second text of a decision besides its reason, for people who do not read the reason."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from common.moves.models import StatusChange
from common.moves.workflow import NOTE_MAX_LENGTH

# Moves of the panel: their reasons are for the file, that is for the panel and the secretariat.
FOR_THE_FILE = frozenset({"pass_over", "reconsider"})


class Remark(models.Model):
    """A second text beside the reason of a move.

    The reason of most moves is for the entrant, and the remark for the file. With the moves
    FOR_THE_FILE it is the other way round.
    """

    change = models.OneToOneField(
        StatusChange,
        models.CASCADE,
        related_name="prize_remark",
        verbose_name=_("decision"),
    )
    text = models.TextField(_("text"), max_length=NOTE_MAX_LENGTH)

    class Meta:
        verbose_name = _("remark on a decision")
        verbose_name_plural = _("remarks on decisions")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.text


def texts_of(change: StatusChange) -> tuple[str, str]:
    """The texts of a decision for the entrant and for the file; "" where there is none."""
    remark = getattr(change, "prize_remark", None)
    other = remark.text if remark else ""
    return (other, change.note) if change.move in FOR_THE_FILE else (change.note, other)
