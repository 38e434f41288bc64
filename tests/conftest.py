"""What all tests share: stores with the vocabularies in them, a browser, a real portal."""

import io
import os

import pytest
from django.core.management import call_command

from reference.models import ActionLine
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


@pytest.fixture(autouse=True)
def _vocabularies_again(request):
    """A transactional test ends by emptying every table: the next one gets vocabularies back."""
    marker = request.node.get_closest_marker("django_db")
    transactional = bool(marker and marker.kwargs.get("transaction"))
    if transactional or {"transactional_db", "live_server"} & set(request.fixturenames):
        request.getfixturevalue("transactional_db")
        if not ActionLine.objects.exists():
            call_command("load_reference", verbosity=0, stdout=io.StringIO())


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
