"""A start on a busy machine: what lives is waited for, what cannot live is named."""

import sys

import pytest

from wsis_portal.run import supervisor
from wsis_portal.run.supervisor import Supervisor
from wsis_portal.run.trouble import Trouble


@pytest.fixture
def start(tmp_path, monkeypatch):
    """Starts processes under a supervisor of their own that speaks every tenth of a second."""
    monkeypatch.setattr(supervisor, "SECONDS_BETWEEN_WORDS", 0.1)
    monkeypatch.setattr(supervisor, "FIRST_PAUSE", 0.01)
    running = Supervisor(tmp_path, [], {}, lambda _text: None)

    def start_process(code):
        child = running.start("web", [sys.executable, "-c", code])
        child.pause = 0.01
        return running, child

    yield start_process
    for child in running.children:
        child.kill_group()
        child.process and child.process.wait()


def test_a_slow_web_server_is_waited_for_and_the_wait_is_told(start, tmp_path):
    ready, told = tmp_path / "ready", []
    running, child = start(
        f"import time; time.sleep(2); open({str(ready)!r}, 'w'); time.sleep(60)"
    )

    running.wait_for(ready.exists, [child], lambda: told.append("waiting"))

    assert ready.exists()
    assert len(told) > 3


def test_a_process_that_cannot_live_is_named_with_its_log(start):
    running, child = start("raise SystemExit(3)")

    with pytest.raises(
        Trouble, match=r"web ended \d+ times in a row: look into .*web\.log"
    ):
        running.wait_for(lambda: False, [child], lambda: None)


def test_a_command_runs_once_and_its_end_is_told(start):
    running, _child = start("import time; time.sleep(60)")

    assert running.run_once("task", [sys.executable, "-c", "raise SystemExit(7)"]) == 7
    assert [child.name for child in running.children] == ["web"]
