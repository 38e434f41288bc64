"""The result of a search as a file: CSV, Excel or JSON, sent while it is read (docs/search.md).

Rows are read 500 at a time by their ids in the order of the search: no transaction stays open while
a slow reader takes the file, and memory does not grow with the result.
"""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

from django.conf import settings
from django.db import connection
from django.urls import reverse
from django.utils import translation

from reference import vocabulary
from stocktaking.filters import ProjectSearch
from stocktaking.models import Project
from stocktaking.spreadsheet import workbook

CHUNK = 500  # rows per query
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
PLAIN = (
    "title", "language", "summary", "organisation_name", "timescale", "start_date", "end_date",
    "website", "partners", "results", "replicability", "sustainability", "year", "prize_editions",
    "external_id", "source", "source_note", "version",
)  # fmt: skip
YEARS = {"start_year": "start_date", "end_year": "end_date"}
# name of the column: (vocabulary, name in the row)
CODED = {
    "activity_type": ("activity_type", "activity_type_id"),
    "stakeholder_type": ("stakeholder_type", "stakeholder_type_id"),
    "country": ("country", "country_id"),
    "coverage": ("coverage", "coverage_id"),
    "main_action_line": ("action_line", "main_action_line_id"),
}
CODED_LISTS = {
    "other_action_lines": ("action_line", "other_action_lines_codes"),
    "sdgs": ("sdg", "sdgs_codes"),
    "target_groups": ("target_group", "target_groups_codes"),
    "technologies": ("technology", "technologies_codes"),
}
KINDS = {"region"} | {kind for kind, _key in (CODED | CODED_LISTS).values()}
COLUMNS = (
    "number", "page",
    *PLAIN[:4],
    *(f"{name}{what}" for name in (*CODED, "region") for what in ("_code", "")),
    *(f"{name}{what}" for name in CODED_LISTS for what in ("_codes", "")),
    PLAIN[4], *YEARS, *PLAIN[5:],
    "published_at", "updated_at",
)  # fmt: skip

# Bytes per project beside its own texts, in CSV; what JSON adds; what compression leaves.
FRAME, MORE_IN_JSON, LEFT_IN_XLSX = 420, 700, 0.4
TEXT_SIZES = """
SELECT coalesce(sum(octet_length(title) + octet_length(summary) + octet_length(organisation_name)
    + octet_length(partners) + octet_length(results) + octet_length(replicability)
    + octet_length(sustainability) + octet_length(source) + octet_length(source_note)), 0)
FROM stocktaking_project WHERE id = ANY(%s)
"""

Row = dict[str, Any]


def chunks(things: Iterable[Any], size: int) -> Iterator[list[Any]]:
    source = iter(things)
    while some := list(islice(source, size)):
        yield some


def rows(ids: Iterable[int], language: str) -> Iterator[Row]:
    """Public fields of published projects with codes and, in this language, their names."""
    names = [*PLAIN, "id", "published_at", "updated_at", *(key for _kind, key in CODED.values())]
    lists = [key for _kind, key in CODED_LISTS.values()]
    for some in chunks(ids, CHUNK):
        published = Project.objects.published().with_codes().order_by().filter(pk__in=some)
        found = {row["id"]: row for row in published.values(*names, *lists)}
        with translation.override(language):  # not while a reader takes them
            labels = {kind: vocabulary.labels(kind) for kind in KINDS}
            base = settings.SITE_URL + reverse("stocktaking:projects")
            read = [_row(found[pk], labels, base) for pk in some if pk in found]
        yield from read


def _row(found: Row, labels: dict[str, dict[str, str]], base: str) -> Row:
    """One project, flat, in the order of COLUMNS; lists stay lists. `base`: the list's address."""
    row: Row = {
        "number": f"WSIS-{found['year']}-{found['id']:06d}",
        "page": f"{base}{found['id']}/",
    }
    row |= {name: found[name] for name in PLAIN}
    row |= {name: int(found[date][:4]) if found[date] else None for name, date in YEARS.items()}
    for name, (kind, key) in CODED.items():
        code = found[key] or ""
        row |= {f"{name}_code": code, name: labels[kind].get(code, code)}
    region = vocabulary.region_of(row["country_code"]) or ""
    row |= {"region_code": region, "region": labels["region"].get(region, region)}
    for name, (kind, key) in CODED_LISTS.items():
        order, carried = labels[kind], set(found[key])
        codes = [code for code in order if code in carried] if carried else []
        row |= {f"{name}_codes": codes, name: [order[code] for code in codes]}
    for name in ("published_at", "updated_at"):
        row[name] = found[name].isoformat(timespec="seconds") if found[name] else ""
    return {name: row[name] for name in COLUMNS}


def flat(row: Row) -> list[Any]:
    """The cells of a sheet; several values stand in one cell, parted by semicolons."""
    return [
        ";".join(value) if isinstance(value, list) else "" if value is None else value
        for value in row.values()
    ]


def harmless(value: Any) -> Any:
    """Text that a spreadsheet would run as a formula gets an apostrophe in front."""
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return f"'{value}"
    return value


def as_csv(found: Iterator[Row]) -> Iterator[bytes]:
    """UTF-8 with a byte order mark: spreadsheets guess wrongly without it."""
    text = io.StringIO()
    writer = csv.writer(text)
    text.write("\ufeff")
    writer.writerow(COLUMNS)
    for some in chunks(found, CHUNK):
        writer.writerows(map(harmless, flat(row)) for row in some)
        yield _taken(text)
    yield _taken(text)


def _taken(text: io.StringIO) -> bytes:
    taken = text.getvalue().encode()
    text.seek(0)
    text.truncate()
    return taken


def as_json(found: Iterator[Row]) -> Iterator[bytes]:
    """An array with an object per line; codes and names as in the sheets, lists as lists."""
    yield b"[\n"
    comma = ""
    for some in chunks(found, CHUNK):
        yield (
            comma.encode()
            + ",\n".join(json.dumps(row, ensure_ascii=False) for row in some).encode()
        )
        comma = ",\n"
    yield b"\n]\n"


def as_xlsx(found: Iterator[Row]) -> Iterator[bytes]:
    return workbook([list(COLUMNS)], (flat(row) for row in found))


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
    """Format → about how many bytes the file will have."""
    with connection.cursor() as cursor:
        cursor.execute(TEXT_SIZES, [search.pks(search.total)])
        (texts,) = cursor.fetchone()
    sheet = int(texts) + FRAME * search.total
    return {
        "csv": sheet,
        "xlsx": int(sheet * LEFT_IN_XLSX) + 2000,
        "json": sheet + MORE_IN_JSON * search.total,
    }
