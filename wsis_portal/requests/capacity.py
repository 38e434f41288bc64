"""The capacity of a web process: so many requests at work, so many that wait, and 503 for the rest.

A request that has waited too long is refused as well: its reader has probably gone, and serving it
would only make everybody behind it wait. `wsgi.py` puts `Limiter` around the application; a refused
request still passes the middleware (`answer_when_busy`), which gives it the headers, language and
log line of every other answer.
"""

import threading
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from wsis_portal.errors import views as errors

AT_WORK = 4  # requests of one process at the same time; more of them only slow each other down
WAITING = 16  # that wait behind these
WAIT_SECONDS = 5.0
# The server's threads: those at work, those that wait, and enough that say 503 at once.
THREADS = 32
BUSY = "wsis.busy"  # in the environ of a request that is refused
PROBES = frozenset({"/healthz", "/readyz"})

Start = Callable[..., Any]
Application = Callable[[dict[str, Any], Start], Iterable[bytes]]
Answer = Callable[[HttpRequest], HttpResponse]


class Limiter:
    """A WSGI application around another. A streamed body takes no slot: it lasts as long as its
    reader takes to fetch it, and the server has threads to spare."""

    def __init__(
        self,
        application: Application,
        at_work: int = AT_WORK,
        waiting: int = WAITING,
        wait_seconds: float = WAIT_SECONDS,
    ) -> None:
        self.application = application
        self.places = threading.Semaphore(at_work)
        self.queue = threading.Semaphore(waiting)
        self.wait_seconds = wait_seconds

    def __call__(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path in PROBES or path.startswith(settings.STATIC_URL):
            return self.application(environ, start)
        if not self.enter():
            environ[BUSY] = True
            return self.application(environ, start)
        try:
            return self.application(environ, start)
        finally:
            self.places.release()

    def enter(self) -> bool:
        """Take a slot, at once or after a wait; False when there are too many waiting."""
        if self.places.acquire(blocking=False):
            return True
        if not self.queue.acquire(blocking=False):
            return False
        try:
            return self.places.acquire(timeout=self.wait_seconds)
        finally:
            self.queue.release()


def answer_when_busy(get_response: Answer) -> Answer:
    """Middleware: the message of a refused request; nothing is looked up or stored."""

    def answer(request: HttpRequest) -> HttpResponse:
        return errors.busy(request) if request.META.get(BUSY) else get_response(request)

    return answer
