"""More requests than places: some wait, the rest is told at once, and nobody waits for ever."""

import subprocess
import sys
import threading

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.test import RequestFactory

from tests.reports.threads import at_once
from wsis_portal.requests import capacity
from wsis_portal.requests.capacity import BUSY, Limiter

pytestmark = pytest.mark.django_db


def environ(path):
    return RequestFactory().get(path, headers={"host": "localhost"}).environ


def answer(application, path):
    """(status, headers, body) of a request to a WSGI application."""
    told = {}

    def start(status, headers, exc_info=None):
        told.update(status=int(status.split()[0]), headers=dict(headers))

    body = b"".join(application(environ(path), start)).decode()
    return told["status"], told["headers"], body


class Slow:
    """An application whose requests stay at work until they are let go."""

    def __init__(self):
        self.at_work, self.refused = [], []
        self.began, self.go = threading.Event(), threading.Event()

    def __call__(self, environ, start):
        if environ.get(BUSY):
            self.refused.append(environ)
            return [b"refused"]
        self.at_work.append(environ)
        self.began.set()
        self.go.wait()
        return [b"done"]


def test_two_work_three_wait_and_the_rest_is_refused_at_once():
    slow = Slow()
    limiter = Limiter(slow, at_work=2, waiting=3, wait_seconds=60)

    def ask(number):
        answered = limiter(environ("/en/"), None)
        if len(slow.refused) == 20 - 5:
            slow.go.set()  # all that have no place are answered: those at work may end
        return answered[0]

    answers = at_once(ask, 20)

    assert (answers.count(b"refused"), answers.count(b"done")) == (15, 5)
    assert limiter(environ("/en/"), None) == [b"done"]  # every place was given back


def test_whoever_waited_too_long_is_refused_and_not_worked_off():
    slow = Slow()
    limiter = Limiter(slow, at_work=1, waiting=5, wait_seconds=0.05)
    first = threading.Thread(target=limiter, args=[environ("/en/"), None])
    first.start()
    slow.began.wait()

    assert at_once(lambda n: limiter(environ("/en/"), None)[0], 3) == [b"refused"] * 3
    slow.go.set()
    first.join()
    assert len(slow.at_work) == 1


def test_probes_and_style_sheets_need_no_place():
    limiter = Limiter(lambda environ, start: [environ.get(BUSY)], at_work=0, waiting=0)

    paths = (
        "/healthz",
        "/readyz",
        "/static/css/site.css",
        "/en/",
        "/en/static/x",
        "/staticx",
    )

    assert [limiter(environ(path), None)[0] for path in paths] == [None] * 3 + [
        True
    ] * 3


@pytest.mark.parametrize(
    ("path", "kind"),
    [("/en/projects/", "text/html"), ("/api/v1/projects/", "application/problem+json")],
)
def test_a_refusal_is_a_sentence_with_all_headers_and_asks_no_store(
    path, kind, django_assert_num_queries
):
    application = Limiter(WSGIHandler(), at_work=0, waiting=0)

    with django_assert_num_queries(0):
        status, headers, body = answer(application, path)

    assert (status, headers["Retry-After"]) == (503, "5")
    assert headers["Content-Type"].startswith(kind)
    assert "Content-Security-Policy" in headers
    assert "very busy" in body


def test_the_server_has_threads_left_for_refusals():
    assert capacity.THREADS > capacity.AT_WORK + capacity.WAITING


def test_what_is_loaded_is_not_looked_through_for_waste_while_readers_wait():
    """With all modules, a full look took 0.2 s: one page in twenty was that much slower."""
    loaded = "import gc, wsis_portal.wsgi; print(gc.get_freeze_count(), len(gc.get_objects()))"

    counted = subprocess.run(
        [sys.executable, "-c", loaded], capture_output=True, text=True, check=True
    )

    passed_over, looked_through = (int(number) for number in counted.stdout.split())
    assert passed_over > 100_000 > looked_through
