"""The roadmap over the API: the same rows as the pages; writing for one's own agency only."""

import pytest

from roadmap.position.models import PositionVersion
from tests.api.asking import refused, send, signed_in
from tests.roadmap.records import (
    AgencyFactory,
    MeetingFactory,
    MilestoneFactory,
    ResolutionFactory,
    focal_point,
    published,
    state,
)

pytestmark = pytest.mark.django_db
API = "/api/v1"
SAID = {"agency": "ITU", "completion": "limited", "text": "Some."}


def write(user, milestone, body=None, *, seen="0", key="one"):
    headers = {"Idempotency-Key": key} | (
        {"If-Match": f'"{seen}"'} if seen is not None else {}
    )
    return send(
        signed_in(user),
        "POST",
        f"{API}/milestones/{milestone.pk}/positions/",
        SAID | (body or {}),
        **headers,
    )


@pytest.mark.parametrize("rows", [1, 10])
def test_milestone_queries(client, rows, django_assert_num_queries):
    itu = focal_point("ITU", approves=True)
    for milestone in MilestoneFactory.create_batch(rows):
        published(milestone, itu)

    # choices of four filters are not asked; count, rows, and seven lists of links
    with django_assert_num_queries(9):
        found = client.get(f"{API}/milestones/").json()

    assert (found["count"], {m["completion"] for m in found["results"]}) == (
        rows,
        {"limited"},
    )


@pytest.mark.parametrize(
    ("path", "count"),
    [
        ("milestones/?track=ITU", 1),
        ("milestones/?year=1999", 0),
        ("milestones/?q=regional", 1),
        ("resolutions/", 1),
        ("meetings/?year=2025", 1),
        ("roadmaps/", 1),
        ("agencies/?q=itu", 1),
        ("bodies/", 1),
        ("figures/", 0),
        ("documents/", 0),
        ("action-line-reviews/", 0),
        ("positions/?completion=limited", 1),
        ("positions/?completion=complete", 0),
    ],
)
def test_lists_and_their_filters(client, path, count):
    ResolutionFactory(), MeetingFactory(start="2025-06")
    published(MilestoneFactory(), focal_point("ITU", approves=True))

    response = client.get(f"{API}/{path}")

    assert (response.status_code, response.json()["count"]) == (200, count)


@pytest.mark.parametrize(
    "query", ["track=MOON", "colour=red", "year=x", "lang=xx", "cursor=x"]
)
def test_what_is_not_understood_is_refused(client, query):
    assert client.get(f"{API}/milestones/?{query}").status_code == 400


def test_a_position_is_written_once_however_often_it_is_sent():
    milestone, itu = MilestoneFactory(), focal_point("ITU")

    first, again = write(itu, milestone), write(itu, milestone)

    assert (first.status_code, first.json()) == (201, again.json())
    assert (PositionVersion.objects.count(), first.json()["version"]) == (1, 1)


def test_another_agency_has_no_such_lane():
    AgencyFactory()
    milestone = MilestoneFactory()

    response = write(focal_point("UNESCO"), milestone)

    assert (response.status_code, PositionVersion.objects.count()) == (404, 0)


def test_a_stale_version_is_told():
    milestone, itu = MilestoneFactory(), focal_point("ITU")
    state(milestone, itu)

    stale, missing = write(itu, milestone), write(itu, milestone, seen=None, key="two")

    assert (stale.status_code, stale.json()["errors"][0]["code"]) == (
        412,
        "changed_meanwhile",
    )
    assert missing.json()["errors"][0]["field"] == "If-Match"
    assert PositionVersion.objects.count() == 1


def test_complete_without_evidence_is_refused():
    response = write(focal_point("ITU"), MilestoneFactory(), {"completion": "complete"})

    sentence = "“Complete” requires evidence: add a link or a file."
    refused(response, 400, ("completion", "invalid", sentence))


def test_approver_publishes_and_the_public_reads_it(client):
    milestone, approver = MilestoneFactory(), focal_point("ITU", approves=True)
    position = state(milestone, approver)
    address = f"{API}/positions/{position.pk}/"
    before = client.get(address).status_code

    moved = send(signed_in(approver), "POST", f"{address}moves/", {"move": "publish"})
    stranger = send(
        signed_in(focal_point("UNESCO", approves=True)),
        "POST",
        f"{address}moves/",
        {"move": "withdraw", "note": "No."},
    )

    assert (before, moved.json()["status"], stranger.status_code) == (
        404,
        "published",
        404,
    )
    assert client.get(address).json()["freshness"] == "green"
