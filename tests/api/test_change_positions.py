"""Positions of the change log outlive a restore; one that was lost is told, not left empty."""

from contextlib import closing

import pytest
from django.db import connection

from common.records.models import Change, ClusterOffset
from stocktaking.follow.models import latest_position
from stocktaking.search.index import News, Position
from tests.factories import ProjectFactory

pytestmark = pytest.mark.django_db(transaction=True)
OF_THE_LOST_CLUSTER = 3_358_000_000  # far above what the tests' server has counted


@pytest.fixture
def restored():
    """The log as a dump brings it to another cluster: its numbers are those of the old one."""
    ProjectFactory()
    ProjectFactory()
    Change.objects.update(transaction=OF_THE_LOST_CLUSTER)
    ClusterOffset.objects.update(identity="of the lost cluster")


def ask(client, after, limit=500):
    response = client.get("/api/v1/changes/", {"after": after, "limit": limit})
    return response.status_code, response.json()


def everything(client, after="0-0"):
    """All changes behind a position, as a reader fetches them: two at a time."""
    found = []
    while True:
        status, page = ask(client, after, 2)
        assert status == 200
        found += [
            (change["record_kind"], change["record_id"]) for change in page["changes"]
        ]
        if not page["has_more"]:
            return found, page["next"]
        after = page["next"]


def test_reading_goes_on_from_where_the_lost_cluster_had_come(client, restored):
    before, position = everything(client)
    new = ProjectFactory()

    after, newest = everything(client, position)

    assert ("stocktaking.project", str(new.pk)) in after
    assert set(before) & set(after) == set()
    assert everything(client)[0] == before + after
    assert everything(client, newest) == ([], newest)
    assert latest_position() > (OF_THE_LOST_CLUSTER, 0)  # follows go on, too


def test_rows_of_the_lost_cluster_are_settled_before_anybody_writes(client, restored):
    assert len(everything(client)[0]) == Change.objects.count() > 1
    news = News.since(Position())
    assert {pk for pk, _record, _number in News.since(Position(xmin=0)).rows} == {
        pk for pk, _record, _number in news.rows
    }


def test_a_row_waits_for_an_older_transaction_in_the_new_cluster(client, restored):
    _before, position = everything(client)
    ProjectFactory()  # enters the new cluster
    _after, position = everything(client, position)
    insert = (
        'INSERT INTO common_change (kind, record_kind, record_id, version, content_hash, "into",'
        " at) VALUES ('update', 'stocktaking.project', %s, 1, '', '', now())"
    )
    with closing(connection.copy()) as slow:
        slow.set_autocommit(False)
        with slow.cursor() as cursor:
            cursor.execute(insert, ["700001"])
        with connection.cursor() as cursor:
            cursor.execute(insert, ["700002"])
        meanwhile = everything(client, position)[0]
        slow.commit()

    assert meanwhile == []
    assert everything(client, position)[0] == [
        ("stocktaking.project", "700001"),
        ("stocktaking.project", "700002"),
    ]


def test_a_second_restore_gives_other_numbers_than_the_first(restored):
    ProjectFactory()
    first = ClusterOffset.objects.latest("first")
    ClusterOffset.objects.filter(pk=first.pk).update(identity="lost as well")
    ProjectFactory()

    assert ClusterOffset.objects.latest("first").first >= first.first + 10**13


@pytest.mark.parametrize("made", ["lost", "beyond", "other id"])
def test_a_position_that_the_log_does_not_hold_is_gone(client, made):
    ProjectFactory()
    _changes, known = everything(client)
    number, _dash, pk = known.partition("-")
    positions = {
        "lost": f"{int(number) + 1}-{int(pk) + 1}",
        "beyond": "9999999999999999999-999999999999999999",
        "other id": f"{number}-{int(pk) + 1}",
    }

    status, body = ask(client, positions[made])

    assert (status, body["status"]) == (410, 410)
    assert "restored from an earlier backup" in body["detail"]
    assert body["errors"][0]["code"] == "position_gone"
