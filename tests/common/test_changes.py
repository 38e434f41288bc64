"""The change log: a reader who remembers the last position misses nothing, sees nothing twice."""

import time
from contextlib import ExitStack, closing
from itertools import count

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from accounts.role.roles import Role
from common.moves.models import StatusChange
from common.records.models import Change, RecordVersion
from stocktaking.base.workflow import Status
from stocktaking.imports.importer import ProjectImporter
from stocktaking.project.models import Project
from tests import factories
from tests.stocktaking.import_file import a_file

WRITERS = 3
INSERT = (
    'INSERT INTO common_change (kind, record_kind, record_id, version, content_hash, "into", at)'
    " VALUES ('update', %s, %s, 1, '', '', now())"
)
numbers = count(1)


class Reader:
    """Reads the log as an agency does: after the last position, a few rows at a time."""

    def __init__(self, record_kind):
        self.record_kind, self.position, self.seen = record_kind, (0, 0), []

    def read(self, limit=2):
        rows = list(Change.objects.after(self.position)[:limit])
        if rows:
            self.position = (rows[-1].transaction, rows[-1].pk)
        self.seen += [
            row.record_id for row in rows if row.record_kind == self.record_kind
        ]
        return len(rows)

    def read_all(self, expected):
        """Until all that is expected was seen: another database's transaction may be running."""
        end = time.monotonic() + 120  # seconds
        while len(self.seen) < expected and time.monotonic() < end:
            if not self.read(50):
                time.sleep(0.02)
        while self.read(50):
            pass


steps = st.lists(
    st.tuples(
        st.sampled_from(
            ["write", "write", "write", "commit", "commit", "rollback", "read", "read"]
        ),
        st.integers(0, WRITERS - 1),
    ),
    min_size=15,
    max_size=30,
)


@pytest.mark.django_db(transaction=True)
@settings(
    max_examples=40,
    deadline=None,
    phases=[
        Phase.generate
    ],  # a failing example waits for its rows: making it smaller takes hours
    suppress_health_check=list(HealthCheck),
)
@given(steps)
def test_no_interleaving_of_writers_hides_a_row(planned):
    kind = f"test.{next(numbers)}"
    reader, names, committed = Reader(kind), count(), []
    open_rows = {writer: [] for writer in range(WRITERS)}

    with ExitStack() as stack:
        writers = [
            stack.enter_context(closing(connection.copy())) for _ in range(WRITERS)
        ]
        for writer in writers:
            writer.set_autocommit(False)
        for what, which in [
            *planned,
            *(("commit", writer) for writer in range(WRITERS)),
        ]:
            if what == "read":
                while reader.read(which + 1):
                    pass
            elif what == "write":
                name = str(next(names))
                with writers[which].cursor() as cursor:
                    cursor.execute(INSERT, [kind, name])
                open_rows[which].append(name)
            else:
                getattr(writers[which], what)()
                committed += open_rows[which] if what == "commit" else []
                open_rows[which] = []

    reader.read_all(len(committed))
    assert sorted(reader.seen) == sorted(committed)


@pytest.mark.django_db(transaction=True)
def test_a_later_row_waits_for_an_older_transaction():
    reader = Reader("test.order")
    with closing(connection.copy()) as slow, closing(connection.copy()) as quick:
        slow.set_autocommit(False)
        with slow.cursor() as cursor:
            cursor.execute(INSERT, ["test.order", "slow"])
        with quick.cursor() as cursor:
            cursor.execute(INSERT, ["test.order", "quick"])

        reader.read()
        before = list(reader.seen)
        slow.commit()
    reader.read_all(2)

    assert (before, reader.seen) == ([], ["slow", "quick"])


@pytest.mark.django_db
def test_reading_on_goes_through_the_index():
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO common_change (kind, record_kind, record_id, version, content_hash,"
            " \"into\", at, transaction) SELECT 'update', 'test.plan', n::text, 1, '', '', now(),"
            " (n / 10 + 1)::text::xid8 FROM generate_series(1, 20000) AS n"
        )
        cursor.execute("ANALYZE common_change")

    plan = Change.objects.after((1900, 19_000))[:100].explain()

    assert "Index Scan using change_reading_order" in plan
    assert "ROW(transaction, id) > ROW" in plan.replace('"', "")


def traces(project):
    return (
        list(
            Change.objects.filter(record_id=str(project.pk))
            .order_by("version")
            .values_list("kind", "version")
        ),
        project.versions.count(),
    )


@pytest.mark.django_db
def test_each_public_act_writes_one_row_and_one_version():
    staff = factories.UserFactory(role=Role.SECRETARIAT)
    project = factories.ProjectFactory(status=Status.SUBMITTED)

    project.move("publish", staff)
    project.move("archive", staff, note="Asked for.")
    project.move("restore", staff, note="Asked for again.")

    assert traces(project) == ([("publish", 1), ("delete", 2), ("publish", 3)], 3)


@pytest.mark.django_db
def test_moves_of_what_is_not_public_write_no_row():
    staff = factories.UserFactory(role=Role.SECRETARIAT)
    project = factories.ProjectFactory(status=Status.DRAFT)

    project.move("submit", project.owner)
    project.move("refuse", staff, note="No project.")
    project.move("archive", staff, note="Tidying.")

    assert traces(project) == ([], 0)


@pytest.mark.django_db
@pytest.mark.parametrize("act", ["publish", "import"])
def test_an_act_that_fails_leaves_nothing_behind(act):
    staff = factories.UserFactory(role=Role.SECRETARIAT)
    project = factories.ProjectFactory(status=Status.SUBMITTED)
    tables = (Project, Change, RecordVersion, StatusChange)
    before = [model.objects.count() for model in tables]

    with transaction.atomic():
        if act == "publish":
            project.move("publish", staff)
        else:
            ProjectImporter.import_file(a_file({}))
        transaction.set_rollback(True)

    project.refresh_from_db()
    assert [model.objects.count() for model in tables] == before
    assert (project.status, project.version) == (Status.SUBMITTED, 0)


@pytest.mark.django_db
def test_a_hash_is_that_of_the_version_it_names():
    project = factories.ProjectFactory()

    change, version = Change.objects.get(), project.versions.get()

    assert (change.content_hash, change.version) == (
        version.content_hash,
        version.version,
    )
