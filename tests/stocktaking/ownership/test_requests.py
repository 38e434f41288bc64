"""Entries alike, and “this is mine”: what the secretariat decides and what follows."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.role.roles import Role
from common.mail.models import OutgoingMail
from common.moves.workflow import NotYourMove
from stocktaking.base.workflow import Status
from stocktaking.ownership.models import OwnershipRequest
from stocktaking.ownership.workflow import OWNERSHIP_WORKFLOW, OwnershipStatus
from stocktaking.project.models import Project
from stocktaking.search.similar import SHOWN, already_entered
from tests.factories import OrganizationFactory, ProjectFactory, UserFactory
from tests.moves import everybody, expected_of, tried
from tests.stocktaking.records import ownership_request_for

pytestmark = pytest.mark.django_db
ROWS = 13_240  # as many as the register has: of fewer all are read
# Triggers are asleep: what follows from a row is not asked for here, and takes a minute.
MANY = """
SET LOCAL session_replication_role = replica;
INSERT INTO stocktaking_project (number, title, language, summary, website, image, image_alt,
  organization_name, contact_name, contact_email, partners, timescale, results, replicability,
  sustainability, status, year, version, prize_editions, source, source_note, created_at,
  updated_at)
SELECT 'many-' || n, CASE WHEN n %% 50 = 0 THEN 'Project of digital villages ' || n
  ELSE initcap(md5(n::text) || ' ' || md5((n * 3)::text)) END, 'en',
  'Text ' || md5((n * 7)::text), 'https://example.org/' || n, '', '', 'Ministry ' || n %% 900,
  '', '', '', '', '', '', '', 'published', 2015, 1, '', '', '', now(), now()
FROM generate_series(1, %s) AS n;
SET LOCAL session_replication_role = origin;
ANALYZE stocktaking_project;
"""


@pytest.mark.parametrize("status", OwnershipStatus.values)
def test_moves_by_role_and_status(status):
    ownership_request = ownership_request_for(status=status)
    people = everybody(ownership_request.by)

    found = tried(OWNERSHIP_WORKFLOW, ownership_request, people)

    assert found == expected_of(OWNERSHIP_WORKFLOW, status, people)


def test_granted_request_makes_its_maker_the_owner():
    ownership_request = ownership_request_for()

    ownership_request.move(
        "grant", UserFactory(role=Role.SECRETARIAT), "Confirmed by the ministry."
    )

    assert (
        Project.objects.get(pk=ownership_request.project_id).owner
        == ownership_request.by
    )
    told = {ownership_request.by.email, ownership_request.project.owner.email}
    assert set(OutgoingMail.objects.values_list("to", flat=True)) == told


def test_nobody_decides_on_their_own_request():
    officer = UserFactory(role=Role.SECRETARIAT)
    ownership_request = ownership_request_for()
    ownership_request.by = officer
    ownership_request.save()

    with pytest.raises(NotYourMove):
        ownership_request.move("grant", officer, "Mine.")


def test_request_is_made_once(client):
    project, user = ProjectFactory(), UserFactory()
    client.force_login(user)
    where = reverse("stocktaking:ownership-request-new", args=[project.pk])

    answers = [client.post(where, {"reason": "I lead it."}).url for _n in range(2)]

    ownership_request = OwnershipRequest.objects.get()
    assert (ownership_request.by, answers) == (
        user,
        [ownership_request.get_absolute_url()] * 2,
    )


@pytest.mark.parametrize("reason", ["", "   ", "x" * 2001, "\ufffd"])
def test_bad_reason_is_refused_beside_its_field(client, reason):
    project = ProjectFactory()
    client.force_login(UserFactory())

    response = client.post(
        reverse("stocktaking:ownership-request-new", args=[project.pk]),
        {"reason": reason},
    )

    assert response.status_code == 400
    assert list(response.context["form"].errors) == ["reason"]


def test_eleventh_request_of_a_day_has_to_wait(client):
    client.force_login(UserFactory())
    where = [
        reverse("stocktaking:ownership-request-new", args=[ProjectFactory().pk])
        for _n in range(11)
    ]

    answers = [
        client.post(address, {"reason": "Mine."}).status_code for address in where
    ]

    assert answers == [302] * 10 + [429]


def alike(**changes):
    same = {
        "title": "Telecentres of the coast",
        "organization": None,
        "organization_name": "",
    }
    return ProjectFactory(**{"status": Status.DRAFT, **same, **changes})


def test_titles_alike_websites_and_texts_of_the_same_organization_are_found():
    ministry = OrganizationFactory(name="Ministry of Fisheries")
    text = "Forty telecentres bring broadband to fishing villages on the coast."
    title = ProjectFactory(title="Telecentres on the coast", summary="x")
    site = ProjectFactory(
        title="Another", website="https://coast.example/", summary="y"
    )
    body = ProjectFactory(
        title="Whatever", organization=ministry, summary=text + " Now fifty."
    )
    ProjectFactory(title="Telecentres of the coast", status=Status.DRAFT)
    ProjectFactory(title="Robots in space", summary="z")

    found = already_entered(
        alike(
            website="https://coast.example/",
            organization_name="ministry of fisheries",
            summary=text,
        )
    )

    assert {row.project.pk: str(row.why) for row in found} == {
        title.pk: "similar title",
        site.pk: "the same website",
        body.pk: "similar text by the same organization",
    }


@pytest.mark.parametrize(
    "title", ["", "abc", "%%%%%%%", "'; DROP TABLE x;--", "x" * 250, "مشروع"]
)
def test_any_title_is_only_a_text(title):
    assert already_entered(alike(title=title)) == []


def test_check_page_shows_them_with_the_way_to_request_ownership(client):
    other = ProjectFactory(title="Telecentres on the coast")
    draft = alike()
    client.force_login(draft.owner)

    page = client.get(
        reverse("stocktaking:project-check", args=[draft.pk])
    ).content.decode()

    assert reverse("stocktaking:ownership-request-new", args=[other.pk]) in page


def test_similar_titles_among_all_entries_are_found_through_their_index():
    """How long it takes is measured by `python -m benchmarks`."""
    with connection.cursor() as cursor:
        cursor.execute(MANY, [ROWS])
    draft = alike(
        title="Project of digital villages 77", website="https://example.org/5"
    )

    with CaptureQueriesContext(connection) as asked:
        found = already_entered(draft)

    (by_title,) = [row["sql"] for row in asked if '"title" %' in row["sql"]]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {by_title}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "project_title_trigrams" in plan
    assert len(found) == SHOWN
    assert len(asked) <= 4
