"""What a letter may name of an entry, and what stands for it in the language of its reader."""

import re
from collections.abc import Collection
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.mail import placeholders
from common.moves.models import StatusChange
from common.text.official_names import official_name
from prizes.base.remark import texts_of
from prizes.entry.amendment import Amendment
from prizes.entry.models import Entry
from prizes.letter.audience import Outcome
from prizes.panel.models import Review
from reference.names.vocabulary import label

PLACEHOLDERS: dict[str, Any] = {
    "name": _("name of the reader"),
    "title": _("title of the entry"),
    "organization": _("organization"),
    "category": _("category"),
    "contest": _("name of the contest"),
    "reason": _("what the panel or the secretariat wrote for the entrant"),
    "feedback": _("what the experts wrote for the entrant, if it was approved"),
    "page": _("address of the entry"),
    "certificate": _("address of the certificate"),
}
# The move whose text for the entrant is the reason of an outcome.
MOVES = {
    Outcome.REFUSED: "refuse",
    Outcome.NOT_NOMINATED: "pass_over",
    Outcome.WINNER: "choose",
}
GAP = re.compile(r"\n{3,}")


def require_known(text: str) -> None:
    """Raises ValidationError that names the first sign that nothing stands for."""
    placeholders.require_known(text, PLACEHOLDERS)


def require_filled(text: str) -> None:
    """Raises ValidationError for a sign that is still to be filled in. Other braces may stand: a
    title can have them."""
    left = [sign for sign in placeholders.BRACES.findall(text) if sign in PLACEHOLDERS]
    if left:
        raise ValidationError(
            _("Write what “{%(sign)s}” stands for: in a draft it is not filled in."),
            params={"sign": left[0]},
        )


def reasons_of(entries: Collection[Entry], outcome: str) -> dict[int, str]:
    """Entry → text for the entrant of the latest decision for this outcome. One query."""
    if outcome in (Outcome.DISQUALIFIED, Outcome.RECOGNITION):
        rows = Amendment.objects.confirmed().filter(kind=outcome, entry__in=entries)
        return {row.entry_id: row.note for row in rows}
    move = MOVES.get(Outcome(outcome))
    if move is None:
        return {}
    changes = StatusChange.objects.filter(
        Q(record_kind="prizes.entry", move=move),
        record_id__in=[entry.pk for entry in entries],
    )
    made = changes.select_related("prize_remark").order_by("at", "pk")
    return {change.record_id: texts_of(change)[0] for change in made}


def feedback_on(entries: Collection[Entry]) -> dict[int, str]:
    """Entry → the approved feedback of its experts, a paragraph or more each, without their names.
    One query."""
    texts: dict[int, list[str]] = {}
    rows = Review.objects.feedback_for(*entries)
    for entry, feedback in rows.values_list("entry", "feedback"):
        texts.setdefault(entry, []).append(feedback.strip())
    return {entry: "\n\n".join(parts) for entry, parts in texts.items()}


def values_for(
    entry: Entry, reason: str, feedback: str, language: str
) -> dict[str, str]:
    """What stands for each sign, in this language."""
    with translation.override(language):
        contest = str(entry.contest)
        code = entry.category.code if entry.category else ""
        return {
            "name": str(entry.owner or ""),
            "title": str(entry),
            "organization": entry.organization_name,
            "category": f"{code} {label('action_line', code)}".strip(),
            "contest": official_name(contest) or contest,
            "reason": reason,
            "feedback": feedback or gettext("There is no feedback of the experts."),
            "page": f"{settings.SITE_URL}{entry.get_absolute_url()}?sign-in",
            "certificate": settings.SITE_URL
            + reverse("prizes:certificate", args=[entry.code]),
        }


def written(text: str, values: dict[str, str]) -> str:
    """The text with its signs filled in; a paragraph that becomes empty leaves no gap."""
    return GAP.sub("\n\n", placeholders.filled(text, values)).strip()
