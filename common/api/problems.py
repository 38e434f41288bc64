"""The body of a refusal of the API, apart from the models: the server says so before they load."""

from http import HTTPStatus
from typing import Any


def problem_body(status: int, errors: list[dict[str, Any]]) -> dict[str, Any]:
    """The body of every refusal (RFC 9457), with one row of `errors` at least."""
    return {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": errors[0]["detail"],
        "errors": errors,
    }
