"""What a snapshot takes of the projects is what their pages would show, one project at a time."""

import pytest
from django.utils import translation

from common.records.hashing import content_hash
from reports.build.taking import taken
from reports.publication.models import Publication
from stocktaking.project.fields import REPORTED
from stocktaking.project.models import Project
from tests.factories import (
    ActionLineFactory,
    OrganizationFactory,
    ProjectFactory,
    SDGFactory,
)
from tests.reports.records import built, file_of, requested

pytestmark = pytest.mark.django_db(transaction=True)


def name_of(term):
    return term.name if term else ""


def content_of(project):
    """Read from the project itself, without regard to speed."""
    organization, country = project.organization, project.country
    written = project.organization_name
    main = project.main_action_line_id
    others = {line.code for line in project.other_action_lines.all()}
    return {
        "pk": project.pk,
        "number": project.number,
        **{name: getattr(project, name) for name in REPORTED},
        "organization": written,
        "organization_name": organization.name if organization else written.strip(" "),
        "stakeholder_type": name_of(project.stakeholder_type),
        "stakeholder_type_code": project.stakeholder_type_id or "",
        "country": name_of(country),
        "country_code": project.country_id or "",
        "region": name_of(country and country.region),
        "region_code": country.region_id if country else "",
        "coverage": name_of(project.coverage),
        "coverage_code": project.coverage_id or "",
        "activity_type": name_of(project.activity_type),
        "main_action_line": main or "",
        "other_action_lines": sorted(others - {main}),
        "sdgs": sorted((goal.code for goal in project.sdgs.all()), key=int),
    }


def various_projects():
    lines = [ActionLineFactory(code=code) for code in ("C10", "C2", "C7-EGOV")]
    goals = [SDGFactory(code=code) for code in ("10", "2")]
    full = ProjectFactory(
        title="Zürich “radio”", organization_name=" Réseau ", main_action_line=lines[1]
    )
    full.other_action_lines.set(lines)
    full.sdgs.set(goals)
    listed = OrganizationFactory(name="Village network")
    ProjectFactory(title="شبكة \\ \t ١", language="ar", organization=listed)
    ProjectFactory(
        title="Nothing stated",
        country=None,
        stakeholder_type=None,
        coverage=None,
        activity_type=None,
        main_action_line=None,
    )


@pytest.mark.parametrize("language", ["en", "ar", "zh-hans"])
def test_the_records_are_those_that_each_project_shows(language):
    various_projects()
    in_order = Project.objects.order_by(
        "main_action_line__order", "main_action_line", "title", "pk"
    )

    with translation.override(language):
        snapshot = taken(Publication(series="global", language=language), 1, None)
        expected = [content_of(project) for project in in_order]

    assert snapshot.entries == expected
    assert len(expected) == 3
    assert snapshot.content_hash == content_hash([snapshot.figures, expected])


def test_the_stored_records_are_those_that_were_counted():
    various_projects()

    publication = built(requested())

    snapshot = publication.snapshots.get()
    assert snapshot.content_hash == content_hash([snapshot.figures, snapshot.entries])
    assert [record.position for record in snapshot.records.all()] == [1, 2, 3]
    assert {record.chapter for record in snapshot.records.all()} == {
        record.content["main_action_line"] for record in snapshot.records.all()
    }
    sheet = file_of(publication, "csv").decode("utf-8-sig")
    assert all(entry["number"] in sheet for entry in snapshot.entries)
