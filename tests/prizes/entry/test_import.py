"""The importer of known entries: good rows, bad rows, and the same file twice."""

import io

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command

from common.moves.models import StatusChange
from common.records.models import Change
from prizes.contest.loading import DATA, load_contests
from prizes.contest.models import Category, Contest, Extension, Phase
from prizes.contest.rules import Figure
from prizes.entry.importing import ENTRY_COLUMNS, EntryImporter
from prizes.entry.models import Entry
from prizes.entry.workflow import Status
from tests.factories import CountryFactory, ProjectFactory

pytestmark = pytest.mark.django_db
COLUMNS = [column.name for column in ENTRY_COLUMNS]
GOOD = {
    "year": "2015",
    "category": "C4",
    "title": "Lighthouse Keepers",
    "organization": "Ministry",
    "country_iso2": "PL",
    "stakeholder_type": "Government",
    "outcome": "winner",
    "source": "A public list",
    "summary": "Volunteers help.",
    "notes": "inferred",
}


@pytest.fixture(autouse=True)
def _contests():
    load_contests()


def sheet(*changes):
    lines = [",".join(COLUMNS)]
    for change in changes:
        row = GOOD | change
        lines.append(",".join('"' + row[column] + '"' for column in COLUMNS))
    return io.BytesIO("\n".join(lines).encode())


def run(*changes, **options):
    return EntryImporter.import_file(sheet(*changes), **options)


def test_editions_are_there_with_their_phases_and_figures():
    assert Contest.objects.count() == 15
    assert Category.objects.count() == 15 * 18
    assert (Phase.objects.count(), Extension.objects.count()) == (44, 3)
    assert Figure.objects.count() == 89
    assert load_contests() == 0


def test_loading_again_keeps_what_staff_corrected():
    Contest.objects.filter(slug="2015").update(title="Corrected")
    Phase.objects.filter(contest__slug="2015", kind="voting").update(note="Corrected")

    load_contests()

    contest = Contest.objects.get(slug="2015")
    assert (contest.title, contest.phase("voting").note) == ("Corrected", "Corrected")


def test_good_row_becomes_a_public_entry():
    poland = CountryFactory(code="PL", name="Poland")
    project = ProjectFactory(
        title="Lighthouse keepers", organization_name="MINISTRY", country=poland
    )
    # a project of the same title by the ministry of another country is not this one
    ProjectFactory(title="Lighthouse keepers", organization_name="MINISTRY")

    result = run({})

    entry = Entry.objects.get()
    assert str(result) == "1 created, 0 updated, 0 unchanged, 0 failed"
    assert (entry.contest.year, entry.category.code, entry.status) == (
        2015,
        "C4",
        Status.WINNER,
    )
    assert (entry.project, entry.source_note) == (project, "inferred")
    assert list(Entry.objects.public()) == [entry]
    change = Change.objects.get(record_kind="prizes.entry")
    assert (change.kind, change.record_id, change.version) == (
        "create",
        str(entry.pk),
        1,
    )
    assert StatusChange.objects.get(record_kind="prizes.entry").target == "winner"


@pytest.mark.parametrize(
    ("change", "column", "sentence"),
    [
        ({"year": "1999"}, "year", "There is no contest of the year “1999”."),
        ({"year": "soon"}, "year", "Enter a year with four digits, not “soon”."),
        ({"category": "C99"}, "category", "“C99” is not known."),
        ({"country_iso2": "XX"}, "country_iso2", "“XX” is not known."),
        ({"stakeholder_type": "Robots"}, "stakeholder_type", "“Robots” is not known."),
        (
            {"outcome": "lost"},
            "outcome",
            "“lost” is not known. Possible: Submitted (submitted); Nominated (nominated); "
            "Champion (champion); Winner (winner).",
        ),
        ({"source": ""}, "source", "Fill in this cell"),
        ({"title": ""}, "title", "Fill in this cell"),
        ({"title": "x" * 251}, "title", "Ensure this value has at most 250"),
        ({"summary": "a\x07b"}, "summary", "This cell contains a control character."),
    ],
)
def test_bad_cell_is_named_and_good_rows_are_kept(change, column, sentence):
    result = run(change, {"title": "Another"})

    assert [(e.row, e.column) for e in result.errors] == [(2, column)]
    assert result.errors[0].message.startswith(sentence)
    assert (result.created, result.failed, Entry.objects.count()) == (1, 1, 1)


def test_file_without_columns_is_refused_as_a_whole():
    with pytest.raises(ValidationError, match="must name the columns"):
        EntryImporter.import_file(io.BytesIO(b"a,b\n1,2\n"))


def test_doubled_row_is_refused():
    result = run({}, {"title": "LIGHTHOUSE  keepers"})

    assert [e.message for e in result.errors] == ["Row 2 already contains this entry."]


def test_same_file_twice_changes_nothing_and_a_new_outcome_is_an_update():
    run({"outcome": "nominated"})

    again, later = run({"outcome": "nominated"}), run({})

    assert str(again) == "0 created, 0 updated, 1 unchanged, 0 failed"
    assert str(later) == "0 created, 1 updated, 0 unchanged, 0 failed"
    changes = Change.objects.filter(record_kind="prizes.entry")
    assert list(changes.values_list("kind", "version")) == [
        ("create", 1),
        ("update", 2),
    ]


def test_only_new_and_dry_run_leave_records_alone():
    run({"outcome": "nominated"})

    only_new, dry = run({}, only_new=True), run({}, {"title": "Other"}, dry_run=True)

    assert (str(only_new), str(dry)) == (
        "0 created, 0 updated, 1 unchanged, 0 failed",
        "1 created, 1 updated, 0 unchanged, 0 failed",
    )
    assert [entry.status for entry in Entry.objects.all()] == [Status.NOMINATED]


def test_the_shipped_file_loads_whole_and_twice():
    first, second = io.StringIO(), io.StringIO()
    file = str(DATA / "prize_entries.csv")

    call_command("import_prize_entries", file, stdout=first)
    call_command("import_prize_entries", file, stdout=second)

    assert first.getvalue() == "391 created, 0 updated, 0 unchanged, 0 failed\n"
    assert second.getvalue() == "0 created, 0 updated, 391 unchanged, 0 failed\n"
    untitled = Entry.objects.filter(title="")
    assert {str(entry) for entry in untitled} == {"(project title not given in source)"}
    assert untitled.count() == 14


def test_command_says_what_was_refused(tmp_path):
    file = tmp_path / "entries.csv"
    file.write_bytes(sheet({"year": "1999"}).read())
    out, err = io.StringIO(), io.StringIO()

    with pytest.raises(SystemExit):
        call_command("import_prize_entries", str(file), stdout=out, stderr=err)

    assert out.getvalue() == "0 created, 0 updated, 0 unchanged, 1 failed\n"
    assert err.getvalue() == "row 2, year: There is no contest of the year “1999”.\n"
