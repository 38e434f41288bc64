import pytest

from accounts.role.roles import Role
from stocktaking.exploring.models import Collection
from stocktaking.search.similar import similar_to
from tests.factories import OrganizationFactory, ProjectFactory, UserFactory

pytestmark = pytest.mark.django_db
PAGES = ["country/KE", "region/AFR", "action_line/C7-EGOV", "sdg/9"]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("rows", [1, 10])
def test_profiles_show_what_the_list_finds(
    client, django_assert_max_num_queries, page, rows
):
    ProjectFactory.create_batch(rows, title="Here")
    ProjectFactory(
        title="There",
        country__code="FR",
        country__region__code="EUR",
        main_action_line__code="C1",
        sdgs=["1"],
    )

    with django_assert_max_num_queries(12):
        said = client.get(f"/en/projects/by/{page}/").content.decode()

    facet, code = page.split("/")
    assert f"<dd>{rows}</dd>" in said
    assert f"/en/projects/?{facet}={code}" in said
    assert ("Here" in said, "There" in said) == (True, False)


def test_a_place_without_projects_says_so(client):
    said = client.get("/en/projects/by/country/TV/").content.decode()

    assert "No project is published here yet." in said


@pytest.mark.parametrize(
    "page",
    ["country/XX", "year/2025", "moon/KE", "country/%00", "sdg/9'", "action_line/C7"],
)
def test_what_is_not_known_has_no_page(client, page):
    assert client.get(f"/en/projects/by/{page}/").status_code in {400, 404}


def test_the_most_alike_come_first():
    house = OrganizationFactory()
    one = ProjectFactory(title="School network", organization=house)
    far = ProjectFactory(
        title="Fish", country__code="FR", main_action_line__code="C1", sdgs=["9"]
    )
    near = ProjectFactory(title="School networks", organization=house)
    middle = ProjectFactory(title="Boats")
    ProjectFactory(country__code="FR", main_action_line__code="C1", sdgs=["1"])

    assert [found.pk for found in similar_to(one)] == [near.pk, middle.pk, far.pk]


def test_a_draft_is_like_nothing():
    ProjectFactory()

    assert similar_to(ProjectFactory(status="draft")) == []


def test_collections_are_live_and_public_when_the_secretariat_says_so(client):
    Collection.objects.create(slug="kenya", title="Kenya online", query="country=KE")
    hidden = client.get("/en/projects/collections/kenya/").status_code
    client.force_login(UserFactory(role=Role.SECRETARIAT))
    ProjectFactory(title="Later")
    to_staff = client.get("/en/projects/collections/kenya/").content.decode()
    client.logout()
    Collection.objects.update(is_public=True)

    assert hidden == 404
    assert ("not public yet" in to_staff, "Later" in to_staff) == (True, True)
    assert client.get("/en/projects/collections/kenya/").status_code == 200
    assert "Kenya online" in client.get("/en/projects/by/").content.decode()


def test_a_project_says_how_to_cite_it(client):
    project = ProjectFactory(organization_name="Data House", title="School network")

    said = client.get(project.get_absolute_url()).content.decode()

    assert (
        f"Data House (2025). School network. WSIS Stocktaking, {project.number}, v1."
        in said
    )


def test_a_chart_does_not_repeat_what_was_chosen(client):
    ProjectFactory(country__code="KE")
    ProjectFactory(country__code="FR", country__region__code="EUR")

    context = client.get("/en/projects/by/country/KE/").context

    assert context["countries"] == 0
    assert [chart["name"] for chart in context["charts"]] == [
        "action_line",
        "sdg",
        "stakeholder_type",
        "year",
    ]
