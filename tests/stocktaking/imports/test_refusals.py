"""What an import refuses, and with which sentence."""

import io

import pytest
from django.core.exceptions import ValidationError

from common.imports.reader import MAX_BYTES
from reference.action_line.models import SDG, ActionLine
from reference.term.models import ActivityType, StakeholderType
from stocktaking.imports.importer import ProjectImporter
from stocktaking.imports.rows import COLUMNS
from stocktaking.project.models import Project
from stocktaking.project.period import latest_year
from tests.stocktaking.import_file import a_file, filled, not_known

pytestmark = pytest.mark.django_db

YEAR = f"Enter a year from 1990 to {latest_year()}."
SENTENCES = [
    ("title", "", "Fill in this cell: it distinguishes projects from each other."),
    ("title", "x" * 251, "Ensure this value has at most 250 characters (it has 251)."),
    ("title", "bell\x07", "This cell contains a control character."),
    ("summary", "nul\x00", "This cell contains a control character."),
    ("stakeholder_type", "Gvt", not_known("Gvt", StakeholderType)),
    ("country_iso2", "XX", not_known("XX")),
    ("country_iso2", "Atlantis", not_known("Atlantis")),
    ("action_lines", "C4;C7", not_known("C7", ActionLine)),
    ("sdgs", "18", not_known("18", SDG)),
    (
        "start_year",
        "20015",
        "Enter a date such as 2025, 2025-07 or 2025-07-11, not “20015”.",
    ),
    ("start_year", "1812", YEAR),
    ("end_year", "2010", "The end is before the start."),
    ("website", "villages.example", "Enter a valid URL."),
    ("website", "javascript:alert(1)", "Enter a valid URL."),
    ("summary", "word " * 201, "Enter at most 200 words; you have 201."),
    (
        "summary",
        "x" * 4001,
        "Ensure this value has at most 4000 characters (it has 4001).",
    ),
    (
        "prize_editions",
        "2015",
        "Enter editions and outcomes such as 2015:nominated or 2016:winner, from 2012 on, "
        "separated by semicolons, not “2015”.",
    ),
    (
        "prize_editions",
        "1999:winner",
        "Enter editions and outcomes such as 2015:nominated or 2016:winner, from 2012 on, "
        "separated by semicolons, not “1999:winner”.",
    ),
    (
        "external_id",
        "x" * 61,
        "Ensure this value has at most 60 characters (it has 61).",
    ),
    ("language", "de", "Value 'de' is not a valid choice."),
    ("activity_type", "Party", not_known("Party", ActivityType)),
    ("contact_email", "nobody", "Enter a valid e-mail address."),
]


@pytest.mark.parametrize(("column", "text", "sentence"), SENTENCES)
def test_a_bad_cell_is_named_and_the_good_rows_come_in(column, text, sentence):
    result = ProjectImporter.import_file(
        a_file({column: text}, {"title": "A good row"})
    )

    assert [tuple(error) for error in result.errors] == [(2, column, filled(sentence))]
    assert str(result) == "1 created, 0 updated, 0 unchanged, 1 failed"
    assert list(Project.objects.values_list("title", flat=True)) == ["A good row"]


@pytest.mark.parametrize(("source", "created"), [("", 0), ("ITU, 2018 report", 1)])
def test_only_a_source_may_leave_open_who_stands_behind_a_project(source, created):
    result = ProjectImporter.import_file(
        a_file({"organization": " ", "source": source})
    )

    sentence = "Fill in this cell: it distinguishes projects from each other."
    expected = [] if created else [(2, "organization", sentence)]
    assert [tuple(error) for error in result.errors] == expected
    assert Project.objects.count() == created


def test_each_bad_cell_of_a_row_has_its_own_error():
    result = ProjectImporter.import_file(
        a_file({"title": "", "sdgs": "18", "website": "x"})
    )

    assert [(e.row, e.column) for e in result.errors] == [
        (2, "title"),
        (2, "sdgs"),
        (2, "website"),
    ]
    assert result.failed == 1


def test_a_repeated_row_is_refused():
    result = ProjectImporter.import_file(a_file({}, {"title": " digital VILLAGES "}))

    assert [tuple(error) for error in result.errors] == [
        (3, "title", "Row 2 already contains this project.")
    ]


@pytest.mark.parametrize(
    ("first", "second"), [("X-1", ""), ("", "X-1"), ("X-1", "X-1")]
)
def test_namesakes_need_an_identifier_each(first, second):
    result = ProjectImporter.import_file(
        a_file({"external_id": first}, {"external_id": second})
    )

    assert [error.message for error in result.errors] == [
        "Row 2 already contains this project."
    ]


def test_rows_of_another_width_are_refused():
    file = a_file({})
    file = io.BytesIO(file.getvalue() + b"only,three,cells\r\n,,,,,,,,,,,,\r\n")

    result = ProjectImporter.import_file(file)

    assert [tuple(error) for error in result.errors] == [
        (3, "", "This row has 3 cells; the header has 13.")
    ]


def test_a_byte_order_mark_is_no_part_of_the_first_name():
    result = ProjectImporter.import_file(
        a_file({"title": "Ventanilla Única"}, encoding="utf-8-sig")
    )

    assert (result.created, Project.objects.get().title) == (1, "Ventanilla Única")


UTF8 = (
    "The encoding of the file was not recognized: byte %d, in line %d, belongs to no "
    "character. Save the file as “CSV UTF-8” and send it again."
)
HEADER = "A row of the file must name the columns: " + ", ".join(COLUMNS) + "."
QUOTE = (
    "The file cannot be read after row 2: a quotation mark is missing, or a cell is longer "
    "than 131072 characters."
)


@pytest.mark.parametrize(
    ("file", "sentences"),
    [
        (b"", [HEADER]),
        (b"name;institution\na;b\n", [HEADER]),
        (b"\x89PNG\r\n\x1a\n\x00\x00", [UTF8 % (1, 1)]),
        (b"name,institution\nConf\xedo,x\n", [HEADER]),
        ("name".encode("utf-16"), [HEADER]),
        (b"\xff\xfet\0i", [UTF8 % (3, 1)]),
        (b"x" * (MAX_BYTES + 1), ["The file is too large: at most 10 MB."]),
        (
            ",".join([*COLUMNS[1:], "colour", "sdgs"]).encode(),
            [
                "The column “title” is missing.",
                "The column “colour” is not known.",
                "The column “sdgs” is there twice.",
            ],
        ),
        (",".join(COLUMNS).encode() + b"\n" + b"a,b" + b"," * 11 + b'\n"open', [QUOTE]),
        (
            ",".join(COLUMNS).encode() + b"\n" + b"," * 12 + b"\n" + b"x" * 140_000,
            [QUOTE],
        ),
        (
            ",".join(COLUMNS).encode() + b"\n" + (b"x,y" + b"," * 11 + b"\n") * 50_001,
            ["The file has too many rows: at most 50,000."],
        ),
    ],
    ids=[
        "empty",
        "semicolons",
        "png",
        "latin-1",
        "utf-16",
        "half",
        "11 MB",
        "columns",
        "quote",
        "long cell",
        "50,001 rows",
    ],
)
def test_an_unreadable_file_is_refused_with_a_sentence(file, sentences):
    with pytest.raises(ValidationError) as refused:
        ProjectImporter.import_file(io.BytesIO(file))

    assert refused.value.messages == sentences
    assert Project.objects.count() == 0
