"""A figure as a file: the same numbers for people, spreadsheets, programs and slides."""

import io
import json

from common.tables.csv_files import BYTE_ORDER_MARK, csv_text
from reports.download.draft import draft_word
from reports.figure.reading import Figure
from reports.layout.layout import totals
from reports.output import pictures
from reports.output.sheets import Sheets, new_workbook
from reports.output.writers import iso, table_rows


def write_csv(figure: Figure) -> bytes:
    """Heading and rows without totals, as programs want them."""
    columns = ["code", figure.counted["name"], *figure.counted["columns"]]
    rows = [[r["code"], r["label"], *r["values"]] for r in figure.counted["rows"]]
    return (BYTE_ORDER_MARK + csv_text([columns, *rows])).encode()


def write_xlsx(figure: Figure) -> bytes:
    """A sheet with the rows and their totals, and one that says from where they are."""
    snapshot, target = figure.snapshot, io.BytesIO()
    book = new_workbook(target, figure.heading, snapshot.taken_at)
    sheets = Sheets(book, figure.is_right_to_left)
    sheets.write_counts(figure.heading, *table_rows(figure.counted, snapshot))
    labels = snapshot.texts["labels"]
    facts = [
        (figure.source,),
        (labels["version"], snapshot.version),
        (labels["hash"], snapshot.content_hash),
        (figure.citation,),
    ]
    sheets.write_facts(labels["source"], (snapshot.publication.title,), facts)
    book.close()
    return target.getvalue()


def write_json(figure: Figure) -> bytes:
    snapshot = figure.snapshot
    content = {
        "name": figure.name,
        "heading": figure.heading,
        "language": figure.language,
        "report": snapshot.publication.title,
        "version": snapshot.version,
        "taken_at": iso(snapshot.taken_at),
        "sha256_of_figures_and_entries": snapshot.content_hash,
        "source": figure.source,
        "citation": figure.citation,
        "table": figure.counted,
        "totals": totals(figure.counted),
    }
    if figure.chart:
        content["message"] = figure.chart["title"]
    return json.dumps(content, ensure_ascii=False, indent=1).encode()


def write_svg(figure: Figure) -> bytes:
    if not figure.chart:
        return b""
    return pictures.svg(figure.chart, figure.language, mark_of(figure))


def write_png(figure: Figure) -> bytes:
    if not figure.chart:
        return b""
    chart = figure.chart
    return pictures.png(
        chart, figure.language, chart["title"], figure.source, mark_of(figure)
    )


def mark_of(figure: Figure) -> str:
    """What a picture of a version that is not public says above itself."""
    if figure.is_public:
        return ""
    return f"{draft_word(figure.language)} {figure.snapshot.build_id}"


WRITERS = {
    "csv": write_csv,
    "xlsx": write_xlsx,
    "json": write_json,
    "svg": write_svg,
    "png": write_png,
}
FORMATS_OF_TABLES, FORMATS_OF_CHARTS = ("csv", "xlsx", "json"), ("svg", "png")
