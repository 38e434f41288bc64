"""An organization with a new name: its projects show it, both names find them."""

import pytest
from django.urls import reverse

from accounts.role.roles import Role
from common.records.models import Change
from prizes.entry.models import Entry
from stocktaking.imports.importer import ProjectImporter
from stocktaking.organization.models import Organization
from stocktaking.project.models import Project
from tests.factories import OrganizationFactory, ProjectFactory, UserFactory
from tests.prizes.records import EntryFactory
from tests.stocktaking.import_file import a_file

pytestmark = pytest.mark.django_db
OLD, NEW = "PATTIRO", "Pattiro Centre of Bogor"


@pytest.fixture
def organization(client):
    client.force_login(
        UserFactory(role=Role.ADMINISTRATOR, is_staff=True, is_superuser=True)
    )
    return OrganizationFactory(name=OLD, aliases=["Pattiro Foundation"])


def renamed(client, organization, name=NEW):
    where = reverse("admin:stocktaking_organization_change", args=[organization.pk])
    aliases = ",".join(Organization.objects.get(pk=organization.pk).aliases)
    answer = client.post(
        where,
        {
            "name": name,
            "country": organization.country_id,
            "aliases": aliases,
            "website": "",
            "confirmed_at_0": "2026-01-01",
            "confirmed_at_1": "10:00:00",
            "ror": "",
            "wikidata": "",
            "domains-TOTAL_FORMS": 0,
            "domains-INITIAL_FORMS": 0,
        },
    )
    assert answer.status_code == 302, answer.context["errors"]


def search(client, words):
    return client.get("/en/projects/", {"q": words}).content.decode()


def test_new_name_reaches_projects_search_api_and_log_and_the_old_one_still_finds(
    client, organization
):
    project = ProjectFactory(title="Open budgets", organization=organization)
    arabic = ProjectFactory(
        title="Budgets in Arabic", organization=organization, organization_name="باتيرو"
    )
    elsewhere = ProjectFactory(title="Other work", organization_name=OLD)
    search(client, OLD)
    seen = Change.objects.filter(record_id=str(project.pk)).count()

    renamed(client, organization)

    client.logout()
    assert NEW in client.get(project.get_absolute_url()).content.decode()
    for words in (NEW, OLD, "Bogor"):
        assert "Open budgets" in search(client, words), words
    assert (
        client.get(f"/api/v1/projects/{project.pk}/").json()["organization_name"] == NEW
    )
    assert client.get(f"/api/v1/organizations/{organization.pk}/").json()[
        "aliases"
    ] == [
        OLD,
        "Pattiro Foundation",
    ]
    news = Change.objects.filter(
        record_id=str(project.pk), record_kind="stocktaking.project"
    )
    assert news.count() == seen + 1
    assert NEW in client.get("/en/projects/feed.atom").content.decode()
    arabic.refresh_from_db()
    elsewhere.refresh_from_db()
    assert (arabic.organization_name, elsewhere.organization_name) == ("باتيرو", OLD)


def test_prize_entries_follow(client, organization):
    project = ProjectFactory(organization=organization)
    entry = EntryFactory(project=project, announced="nominated")

    renamed(client, organization)

    assert Entry.objects.get(pk=entry.pk).organization_name == NEW
    assert (
        Change.objects.filter(
            record_kind="prizes.entry", record_id=str(entry.pk)
        ).count()
        == 1
    )


def test_file_of_before_neither_makes_a_second_one_nor_takes_the_name_back(
    client, organization
):
    file = {"title": "Open budgets", "organization": OLD, "external_id": ""}
    ProjectImporter.import_file(a_file(file))
    renamed(client, organization)

    result = ProjectImporter.import_file(a_file(file))

    assert (result.created, result.updated) == (0, 0)
    assert Project.objects.get().organization_name == NEW
    assert Project.objects.get().organization == organization


def test_back_to_the_old_name_leaves_each_name_once(client, organization):
    renamed(client, organization)
    renamed(client, organization, OLD)

    organization.refresh_from_db()
    assert (organization.name, organization.aliases) == (
        OLD,
        [NEW, "Pattiro Foundation"],
    )
