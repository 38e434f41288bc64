"""`manage.py run` as processes: refusals, and the kill -9 drills (nothing acknowledged is lost).

All tests that need the running portal stand here: it is started once for a file.
"""

import json
import os
import random
import re
import secrets
import signal
import socket
import subprocess
import time

import psycopg
import pytest

from accounts.management.commands.demo_users import PASSWORD
from reports.build.models import Step
from reports.output.writers import WRITERS
from tests import chromium
from tests.platform import report_drill
from tests.portal import ROOT, clean_environment, manage
from wsis_portal.celery import app
from wsis_portal.run import embedded, processes
from wsis_portal.run.stores import Postgres, Valkey

BACK_SECONDS = 120  # on a machine that is busy with other tests
# Mail that no task announced is found by a sweep. One that comes due while the workers are still
# starting expires unseen, so what is promised is a restart and two sweeps.
SWEEP_SECONDS = app.conf.beat_schedule["mail that waits"]["schedule"]
FOUND_SECONDS = BACK_SECONDS + 2 * SWEEP_SECONDS
MAIL = (
    'INSERT INTO common_outgoingmail ("to", subject, body, created_at, tries, error, digest,'
    " unsubscribe, once, urgent, leaves_no_trace) VALUES ('drill@demo.example', %s, 'text',"
    " now(), 0, '', '', '', false, false, false)"
)
TITLE = "SELECT title FROM stocktaking_project WHERE id = %s"
SUMMARY = "SELECT summary FROM stocktaking_project WHERE id = %s"
COUNT = "SELECT count(*) FROM common_outgoingmail WHERE subject = %s"
READY = "SELECT status FROM reports_publication WHERE id = %s"
REPORT_DRILLS = int(os.environ.get("REPORT_DRILLS", "2"))  # ten before a release
BUILT_SECONDS = 600  # for what takes twenty on a machine that is not busy
STEPS = len(Step.Kind) - 1  # this register needs no volumes
LOST_AT_MOST = 5  # seconds of typing
BACK = 80_000  # milliseconds until the portal has come back and the page has noticed
AMBER = "#saved.saved-amber:has-text('cannot be reached')"
SAVED = "#saved:not(.saved-amber):has-text('Saved at')"


@pytest.fixture
def database(portal):
    """A connection that survives nothing: each use opens a new one."""

    def ask(question, *values):
        with psycopg.connect(embedded.database_url(portal.var)) as connection:
            cursor = connection.execute(question, values)
            return cursor.fetchone() if cursor.description else None

    return ask


@pytest.fixture
def mortal(browser_type):
    """A browser of its own with a mark in its command line, by which it is found and killed."""
    mark = f"--drill-{secrets.token_hex(8)}"
    browser = browser_type.launch(
        executable_path=chromium.find(), args=[*chromium.ARGUMENTS, mark]
    )
    yield browser, mark
    browser.close()


def kill(pids):
    assert pids != []
    for pid in pids:
        processes.send(pid, signal.SIGKILL)
    assert processes.wait_until(lambda: not any(map(processes.is_alive, pids)), 10)


def web_workers(portal):
    """The web server's children, which it forked after itself."""
    return portal.pids("granian")[1:]


def test_address_and_logins_are_printed(portal):
    said = portal.said()

    assert f"The portal is at http://localhost:{portal.port}/" in said
    assert "  secretariat@demo.example\n" in said


def test_home_page_and_probe_answer(portal):
    answers = [portal.get("/en/"), portal.get("/healthz", host="10.0.0.7")]

    assert [answer[0] for answer in answers] == [200, 200]


def test_library_opens_with_a_report_and_a_state_document(portal):
    def library():
        return (portal.get("/en/reports/") or [0, b""])[1].decode()

    finished = processes.wait_until(
        lambda: "State of the WSIS+20 roadmap on" in library(), 120
    )
    addresses = re.findall(r'href="([^"]*\.pdf)"', library())
    files = [portal.get(address) for address in addresses]

    assert finished
    assert "Global stocktaking report 20" in library()
    assert [(status, body[:5]) for status, body in files] == [(200, b"%PDF-")] * 2


def test_desk_has_submissions_and_help_has_an_address(portal, database):
    waiting = database(
        "SELECT count(DISTINCT language) FROM stocktaking_project WHERE status = 'submitted'"
    )

    assert waiting == (4,)
    assert "mailto:secretariat@demo.example" in portal.get("/en/help/")[1].decode()


def test_schedule_has_drafted_nothing_on_the_first_day(portal, database):
    assert database(
        "SELECT count(*) FROM reports_publication WHERE status = 'draft'"
    ) == (0,)
    assert database("SELECT count(*) FROM reports_schedule WHERE next_on <= now()") == (
        0,
    )


def test_made_up_rows_can_be_added_after_the_start(portal, database):
    projects = "SELECT count(*) FROM stocktaking_project"
    scale = database(projects)[0] + 10

    result = subprocess.run(
        ["make", "seed", f"SCALE={scale}"],
        cwd=ROOT,
        env=clean_environment(portal.var),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert f"10 projects made, {scale} in all" in result.stdout
    assert database(projects) == (scale,)


def test_second_portal_of_the_same_folder_is_refused(portal):
    result = manage(portal.var, "run", PORT=str(embedded.free_port()))

    assert result.returncode == 1
    assert result.stderr == (
        f"The portal of {portal.var} runs already (process {portal.process.pid}):"
        " stop it first with “make stop”.\n"
    )


def test_taken_port_is_refused_with_a_sentence(tmp_path):
    with socket.socket() as stranger:
        stranger.bind(("127.0.0.1", 0))
        stranger.listen()
        port = stranger.getsockname()[1]

        result = manage(tmp_path, "run", PORT=str(port))

    assert result.returncode == 1
    assert f"Port {port} of 127.0.0.1 is taken by another program" in result.stderr
    assert "Traceback" not in result.stderr


def test_senseless_port_is_refused_with_a_sentence(tmp_path):
    result = manage(tmp_path, "run", PORT="eighty")

    assert result.returncode == 1
    assert result.stderr == "PORT=eighty is no port: give a number from 1 to 65535.\n"


@pytest.mark.parametrize(
    "victim", ["web worker", "web server", "celery worker", "beat"]
)
def test_killed_process_comes_back(portal, victim):
    victims = {
        "web worker": lambda: web_workers(portal)[:1],
        "web server": lambda: portal.pids("granian")[:1],
        "celery worker": lambda: portal.pids("celery", "worker"),
        "beat": lambda: portal.pids("celery", "beat"),
    }

    kill(victims[victim]())

    assert portal.comes_back(BACK_SECONDS)
    assert processes.wait_until(
        lambda: (portal.get("/en/") or [None])[0] == 200, BACK_SECONDS
    )


@pytest.mark.parametrize("kind", [Postgres, Valkey])
def test_killed_store_comes_back_with_all_that_was_acknowledged(portal, database, kind):
    database(MAIL, kind.title)

    kill([portal.store(kind).pid()])

    assert portal.comes_back(BACK_SECONDS)
    assert database(
        "SELECT count(*) FROM common_outgoingmail WHERE subject = %s", kind.title
    ) == (1,)


def test_mail_written_while_workers_are_dead_is_sent_once_by_their_successors(
    portal, database
):
    kill(portal.pids("celery", "worker"))
    database(MAIL, "waits")

    def is_sent():
        return database(f"{COUNT} AND sent_at IS NOT NULL AND tries = 1", "waits") == (
            1,
        )

    assert processes.wait_until(is_sent, FOUND_SECONDS)


def with_mark(mark):
    pids = [int(entry.name) for entry in processes.PROC.glob("[0-9]*")]
    return [pid for pid in pids if mark in processes.command_line(pid)]


def begin(page, portal):
    """A new draft of the demo member, open at its first step."""
    home = f"http://localhost:{portal.port}/en"
    page.goto(f"{home}/account/login/?next=/en/projects/new/")
    page.fill("[name=login]", "member@demo.example")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/projects/new/")
    page.get_by_role("button", name="Start now").click()
    page.wait_for_url("**/edit/")
    pk = int(re.search(r"/projects/(\d+)/", page.url)[1])
    page.goto(f"{home}/projects/{pk}/edit/what/")
    return pk


def survives(page, portal, text, victims):
    """What is typed while nobody answers is said not to be saved, and then saved.

    The supervisor sleeps meanwhile: it would put things right before the page has noticed.
    """
    portal.process.send_signal(signal.SIGSTOP)
    try:
        kill(victims)
        page.locator("#id_title").fill(text)
        page.wait_for_selector(AMBER, timeout=BACK)
    finally:
        portal.process.send_signal(signal.SIGCONT)
    page.wait_for_selector(SAVED, timeout=BACK)


def type_for(page, seconds):
    """A letter every tenth of a second without a pause; (moment, letters so far)."""
    field, typed = page.locator("#id_summary"), []
    field.fill("")
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        field.press_sequentially("x")
        typed.append((time.monotonic(), len(typed) + 1))
        page.wait_for_timeout(60)
    return typed


def test_kill_9_loses_at_most_five_seconds_of_typing(portal, database, mortal):
    """Somebody writes while the web server, the database and at last the browser are killed: the
    page says when it cannot save, saves again by itself, and at most five seconds are lost."""
    browser, mark = mortal
    page = browser.new_context().new_page()
    pk = begin(page, portal)

    survives(page, portal, "Typed without a web server", portal.pids("granian"))
    assert database(TITLE, pk)[0] == "Typed without a web server"
    survives(page, portal, "Typed without a database", [portal.store(Postgres).pid()])
    assert database(TITLE, pk)[0] == "Typed without a database"

    typed = type_for(page, 8)
    killed_at = time.monotonic()
    kill(with_mark(mark))

    owed = max(letters for at, letters in typed if at <= killed_at - LOST_AT_MOST)
    assert len(database(SUMMARY, pk)[0]) >= owed


def asked(portal, script, **values):
    """What a script inside the portal says."""
    site = f"http://localhost:{portal.port}"
    result = manage(portal.var, "shell", "-c", script.format(**values), SITE_URL=site)
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout.strip().splitlines()[-1])


def is_built(database, pk):
    """Whether the report is ready; no while the database is away."""
    try:
        return database(READY, pk) == ("ready",)
    except psycopg.Error:
        return False


@pytest.mark.parametrize("drill", range(REPORT_DRILLS))
def test_report_is_built_once_whatever_is_killed_meanwhile(portal, database, drill):
    """Workers, Valkey or PostgreSQL are killed at a moment of chance, twice in each drill."""
    seed = secrets.randbelow(2**32)
    chance = random.Random(seed)  # noqa: S311  # moments, not secrets
    victims = {
        "workers": lambda: portal.pids("celery", "worker"),
        "Valkey": lambda: [portal.store(Valkey).pid()],
        "PostgreSQL": lambda: [portal.store(Postgres).pid()],
    }
    pk = asked(
        portal, report_drill.ASK, language=chance.choice(("en", "ar", "zh-hans"))
    )

    killed = []
    for _time in range(2):
        moment, name = chance.uniform(0, 8), chance.choice(sorted(victims))
        time.sleep(moment)
        kill(victims[name]())
        killed.append((round(moment, 1), name))
        assert portal.comes_back(BACK_SECONDS), killed

    assert processes.wait_until(lambda: is_built(database, pk), BUILT_SECONDS), killed
    result = asked(portal, report_drill.LOOK, pk=pk)
    formats = sorted(WRITERS)
    assert result["records"][0] == result["records"][1] > 0
    del result["records"]
    assert result == {
        "status": "ready",
        "versions": 1,
        "formats": formats,
        "differing": [],
        "on disk": len(formats),
        "ends": [1] * STEPS,
        "live": 0,
    }, (seed, killed)


def test_killed_supervisor_is_recovered_by_the_next_start(portal, database):
    database(MAIL, "before the supervisor died")
    old = portal.pids()

    os.kill(portal.process.pid, signal.SIGKILL)
    portal.process.wait()
    portal.start()

    assert set(old) & set(portal.pids()) == set()
    assert database(COUNT, "before the supervisor died") == (1,)


def test_interrupt_stops_everything(portal):
    stores = [portal.store(Postgres), portal.store(Valkey)]

    code = portal.stop()

    assert code == 0
    assert processes.wait_until(
        lambda: portal.pids() == [], 5
    )  # the kernel takes a moment
    assert [store.pid() for store in stores] == [None, None]
