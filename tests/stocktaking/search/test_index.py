import datetime
import threading

import pytest
from django.db import connection, transaction
from django.http import QueryDict
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.role.roles import Role
from benchmarks import one_pass
from common.records.models import Change
from stocktaking.base.workflow import Status
from stocktaking.project.changes import RECORD_KIND
from stocktaking.project.models import Project
from stocktaking.search.filters import ProjectSearch
from stocktaking.search.index import EVERY, RELOAD_ABOVE, current_index
from tests.factories import ProjectFactory, UserFactory

VALUES = {
    "action_line": ["C1", "C4", "C7-EGOV"],
    "sdg": ["4", "5", "9"],
    "region": ["AFR", "EUR"],
    "country": ["KE", "NG", "FR"],
    "stakeholder_type": ["GOV", "PRIV"],
    "year": ["2024", "2025"],
}
some = {
    name: st.lists(st.sampled_from(codes), unique=True)
    for name, codes in VALUES.items()
}
project_row = st.fixed_dictionaries(
    {
        "main": st.sampled_from([*VALUES["action_line"], None]),
        "lines": some["action_line"],
        "sdgs": some["sdg"],
        "country": st.sampled_from([*VALUES["country"], None]),
        "stakeholder_type": st.sampled_from([*VALUES["stakeholder_type"], None]),
        "year": st.sampled_from([0, 2024, 2025]),
        "status": st.sampled_from([Status.PUBLISHED, Status.PUBLISHED, Status.DRAFT]),
        "day": st.integers(1, 28),
    }
)


def write(row: dict) -> Project:
    made = Project.objects.create(
        title="A project",
        main_action_line_id=row["main"],
        country_id=row["country"],
        stakeholder_type_id=row["stakeholder_type"],
        year=row["year"] or 2023,
        status=row["status"],
        published_at=datetime.datetime(2025, 1, row["day"], tzinfo=datetime.UTC),
    )
    Project.objects.filter(pk=made.pk).update(year=row["year"])
    made.other_action_lines.set(row["lines"])
    made.sdgs.set(row["sdgs"])
    return made


def log(record_id: object) -> None:
    Change.objects.create(
        kind="update",
        record_kind=RECORD_KIND,
        record_id=record_id,
        version=1,
        content_hash="",
    )


def take_away(project: Project) -> None:
    Project.objects.filter(pk=project.pk).update(status=Status.ARCHIVED)
    log(project.pk)


def published_ids() -> list[int]:
    return ProjectSearch(QueryDict()).pks(10_000)


@pytest.fixture
def secretariat(db):
    return UserFactory(role=Role.SECRETARIAT)


@pytest.mark.django_db
@given(
    rows=st.lists(project_row, max_size=12),
    more=st.lists(project_row, max_size=4),
    asked=st.fixed_dictionaries(some),
)
@settings(max_examples=40, deadline=None)
def test_bitmaps_count_as_one_pass_of_sql_does(rows, more, asked):
    query = QueryDict(mutable=True)
    for name, codes in asked.items():
        query.setlist(name, codes)
    with transaction.atomic():
        made = [write(row) for row in rows]
        log(EVERY)
        first = ProjectSearch(query)
        counted, expected = (first.total, first.counts), one_pass.counts(asked)
        for row in more:
            log(write(row).pk)
        for gone in made[::2]:
            take_away(gone)
        second = ProjectSearch(query)
        recounted, expected_later = (
            (second.total, second.counts),
            one_pass.counts(asked),
        )
        order = second.pks(1000)
        by_sql = (
            Project.objects.filter(pk__in=order).newest().values_list("pk", flat=True)
        )
        expected_order = list(by_sql)
        transaction.set_rollback(True)

    assert counted == expected
    assert recounted == expected_later
    assert order == expected_order


def test_publishing_and_archiving_are_seen_at_once(db, secretariat):
    before = ProjectSearch(QueryDict()).total
    project = ProjectFactory(status=Status.SUBMITTED)
    waiting = ProjectSearch(QueryDict()).total

    project.move("publish", secretariat)
    published = ProjectSearch(QueryDict("sdg=9"))
    seen = published.total
    project.move("archive", secretariat, "Withdrawn by its owner")
    archived = ProjectSearch(QueryDict("sdg=9"))

    assert (before, waiting, seen, archived.total) == (0, 0, 1, 0)
    assert published.page().number == 1


def test_changed_values_move_the_project(db):
    project = ProjectFactory(sdgs=["4"], country__code="KE")
    before = ProjectSearch(QueryDict("sdg=4")).total
    project.sdgs.set(["5"])
    project.record_change(Change.Kind.UPDATE)

    after = ProjectSearch(QueryDict())

    assert before == 1
    assert after.counts["sdg"] == {"5": 1}


def test_an_older_date_of_publication_takes_its_place(db):
    new, newer = ProjectFactory.create_batch(2)
    assert published_ids() == [newer.pk, new.pk]
    old = ProjectFactory(
        published_at=datetime.datetime(2010, 1, 1, tzinfo=datetime.UTC)
    )

    assert published_ids() == [newer.pk, new.pk, old.pk]


def test_one_log_row_stands_for_a_batch(db):
    published_ids()
    made = Project.objects.bulk_create(
        Project(title=f"Imported {n}", status=Status.PUBLISHED, year=2020)
        for n in range(3)
    )
    unseen = published_ids()

    log(EVERY)

    assert unseen == []
    assert published_ids() == [project.pk for project in reversed(made)]


def test_many_changes_read_everything_anew(db):
    published_ids()
    made = Project.objects.bulk_create(
        Project(title=f"Imported {n}", status=Status.PUBLISHED, year=2020)
        for n in range(RELOAD_ABOVE + 1)
    )

    Change.objects.bulk_create(
        Change(
            kind="publish",
            record_kind=RECORD_KIND,
            record_id=p.pk,
            version=1,
            content_hash="",
        )
        for p in made
    )

    assert ProjectSearch(QueryDict()).counts["year"] == {"2020": RELOAD_ABOVE + 1}


def test_what_is_rolled_back_is_forgotten(db):
    ProjectFactory()
    point = transaction.savepoint()
    ProjectFactory()
    assert ProjectSearch(QueryDict()).total == 2

    transaction.savepoint_rollback(point)

    assert ProjectSearch(QueryDict()).total == 1


def test_an_older_log_row_that_vanished_is_noticed(db):
    """As after a rollback here while another transaction committed a later row."""
    gone, _stays = ProjectFactory.create_batch(2)
    assert ProjectSearch(QueryDict()).total == 2

    Change.objects.filter(record_id=str(gone.pk)).delete()
    Project.objects.filter(pk=gone.pk).update(status=Status.ARCHIVED)

    assert ProjectSearch(QueryDict()).total == 1


def test_an_answer_keeps_its_version(db):
    ProjectFactory()
    search = ProjectSearch(QueryDict())
    before = search.total
    index = current_index()

    ProjectFactory()

    assert before == search.total
    assert (search.total, len(index.everything)) == (1, 1)
    assert len(current_index().everything) == 2


def test_nothing_new_costs_one_query(db, django_assert_num_queries):
    ProjectFactory()
    index = current_index()

    with django_assert_num_queries(1):
        assert current_index() is index


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_commits_late_is_not_missed():
    """Its log row has a smaller id and transaction than one that was read before."""
    written, may_commit = threading.Event(), threading.Event()

    def publish_slowly():
        with transaction.atomic():
            ProjectFactory(title="Committed late")
            written.set()
            may_commit.wait(10)
        connection.close()

    published_ids()
    slow = threading.Thread(target=publish_slowly)
    slow.start()
    assert written.wait(10)
    quick = ProjectFactory(
        title="Committed first",
        organization=None,
        **dict.fromkeys(("activity_type", "stakeholder_type", "country", "coverage")),
        main_action_line=None,
        sdgs=[],
    )

    meanwhile = published_ids()
    may_commit.set()
    slow.join()

    assert meanwhile == [quick.pk]
    assert len(published_ids()) == 2
