"""Entries in the reader's language: their own approved text, else that of their project."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.utils.translation import get_language

from common.translation.models import original_hash
from prizes.text.models import EntryTranslation
from stocktaking.text.reading import texts_for_readers


class EntryText(NamedTuple):
    """The approved text of an entry; `is_older`: than the original as it is now."""

    language: str
    title: str
    summary: str
    is_machine: bool
    is_older: bool
    is_of_entry: bool = True  # not of its project


def with_translations(entries: Iterable[Any]) -> list[Any]:
    """The entries with `translation`: the approved text of the entry in the reader's language, else
    the public one of its project; two queries at most, however many entries there are.

    It stands beside the entry's own words, which are what competes, never in their place. Entries
    that are written in the reader's language need none.
    """
    entries = list(entries)
    foreign = [entry for entry in entries if entry.language != get_language()]
    own = _own_texts(foreign)
    others = {e.project_id for e in foreign if e.project_id and e.pk not in own}
    texts = texts_for_readers(others) if others else {}
    for entry in foreign:
        entry.translation = own.get(entry.pk) or texts.get(entry.project_id)
    return entries


def _own_texts(foreign: list[Any]) -> dict[int, EntryText]:
    """Entry → its approved text in the reader's language."""
    if not foreign:
        return {}
    by_pk = {entry.pk: entry for entry in foreign}
    language = get_language() or ""
    rows = EntryTranslation.objects.filter(entry__in=by_pk, language=language)
    approved = rows.exclude(approved={}).order_by()
    return {
        pk: EntryText(
            language,
            text["title"],
            text["description"],
            text["kind"] == EntryTranslation.Kind.MACHINE,
            original != original_hash(by_pk[pk]),
        )
        for pk, text, original in approved.values_list("entry", "approved", "original")
    }
