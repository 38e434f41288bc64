"""Differences between two contents of a project, field by field."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from typing import Any, NamedTuple

from django.conf import settings
from django.utils.text import capfirst
from django.utils.translation import gettext

from common.dates.partial import shown
from reference.names import vocabulary
from stocktaking.file.models import described
from stocktaking.project.fields import FIELDS
from stocktaking.project.models import Project
from stocktaking.text.workflow import TextStatus

# The written name tells the reader; the link to the authority list follows it by itself.
UNSHOWN = frozenset({"organization_id"})
ORDER = {field.attname: place for place, field in enumerate(FIELDS)}
VOCABULARIES = {field.attname: field.vocabulary for field in FIELDS if field.vocabulary}
YEARS = {"start_year": "start_date", "end_year": "end_date"}
WITH_CODE = frozenset({"main_action_line_id", "other_action_lines", "sdgs"})
PIECES = re.compile(r"\s+|[^\W_]+|.", re.DOTALL)
WORDS_COMPARED = 4000  # pieces of text; longer ones are shown whole, before and after


class Part(NamedTuple):
    kind: str  # "same", "out" or "in"
    text: str


@dataclass(frozen=True)
class Difference:
    """One field: its column name, its label, and the plain values before and after."""

    field: str
    label: str
    old: Any
    new: Any

    @property
    def old_text(self) -> str:
        return readable(self.field, self.old)

    @property
    def new_text(self) -> str:
        return readable(self.field, self.new)

    @cached_property
    def parts(self) -> list[Part]:
        """The text word by word: unchanged, removed and added parts."""
        old, new = PIECES.findall(self.old_text), PIECES.findall(self.new_text)
        if len(old) + len(new) > WORDS_COMPARED:
            return [Part("out", self.old_text), Part("in", self.new_text)]
        parts = []
        for tag, a, b, c, d in SequenceMatcher(
            None, old, new, autojunk=False
        ).get_opcodes():
            if tag == "equal":
                parts.append(Part("same", "".join(old[a:b])))
                continue
            parts += [Part("out", "".join(old[a:b]))] if b > a else []
            parts += [Part("in", "".join(new[c:d]))] if d > c else []
        return parts


def differences(old: dict[str, Any], new: dict[str, Any]) -> list[Difference]:
    """Fields whose values differ, in the order of the form. Absent, None, "" and [] are equal.

    `old` and `new` are contents as `Project.public_content()`, `RecordVersion.content` and
    `Revision.content` hold them. No query is made.
    """
    old, new = dated(old), dated(new)
    names = sorted(
        old.keys() | new.keys(), key=lambda name: (ORDER.get(name, len(ORDER)), name)
    )
    return [
        Difference(name, label(name), old.get(name), new.get(name))
        for name in names
        if name not in UNSHOWN and plain(old.get(name)) != plain(new.get(name))
    ]


def dated(content: dict[str, Any]) -> dict[str, Any]:
    """The same content with dates; versions from before months were recorded hold years as
    numbers."""
    content_with_dates = {
        name: value for name, value in content.items() if name not in YEARS
    }
    for year in content.keys() & YEARS.keys():
        content_with_dates.setdefault(
            YEARS[year], "" if content[year] is None else str(content[year])
        )
    return content_with_dates


def plain(value: object) -> Any:
    """The value in a form in which equal meanings are equal: line ends, order of codes,
    emptiness."""
    if isinstance(value, list):  # files have an order; codes have none
        return (
            value
            if value and isinstance(value[0], dict)
            else sorted(map(str, value)) or ""
        )
    if isinstance(value, str):
        return value.replace("\r\n", "\n").strip()
    return "" if value is None else value


def label(name: str) -> str:
    if name == "texts":
        return gettext("Texts in other languages")
    field = _field(name)
    return capfirst(str(field.verbose_name)) if field else name


def readable(name: str, value: Any) -> str:
    """A value as a reader sees it: names of codes in the reader's language."""
    if value in (None, "", []):
        return ""
    if name == "attachments":
        return described(value)
    if kind := VOCABULARIES.get(name):
        codes = value if isinstance(value, list) else [value]
        return ", ".join(_named(name, kind, str(code)) for code in codes)
    if name == "texts":
        return "\n".join(map(_text_mark, value))
    if name in YEARS.values():
        return shown(value)
    field = _field(name)
    listed = (
        settings.LANGUAGES if name == "language" else getattr(field, "flatchoices", ())
    )
    choices: dict[Any, Any] = dict(listed)
    return str(choices.get(value, value)).replace("\r\n", "\n")


def _named(name: str, kind: str, code: str) -> str:
    named = vocabulary.label(kind, code)
    return f"{code} – {named}" if name in WITH_CODE else named


def _text_mark(mark: str) -> str:
    """“fr approved 1f6e…” in words; the digits distinguish one text from the next."""
    language, status, figures = mark.split(" ")
    named = dict(settings.LANGUAGES).get(language, language)
    return f"{named} – {dict(TextStatus.choices).get(status, status)} ({figures})"


def _field(name: str) -> Any:
    fields = [
        f
        for f in Project._meta.get_fields()
        if name in (f.name, getattr(f, "attname", None))
    ]
    return fields[0] if fields else None
