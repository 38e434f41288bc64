"""The columns of a file of projects, and how their cells become values.

Columns and limits are described in docs/import.md.
"""

import re
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone, translation
from django.utils.translation import get_language_info, gettext
from django.utils.translation import gettext as _

from common.dates.written import interval, read
from common.imports.cells import Vocabulary
from common.imports.columns import (
    Column,
    Reader,
    Source,
    Wanted,
    known,
    label_of,
    term,
    terms,
)
from common.imports.reader import shown
from common.records.fields import Field, Kind
from common.text.detection import language_of
from common.text.folding import fold
from reference.action_line.models import ActionLine
from reference.country.imports import countries
from reference.names import vocabulary
from stocktaking.imports.headings import LABELS
from stocktaking.project.fields import FIELDS
from stocktaking.project.models import Project
from stocktaking.project.period import parse

# A file has these; all other columns of the description may be missing.
COLUMNS = (
    "title",
    "organization",
    "stakeholder_type",
    "country_iso2",
    "action_lines",
    "sdgs",
    "start_year",
    "end_year",
    "website",
    "summary",
    "prize_editions",
    "source",
    "notes",
)
CHOSEN = ("title", "organization")  # the page asks for these columns
# Words that people write before the code of a term.
BEFORE_CODES = {
    "action_lines": "c7|al|go|la|action line|wsis action line|wsis|ligne d'action|"
    "grande orientation|linea de accion|направление|направление деятельности|خط العمل|行动方面",
    "sdgs": "sdgs?|goals?|odd|ods|objectifs?|objetivos?|цур|цель|цели|الهدف|هدف|目标|"
    "可持续发展目标|un sdg",
}
OTHER_LANGUAGE_NAMES = {
    "ar": "ara arabe árabe arabic арабский العربية عربي 阿拉伯文 阿拉伯语",
    "zh-hans": "zh zh-cn zh-hans cn chi zho chinese chinois chino китайский الصينية 中文 汉语"
    " 简体中文",
    "en": "eng english anglais inglés английский الإنجليزية الانجليزية 英文 英语",
    "fr": "fra fre french français francés французский الفرنسية 法文 法语",
    "ru": "rus russian russe ruso русский الروسية 俄文 俄语",
    "es": "spa esp spanish espagnol español castellano испанский"
    " الإسبانية الاسبانية 西班牙文 西班牙语",
}
OTHER_TIMESCALES = {
    "planned": "planned;plan;prévu;planifié;en projet;planificado;previsto;планируется;"
    "запланирован;مخطط;مخطط له;计划中;计划",
    "ongoing": "ongoing;on-going;in progress;active;current;running;en cours;actif;en curso;"
    "activo;en marcha;продолжается;действующий;в процессе;"
    "مستمر;جار;جارٍ;قيد التنفيذ;进行中;正在进行",
    "completed": "completed;complete;finished;closed;ended;done;achevé;terminé;clos;finalizado;"
    "terminado;completado;завершен;завершён;закончен;مكتمل;منته;منتهي;已完成;完成;结束",
}
LISTED_AS_INTERNATIONAL = "listed as international"
INTERNATIONAL = "INTL"
FIRST_PRIZES = 2012
PRIZE = re.compile(r"([0-9]{4}):(submitted|nominated|winner|champion)")


def name_key(title: str, organization: str) -> str:
    """What tells two projects apart when neither has an external identifier."""
    return f"{fold(title)}\n{fold(organization)}"


def clean_prizes(text: str) -> str:
    """Editions and outcomes such as `2015:nominated;2016:winner`."""
    parts = [part.strip() for part in text.split(";") if part.strip()]
    for part in parts:
        match = PRIZE.fullmatch(part)
        if not match or not FIRST_PRIZES <= int(match[1]) <= timezone.now().year + 1:
            raise ValidationError(
                _(
                    "Enter editions and outcomes such as 2015:nominated or 2016:winner, from "
                    "2012 on, separated by semicolons, not “%(value)s”."
                )
                % {"value": shown(part)}
            )
    return ";".join(parts)


def one_end(column: str, start: str, end: str) -> str:
    """The date of a column; the start may be an interval (EDTF) such as 2004/2009 or 2004-05/..

    Raises ValidationError when the end is given twice.
    """
    if ends := interval(start):
        if end and column == "start_year":
            raise ValidationError(
                _(
                    "Give the end once: here after the slash, or in the column of the end."
                )
            )
        start, after = ends
        end = end or after
    written = start if column == "start_year" else end
    return "" if written.strip() == ".." else written


def as_iso(text: str) -> str:
    """A date as it is stored, from any way in which it may be written. Raises ValidationError."""
    reading = read(text)
    return parse(reading.iso if reading else text).iso


def languages() -> Vocabulary:
    """The languages of the portal by their codes and by their names in each of them."""
    rows = []
    for code, name in settings.LANGUAGES:
        names = {
            name,
            get_language_info(code)["name"],
            *OTHER_LANGUAGE_NAMES[code].split(),
        }
        for language, _name in settings.LANGUAGES:
            with translation.override(language):
                names.add(gettext(get_language_info(code)["name"]))
        rows.append((code, *sorted(names)))
    return Vocabulary(rows)


def timescales() -> Vocabulary:
    """Planned, ongoing, completed, by these codes and by their words in the six languages."""
    rows = []
    for choice in Project.Timescale:
        words = set(OTHER_TIMESCALES[choice.value].split(";"))
        for language, _name in settings.LANGUAGES:
            with translation.override(language):
                words.add(str(choice.label))
        rows.append((choice.value, *sorted(words)))
    return Vocabulary(rows)


def action_lines() -> Vocabulary:
    """The action lines that have a number: those that a project can be about."""
    return Vocabulary.of(
        ActionLine.objects.filter(number__isnull=False), BEFORE_CODES["action_lines"]
    )


# --- readers ---


def read_name(source: Source, text: str, wanted: Wanted) -> str:
    """Title or organization; a source may leave open who stands behind a project."""
    text = " ".join(text.split())
    if not text and not wanted.cells["source"]:
        raise ValidationError(
            _("Fill in this cell: it distinguishes projects from each other.")
        )
    return text


def read_title(source: Source, text: str, wanted: Wanted) -> str:
    if not text:
        raise ValidationError(
            _("Fill in this cell: it distinguishes projects from each other.")
        )
    return " ".join(text.split())


def read_country(source: Source, text: str, wanted: Wanted) -> str | None:
    if not text and LISTED_AS_INTERNATIONAL in wanted.cells["notes"]:
        return INTERNATIONAL
    return source.once(countries).code(text) if text else None


def read_action_lines(source: Source, text: str, wanted: Wanted) -> None:
    """The first is the main one."""
    codes = source.once(action_lines).each(text)
    wanted.fields["main_action_line_id"] = codes[0] if codes else None
    wanted.links["other_action_lines"] = codes[1:]


def read_date(column: str) -> Reader:
    def read(source: Source, text: str, wanted: Wanted) -> str:
        cells = wanted.cells
        written = one_end(column, cells["start_year"], cells["end_year"])
        return as_iso(written) if written else ""

    return read


def read_prizes(source: Source, text: str, wanted: Wanted) -> str:
    return clean_prizes(text)


def read_language(source: Source, text: str, wanted: Wanted) -> str:
    """By code or name; a text whose language is not given has one nevertheless."""
    if not text:
        return language_of(wanted.cells["title"], wanted.cells["summary"])
    return source.once(languages).find(text) or text.lower()


def read_timescale(source: Source, text: str, wanted: Wanted) -> str:
    return source.once(timescales).find(text) or text.lower()


def read_external_id(source: Source, text: str, wanted: Wanted) -> None:
    """An identifier is not taken away by an empty cell."""
    if text:
        wanted.fields["external_id"] = text


READERS: dict[str, Reader] = {
    "title": read_title,
    "organization": read_name,
    "country_iso2": read_country,
    "organization_country": term(countries),
    "action_lines": read_action_lines,
    "prize_editions": read_prizes,
    "language": read_language,
    "timescale": read_timescale,
    "external_id": read_external_id,
}
PUT_BY_READER = ("action_lines", "external_id")


def reader_of(field: Field) -> Reader | None:
    """By its kind, for a column that needs no care of its own; None for plain text."""
    if field.kind == Kind.DATE:
        return read_date(field.column)
    if field.kind not in (Kind.CODE, Kind.CODES):
        return None
    codes = vocabulary.KINDS[field.vocabulary]
    named = known(codes, BEFORE_CODES.get(field.column, ""))
    return term(named) if field.kind == Kind.CODE else terms(named)


def column(field: Field) -> Column:
    into = "links" if field.kind == Kind.CODES else "fields"
    described: Any = Project._meta.get_field(field.name)
    return Column(
        field.column,
        LABELS.get(field.column) or label_of(Project, field.name),
        field.attname,
        READERS.get(field.column) or reader_of(field),
        field.column_names,
        into="nothing" if field.column in PUT_BY_READER else into,
        chosen=field.column in CHOSEN,
        optional=field.column not in COLUMNS,
        is_date=field.kind == Kind.DATE,
        choices=described.flatchoices,
    )


KNOWN = {field.column: column(field) for field in FIELDS if field.column}
PROJECT_COLUMNS = tuple(KNOWN[name] for name in dict.fromkeys((*COLUMNS, *KNOWN)))


def year_of(fields: dict[str, Any]) -> dict[str, int]:
    """The year of the entry: the first prize edition, else the year the activity began."""
    editions = [
        int(year) for year, _outcome in PRIZE.findall(fields.get("prize_editions", ""))
    ]
    year = min(editions, default=None) or int(fields.get("start_date", "")[:4] or 0)
    return {"year": year} if year else {}
