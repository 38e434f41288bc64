"""Somebody writes while the web server, the database and at last the browser are killed with -9:
the page says when it cannot save, saves again by itself, and at most five seconds are lost."""

import re
import secrets
import signal
import time

import psycopg
import pytest

from accounts.management.commands.demo_users import PASSWORD
from tests import chromium
from wsis_portal import embedded, processes
from wsis_portal.stores import Postgres

LOST_AT_MOST = 5  # seconds of typing
BACK = 40_000  # milliseconds until the portal has come back and the page has noticed
AMBER = "#saved.saved-amber:has-text('cannot be reached')"
SAVED = "#saved:not(.saved-amber):has-text('Saved at')"


@pytest.fixture
def mortal(browser_type):
    """A browser of its own with a mark in its command line, by which it is found and killed."""
    mark = f"--drill-{secrets.token_hex(8)}"
    browser = browser_type.launch(executable_path=chromium.find(), args=[*chromium.ARGUMENTS, mark])
    yield browser, mark
    browser.close()


def kill(pids):
    assert pids != []
    for pid in pids:
        processes.send(pid, signal.SIGKILL)


def with_mark(mark):
    pids = [int(entry.name) for entry in processes.PROC.glob("[0-9]*")]
    return [pid for pid in pids if mark in processes.command_line(pid)]


def stored(portal, pk):
    with psycopg.connect(embedded.database_url(portal.var)) as connection:
        row = connection.execute(
            "SELECT title, summary FROM stocktaking_project WHERE id = %s", [pk]
        )
        return row.fetchone()


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


def test_kill_9_loses_at_most_five_seconds_of_typing(portal, mortal):
    browser, mark = mortal
    page = browser.new_context().new_page()
    pk = begin(page, portal)

    survives(page, portal, "Typed without a web server", portal.pids("granian"))
    assert stored(portal, pk)[0] == "Typed without a web server"
    survives(page, portal, "Typed without a database", [portal.store(Postgres).pid()])
    assert stored(portal, pk)[0] == "Typed without a database"

    typed = type_for(page, 8)
    killed_at = time.monotonic()
    kill(with_mark(mark))

    owed = max(letters for at, letters in typed if at <= killed_at - LOST_AT_MOST)
    assert len(stored(portal, pk)[1]) >= owed
