"""What a reader may have meant to type: the known word that is spelt most alike."""

import re

from stocktaking.models import Word

WORD = re.compile(r"[^\W\d_]{4,}")  # shorter ones have too many neighbours


def corrected(wanted: str) -> str | None:
    """The words with those that no project uses replaced by the most alike; None if none are."""
    better = Word.objects.nearest(WORD.findall(wanted))
    if not better:
        return None
    return WORD.sub(lambda found: better.get(found[0], found[0]), wanted)
