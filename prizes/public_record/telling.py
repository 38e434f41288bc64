"""An event of the frame as a sentence for everybody."""

import datetime
import json
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from common.dates.zones import in_words
from prizes.contest.models import Contest, Phase
from prizes.public_record.models import FrameEvent


def sentence(event: FrameEvent, contest: Contest) -> str:
    """What happened, by the clock of the contest."""
    if not event.content:
        return GONE[event.kind](event.record)
    return TOLD[event.kind](json.loads(event.content), contest)


def _moment(text: str | None, contest: Contest) -> str:
    if not text:
        return "–"
    return in_words(datetime.datetime.fromisoformat(text), contest.zone)


def _rules(_said: dict[str, Any], _contest: Contest) -> str:
    return _("The rules of the contest were set.")


def _category(said: dict[str, Any], _contest: Contest) -> str:
    return _("%(code)s is a category.") % said


def _phase(said: dict[str, Any], contest: Contest) -> str:
    return _("%(phase)s: from %(opens)s to %(closes)s.") % {
        "phase": Phase.Kind(said["phase"]).label,
        "opens": _moment(said["opens"], contest),
        "closes": _moment(said["closes"], contest),
    }


def _extension(said: dict[str, Any], contest: Contest) -> str:
    values = {
        "phase": Phase.Kind(said["phase"]).label,
        "old": _moment(said["from"], contest),
        "new": _moment(said["to"], contest),
    }
    old, new = (datetime.datetime.fromisoformat(said[end]) for end in ("from", "to"))
    if new < old:
        return _("%(phase)s was shortened: it ends %(new)s, not %(old)s.") % values
    return _("%(phase)s was extended from %(old)s to %(new)s.") % values


def _nominee(said: dict[str, Any], _contest: Contest) -> str:
    return _("Entry %(entry)d is on the ballot in %(category)s.") % said


def _void(said: dict[str, Any], _contest: Contest) -> str:
    return (
        _("Two officers (%(first_key)s, %(second_key)s) declared a vote void.") % said
    )


def _roll(said: dict[str, Any], _contest: Contest) -> str:
    values = {"added": said["added"], "accounts": said["accounts"]}
    return _("Accounts that joined the roll: %(added)d; on it now: %(accounts)d.") % (
        values
    )


def _count(said: dict[str, Any], contest: Contest) -> str:
    return _("The votes were counted: %(at)s.") % {
        "at": _moment(said["counted_at"], contest)
    }


Kind = FrameEvent.Kind
TOLD: dict[str, Callable[[dict[str, Any], Contest], str]] = {
    Kind.RULES: _rules,
    Kind.CATEGORY: _category,
    Kind.PHASE: _phase,
    Kind.EXTENSION: _extension,
    Kind.NOMINEE: _nominee,
    Kind.VOID: _void,
    Kind.ROLL: _roll,
    Kind.COUNT: _count,
}


def _left(record: int) -> str:
    return _("Entry %(entry)d left the ballot.") % {"entry": record}


def _gone(record: int) -> str:
    return _("Number %(number)d was deleted.") % {"number": record}


GONE: dict[str, Callable[[int], str]] = {
    **dict.fromkeys(FrameEvent.Kind.values, _gone),
    Kind.NOMINEE: _left,
}
