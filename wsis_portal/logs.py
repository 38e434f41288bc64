"""Logs as one JSON object per line: never a local variable, never a key that opens an account."""

import re
from typing import Any

import structlog
from structlog.typing import EventDict, Processor

# addresses from mails: whoever has the last part may set a password or confirm an address
KEYS_IN_ADDRESSES = re.compile(r"(/reset/key/|/confirm-email/)[^/\s?\"']+")
QUERY = re.compile(r"\?[^\s\"']*")


def without_secrets(logger: Any, method: str, event: EventDict) -> EventDict:
    """Cut what readers typed or were mailed out of logged addresses."""
    for field in ("event", "request", "exception"):
        if isinstance(event.get(field), str):
            event[field] = KEYS_IN_ADDRESSES.sub(r"\1…", event[field])
    if isinstance(event.get("request"), str):
        event["request"] = QUERY.sub("", event["request"])
    return event


def only_finished(logger: Any, method: str, event: EventDict) -> EventDict:
    """One line per request, at its end: it says all that the one at its start would."""
    if event.get("event") == "request_started":
        raise structlog.DropEvent
    return event


SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]

structlog.configure(
    processors=[
        only_finished,
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
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.format_exc_info,  # the plain traceback, without locals
                    without_secrets,
                    structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
                ],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django": {"level": level},
            # says nothing that the line of the request does not
            "django.request": {"level": "ERROR"},
        },
    }
