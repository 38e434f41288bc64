"""What all tests share: stores with the vocabularies in them, a browser, a real portal."""

import gc
import io
import os
import time
from unittest.mock import patch

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import TransactionTestCase
from django.utils import timezone, translation
from playwright.sync_api import Page

from common.limits import throttle
from common.records.models import Change
from reference.names import vocabulary
from tests import chromium, factories, restoring
from tests.portal import Portal

# Playwright's event loop runs in the thread of the test, where live_server's database is used too
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
# Looking for waste after each 700 new objects takes a twelfth of the time of the tests.
gc.set_threshold(50_000, 20, 50)
OTHERS_OUT = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Catalogues and vocabularies are there for every test, as after each deploy."""
    call_command("compilemessages", verbosity=0)
    with django_db_blocker.unblock():
        call_command("load_reference", verbosity=0, stdout=io.StringIO())
        Change.objects.all().delete()  # the code lists stand in it: each test begins a log
        restoring.keep()
        factories.hold_vocabularies()
        restored = patch.object(
            TransactionTestCase, "_fixture_teardown", restoring.restore
        )
        # shut again for the tests: one without the mark django_db would write for good
        with restored, django_db_blocker.block():
            yield
        with (
            connection.cursor() as cursor
        ):  # a server or a thread may still hold its connection
            cursor.execute(OTHERS_OUT)


@pytest.fixture(autouse=True)
def in_english_and_utc():
    """What a request of an earlier test chose is forgotten: tests may come in any order."""
    translation.activate(settings.LANGUAGE_CODE)
    timezone.deactivate()


@pytest.fixture(autouse=True)
def vocabularies_of_one_age():
    """No vocabulary is read anew in the middle of a test, which may be counting queries."""
    soon = time.monotonic() + vocabulary.KEPT / 2
    if any(until < soon for until, _value in vocabulary._held.values()):
        vocabulary.forget()


@pytest.fixture(autouse=True)
def no_limits_on_reading(settings):  # the fixture of that name puts them back
    """All tests come from one address: together they would use up what one reader may ask."""
    settings.LIMITS = settings.LIMITS | dict.fromkeys(
        ("search", "export", "receipt", "api-anonymous", "sign-up-mailbox"), (10**6, 60)
    )


@pytest.fixture(autouse=True)
def nothing_remembered():
    """No value, count or limit of an earlier test is left: tests may come in any order."""
    store = throttle.store()
    kept = list(store.scan_iter(match=cache.make_key("*"), count=1000))
    if kept:
        store.delete(*kept)


LONGEST = ("tests/browser/", "tests/platform/")


def pytest_collection_finish():
    """What is loaded by now stays: it need not be looked through for waste again and again."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """The files that take longest come first: no process is left alone with one at the end."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_teardown(item):
    """A page that is closed sends what was typed last, and the database is put back by then."""
    page = item.funcargs.get("page")
    if isinstance(page, Page) and not page.is_closed():
        page.context.set_offline(True)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return browser_type_launch_args | {
        "executable_path": chromium.find(),
        "args": chromium.ARGUMENTS,
    }


@pytest.fixture(scope="session")
def only_portal(tmp_path_factory):
    """All processes of `make run` with stores, data and a port of their own; slow, so only one."""
    running = Portal(tmp_path_factory.mktemp("portal"))
    running.start()
    yield running
    running.remove()


@pytest.fixture
def portal(only_portal):
    """The running portal; started again where a test before has stopped it."""
    if only_portal.process.poll() is not None:
        only_portal.start()
    return only_portal
