"""The embedded stores: made, started, stopped, taken over; and sentences when that cannot be."""

import json
import os
import shutil
import signal
import socket
from pathlib import Path

import psycopg
import pytest

from tests.portal import clean_environment, manage
from wsis_portal.run import embedded, processes
from wsis_portal.run.trouble import Trouble, need_space


@pytest.fixture(scope="module")
def var(tmp_path_factory):
    """A folder for stores in an environment that names none; one for all, as it takes seconds."""
    with pytest.MonkeyPatch.context() as patch:
        var = tmp_path_factory.mktemp("stores") / "var"
        for name in set(os.environ) - set(clean_environment(var)):
            patch.delenv(name)
        embedded.prepare(var)
        yield var
    shutil.rmtree(embedded.read_record(var)["home"])


@pytest.fixture
def start(var):
    """Start the stores, as often as a test likes; all are stopped after it."""
    started = []

    def start_stores():
        started.extend(embedded.start(var, linked=True))
        return started[-2:]

    yield start_stores
    embedded.stop(started)


def connect(var):
    return psycopg.connect(embedded.database_url(var), autocommit=True)


def test_stores_start_keep_their_data_and_stop(var, start):
    stores = start()
    with connect(var) as connection:
        connection.execute("CREATE TABLE stopped AS SELECT 42 AS number")
    embedded.stop(stores)
    answers_when_stopped = [store.answers() for store in stores]

    start()

    with connect(var) as connection:
        assert connection.execute("SELECT number FROM stopped").fetchone() == (42,)
        assert connection.execute("SHOW fsync").fetchone() == ("on",)
    assert answers_when_stopped == [False, False]


def test_running_stores_are_taken_over(var, start):
    first = start()
    pids = [store.pid() for store in first]

    second = start()

    assert [store.pid() for store in second] == pids


def test_killed_stores_start_again_with_what_was_acknowledged(var, start):
    stores = start()
    with connect(var) as connection:
        connection.execute("CREATE TABLE killed AS SELECT 42 AS number")
    for store in stores:
        processes.send(store.pid(), signal.SIGKILL)
        store.process.wait()

    start()

    with connect(var) as connection:
        assert connection.execute("SELECT number FROM killed").fetchone() == (42,)


def test_secrets_are_readable_by_their_owner_only(var):
    embedded.known_stores(var)

    modes = [
        oct((var / name).stat().st_mode & 0o777)
        for name in ("services.json", "secret_key")
    ]
    assert modes == ["0o600", "0o600"]


def test_port_taken_by_a_stranger_is_left_to_him(var):
    embedded.known_stores(var)
    with socket.socket() as stranger:
        stranger.bind(("127.0.0.1", 0))
        stranger.listen()
        taken = stranger.getsockname()[1]
        record = embedded.read_record(var) | {"postgres_port": taken}
        embedded.write_private(var / "services.json", json.dumps(record))

        postgres = embedded.known_stores(var)[0]

    assert postgres.port != taken
    assert embedded.read_record(var)["postgres_port"] == postgres.port


def test_command_that_needs_no_store_starts_none(tmp_path):
    result = manage(tmp_path, "check")

    assert (result.returncode, list(tmp_path.iterdir())) == (0, [])


def test_damaged_record_gets_one_sentence(tmp_path):
    (tmp_path / "services.json").write_text("{")

    result = manage(tmp_path, "migrate")

    assert result.returncode == 1
    assert result.stderr == (
        f"{tmp_path}/services.json is damaged: put back a backup of {tmp_path}, or move it away"
        f" (mv {tmp_path} {tmp_path}.damaged) and start again with an empty database.\n"
    )


def test_full_disk_gets_one_sentence(tmp_path):
    with pytest.raises(Trouble, match=r"The disk is nearly full: .* free some space"):
        need_space(tmp_path, megabytes=10**12)


def test_var_that_is_a_file_gets_one_sentence(tmp_path):
    var = tmp_path / "var"
    var.write_text("")

    result = manage(var, "migrate")

    assert result.returncode == 1
    assert result.stderr.count("\n") == 1


def test_damaged_database_gets_one_sentence(var, start):
    embedded.stop(start())
    home = Path(embedded.read_record(var)["home"])
    (home / "postgres" / "global" / "pg_control").write_bytes(b"nonsense")

    with pytest.raises(
        Trouble, match=r"PostgreSQL does not start: .*put back a backup"
    ):
        start()
