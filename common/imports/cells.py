"""The codes of a vocabulary, found by what people write into a cell."""

import re
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from common.imports.reader import shown
from common.text.folding import fold_loosely

PARTED = re.compile(r"[;\n\r؛；]")


PARTED_WEAKLY = re.compile(r"[,/|،、，&+]|(?<=[0-9])\s+(?=[A-ZС]?[0-9])")


MANY_PIECES = 50


CODE_AND_WORDS = re.compile(
    r"([a-z0-9]+(?:-[a-z]+)?)(?:\.0)?(?:[ .:-]+(.*))?", re.DOTALL
)


LETTER_C = re.compile(
    r"^[cс] ?(?=[0-9])"
)  # typed on a Cyrillic keyboard, or with a space


WORD_LENGTH = 4


class Vocabulary:
    """The codes of one vocabulary, found by code or by name in the six languages, in any case."""

    def __init__(self, rows: Any, hint: str = "", before_codes: str = "") -> None:
        self.codes: dict[str, str] = {}
        self.ambiguous: set[str] = set()
        self.hint = hint
        self.before = re.compile(
            rf"(?:{before_codes})[ .:-]*(?=\w)" if before_codes else "(?!)"
        )
        for code, *names in rows:
            for name in (code, *names):
                self._add(fold_loosely(name), code)

    def _add(self, key: str, code: str) -> None:
        if key and self.codes.setdefault(key, code) != code:
            self.ambiguous.add(key)

    @classmethod
    def of(cls, terms: models.QuerySet[Any], before_codes: str = "") -> "Vocabulary":
        """A vocabulary of the portal; `before_codes` are words that people write before a code,
        such as the “Goal” of “Goal 4”."""
        names = [f"name_{code.replace('-', '_')}" for code, _name in settings.LANGUAGES]
        rows = [
            [name or "" for name in row] for row in terms.values_list("code", *names)
        ]
        language = (get_language() or settings.LANGUAGE_CODE).replace("-", "_")
        place = 1 + names.index(
            f"name_{language}" if f"name_{language}" in names else "name_en"
        )
        english = 1 + names.index("name_en")
        possible = "; ".join(row[place] or row[english] for row in rows)
        return cls(
            rows, _("Possible: %(values)s.") % {"values": possible}, before_codes
        )

    def find(self, text: str) -> str | None:
        """The code of one value, None when nothing goes by it."""
        key = LETTER_C.sub("c", fold_loosely(text))
        for known in (key, LETTER_C.sub("c", self.before.sub("", key, count=1))):
            if known in self.codes:
                return None if known in self.ambiguous else self.codes[known]
            match = CODE_AND_WORDS.fullmatch(known)
            if match and match[1] in self.codes and self._are_words(match[2] or ""):
                return self.codes[
                    match[1]
                ]  # “C4. Capacity building”, “SDG 4: Education”
        return None

    def _are_words(self, text: str) -> bool:
        """Whether this, after a code, explains the code and is not one more value."""
        words = re.split(r"[\s.:/,&+-]+", text)
        if any(word in self.codes for word in words):
            return False
        return not text or any(
            len(word) >= WORD_LENGTH and word.isalpha() for word in words
        )

    def code(self, text: str) -> str:
        """The code of a value. Raises ValidationError with what is possible."""
        code = self.find(text)
        if code is None:
            unknown = _("“%(value)s” is not known.") % {"value": shown(text)}
            raise ValidationError(f"{unknown} {self.hint}")
        return code

    def each(self, text: str) -> list[str]:
        """The codes of several values, each once: parted by semicolons, line ends, commas or
        strokes; a name that holds a comma itself is still one value."""
        codes: list[str] = []
        for part in PARTED.split(text):
            if part.strip():
                codes += self._several(part.strip())
        return list(dict.fromkeys(codes))

    def _several(self, text: str) -> list[str]:
        if (code := self.find(text)) is not None:
            return [code]
        pieces = [piece.strip() for piece in PARTED_WEAKLY.split(text)]
        codes: list[str] = []
        while pieces:
            # the longest run of pieces that is a name: “Peace, justice” before “Peace”
            for length in range(len(pieces), 0, -1):
                code = self.find(", ".join(pieces[:length])) if pieces[0] else ""
                if code is not None:
                    break
            else:
                self.code(pieces[0] if codes or len(pieces) < MANY_PIECES else text)
            codes += [code] if code else []
            pieces = pieces[length:]
        return codes


class Choices(Vocabulary):
    """The choices of a field, found by their codes or by their words in the six languages."""

    def __init__(self, choices: Iterable[tuple[str, str | Promise]]) -> None:
        choices = list(choices)
        rows: dict[str, list[str]] = {code: [code] for code, _label in choices}
        for language, _name in settings.LANGUAGES:
            with translation.override(language):
                for code, label in choices:
                    rows[code].append(str(label))
        possible = "; ".join(label_and_code(code, label) for code, label in choices)
        super().__init__(
            rows.values(), _("Possible: %(values)s.") % {"values": possible}
        )

    def find(self, text: str) -> str | None:
        """One of them in full: what else stands in the cell would be lost."""
        key = fold_loosely(text)
        return None if key in self.ambiguous else self.codes.get(key)


def label_and_code(code: str, label: str | Promise) -> str:
    """“On site (on_site)”: both are understood in a cell."""
    return code if code == label else f"{label} ({code})"
