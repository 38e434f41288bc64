"""The body of an API error, without models: the server needs it before they are loaded."""

from http import HTTPStatus
from typing import Any


def problem_body(status: int, errors: list[dict[str, Any]]) -> dict[str, Any]:
    """The body of every error (RFC 9457), with at least one row of `errors`."""
    return {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": errors[0]["detail"],
        "errors": errors,
    }
