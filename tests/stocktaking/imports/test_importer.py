"""Import of projects: what comes in, and what stays as it was."""

from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from accounts.role.roles import Role
from common.locks.advisory import Lock
from common.moves.models import StatusChange
from common.records.models import Change, RecordVersion
from reference.action_line.models import SDG
from reference.country.models import Country
from stocktaking.base.workflow import Status
from stocktaking.imports.importer import ProjectImporter
from stocktaking.organization.models import Organization
from stocktaking.project.models import Project
from tests import factories
from tests.locks import held_elsewhere
from tests.stocktaking.import_file import a_file, everything, filled, not_known

pytestmark = pytest.mark.django_db

SHIPPED = Path(__file__).resolve().parents[3] / "stocktaking" / "data" / "projects.csv"


def test_a_row_becomes_a_public_record():
    result = ProjectImporter.import_file(a_file({}))

    project = Project.objects.get()
    assert str(result) == "1 created, 0 updated, 0 unchanged, 0 failed"
    assert project.public_content() == {
        "title": "Digital villages",
        "language": "en",
        "summary": "Centres in villages.",
        "activity_type_id": None,
        "website": "https://villages.example",
        "image_alt": "",
        "organization_id": Organization.objects.get().pk,
        "organization_name": "Ministry of ICT",
        "organization_country_id": None,
        "stakeholder_type_id": "GOV",
        "partners": "",
        "country_id": "KE",
        "coverage_id": None,
        "timescale": "",
        "start_date": "2014",
        "end_date": "",
        "main_action_line_id": "C4",
        "results": "",
        "replicability": "",
        "sustainability": "",
        "status": "published",
        "year": 2015,
        "external_id": None,
        "prize_editions": "2016:nominated;2015:winner",
        "source": "WSIS Prizes 2015 list",
        "source_note": "years unconfirmed",
        "image": "",
        "other_action_lines": ["C7-EGOV"],
        "sdgs": ["4", "9"],
        "target_groups": [],
        "technologies": [],
    }
    assert project.owner is None
    assert project.published_at is not None


def test_a_new_record_leaves_its_traces_once():
    ProjectImporter.import_file(a_file({}))

    project = Project.objects.get()
    version = RecordVersion.objects.of_models(Project).get()
    assert (project.version, version.version, version.content) == (
        1,
        1,
        project.public_content(),
    )
    assert list(
        Change.objects.values_list("kind", "record_id", "version", "content_hash")
    ) == [("create", str(project.pk), 1, version.content_hash)]
    assert list(StatusChange.objects.values_list("move", "source", "target", "by")) == [
        ("import", "draft", "published", None)
    ]


def test_an_unconfirmed_organization_is_made_once():
    factories.OrganizationFactory(name="Known by alias", aliases=["KBA"])

    ProjectImporter.import_file(
        a_file(
            {"title": "A"},
            {"title": "B", "organization": "ministry  of ICT"},
            {"title": "C", "organization": "kba"},
        )
    )

    names = [
        (one.name, one.confirmed_at is None)
        for one in Organization.objects.order_by("pk")
    ]
    assert names == [("Known by alias", False), ("Ministry of ICT", True)]
    assert Project.objects.get(title="C").organization.name == "Known by alias"


def test_a_merged_organization_is_followed():
    successor = factories.OrganizationFactory(name="Ministry of Digital Affairs")
    factories.OrganizationFactory(name="Ministry of ICT", successor=successor)

    ProjectImporter.import_file(a_file({}))

    project = Project.objects.get()
    assert (project.organization, project.organization_name) == (
        successor,
        "Ministry of ICT",
    )


def test_the_second_run_writes_nothing():
    ProjectImporter.import_file(a_file({}, {"title": "Another"}))
    before = everything()

    result = ProjectImporter.import_file(a_file({}, {"title": "Another"}))

    assert str(result) == "0 created, 0 updated, 2 unchanged, 0 failed"
    assert everything() == before


@pytest.mark.parametrize(
    "row",
    [
        {"summary": "Centres in all villages."},
        {"sdgs": "9"},
        {"country_iso2": ""},
        {"action_lines": "C7-EGOV"},
        {"start_year": ""},
        {"prize_editions": ""},
    ],
)
def test_a_changed_row_is_one_new_version(row):
    ProjectImporter.import_file(a_file({}))

    result = ProjectImporter.import_file(a_file(row))

    project = Project.objects.get()
    assert str(result) == "0 created, 1 updated, 0 unchanged, 0 failed"
    assert list(Change.objects.values_list("kind", "version")) == [
        ("create", 1),
        ("update", 2),
    ]
    assert project.versions.first().content == project.public_content()
    assert (
        str(ProjectImporter.import_file(a_file(row)))
        == "0 created, 0 updated, 1 unchanged, 0 failed"
    )


def test_titles_are_compared_without_case_and_spaces():
    ProjectImporter.import_file(a_file({}))

    result = ProjectImporter.import_file(
        a_file({"title": "DIGITAL  Villages", "organization": "MINISTRY OF ICT"})
    )

    assert (result.created, result.updated) == (0, 1)
    assert Project.objects.get().title == "DIGITAL Villages"


def test_an_external_identifier_finds_a_renamed_record():
    ProjectImporter.import_file(a_file({"external_id": "X-1"}))

    result = ProjectImporter.import_file(
        a_file({"external_id": "X-1", "title": "Villages online"})
    )

    assert str(result) == "0 created, 1 updated, 0 unchanged, 0 failed"
    assert Project.objects.get().title == "Villages online"


def test_a_record_without_identifier_is_given_one():
    ProjectImporter.import_file(a_file({}))

    ProjectImporter.import_file(a_file({"external_id": "X-1"}))

    assert list(Project.objects.values_list("external_id", flat=True)) == ["X-1"]


def test_an_identifier_is_not_taken_away_by_a_file_without():
    ProjectImporter.import_file(a_file({"external_id": "X-1"}))

    result = ProjectImporter.import_file(a_file({}))

    assert str(result) == "0 created, 0 updated, 1 unchanged, 0 failed"


def test_two_identifiers_are_two_projects_of_one_name():
    result = ProjectImporter.import_file(
        a_file({"external_id": "X-1"}, {"external_id": "X-2"})
    )

    again = ProjectImporter.import_file(a_file({}))
    assert (result.created, Project.objects.count()) == (2, 2)
    assert [error.message for error in again.errors] == [
        "Several projects have this title and organization: enter the external_id."
    ]


def test_only_new_leaves_standing_records_alone():
    ProjectImporter.import_file(a_file({}))

    result = ProjectImporter.import_file(
        a_file({"summary": "Changed."}, {"title": "New"}), only_new=True
    )

    assert str(result) == "1 created, 0 updated, 1 unchanged, 0 failed"
    assert (
        Project.objects.get(title="Digital villages").summary == "Centres in villages."
    )


def test_a_members_own_entry_is_not_overwritten():
    mine = factories.ProjectFactory(
        title="Digital villages", organization_name="Ministry of ICT"
    )

    result = ProjectImporter.import_file(a_file({}))

    mine.refresh_from_db()
    assert (
        mine.summary
        == "Community centres bring broadband and training to remote villages."
    )
    assert [(e.row, e.column, e.message) for e in result.errors] == [
        (
            2,
            "title",
            "A member submitted this project; only its owner or the secretariat can "
            "change it, on its page.",
        )
    ]


def test_an_archived_record_is_changed_without_becoming_public():
    ProjectImporter.import_file(a_file({}))
    staff = factories.UserFactory(role=Role.SECRETARIAT)
    Project.objects.get().move("archive", staff, note="asked for by its makers")
    before = Change.objects.count()

    ProjectImporter.import_file(a_file({"summary": "Changed."}))

    assert (Project.objects.get().status, Change.objects.count()) == (
        Status.ARCHIVED,
        before,
    )


def test_a_row_without_source_waits_as_a_draft():
    staff = factories.UserFactory(role=Role.SECRETARIAT)

    ProjectImporter.import_file(a_file({"source": ""}), by=staff)

    project = Project.objects.get()
    assert (project.status, project.owner, project.published_at) == (
        Status.DRAFT,
        staff,
        None,
    )
    assert (Change.objects.count(), StatusChange.objects.count()) == (0, 0)


def test_international_is_said_by_the_note_or_by_name():
    ProjectImporter.import_file(
        a_file(
            {"title": "A", "country_iso2": "", "notes": "x; listed as international"},
            {"title": "B", "country_iso2": "International"},
            {"title": "C", "country_iso2": ""},
            {"title": "D", "country_iso2": "KENYA"},
        )
    )

    assert list(
        Project.objects.order_by("title").values_list("country_id", flat=True)
    ) == [
        "INTL",
        "INTL",
        None,
        "KE",
    ]


def test_a_name_of_two_countries_is_refused():
    Country.objects.filter(pk__in=["CG", "CD"]).update(aliases=["Congo country"])

    result = ProjectImporter.import_file(a_file({"country_iso2": "Congo country"}))

    assert [error.message for error in result.errors] == [not_known("Congo country")]


def test_a_dry_run_counts_the_same_and_writes_nothing():
    ProjectImporter.import_file(a_file({"title": "Same"}, {"title": "Changes"}))
    rows = [
        {"title": "Same"},
        {"title": "Changes", "sdgs": "17"},
        {"title": "New"},
        {"title": "New"},
        {"title": "Bad", "sdgs": "99"},
    ]
    before = everything()

    tried = ProjectImporter.import_file(a_file(*rows), dry_run=True)

    assert everything() == before
    assert ProjectImporter.import_file(a_file(*rows)) == tried
    assert str(tried) == "1 created, 1 updated, 1 unchanged, 2 failed"


def test_ten_thousand_bad_rows_are_all_named():
    file = a_file(*[{"title": "", "sdgs": "99", "start_year": "x"}] * 10_000)

    result = ProjectImporter.import_file(file)

    assert (result.failed, len(result.errors), result.errors_left_out) == (
        10_000,
        20_000,
        10_000,
    )
    assert Project.objects.count() == 0


def test_a_second_import_is_kept_out():
    with (
        held_elsewhere(Lock.PROJECT_IMPORT),
        pytest.raises(ValidationError) as refused,
    ):
        ProjectImporter.import_file(a_file({}))

    assert refused.value.messages == [
        "Another import is running. Try again when it has finished."
    ]


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
    with pytest.raises(
        CommandError, match=r"^nowhere\.csv: No such file or directory$"
    ):
        call_command("import_projects", "nowhere.csv")


def test_the_shipped_file_comes_in_whole_and_twice():
    with SHIPPED.open("rb") as rows:
        first = ProjectImporter.import_file(rows)
    with SHIPPED.open("rb") as rows:
        again = ProjectImporter.import_file(rows)

    assert str(first) == "372 created, 0 updated, 0 unchanged, 0 failed"
    assert str(again) == "0 created, 0 updated, 372 unchanged, 0 failed"
    assert Project.objects.published().filter(country="INTL").count() == 9
    assert Project.objects.filter(main_action_line=None).count() == 15
    assert Project.objects.filter(source="").count() == 0
    assert Project.objects.filter(summary="").count() == 135
