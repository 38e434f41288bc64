"""What a reader may have meant to type: known words, and titles that are spelt alike."""

import re

from django.db import connection, transaction

from common.search import HAN_RUN
from stocktaking.models import Word

FEW = 5  # results below which another spelling is proposed; and how many near ones are shown
ALIKE = 0.45  # share of a word's trigrams that a title must have to be near
WORD = re.compile(r"[^\W\d_]{4,}")  # shorter ones have too many neighbours
MAX_WORDS = 8

# The index over the folded heading finds titles for each word; the sum over the words orders them.
NEAREST = """
WITH asked AS (SELECT DISTINCT ltrim(public.search_fold(word)) AS word
               FROM unnest(%(words)s::text[]) AS word)
SELECT project.id
FROM asked
JOIN stocktaking_project AS project
    ON asked.word <%% public.search_fold(project.title || ' ' || project.organisation_name)
WHERE status = 'published'
GROUP BY project.id, project.title, project.organisation_name
ORDER BY sum(word_similarity(
    asked.word, public.search_fold(project.title || ' ' || project.organisation_name))) DESC,
    max(project.published_at) DESC, project.id DESC
LIMIT %(limit)s
"""


def corrected(wanted: str) -> str | None:
    """The words with those that no project uses replaced by the most alike; None if none are."""
    better = Word.objects.nearest(WORD.findall(wanted))
    if not better:
        return None
    return WORD.sub(lambda found: better.get(found[0], found[0]), wanted)


def nearest_ids(wanted: str, limit: int = FEW) -> list[int]:
    """Published projects whose title or organisation is spelt most like the words."""
    words = [word for word in re.findall(r"\w{3,}", wanted) if not HAN_RUN.search(word)]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('pg_trgm.word_similarity_threshold', %s, true)", [str(ALIKE)]
        )
        cursor.execute(NEAREST, {"words": words[:MAX_WORDS], "limit": limit})
        return [pk for (pk,) in cursor.fetchall()]
