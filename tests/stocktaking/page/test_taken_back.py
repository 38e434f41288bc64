"""What can be taken back is not kept by browsers; every change moves the times that are told."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.role.roles import Role
from stocktaking.base.workflow import UNDO_ALLOWED, Status
from stocktaking.merge.models import Merge
from stocktaking.organization.restructuring import Restructuring
from stocktaking.project.models import Project
from stocktaking.text.models import ProjectText
from tests.factories import OrganizationFactory, ProjectFactory, UserFactory
from tests.markup import compact
from tests.stocktaking.records import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return UserFactory(role=Role.SECRETARIAT)


def withdrawn(officer):
    project = ProjectFactory()
    project.move("archive", officer, "Asked for by its owner.")
    return Project.objects.get(pk=project.pk)


@pytest.mark.parametrize("address", ["/en/projects/{}/", "/api/v1/projects/{}/"])
def test_gone_is_asked_for_again(client, officer, address):
    project = withdrawn(officer)
    gone = client.get(address.format(project.pk))
    project.move("restore", officer, "It is right after all.")
    back = client.get(address.format(project.pk))

    assert gone.status_code == 410
    assert "no-cache" in gone["Cache-Control"]
    assert back.status_code == 200


@pytest.mark.parametrize("address", ["/en/projects/{}/", "/api/v1/projects/{}/"])
def test_the_way_to_a_merged_record_is_asked_for_again(client, officer, address):
    survivor, loser = ProjectFactory(), ProjectFactory()
    Merge.objects.merge(survivor, loser, {}, officer)
    Project.objects.filter(pk=loser.pk).update(
        archived_at=timezone.now() - 2 * UNDO_ALLOWED
    )

    moved = client.get(address.format(loser.pk))

    assert moved.status_code == 301
    assert "no-cache" in moved["Cache-Control"]


def test_the_way_to_a_merged_organization_is_asked_for_again(client):
    one, other = OrganizationFactory(), OrganizationFactory()
    Restructuring.objects.merge(one, other, UserFactory(role=Role.SECRETARIAT))

    moved = client.get(reverse("stocktaking:organization", args=[other.pk]))

    assert moved.status_code in (301, 302)
    assert "no-cache" in moved["Cache-Control"]


def test_the_page_of_what_came_back_says_so(client, officer):
    project = withdrawn(officer)
    client.force_login(project.owner)
    away = client.get(project.get_absolute_url()).content.decode()
    project.move("restore", officer, "It is right after all.")
    back = client.get(project.get_absolute_url()).content.decode()

    assert "not public yet" not in away
    assert "It was public and is no longer." in away
    assert "published by the WSIS secretariat" in back
    assert "no longer" not in back
    assert Project.objects.get(pk=project.pk).archived_at is None


def long_ago(project):
    at = timezone.now() - timezone.timedelta(days=30)
    Project.objects.filter(pk=project.pk).update(updated_at=at, published_at=at)
    return at.strftime("%Y-%m-%d")


def told(client, project):
    """Where readers who go by time look: the API, the feed, JSON-LD."""
    api = client.get(f"/api/v1/projects/{project.pk}/").json()["updated_at"]
    feed = client.get("/en/projects/feed.atom").content.decode()
    entry = re.search(rf"projects/{project.pk}</id>.*?</entry>", feed, re.DOTALL)
    updated = re.findall(r"<updated>([^<]+)</updated>", feed)
    machine = client.get(f"/en/projects/{project.pk}.jsonld").content.decode()
    machine = re.search(r'"dateModified": ?"([^"]+)"', machine)[1]
    assert entry
    return {api[:10], machine, *(at[:10] for at in updated)}


def test_a_text_in_another_language_moves_every_time(client, officer):
    project = ProjectFactory()
    long_ago(project)
    text = text_of(project, "submitted")
    ProjectText.objects.get(pk=text.pk).move("approve", officer)

    assert told(client, project) == {timezone.now().strftime("%Y-%m-%d")}


def test_a_merge_moves_the_time_of_what_stays(client, officer):
    survivor, loser = (
        ProjectFactory(),
        ProjectFactory(summary="Better words for the same thing."),
    )
    long_ago(survivor)
    Merge.objects.merge(survivor, loser, {"summary": loser.summary}, officer)

    assert told(client, survivor) == {timezone.now().strftime("%Y-%m-%d")}


def test_nothing_is_told_of_what_did_not_change(client):
    project = ProjectFactory()
    before = long_ago(project)

    assert told(client, project) == {before}


def test_a_feed_reader_is_told_when_nothing_is_new(client):
    project = ProjectFactory()
    first = client.get("/en/projects/feed.atom")
    same = client.get("/en/projects/feed.atom", HTTP_IF_NONE_MATCH=first["ETag"])
    project.summary = "Other words."
    project.save()
    project.record_change("update")
    other = client.get("/en/projects/feed.atom", HTTP_IF_NONE_MATCH=first["ETag"])

    assert first.has_header("Last-Modified")
    assert (same.status_code, other.status_code) == (304, 200)


def test_the_list_names_its_feed(client):
    page = compact(client.get("/en/projects/?sdg=9").content.decode())

    assert re.search(
        r'<link rel="alternate" type="application/atom\+xml"[^>]*feed\.atom\?sdg=9',
        page,
    )


def test_a_feed_costs_the_same_for_many(client, django_assert_num_queries):
    ProjectFactory.create_batch(3, status=Status.PUBLISHED)
    client.get("/en/projects/feed.atom")

    with django_assert_num_queries(4):  # what is new, twice; the cards; the last change
        client.get("/en/projects/feed.atom")
