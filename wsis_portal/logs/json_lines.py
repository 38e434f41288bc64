"""Logs as one JSON object per line, without local variables, paths or keys; docs/operations.md
(“Logs”) says what a line contains, and why."""

import logging
import re
from http import HTTPStatus
from typing import Any

import structlog
from django.http import HttpRequest
from structlog.typing import EventDict, Processor

# Addresses whose next part is a key: whoever has it may set a password, accept an invitation, read
# a calendar. Requests are logged by their route; this is for such an address in any other line.
KEYS_IN_ADDRESSES = re.compile(
    r"(/(?:reset/key|confirm-email|confirm|invitations|ownership|unsubscribe|stop|kept|calendar|contributions|boxes)/)"
    r"[^/\s?\"'<]+"
)
NO_ROUTE = (
    "(none)"  # of a request whose address leads nowhere, or that was refused before
)
TOLD_BY_A_LINE = {HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.INSUFFICIENT_STORAGE}


def route_of(request: HttpRequest | None) -> str:
    """The pattern of the address, as in `en/projects/<int:pk>/`: the same for all readers."""
    match = getattr(request, "resolver_match", None)
    return match.route if match else NO_ROUTE


def without_secrets(logger: object, method: str, event: EventDict) -> EventDict:
    """Replace a request's path by the route wherever a line or a traceback contains it."""
    request = getattr(event.get("_record"), "request", None)
    path = getattr(request, "path", "/")
    paths = {path, path.encode("unicode_escape").decode()} - {"/"}
    for field in ("event", "exception"):
        text = event.get(field)
        if isinstance(text, str):
            for path in paths:
                text = text.replace(path, route_of(request))
            event[field] = KEYS_IN_ADDRESSES.sub(r"\1…", text)
    return event


class WithoutOutages(logging.Filter):
    """A store that is down, or full, is logged in one line (errors.py) and not with a traceback
    for each request."""

    def filter(self, record: logging.LogRecord) -> bool:
        return getattr(record, "status_code", None) not in TOLD_BY_A_LINE


SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]

structlog.configure(
    processors=[
        *SHARED,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    wrapper_class=structlog.stdlib.BoundLogger,
    cache_logger_on_first_use=True,
)


def configuration(level: str) -> dict[str, Any]:
    """Django's LOGGING: everything to standard error."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": SHARED,
                "processors": [
                    structlog.processors.format_exc_info,  # the plain traceback, without locals
                    without_secrets,
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
                ],
            }
        },
        "filters": {"outages": {"()": WithoutOutages}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django": {"level": level},
            # says nothing that the line of the request does not
            "django.request": {"level": "ERROR", "filters": ["outages"]},
            # of each task of the schedule: 30 MB a day on a portal where nothing happens
            "celery.worker.strategy": {"level": "WARNING"},
            "celery.app.trace": {"level": "WARNING"},
            "celery.beat": {"level": "WARNING"},
            "pikepdf": {"level": "WARNING"},  # greets each process that imports it
        },
    }
