"""Pages of projects: who sees what, moves, images, helping fragments, query counts."""

import re

import pytest
from django.urls import reverse

from accounts.role.roles import Role
from reference.action_line.models import MatrixCell
from stocktaking.base.workflow import Status
from stocktaking.organization.models import Organization
from tests.factories import OrganizationFactory, ProjectFactory, UserFactory
from tests.stocktaking.project_form import post, upload


def url(name, *args):
    return reverse(f"stocktaking:{name}", args=args)


# --- reading ---------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("status", [s for s in Status.values if s != Status.PUBLISHED])
def test_unpublished_project_is_not_there_for_others(client, status):
    project = ProjectFactory(status=status)

    assert client.get(url("project", project.pk)).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("status", Status.values)
def test_contact_is_never_on_the_page(client, status):
    project = ProjectFactory(status=status)
    client.force_login(project.owner)

    response = client.get(url("project", project.pk))

    assert response.status_code == 200
    assert "contact@ministry.example" not in response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("who", "insider", "moves"),
    [
        ("anonymous", False, []),
        ("stranger", False, []),
        ("owner", True, ["withdraw"]),
        ("secretariat", True, ["archive"]),
    ],
)
def test_page_offers_moves_and_history_to_its_people(client, who, insider, moves):
    project = ProjectFactory()
    people = {
        "owner": project.owner,
        "stranger": UserFactory(),
        "secretariat": UserFactory(role=Role.SECRETARIAT),
    }
    if who in people:
        client.force_login(people[who])

    context = client.get(url("project", project.pk)).context

    assert context["insider"] == insider
    assert [move.name for move in context["moves"]] == moves


@pytest.mark.django_db
def test_history_names_people_and_statuses(client):
    project = ProjectFactory(status=Status.SUBMITTED)
    officer = UserFactory(role=Role.SECRETARIAT, first_name="Noor", last_name="Haddad")
    project.move("send_back", officer, "Name the partners.")
    client.force_login(project.owner)

    page = client.get(url("project", project.pk)).content.decode()

    for text in (
        ">Submitted<",
        ">Returned for changes<",
        "Noor Haddad",
        "Name the partners.",
    ):
        assert text in page


@pytest.mark.django_db
def test_archived_project_leaves_a_tombstone(client):
    project = ProjectFactory(title="Secret title")
    project.move(
        "archive", UserFactory(role=Role.SECRETARIAT), "The organization asked for it."
    )

    response = client.get(url("project", project.pk))

    page = response.content.decode()
    assert response.status_code == 410
    assert "The organization asked for it." in page
    assert project.number in page
    assert "Secret title" not in page


@pytest.mark.django_db
def test_reading_sets_no_cookie(client):
    project = ProjectFactory()

    for page in (url("projects"), url("project", project.pk), url("project-new")):
        assert not client.get(page).cookies


@pytest.mark.django_db
@pytest.mark.parametrize("rows", [1, 10])
def test_project_list_queries(client, django_assert_num_queries, rows):
    ProjectFactory.create_batch(rows)
    client.get(url("projects"))  # the index of the process learns of the new rows

    with django_assert_num_queries(2):  # version of the data, the rows
        response = client.get(url("projects"))

    assert len(response.context["page"].object_list) == rows


@pytest.mark.django_db
@pytest.mark.parametrize("rows", [1, 10])
def test_project_queries(client, django_assert_num_queries, rows):
    lines = [f"C{n}" for n in range(1, 6 if rows == 1 else 7)]
    ProjectFactory.create_batch(rows)
    project = ProjectFactory(other_action_lines=lines)
    client.get(url("project", project.pk))

    # the project, its texts, four lists, lifeline 2, freshness 2;
    # what is new, its organization's, which are alike, their rows
    with django_assert_num_queries(14):
        client.get(url("project", project.pk))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "query", ["?action_line=XX", "?page=0", "?page=1e9", "?year=abc", "?sort=x"]
)
def test_unknown_filters_and_pages_are_answered(client, query):
    assert client.get(url("projects") + query).status_code in {200, 400}


@pytest.mark.django_db
@pytest.mark.parametrize("pk", ["0", "9" * 30])
def test_impossible_ids_are_not_there(client, pk):
    assert client.get(f"/en/projects/{pk}/").status_code == 404


@pytest.fixture
def draft(client):
    project = ProjectFactory(
        status=Status.DRAFT, title="", summary="", sdgs=[], organization=None
    )
    client.force_login(project.owner)
    return project


# --- moves -------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_owner_takes_back(client):
    project = ProjectFactory(status=Status.SUBMITTED)
    client.force_login(project.owner)

    response = client.post(url("project-move", project.pk), {"move": "take_back"})

    project.refresh_from_db()
    assert (response.url, project.status) == (url("project", project.pk), Status.DRAFT)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("who", "data", "status", "sentence"),
    [
        ("owner", {"move": "publish"}, 403, "You do not have permission to do this."),
        (
            "secretariat",
            {"move": "refuse"},
            400,
            "Enter a reason: it is sent to the person concerned.",
        ),
        (
            "secretariat",
            {"move": "archive", "note": "x"},
            409,
            "This is no longer possible: the status is now “Submitted”.",
        ),
        (
            "secretariat",
            {"move": "refuse", "note": "x" * 2001},
            400,
            "Ensure this value has at most 2000 characters (it has 2001).",
        ),
    ],
)
def test_refused_move_says_why_and_keeps_the_reason(
    client, who, data, status, sentence
):
    project = ProjectFactory(status=Status.SUBMITTED)
    client.force_login(
        project.owner if who == "owner" else UserFactory(role=Role.SECRETARIAT)
    )

    response = client.post(url("project-move", project.pk), data)

    page = response.content.decode()
    assert response.status_code == status
    assert sentence in page
    assert data.get("note", "") in page


@pytest.mark.django_db
@pytest.mark.parametrize("data", [{}, {"move": "explode"}])
def test_unknown_move_is_not_there(client, data):
    project = ProjectFactory(status=Status.SUBMITTED)
    client.force_login(project.owner)

    assert client.post(url("project-move", project.pk), data).status_code == 404


@pytest.mark.django_db
def test_stranger_cannot_move_what_he_cannot_see(client):
    project = ProjectFactory(status=Status.SUBMITTED)
    client.force_login(UserFactory())

    assert (
        client.post(url("project-move", project.pk), {"move": "publish"}).status_code
        == 404
    )


# --- images and fragments ------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("size", ["", "?size=small"])
def test_image_is_seen_by_those_who_see_the_entry(client, draft, size):
    post(client, draft, image=upload(), image_alt="A mast")
    draft.refresh_from_db()

    mine = client.get(draft.image_url + size)
    content = b"".join(mine.streaming_content)
    client.logout()
    others = client.get(draft.image_url + size)

    assert (mine.status_code, mine["Content-Type"], content[8:12]) == (
        200,
        "image/webp",
        b"WEBP",
    )
    assert mine["Cache-Control"] == "private, max-age=31536000, immutable, no-store"
    assert mine["X-Content-Type-Options"] == "nosniff"
    assert others.status_code == 404


@pytest.mark.django_db
def test_published_image_may_be_kept_by_everybody(client, draft):
    post(client, draft, image=upload(), image_alt="A mast")
    draft.refresh_from_db()
    draft.move("submit", draft.owner)
    draft.move("publish", UserFactory(role=Role.SECRETARIAT))
    client.logout()

    response = client.get(draft.image_url)

    assert b"".join(response.streaming_content)[8:12] == b"WEBP"
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert not response.cookies


@pytest.mark.django_db
def test_image_of_another_name_is_not_there(client, draft):
    post(client, draft, image=upload(), image_alt="A mast")

    assert client.get(url("project-image", draft.pk, "other.webp")).status_code == 404


@pytest.mark.django_db
def test_type_ahead_offers_confirmed_names(client):
    OrganizationFactory(name="Ministry of Justice", aliases=["MoJ"])
    OrganizationFactory(name="Ministry of Typos", confirmed_at=None)
    client.force_login(UserFactory())

    found = {
        text: re.findall(
            'value="(.+?)"',
            client.get(
                url("organization-names"), {"organization_name": text}
            ).content.decode(),
        )
        for text in ("ministry", "moj", "m", "")
    }

    named = ["Ministry of Justice (Kenya)"]
    assert found == {"ministry": named, "moj": named, "m": [], "": []}
    assert Organization.objects.count() == 2


@pytest.mark.django_db
def test_suggested_goals_come_from_the_matrix(client):
    client.force_login(UserFactory())

    response = client.get(url("suggested-sdgs"), {"main_action_line": "C2"})
    nothing = client.get(url("suggested-sdgs"), {"main_action_line": "nowhere"})

    assert list(response.context["cells"]) == list(
        MatrixCell.objects.filter(action_line="C2")
    )
    assert (nothing.status_code, list(nothing.context["cells"])) == (200, [])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("en", "</bdi>, Kenya"),
        ("ar", "</bdi>، كينيا"),
        ("zh-hans", "</bdi>，肯尼亚"),
    ],
)
def test_parts_of_a_line_are_parted_as_the_language_does(client, language, line):
    project = ProjectFactory(organization_name="Maji Trust")

    page = client.get(f"/{language}/projects/{project.pk}/").content.decode()

    assert f"Maji Trust{line}" in page
