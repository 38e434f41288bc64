"""Search results as CSV, Excel or JSON, sent while they are read (docs/search.md).

Rows are read 500 at a time by their ids in the order of the search: no transaction stays open while
a slow reader takes the file, and memory does not grow with the result.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from operator import itemgetter
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language_bidi, gettext
from django.utils.translation import gettext_lazy as _

from common.records.fields import Kind
from common.records.models import ServedState
from common.tables.csv_files import BYTE_ORDER_MARK, csv_text
from common.tables.xlsx import workbook
from reference.names import vocabulary
from stocktaking.project.changes import RECORD_KIND
from stocktaking.project.fields import EXPORTED
from stocktaking.project.models import Project
from stocktaking.search.filters import ProjectSearch

CHUNK = 500  # rows per query
FIRST_CHUNK = 50  # so that a reader sees something soon
YEARS = {"start_year": "start_date", "end_year": "end_date"}
# name of the column: (vocabulary, name in the row)
CODED = {
    field.name: (field.vocabulary, field.attname)
    for field in EXPORTED
    if field.kind == Kind.CODE
}
CODED_LISTS = {
    field.name: (field.vocabulary, f"{field.name}_codes")
    for field in EXPORTED
    if field.kind == Kind.CODES
}
# By what a reader looks for a row, before the codes; and when and where, behind them.
FIRST = ("title", "language", "summary", "organization_name")
WHEN = ("start_date", "end_date", "website")
# Everything else that a project says, in the order of its form.
OTHERS = tuple(
    field.name
    for field in EXPORTED
    if not field.vocabulary and field.name not in (*FIRST, "timescale", *WHEN)
)
LAST = (*WHEN, *OTHERS, "version")
KINDS = {"region"} | {kind for kind, _key in (CODED | CODED_LISTS).values()}
COLUMNS = (
    "number",
    "page",
    *FIRST,
    *(f"{name}{what}" for name in (*CODED, "region") for what in ("_code", "")),
    *(f"{name}{what}" for name in CODED_LISTS for what in ("_codes", "")),
    "timescale",
    *YEARS,
    *LAST,
    "published_at",
    "updated_at",
)

# Columns whose heading is not simply the name of the field.
HEADINGS = {
    "number": _("Number"),
    "page": _("Web page"),
    "organization_name": _("Organization"),
    "start_year": _("Start (year)"),
    "end_year": _("End (year)"),
    "start_date": _("Start"),
    "end_date": _("End"),
    "sdgs": _("Sustainable Development Goals"),
    "sdgs_codes": _("Sustainable Development Goals (code)"),
    "external_id": _("External identifier"),
}

# Bytes per project beside its own texts, in CSV; what JSON adds; what compression leaves.
FRAME, MORE_IN_JSON, LEFT_IN_XLSX = 390, 700, 0.4
TEXT_BYTES = " + ".join(
    f"octet_length({field.name})" for field in EXPORTED if field.kind == Kind.TEXT
)
TEXT_SIZES = (
    f"SELECT coalesce(sum({TEXT_BYTES}), 0) "  # noqa: S608  (names of columns)
    "FROM stocktaking_project WHERE id = ANY(%s)"
)

Row = list[Any]  # in the order of COLUMNS; several values are a list
HEAD, TAIL = itemgetter(*FIRST), itemgetter(*LAST)
as_object = json.JSONEncoder(ensure_ascii=False).encode


class Names(NamedTuple):
    """The codes of a vocabulary with their names in one language and their positions."""

    labels: dict[str, str]
    places: dict[str, int]


def chunks(things: Iterable[Any], first: int, size: int) -> Iterator[list[Any]]:
    """The items in lists of the given size; the first one is shorter."""
    source = iter(things)
    while some := list(islice(source, first)):
        first = size
        yield some


def rows(ids: Callable[[], Iterable[int]], language: str) -> Iterator[Row]:
    """Public fields of published projects with codes and their names in this language.

    `ids` is called for the first row only, so that the file begins before the search has run.
    """
    coded = [key for _kind, key in CODED.values()]
    own = ("id", "number", "timescale", "published_at", "updated_at")
    names = [*own, *FIRST, *LAST, *coded]
    lists = [key for _kind, key in CODED_LISTS.values()]
    for some in chunks(ids(), FIRST_CHUNK, CHUNK):
        published = (
            Project.objects.published().with_codes().order_by().filter(pk__in=some)
        )
        by_id = {row["id"]: row for row in published.values(*names, *lists)}
        times = ServedState.objects.times_of_change(RECORD_KIND, by_id)
        for pk, row in by_id.items():
            row["updated_at"] = times.get(str(pk), row["updated_at"])
        with translation.override(language):  # not while a reader receives them
            labels = {kind: vocabulary.labels(kind) for kind in KINDS}
            names_by_kind = {
                kind: Names(of, dict(zip(of, range(len(of)), strict=True)))
                for kind, of in labels.items()
            }
            base = settings.SITE_URL + reverse("stocktaking:projects")
            read = [_row(by_id[pk], names_by_kind, base) for pk in some if pk in by_id]
        yield from read


def _row(project: dict[str, Any], names_by_kind: dict[str, Names], base: str) -> Row:
    """One project in the order of COLUMNS. `base`: the address of the list."""
    pk = project["id"]
    row: Row = [project["number"], f"{base}{pk}/", *HEAD(project)]
    for kind, key in CODED.values():
        code = project[key] or ""
        row += (code, names_by_kind[kind].labels.get(code, code))
    region = vocabulary.region_of(project["country_id"] or "") or ""
    row += (region, names_by_kind["region"].labels.get(region, region))
    for kind, key in CODED_LISTS.values():
        labels, places = names_by_kind[kind]
        codes = (
            sorted(places.keys() & project[key], key=places.__getitem__)
            if project[key]
            else []
        )
        row += (codes, [labels[code] for code in codes])
    moments = (project["published_at"], project["updated_at"])
    row.append(project["timescale"])
    row += (
        int(project[date][:4]) if project[date] else None for date in YEARS.values()
    )
    row += (
        *TAIL(project),
        *(at.isoformat(timespec="seconds") if at else "" for at in moments),
    )
    return row


def flat(row: Row) -> list[Any]:
    """The cells of a sheet; several values are joined by semicolons in one cell."""
    return [
        ";".join(value) if value.__class__ is list else "" if value is None else value
        for value in row
    ]


def as_csv(projects: Iterator[Row]) -> Iterator[bytes]:
    """UTF-8 with a byte order mark: without it spreadsheet programs guess the encoding wrongly."""
    yield (BYTE_ORDER_MARK + csv_text([COLUMNS])).encode()
    for some in chunks(projects, FIRST_CHUNK, CHUNK):
        yield csv_text(flat(row) for row in some).encode()


def as_json(projects: Iterator[Row]) -> Iterator[bytes]:
    """An array with one object per line; codes and names as in the sheets, lists as lists."""
    yield b"[\n"
    comma = ""
    for some in chunks(projects, FIRST_CHUNK, CHUNK):
        objects = ",\n".join(
            as_object(dict(zip(COLUMNS, row, strict=True))) for row in some
        )
        yield f"{comma}{objects}".encode()
        comma = ",\n"
    yield b"\n]\n"


def as_xlsx(projects: Iterator[Row]) -> Iterator[bytes]:
    """Headings in the language of the page; the sheet runs from right to left where the script
    does."""
    cells = (flat(row) for row in projects)
    return workbook([headings()], cells, gettext("Projects"), get_language_bidi())


def headings() -> list[str]:
    """The column headings in the active language; each name has a column with its code beside
    it."""
    return [heading(name) for name in COLUMNS]


def heading(column: str) -> str:
    if column in HEADINGS:
        return str(HEADINGS[column])
    plain = re.sub("_codes?$", "", column)
    if plain == "region":
        label = gettext("Region")
    else:
        label = str(Project._meta.get_field(plain).verbose_name)  # type: ignore[union-attr]
    label = label[:1].upper() + label[1:]
    if plain == column:
        return label
    return gettext("%(heading)s (code)") % {"heading": label}


# format: (name that readers know, content type, writer)
FORMATS: dict[str, tuple[str, str, Callable[[Iterator[Row]], Iterator[bytes]]]] = {
    "csv": ("CSV", "text/csv; charset=utf-8", as_csv),
    "xlsx": (
        "Excel (XLSX)",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        as_xlsx,
    ),
    "json": ("JSON", "application/json", as_json),
}


def sizes(search: ProjectSearch) -> dict[str, int]:
    """Format → approximate size of the file in bytes."""
    with connection.cursor() as cursor:
        cursor.execute(TEXT_SIZES, [search.pks(search.total)])
        (texts,) = cursor.fetchone()
    sheet = int(texts) + FRAME * search.total
    return {
        "csv": sheet,
        "xlsx": int(sheet * LEFT_IN_XLSX) + 2000,
        "json": sheet + MORE_IN_JSON * search.total,
    }
