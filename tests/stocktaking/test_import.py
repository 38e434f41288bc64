"""Import of projects: what comes in, what is refused with which sentence, what stays as it was."""

import csv
import io
from contextlib import closing
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.roles import Role
from common.models import Change, StatusChange
from reference.models import SDG, ActionLine, ActivityType, Country, StakeholderType
from stocktaking.import_rows import COLUMNS, MAX_BYTES
from stocktaking.importing import LOCK, import_projects
from stocktaking.models import Organisation, Project, ProjectVersion
from stocktaking.workflow import Status
from tests import factories

pytestmark = pytest.mark.django_db

SHIPPED = Path(__file__).resolve().parents[2] / "stocktaking" / "data" / "projects.csv"
GOOD = {
    "title": "Digital villages",
    "organisation": "Ministry of ICT",
    "stakeholder_type": "Government",
    "country_iso2": "KE",
    "action_lines": "C4;C7-EGOV",
    "sdgs": "4;9",
    "start_year": "2014",
    "end_year": "",
    "website": "https://villages.example",
    "summary": "Centres in villages.",
    "prize_editions": "2016:nominated;2015:winner",
    "source": "WSIS Prizes 2015 list",
    "notes": "years unconfirmed",
}


def not_known(value, model=None):
    """The sentence about a value that no vocabulary has; `{names}` is filled in at test time."""
    return f"“{value}” is not known. " + (
        f"Possible: {{{model.__name__}}}."
        if model
        else "Give the ISO code, such as KE, or the name used by the United Nations."
    )


def filled(sentence):
    """A sentence with the names of its vocabulary, in the vocabulary's order."""
    lists = {
        model.__name__: "; ".join(model.objects.values_list("name_en", flat=True))
        for model in (SDG, StakeholderType, ActivityType)
    }
    lines = ActionLine.objects.filter(number__isnull=False)
    return sentence.format(ActionLine="; ".join(lines.values_list("name_en", flat=True)), **lists)


def a_file(*rows, columns=None, encoding="utf-8"):
    """A CSV file with the given rows, each GOOD but for what it names."""
    rows = [GOOD | row for row in rows]
    names = columns or list(dict.fromkeys([*COLUMNS, *(name for row in rows for name in row)]))
    text = io.StringIO(newline="")
    table = csv.DictWriter(text, names, extrasaction="ignore")
    table.writeheader()
    table.writerows(rows)
    return io.BytesIO(text.getvalue().encode(encoding))


def everything():
    """All that an import may write, to see that nothing moved."""
    return (
        list(Project.objects.order_by("pk").values()),
        list(ProjectVersion.objects.order_by("pk").values_list("pk", flat=True)),
        list(Change.objects.order_by("pk").values_list("pk", flat=True)),
        list(Organisation.objects.order_by("pk").values_list("pk", flat=True)),
        list(StatusChange.objects.order_by("pk").values_list("pk", flat=True)),
    )


def test_a_row_becomes_a_public_record():
    result = import_projects(a_file({}))

    project = Project.objects.get()
    assert str(result) == "1 created, 0 updated, 0 unchanged, 0 failed"
    assert project.public_content() == {
        "title": "Digital villages", "language": "en", "summary": "Centres in villages.",
        "activity_type_id": None, "website": "https://villages.example", "image_alt": "",
        "organisation_id": Organisation.objects.get().pk, "organisation_name": "Ministry of ICT",
        "stakeholder_type_id": "GOV", "partners": "", "country_id": "KE", "coverage_id": None,
        "timescale": "", "start_year": 2014, "end_year": None, "main_action_line_id": "C4",
        "results": "", "replicability": "", "sustainability": "", "status": "published",
        "year": 2015, "external_id": None, "prize_editions": "2016:nominated;2015:winner",
        "source": "WSIS Prizes 2015 list", "source_note": "years unconfirmed", "image": "",
        "other_action_lines": ["C7-EGOV"], "sdgs": ["4", "9"], "target_groups": [],
        "technologies": [],
    }  # fmt: skip
    assert project.owner is None
    assert project.published_at is not None


def test_a_new_record_leaves_its_traces_once():
    import_projects(a_file({}))

    project = Project.objects.get()
    version = ProjectVersion.objects.get()
    assert (project.version, version.version, version.content) == (1, 1, project.public_content())
    assert list(Change.objects.values_list("kind", "record_id", "version", "content_hash")) == [
        ("create", str(project.pk), 1, version.content_hash)
    ]
    assert list(StatusChange.objects.values_list("move", "source", "target", "by")) == [
        ("import", "draft", "published", None)
    ]


def test_an_unconfirmed_organisation_is_made_once():
    factories.OrganisationFactory(name="Known by alias", aliases=["KBA"])

    import_projects(a_file(
        {"title": "A"}, {"title": "B", "organisation": "ministry  of ICT"},
        {"title": "C", "organisation": "kba"},
    ))  # fmt: skip

    names = [(one.name, one.confirmed_at is None) for one in Organisation.objects.order_by("pk")]
    assert names == [("Known by alias", False), ("Ministry of ICT", True)]
    assert Project.objects.get(title="C").organisation.name == "Known by alias"


def test_a_merged_organisation_is_followed():
    successor = factories.OrganisationFactory(name="Ministry of Digital Affairs")
    factories.OrganisationFactory(name="Ministry of ICT", successor=successor)

    import_projects(a_file({}))

    project = Project.objects.get()
    assert (project.organisation, project.organisation_name) == (successor, "Ministry of ICT")


def test_the_second_run_writes_nothing():
    import_projects(a_file({}, {"title": "Another"}))
    before = everything()

    result = import_projects(a_file({}, {"title": "Another"}))

    assert str(result) == "0 created, 0 updated, 2 unchanged, 0 failed"
    assert everything() == before


@pytest.mark.parametrize(
    "row",
    [
        {"summary": "Centres in all villages."}, {"sdgs": "9"}, {"country_iso2": ""},
        {"action_lines": "C7-EGOV"}, {"start_year": ""}, {"prize_editions": ""},
    ],
)  # fmt: skip
def test_a_changed_row_is_one_new_version(row):
    import_projects(a_file({}))

    result = import_projects(a_file(row))

    project = Project.objects.get()
    assert str(result) == "0 created, 1 updated, 0 unchanged, 0 failed"
    assert list(Change.objects.values_list("kind", "version")) == [("create", 1), ("update", 2)]
    assert project.versions.first().content == project.public_content()
    assert str(import_projects(a_file(row))) == "0 created, 0 updated, 1 unchanged, 0 failed"


def test_titles_are_compared_without_case_and_spaces():
    import_projects(a_file({}))

    result = import_projects(
        a_file({"title": "DIGITAL  Villages", "organisation": "MINISTRY OF ICT"})
    )

    assert (result.created, result.updated) == (0, 1)
    assert Project.objects.get().title == "DIGITAL Villages"


def test_an_external_identifier_finds_a_renamed_record():
    import_projects(a_file({"external_id": "X-1"}))

    result = import_projects(a_file({"external_id": "X-1", "title": "Villages online"}))

    assert str(result) == "0 created, 1 updated, 0 unchanged, 0 failed"
    assert Project.objects.get().title == "Villages online"


def test_a_record_without_identifier_is_given_one():
    import_projects(a_file({}))

    import_projects(a_file({"external_id": "X-1"}))

    assert list(Project.objects.values_list("external_id", flat=True)) == ["X-1"]


def test_an_identifier_is_not_taken_away_by_a_file_without():
    import_projects(a_file({"external_id": "X-1"}))

    result = import_projects(a_file({}))

    assert str(result) == "0 created, 0 updated, 1 unchanged, 0 failed"


def test_two_identifiers_are_two_projects_of_one_name():
    result = import_projects(a_file({"external_id": "X-1"}, {"external_id": "X-2"}))

    again = import_projects(a_file({}))
    assert (result.created, Project.objects.count()) == (2, 2)
    assert [error.message for error in again.errors] == [
        "Several projects have this title and organisation: give the external_id."
    ]


def test_only_new_leaves_standing_records_alone():
    import_projects(a_file({}))

    result = import_projects(a_file({"summary": "Changed."}, {"title": "New"}), only_new=True)

    assert str(result) == "1 created, 0 updated, 1 unchanged, 0 failed"
    assert Project.objects.get(title="Digital villages").summary == "Centres in villages."


def test_a_members_own_entry_is_not_overwritten():
    mine = factories.ProjectFactory(title="Digital villages", organisation_name="Ministry of ICT")

    result = import_projects(a_file({}))

    mine.refresh_from_db()
    assert mine.summary == "Community centres bring broadband and training to remote villages."
    assert [(e.row, e.column, e.message) for e in result.errors] == [
        (2, "title", "A member entered this project; only its owner or the secretariat may change "
                     "it, on its page.")
    ]  # fmt: skip


def test_an_archived_record_is_changed_without_becoming_public():
    import_projects(a_file({}))
    staff = factories.UserFactory(role=Role.SECRETARIAT)
    Project.objects.get().move("archive", staff, note="asked for by its makers")
    before = Change.objects.count()

    import_projects(a_file({"summary": "Changed."}))

    assert (Project.objects.get().status, Change.objects.count()) == (Status.ARCHIVED, before)


def test_a_row_without_source_waits_as_a_draft():
    staff = factories.UserFactory(role=Role.SECRETARIAT)

    import_projects(a_file({"source": ""}), by=staff)

    project = Project.objects.get()
    assert (project.status, project.owner, project.published_at) == (Status.DRAFT, staff, None)
    assert (Change.objects.count(), StatusChange.objects.count()) == (0, 0)


def test_international_is_said_by_the_note_or_by_name():
    import_projects(a_file(
        {"title": "A", "country_iso2": "", "notes": "x; listed as INTERNATIONAL"},
        {"title": "B", "country_iso2": "International"},
        {"title": "C", "country_iso2": ""},
        {"title": "D", "country_iso2": "KENYA"},
    ))  # fmt: skip

    assert list(Project.objects.order_by("title").values_list("country_id", flat=True)) == [
        "INTL", "INTL", None, "KE",
    ]  # fmt: skip


def test_a_name_of_two_countries_is_refused():
    Country.objects.filter(pk__in=["CG", "CD"]).update(aliases=["Congo country"])

    result = import_projects(a_file({"country_iso2": "Congo country"}))

    assert [error.message for error in result.errors] == [not_known("Congo country")]


YEAR = "Ensure this value is greater than or equal to 1990."
SENTENCES = [
    ("title", "", "Fill in this cell: it tells projects apart."),
    ("title", "x" * 251, "Ensure this value has at most 250 characters (it has 251)."),
    ("title", "bell\x07", "This cell holds a control character."),
    ("summary", "nul\x00", "This cell holds a control character."),
    ("organisation", " ", "Fill in this cell: it tells projects apart."),
    ("stakeholder_type", "Gvt", not_known("Gvt", StakeholderType)),
    ("country_iso2", "XX", not_known("XX")),
    ("country_iso2", "Atlantis", not_known("Atlantis")),
    ("action_lines", "C4;C7", not_known("C7", ActionLine)),
    ("sdgs", "18", not_known("18", SDG)),
    ("start_year", "20015", "“20015” is not a year: write four digits."),
    ("start_year", "٢٠١٥", "“٢٠١٥” is not a year: write four digits."),
    ("start_year", "1812", YEAR),
    ("end_year", "2010", "The end year lies before the start year."),
    ("website", "villages.example", "Enter a valid URL."),
    ("website", "javascript:alert(1)", "Enter a valid URL."),
    ("summary", "word " * 201, "Write at most 200 words; you have 201."),
    ("summary", "x" * 4001, "Ensure this value has at most 4000 characters (it has 4001)."),
    ("prize_editions", "2015", "“2015” is no edition and outcome: write for example 2015:nominated "
                               "or 2016:winner, from 2012 on, separated by semicolons."),
    ("prize_editions", "1999:winner", "“1999:winner” is no edition and outcome: write for example "
                                      "2015:nominated or 2016:winner, from 2012 on, separated by "
                                      "semicolons."),
    ("external_id", "x" * 61, "Ensure this value has at most 60 characters (it has 61)."),
    ("language", "de", "Value 'de' is not a valid choice."),
    ("activity_type", "Party", not_known("Party", ActivityType)),
    ("contact_email", "nobody", "Enter a valid email address."),
]  # fmt: skip


@pytest.mark.parametrize(("column", "text", "sentence"), SENTENCES)
def test_a_bad_cell_is_named_and_the_good_rows_come_in(column, text, sentence):
    result = import_projects(a_file({column: text}, {"title": "A good row"}))

    assert [tuple(error) for error in result.errors] == [(2, column, filled(sentence))]
    assert str(result) == "1 created, 0 updated, 0 unchanged, 1 failed"
    assert list(Project.objects.values_list("title", flat=True)) == ["A good row"]


def test_each_bad_cell_of_a_row_has_its_own_error():
    result = import_projects(a_file({"title": "", "sdgs": "18", "website": "x"}))

    assert [(e.row, e.column) for e in result.errors] == [(2, "title"), (2, "sdgs"), (2, "website")]
    assert result.failed == 1


def test_a_repeated_row_is_refused():
    result = import_projects(a_file({}, {"title": " digital VILLAGES "}))

    assert [tuple(error) for error in result.errors] == [
        (3, "title", "Row 2 holds this project already.")
    ]


@pytest.mark.parametrize(("first", "second"), [("X-1", ""), ("", "X-1"), ("X-1", "X-1")])
def test_namesakes_need_an_identifier_each(first, second):
    result = import_projects(a_file({"external_id": first}, {"external_id": second}))

    assert [error.message for error in result.errors] == ["Row 2 holds this project already."]


def test_rows_of_another_width_are_refused():
    file = a_file({})
    file = io.BytesIO(file.getvalue() + b"only,three,cells\r\n,,,,,,,,,,,,\r\n")

    result = import_projects(file)

    assert [tuple(error) for error in result.errors] == [
        (3, "", "This row has 3 cells; the header has 13.")
    ]


def test_a_byte_order_mark_is_no_part_of_the_first_name():
    result = import_projects(a_file({"title": "Ventanilla Única"}, encoding="utf-8-sig"))

    assert (result.created, Project.objects.get().title) == (1, "Ventanilla Única")


UTF8 = ("The file is not in UTF-8: byte %d, in line %d, belongs to no character. "
        "Save the file as “CSV UTF-8” and send it again.")  # fmt: skip
HEADER = "The first row must name the columns, separated by commas: " + ", ".join(COLUMNS) + "."
QUOTE = ("The file cannot be read after row 2: a quotation mark is missing, or a cell is longer "
         "than 131072 characters.")  # fmt: skip


@pytest.mark.parametrize(
    ("file", "sentences"),
    [
        (b"", [HEADER]),
        (b"title;organisation\na;b\n", [HEADER]),
        (b"\x89PNG\r\n\x1a\n\x00\x00", [UTF8 % (1, 1)]),
        (b"title,organisation\nConf\xedo,x\n", [UTF8 % (24, 2)]),
        ("title".encode("utf-16"), [UTF8 % (1, 1)]),
        (b"x" * (MAX_BYTES + 1), ["The file is too large: at most 10 MB."]),
        (",".join([*COLUMNS[1:], "colour", "sdgs"]).encode(),
         ["The column “title” is missing.", "The column “colour” is not known.",
          "The column “sdgs” is there twice."]),
        (",".join(COLUMNS).encode() + b"\n" + b"a,b" + b"," * 11 + b'\n"open', [QUOTE]),
        (",".join(COLUMNS).encode() + b"\n" + b"," * 12 + b"\n" + b"x" * 140_000, [QUOTE]),
        (",".join(COLUMNS).encode() + b"\n" + (b"x,y" + b"," * 11 + b"\n") * 50_001,
         ["The file has too many rows: at most 50,000."]),
    ],
    ids=["empty", "semicolons", "png", "latin-1", "utf-16", "11 MB", "columns", "quote",
         "long cell", "50,001 rows"],
)  # fmt: skip
def test_an_unreadable_file_is_refused_with_a_sentence(file, sentences):
    with pytest.raises(ValidationError) as refused:
        import_projects(io.BytesIO(file))

    assert refused.value.messages == sentences
    assert Project.objects.count() == 0


def test_a_dry_run_counts_the_same_and_writes_nothing():
    import_projects(a_file({"title": "Same"}, {"title": "Changes"}))
    rows = [{"title": "Same"}, {"title": "Changes", "sdgs": "17"}, {"title": "New"},
            {"title": "New"}, {"title": "Bad", "sdgs": "99"}]  # fmt: skip
    before = everything()

    tried = import_projects(a_file(*rows), dry_run=True)

    assert everything() == before
    assert import_projects(a_file(*rows)) == tried
    assert str(tried) == "1 created, 1 updated, 1 unchanged, 2 failed"


def test_ten_thousand_bad_rows_are_all_named():
    file = a_file(*[{"title": "", "sdgs": "99", "start_year": "x"}] * 10_000)

    result = import_projects(file)

    assert (result.failed, len(result.errors), result.errors_left_out) == (10_000, 20_000, 10_000)
    assert Project.objects.count() == 0


def test_a_second_import_is_kept_out():
    with closing(connection.copy()) as other, other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])

        with pytest.raises(ValidationError) as refused:
            import_projects(a_file({}))

    assert refused.value.messages == ["Another import is running. Try again when it has ended."]


@pytest.fixture
def run(tmp_path, capsys):
    """Run the command on a file: (exit code, what it printed, what it complained)."""

    def command(file, *options):
        path = tmp_path / "projects.csv"
        path.write_bytes(file.getvalue())
        code = 0
        try:
            call_command("import_projects", str(path), *options)
        except SystemExit as end:
            code = end.code
        out, err = capsys.readouterr()
        return code, out, err

    return command


def test_the_command_ends_with_one_line(run):
    assert run(a_file({})) == (0, "1 created, 0 updated, 0 unchanged, 0 failed\n", "")


def test_the_command_names_each_refused_cell_and_fails(run):
    assert run(a_file({"sdgs": "99"}), "--dry-run") == (
        1,
        "0 created, 0 updated, 0 unchanged, 1 failed\n",
        filled(f"row 2, sdgs: {not_known('99', SDG)}\n"),
    )


def test_the_command_refuses_a_file_that_is_not_there():
    with pytest.raises(CommandError, match=r"^nowhere\.csv: No such file or directory$"):
        call_command("import_projects", "nowhere.csv")


def test_the_shipped_file_comes_in_whole_and_twice():
    with SHIPPED.open("rb") as rows:
        first = import_projects(rows)
    with SHIPPED.open("rb") as rows:
        again = import_projects(rows)

    assert str(first) == "372 created, 0 updated, 0 unchanged, 0 failed"
    assert str(again) == "0 created, 0 updated, 372 unchanged, 0 failed"
    assert Project.objects.published().filter(country="INTL").count() == 9
    assert Project.objects.filter(main_action_line=None).count() == 15
    assert Project.objects.filter(source="").count() == 0
    assert Project.objects.filter(summary="").count() == 135
