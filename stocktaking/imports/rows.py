"""Rows of a file of projects → the values each row wants, a sentence per bad cell.

Columns and limits are described in docs/import.md.
"""

import re
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.utils import timezone, translation
from django.utils.translation import get_language_info, gettext
from django.utils.translation import gettext as _

from common.dates.written import interval, read
from common.imports.cells import Vocabulary
from common.imports.reader import CONTROL, Row, RowError, shown
from common.text.detection import language_of
from common.text.folding import fold
from reference.action_line.models import SDG, ActionLine
from reference.country.imports import countries
from reference.term.models import (
    ActivityType,
    CoverageLevel,
    StakeholderType,
    TargetGroup,
    Technology,
)
from stocktaking.project.fields import FIELDS, TEXT_COLUMNS
from stocktaking.project.models import Project
from stocktaking.project.period import parse

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
EXTRA_COLUMNS = tuple(
    field.column for field in FIELDS if field.column and field.column not in COLUMNS
)
DATES = {"start_year": "start_date", "end_year": "end_date"}  # a year, or more exact
TERMS = {
    "stakeholder_type": StakeholderType,
    "activity_type": ActivityType,
    "coverage": CoverageLevel,
}
TERM_LISTS = {"sdgs": SDG, "target_groups": TargetGroup, "technologies": Technology}
CHOICES = {"language": "en", "timescale": ""}  # and what an empty cell means
LINKS = ("other_action_lines", *TERM_LISTS)  # the many-to-many fields a file can fill

COLUMN_OF = {field: column for column, field in TEXT_COLUMNS.items()}
COLUMN_OF |= {date: column for column, date in DATES.items()}
COLUMN_OF |= {NON_FIELD_ERRORS: "end_year", "year": "start_year"}
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


@dataclass(frozen=True)
class Wanted:
    """What a good row wants: values by field name, codes by many-to-many name."""

    number: int
    fields: dict[str, Any]
    links: dict[str, list[str]]

    @property
    def name(self) -> str:
        return name_key(self.fields["title"], self.fields["organization_name"])


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


class RowReader:
    """Turns rows into wanted values; holds the vocabularies while a file is read."""

    def __init__(self) -> None:
        self.country = countries()
        self.action_lines = Vocabulary.of(
            ActionLine.objects.filter(number__isnull=False),
            BEFORE_CODES["action_lines"],
        )
        self.choices = {"language": languages(), "timescale": timescales()}
        self.terms = {
            name: Vocabulary.of(model._default_manager.all())
            for name, model in TERMS.items()
        }
        self.lists = {
            name: Vocabulary.of(
                model._default_manager.all(), BEFORE_CODES.get(name, "")
            )
            for name, model in TERM_LISTS.items()
        }

    def read(self, row: Row) -> Wanted | list[RowError]:
        """The values of a row, or an error for each cell that is refused."""
        errors: dict[str, str] = {}
        fields: dict[str, Any] = {}
        links: dict[str, list[str]] = {}
        for column, text in row.cells.items():
            try:
                self._read_cell(column, text, row, fields, links)
            except ValidationError as error:
                errors[column] = " ".join(error.messages)
        fields |= self._year(fields)
        for column, message in self._refused_by_model(fields, errors).items():
            errors.setdefault(column, message)
        if errors:
            return [
                RowError(row.number, c, errors[c]) for c in row.cells if c in errors
            ]
        return Wanted(row.number, fields, links)

    def _read_cell(
        self,
        column: str,
        text: str,
        row: Row,
        fields: dict[str, Any],
        links: dict[str, list[str]],
    ) -> None:
        """Put the value of one cell where it belongs. Raises ValidationError."""
        if CONTROL.search(text):
            raise ValidationError(_("This cell contains a control character."))
        if column in TEXT_COLUMNS:
            fields[TEXT_COLUMNS[column]] = self._text(column, text, row)
        elif column in TERM_LISTS:
            links[column] = self.lists[column].each(text)
        elif column == "action_lines":
            codes = self.action_lines.each(text)
            fields["main_action_line_id"] = codes[0] if codes else None
            links["other_action_lines"] = codes[1:]
        elif column == "external_id":
            fields |= {"external_id": text} if text else {}
        else:
            field, value = self._value(column, text, row)
            fields[field] = value

    def _value(self, column: str, text: str, row: Row) -> tuple[str, Any]:
        """The field and the value of a column that holds one value of a fixed kind."""
        if column in DATES:
            written = one_end(column, row.cells["start_year"], row.cells["end_year"])
            return DATES[column], as_iso(written) if written else ""
        if column in TERMS:
            return f"{column}_id", self.terms[column].code(text) if text else None
        if column in CHOICES:
            return column, self._choice(column, text, row)
        if column == "prize_editions":
            return column, clean_prizes(text)
        if column == "country_iso2" and not text:
            listed = LISTED_AS_INTERNATIONAL in row.cells["notes"]
            return "country_id", INTERNATIONAL if listed else None
        field = "country_id" if column == "country_iso2" else f"{column}_id"
        return field, self.country.code(text) if text else None

    def _choice(self, column: str, text: str, row: Row) -> str:
        """A value by its code or its name in one of the six languages; the model refuses others.
        A text whose language is not given has one nevertheless."""
        if text:
            return self.choices[column].find(text) or text.lower()
        if column == "language":
            return language_of(row.cells["title"], row.cells["summary"])
        return CHOICES[column]

    @staticmethod
    def _text(column: str, text: str, row: Row) -> str:
        if column in ("title", "organization"):
            text = " ".join(text.split())
            # a source may leave open who stands behind a project
            if not text and (column == "title" or not row.cells["source"]):
                raise ValidationError(
                    _("Fill in this cell: it distinguishes projects from each other.")
                )
        field = Project._meta.get_field(TEXT_COLUMNS[column])
        if isinstance(
            field, models.TextField
        ):  # Django holds a text area to its limit in forms only
            MaxLengthValidator(field.max_length)(text)
        return text

    @staticmethod
    def _year(fields: dict[str, Any]) -> dict[str, int]:
        """The year of the entry: the first prize edition, else the year the activity began."""
        editions = [
            int(year)
            for year, _outcome in PRIZE.findall(fields.get("prize_editions", ""))
        ]
        year = min(editions, default=None) or int(fields.get("start_date", "")[:4] or 0)
        return {"year": year} if year else {}

    @staticmethod
    def _refused_by_model(
        fields: dict[str, Any], errors: dict[str, str]
    ) -> dict[str, str]:
        """What the model's own rules say, by column; keys of vocabularies are known to be good."""
        project = Project(**fields)
        keys = {
            name for name in fields if name.endswith("_id") and name != "external_id"
        }
        skipped = {
            f.name for f in project._meta.fields if f.name not in fields.keys() - keys
        }
        try:
            project.clean_fields(exclude=skipped)
            if not errors and fields.get("start_date") and fields.get("end_date"):
                project.validate_constraints()  # asks the database: only where it can refuse
        except ValidationError as error:
            found = {
                name: " ".join(texts) for name, texts in error.message_dict.items()
            }
            return {COLUMN_OF.get(name, name): text for name, text in found.items()}
        return {}
