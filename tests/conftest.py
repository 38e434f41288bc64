"""What all tests share: stores with the vocabularies in them, a browser, a real portal."""

import io
import os

import pytest
from django.core.management import call_command
from pytest_django.plugin import blocking_manager_key

from tests import chromium
from tests.portal import Portal

# Playwright's event loop runs in the thread of the test, where live_server's database is used too
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Catalogues and vocabularies are there for every test, as after each deploy."""
    call_command("compilemessages", verbosity=0)
    with django_db_blocker.unblock():
        call_command("load_reference", verbosity=0, stdout=io.StringIO())


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item):
    """A transactional test ends by emptying every table: the next test, of whatever kind and in
    whatever order, gets the vocabularies back."""
    result = yield
    if (
        "transactional_db" in item.fixturenames
        or "live_server" in item.fixturenames
        or any(mark.kwargs.get("transaction") for mark in item.iter_markers("django_db"))
    ):
        with item.config.stash[blocking_manager_key].unblock():
            call_command("load_reference", verbosity=0, stdout=io.StringIO())
    return result


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return browser_type_launch_args | {
        "executable_path": chromium.find(),
        "args": chromium.ARGUMENTS,
    }


@pytest.fixture(scope="session")
def portal(tmp_path_factory):
    """All processes of `make run` with stores, data and a port of their own; slow, so only one."""
    running = Portal(tmp_path_factory.mktemp("portal"))
    running.start()
    yield running
    running.remove()
