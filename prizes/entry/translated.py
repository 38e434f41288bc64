"""Entries in the reader's language: the public texts of their projects in other languages.

Stocktaking keeps these texts and says of each whether people approved it or a machine made it. They
stand beside the entry's own words, which are what competes, never in their place.
"""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import get_language

from prizes.entry.models import Entry
from stocktaking.text.models import ProjectText


def with_translations(entries: Iterable[Any]) -> list[Any]:
    """The entries with `translation` in the reader's language; one query, none without projects.

    The approved text of a language comes before that of a machine. Entries that are written in the
    reader's language need none.
    """
    entries = list(entries)
    language = get_language()
    foreign = {e.project_id for e in entries if e.language != language} - {None}
    best: dict[int, ProjectText] = {}
    if foreign:
        texts = ProjectText.objects.public().filter(
            project__in=foreign, language=language
        )
        for text in texts.order_by("kind"):  # "human" sorts before "machine"
            best.setdefault(text.project_id, text)
    for entry in entries:
        if entry.language != language:
            entry.translation = best.get(entry.project_id)
    return entries


def with_translation(entry: Entry) -> Entry:
    return with_translations([entry])[0]
