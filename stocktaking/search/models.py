"""Tables of the search: the words of each project, and the vocabulary of all of them."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import connection, models, transaction
from django.utils.translation import gettext_lazy as _

from common.schema.triggers import Triggers
from stocktaking.project.fields import TEXT_FIELDS, WEIGHTS

WORDS = """
INSERT INTO stocktaking_word (word, folded, projects)
SELECT word, ltrim(public.search_fold(word)), ndoc
FROM ts_stat($$
    SELECT to_tsvector('simple', translate(lower(title || ' ' || organization_name || ' ' || summary
        COLLATE pg_c_utf8), '/،؛؟', '    '))
    FROM stocktaking_project WHERE status = 'published'
$$)
WHERE ndoc >= %s AND char_length(word) BETWEEN 4 AND 40 AND word ~ '^[^\\d\\W㐀-䶿一-鿿]+$'
"""
NEAREST = """
SELECT asked.word, near.word, near.folded = asked.folded
FROM (
    SELECT word, ltrim(public.search_fold(word)) AS folded FROM unnest(%s::text[]) AS word
) AS asked
CROSS JOIN LATERAL (
    SELECT word, folded FROM stocktaking_word WHERE folded %% asked.folded
    ORDER BY similarity(folded, asked.folded) DESC, projects DESC, word LIMIT 1
) AS near
"""
ALIKE = """
SELECT asked.word, near.word
FROM unnest(%s::text[]) AS asked (word)
CROSS JOIN LATERAL (
    SELECT word FROM stocktaking_word WHERE folded %% asked.word
    ORDER BY similarity(folded, asked.word) DESC, projects DESC, word LIMIT 8
) AS near
"""
WIDELY_USED = 5  # projects; rarer words are mostly typing errors themselves
SMALL_REGISTER = 5000  # below this a word in two projects is good enough


class WordsTriggers(Triggers):
    """Triggers that write the words of a project: of these fields, each with its weight, and of
    those that are in the texts in other languages too."""

    def __init__(
        self,
        *,
        name: str,
        weights: Sequence[tuple[str, str]],
        translated: Iterable[str],
    ) -> None:
        super().__init__(name=name)
        self.weights = tuple(weights)
        self.translated = tuple(n for n, _weight in weights if n in set(translated))

    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        path, arguments, options = super().deconstruct()
        options |= {"weights": self.weights, "translated": self.translated}
        return path, arguments, options

    def create_sql(self, model: Any, schema_editor: Any) -> str:
        names = ["language", *(name for name, _weight in self.weights)]
        own = [name for name, _weight in self.weights]
        sql = (Path(__file__).parent / "words.sql").read_text(encoding="utf-8")
        return sql.format(
            named=self._vector("entry", "AB", own),
            told=self._vector("entry", "CD", own),
            named_in_other=self._vector("other", "AB", self.translated),
            told_in_other=self._vector("other", "CD", self.translated),
            old=", ".join(f"OLD.{name}" for name in names),
            new=", ".join(f"NEW.{name}" for name in names),
        )

    def _vector(self, row: str, weights: str, names: Iterable[str]) -> str:
        """SQL: the words of these fields of a row, those of one weight together."""
        vectors = []
        for weight in weights:
            texts = ", ".join(
                f"{row}.{name}"
                for name, own in self.weights
                if own == weight and name in names
            )
            if texts:
                words = (
                    f"public.search_vector({row}.language, concat_ws(E'\\n', {texts}))"
                )
                vectors.append(f"setweight({words}, '{weight}')")
        return "\n            || ".join(vectors) or "''::tsvector"

    def remove_sql(self, model: Any, schema_editor: Any) -> str:
        functions = ("project_words", "project_text_words", "project_words_write")
        return "\n".join(f"DROP FUNCTION IF EXISTS {f} CASCADE;" for f in functions)


class ProjectWords(models.Model):
    """The words of one project as PostgreSQL searches them; only a trigger writes it.

    A table of its own keeps the rows that a search visits small, and the vectors out of every
    SELECT on projects.
    """

    project = models.OneToOneField(
        "stocktaking.Project",
        models.CASCADE,
        primary_key=True,
        related_name="text",
        verbose_name=_("project"),
    )
    heading = SearchVectorField(_("words of title and organization"))
    whole = SearchVectorField(_("all words"))
    sort_title = models.CharField(_("title as it sorts"), max_length=120)

    class Meta:
        verbose_name = _("words of a project")
        verbose_name_plural = _("words of projects")
        indexes = [
            GinIndex(
                fields=["heading"], name="project_words_heading", fastupdate=False
            ),
            GinIndex(fields=["whole"], name="project_words_whole", fastupdate=False),
            models.Index(fields=["sort_title", "project"], name="project_words_title"),
        ]
        constraints = [
            WordsTriggers(name="project_words", weights=WEIGHTS, translated=TEXT_FIELDS)
        ]

    def __str__(self) -> str:
        return self.sort_title


class ProjectHints(models.Model):
    """Phonetic forms of the words of a project's title and organization, and the initials of
    both; written by the trigger of its words. Used only when the words find little
    (docs/search.md)."""

    project = models.OneToOneField(
        "stocktaking.Project",
        models.CASCADE,
        primary_key=True,
        related_name="hints",
        verbose_name=_("project"),
    )
    hints = SearchVectorField(_("sounds and initials of title and organization"))

    class Meta:
        verbose_name = _("sounds of a project's names")
        verbose_name_plural = _("sounds of projects' names")
        indexes = [GinIndex(fields=["hints"], name="project_hints", fastupdate=False)]

    def __str__(self) -> str:
        return str(self.project_id)


class WordQuerySet(models.QuerySet["Word"]):
    def refresh(self) -> int:
        """Count the words of the published projects again; returns how many are kept."""
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM stocktaking_project WHERE status = 'published'"
            )
            (published,) = cursor.fetchone()
            cursor.execute("DELETE FROM stocktaking_word")
            cursor.execute(WORDS, [2 if published < SMALL_REGISTER else WIDELY_USED])
            return cursor.rowcount

    def nearest(self, words: list[str]) -> dict[str, str]:
        """For words that no project uses, the most similar known word, where there is one."""
        with connection.cursor() as cursor:
            cursor.execute(NEAREST, [words])
            return {
                word: near for word, near, exists in cursor.fetchall() if not exists
            }

    def alike(self, words: list[str]) -> dict[str, list[str]]:
        """For each word, without accents, the known words that share most of its trigrams."""
        alike: dict[str, list[str]] = {}
        with connection.cursor() as cursor:
            cursor.execute(ALIKE, [words])
            for word, near in cursor.fetchall():
                alike.setdefault(word, []).append(near)
        return alike


class Word(models.Model):
    """A word that several published projects use: a candidate for “did you mean”."""

    word = models.CharField(_("word"), max_length=40, primary_key=True)
    folded = models.CharField(_("without accents"), max_length=80)
    projects = models.PositiveIntegerField(_("projects"))

    objects = WordQuerySet.as_manager()

    class Meta:
        verbose_name = _("word")
        verbose_name_plural = _("words")
        indexes = [
            GinIndex(OpClass("folded", name="gin_trgm_ops"), name="word_trigrams")
        ]

    def __str__(self) -> str:
        return self.word
