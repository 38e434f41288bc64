"""Snapshot → files: each writer takes frozen figures and records and returns a file's bytes."""

import io
import json
from datetime import datetime
from typing import Any

from django.core.files.storage import default_storage
from django.db.models import Model
from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _
from PIL import Image

from common.tables.csv_files import csv_text
from common.typesetting.fonts import FONT_FOLDERS, showable
from prizes.entry.models import Entry
from reports.builders.figures import Table, every_table
from reports.builders.series import builder_of
from reports.layout.layout import number, printed_sources, taken_at, totals
from reports.output.brief import write_brief
from reports.output.models import Artefact, Snapshot
from reports.output.numbers import rows_of_numbers, sheet_of_numbers
from reports.output.sheets import Row, Sheets, new_workbook
from reports.output.slides.report import write_slides
from reports.output.typesetting import typeset
from reports.output.word.report import write_docx
from stocktaking.project.models import Project

# Columns of the lists that no label of the report names, and the sheets of these lists.
COLUMN_WORDS = {
    "number": _("Number"),
    "title": _("Title"),
    "language": _("Language"),
    "organization": _("Organization"),
    "stakeholder_type": _("Stakeholder type"),
    "country": _("Country"),
    "region": _("Region"),
    "coverage": _("Coverage"),
    "activity_type": _("Type of activity"),
    "year": _("Year"),
    "main_action_line": _("Main action line"),
    "other_action_lines": _("Other action lines"),
    "sdgs": _("Sustainable Development Goals"),
    "summary": _("Short description"),
    "website": _("Website"),
    "prize_editions": _("WSIS Prizes"),
    "source": _("Source"),
    "source_note": _("Inferred or unconfirmed"),
    "category_code": _("Category (code)"),
    "category": _("Category"),
    "outcome": _("Outcome"),
    "description": _("Description"),
    "votes": _("Votes"),
    "rank": _("Rank"),
    "project": _("Project"),
    "page": _("Web page"),
    "part": _("Section"),
    "section": _("Heading"),
    "kind": _("Type"),
    "when": _("Date"),
    "status": _("Status"),
    "body": _("Body"),
    "lead": _("Lead"),
    "text": _("Text"),
    "details": _("Details"),
    "code": _("Code"),
    "recorded_later": _("Entered later"),
    "link": _("Link"),
}
LISTED: dict[str, type[Model]] = {"projects": Project, "entries": Entry}
LIST_WORDS = {
    "projects": _("Projects"),
    "entries": _("Entries"),
    "items": _("Items"),
    "sessions": _("Sessions"),
}

Document = dict[str, Any]


def write_pdf(snapshot: Snapshot) -> bytes:
    """A tagged PDF/UA-1, whose clock is the snapshot's."""
    builder = builder_of(snapshot.publication)
    document = (
        document_without_projects(snapshot)
        if snapshot.volumes
        else builder.document(snapshot, snapshot.entries)
    )
    printed = showable(document)
    return typeset(
        ("charts.typ", "style.typ", "nodes.typ", *builder.BODY),
        printed,
        FONT_FOLDERS,
        pictures_of(printed),
        format="pdf",
        pdf_standards="ua-1",
        timestamp=int(snapshot.taken_at.timestamp()),
    )


def document_without_projects(snapshot: Snapshot) -> Document:
    """The report beside its volumes: all but the projects, and a list of the volumes."""
    with translation.override(snapshot.publication.language):
        volumes = [
            volume | {name: number(volume[name]) for name in ("pages", "projects")}
            for volume in contents(snapshot)
        ]
    return builder_of(snapshot.publication).document(snapshot, []) | {
        "sources": printed_sources(
            (one["source"], one["note"], one["count"]) for one in snapshot.sources()
        ),
        "volumes": volumes,
    }


def contents(snapshot: Snapshot) -> list[Document]:
    """The volumes that were made, as the report itself and the data files list them."""
    return [
        {
            "title": file.title,
            "pages": file.pages,
            "projects": file.projects,
            "size": file.size,
            "sha256": file.sha256,
            "address": file.get_absolute_url(),
        }
        for file in Artefact.objects.filter(
            publication=snapshot.publication_id, version=snapshot.version, volume__gt=0
        )
    ]


def pictures_of(printed: Document) -> dict[str, bytes]:
    """The pictures by the names under which the template finds them; one that cannot be read is
    named by its description instead."""
    pictures = {}
    for section in printed.get("body", []):
        for block in section["blocks"]:
            if block["kind"] != "picture":
                continue
            try:
                with default_storage.open(block["file"]) as file:
                    content = file.read()
                Image.open(io.BytesIO(content)).verify()
            except (OSError, SyntaxError):
                block["image"] = ""
                continue
            pictures[f"{block['id']}.webp"] = content
    return pictures


def write_xlsx(snapshot: Snapshot) -> bytes:
    """One sheet for the summary, one per table, one for the records; text is never a formula."""
    publication, builder = snapshot.publication, builder_of(snapshot.publication)
    target = io.BytesIO()
    book = new_workbook(target, publication.title, snapshot.taken_at)
    language = publication.language
    sheets = Sheets(book, get_language_info(language)["bidi"])
    labels, heads = snapshot.texts["labels"], snapshot.texts["headings"]
    facts = [
        (publication.title,),
        (snapshot.texts["period"],),
        (labels["version"], snapshot.version),
        (labels["figures_of"], taken_at(snapshot)),
        (labels["hash"], snapshot.content_hash),
        (labels["total"], snapshot.figures["total"]),
        *((text,) for text in snapshot.texts["summary"] + snapshot.texts["disclaimer"]),
    ]
    sheets.write_facts(heads["summary"], (heads["summary"],), facts)
    for table in every_table(snapshot.figures):
        sheets.write_counts(
            name_of_sheet(table, snapshot), *table_rows(table, snapshot)
        )
    with translation.override(language):
        if numbers := rows_of_numbers(snapshot):
            head, *tokens = numbers
            sheets.write_list(sheet_of_numbers(), head, tokens)
        columns = [
            labels.get(name) or column_word(builder.LIST, name)
            for name in builder.COLUMNS
        ]
        rows = [row_of(entry, builder.COLUMNS) for entry in snapshot.entries]
        sheets.write_list(str(LIST_WORDS[builder.LIST]), tuple(columns), rows)
    book.close()
    return target.getvalue()


def name_of_sheet(table: Table, snapshot: Snapshot) -> str:
    """What its rows are; that of a table which a block asked for says what it is about."""
    name = table["name"]
    is_added = any(one["name"] == name for one in snapshot.figures.get("added", []))
    return str(snapshot.texts["headings" if is_added else "labels"][name])


def table_rows(table: Table, snapshot: Snapshot) -> tuple[Row, list[Row], Row]:
    """Heading, rows and totals of a table of figures as cells; () where nothing adds up."""
    labels = snapshot.texts["labels"]
    with translation.override(snapshot.publication.language):
        code = str(COLUMN_WORDS["code"])
    head = (code, labels[table["name"]], *(labels[name] for name in table["columns"]))
    rows = [(row["code"], row["label"], *row["values"]) for row in table["rows"]]
    sums = totals(table)
    return head, rows, ("", labels["total"], *sums) if sums else ()


def column_word(kind: str, name: str) -> str:
    """The heading of a column of a list; fields that have no word here are called as in forms."""
    if name in COLUMN_WORDS:
        return str(COLUMN_WORDS[name])
    field = LISTED[kind]._meta.get_field(name)
    return capfirst(str(field.verbose_name))  # type: ignore[union-attr]  # a plain field


def row_of(entry: Document, columns: tuple[str, ...]) -> Row:
    return tuple(cell_of(entry[name]) for name in columns)


def cell_of(value: object) -> Any:
    """A list of codes joined by semicolons; a list of details as lines, each with its label."""
    if not isinstance(value, list):
        return value
    if value and isinstance(value[0], dict):
        return "\n".join(f"{one['label']}: {one['text']}" for one in value)
    return ";".join(value)


def write_csv(snapshot: Snapshot) -> bytes:
    """The records in UTF-8 with a byte order mark, without which spreadsheet programs guess the
    encoding wrongly."""
    columns = builder_of(snapshot.publication).COLUMNS
    rows = (row_of(entry, columns) for entry in snapshot.entries)
    return csv_text([columns, *rows]).encode("utf-8-sig")


def write_json(snapshot: Snapshot) -> bytes:
    """The figures and what identifies them; for programs."""
    content = {
        "title": snapshot.publication.title,
        "series": snapshot.publication.series,
        "language": snapshot.publication.language,
        "version": snapshot.version,
        "taken_at": iso(snapshot.taken_at),
        "sha256_of_figures_and_entries": snapshot.content_hash,
        "figures": snapshot.figures,
        "volumes": contents(snapshot),
    }
    content |= builder_of(snapshot.publication).machine(snapshot)
    return json.dumps(content, ensure_ascii=False, indent=1).encode()


def iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


WRITERS = {
    "pdf": write_pdf,
    "brief": write_brief,
    "docx": write_docx,
    "pptx": write_slides,
    "xlsx": write_xlsx,
    "csv": write_csv,
    "json": write_json,
}
