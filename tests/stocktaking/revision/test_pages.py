"""The pages of a new version, and of the versions that were public."""

import pytest
from django.urls import reverse

from accounts.role.roles import Role
from common.records.models import Change
from stocktaking.revision.models import Revision
from tests.factories import ProjectFactory, UserFactory
from tests.stocktaking.records import revision_of


def url(name, *args):
    return reverse(f"stocktaking:{name}", args=args)


@pytest.mark.django_db
def test_owner_begins_a_new_version_once(client):
    project = ProjectFactory()
    client.force_login(project.owner)

    first, second = (
        client.post(url("revise", project.pk)),
        client.post(url("revise", project.pk)),
    )

    revision = Revision.objects.get()
    steps = url("revision-edit", revision.pk)
    assert (first.url, second.url) == (steps, steps)


@pytest.mark.django_db
def test_staff_read_what_changes_and_decide_at_the_desk_alone(client):
    revision = revision_of(
        ProjectFactory(title="First <b>phase</b>"), "submitted", title="Second"
    )
    client.force_login(UserFactory(role=Role.SECRETARIAT))

    page = client.get(revision.get_absolute_url()).content.decode()
    tried = client.post(url("revision-move", revision.pk), {"move": "publish"})

    assert "<ins>Second</ins>" in page
    assert "First &lt;b&gt;phase&lt;/b&gt;" in page.replace("<del>", "").replace(
        "</del>", ""
    )
    assert reverse("admin:stocktaking_project_item", args=[revision.project_id]) in page
    revision.refresh_from_db()
    assert (tried.status_code, revision.status) == (404, "submitted")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "move", "sentence"),
    [
        ({"title": ""}, "submit", "title: Fill in this field before you submit."),
        (
            {"title": "x" * 251},
            "submit",
            "title: Ensure this value has at most 250 characters",
        ),
    ],
)
def test_refused_move_says_why(client, changes, move, sentence):
    revision = revision_of(**changes)
    client.force_login(revision.project.owner)

    response = client.post(url("revision-move", revision.pk), {"move": move})

    assert response.status_code == 409
    assert sentence in response.content.decode()


@pytest.mark.django_db
def test_unknown_move_is_not_there(client):
    revision = revision_of()
    client.force_login(revision.project.owner)

    assert (
        client.post(url("revision-move", revision.pk), {"move": "fly"}).status_code
        == 404
    )


@pytest.fixture
def three_versions():
    project = ProjectFactory(title="One")
    for title in ("Two", "Three"):
        project.title = title
        project.save()
        project.record_change(Change.Kind.UPDATE)
    return project


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "old", "new"),
    [
        ("", "Two", "Three"),
        ("?from=1&to=3", "One", "Three"),
        ("?from=3&to=1", "Three", "One"),
    ],
)
def test_any_two_versions_are_compared(client, three_versions, query, old, new):
    response = client.get(url("versions", three_versions.pk) + query)

    (title,) = [d for d in response.context["differences"] if d.field == "title"]
    assert (title.old, title.new) == (old, new)


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["?from=9", "?to=x", "?from=%00"])
def test_version_that_is_not_there(client, three_versions, query):
    assert client.get(url("versions", three_versions.pk) + query).status_code in {
        400,
        404,
    }


@pytest.mark.django_db
@pytest.mark.parametrize("rows", [1, 10])
def test_versions_queries(client, django_assert_num_queries, rows):
    project = ProjectFactory()
    for n in range(rows):
        project.title = f"Phase {n}"
        project.save()
        project.record_change(Change.Kind.UPDATE)

    with django_assert_num_queries(4):  # project, versions, the two contents
        client.get(url("versions", project.pk))


@pytest.mark.django_db
def test_revision_page_queries(client, django_assert_max_num_queries):
    revision = revision_of(title="Second", sdgs=["1", "2"], summary="New.")
    client.force_login(revision.project.owner)
    client.get(revision.get_absolute_url())

    with django_assert_max_num_queries(15):
        client.get(revision.get_absolute_url())
