"""Refusals of the API as problem bodies (RFC 9457)."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.exceptions import ValidationError as ModelRefusal
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions, serializers
from rest_framework.response import Response

from common.api.problems import problem_body
from common.caching.headers import revocable
from common.moves.workflow import MoveRefused

PROBLEM = "application/problem+json"


class BodyTooLarge(exceptions.APIException):
    status_code = 413
    default_code = "too_large"
    default_detail = _("The request is too large: at most 1 MB.")


class Gone(exceptions.APIException):
    status_code = 410
    default_code = "gone"
    default_detail = _("This record is no longer public.")


class PreconditionFailed(exceptions.APIException):
    status_code = 412
    default_code = "changed_meanwhile"
    default_detail = _("The record has changed since you read it. Read it again.")


class KeyUsedBefore(exceptions.APIException):
    status_code = 422
    default_code = "key_used_before"
    default_detail = _("This Idempotency-Key was used for another request.")


def problem_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """A problem body for each refusal; `errors` says what is wrong with which field."""
    refused = as_api_error(error)
    if refused is None:
        return None
    body = problem_body(refused.status_code, list(sentences(refused.detail)))
    wait = getattr(refused, "wait", None)  # only a limit that was reached knows it
    headers = {} if wait is None else {"Retry-After": str(wait)}
    headers |= (
        {"WWW-Authenticate": refused.auth_header}
        if hasattr(refused, "auth_header")
        else {}
    )
    answer = Response(body, refused.status_code, headers=headers, content_type=PROBLEM)
    return revocable(answer) if refused.status_code == HTTPStatus.GONE else answer


def sentences(detail: Any, field: str | None = None) -> Iterator[dict[str, Any]]:
    """DRF's nested errors as a flat list; `field` is a name or a path such as `sdgs.2`."""
    if isinstance(detail, dict):
        inner = [
            (None if name == "non_field_errors" else name, part)
            for name, part in detail.items()
        ]
    elif isinstance(detail, list):
        flat = all(isinstance(part, str) for part in detail)
        inner = [
            (None if flat else str(place), part) for place, part in enumerate(detail)
        ]
    else:
        yield {"field": field, "code": detail.code, "detail": str(detail)}
        return
    for name, part in inner:
        yield from sentences(
            part,
            ".".join(str(step) for step in (field, name) if step is not None) or None,
        )


def as_api_error(error: Exception) -> exceptions.APIException | None:
    """An error of Django, a model or the move table as an error of the API; None for a real
    fault."""
    if isinstance(error, Http404):
        return exceptions.NotFound()
    if isinstance(error, PermissionDenied):
        return exceptions.PermissionDenied()
    if isinstance(error, ModelRefusal):
        return exceptions.ValidationError(serializers.as_serializer_error(error))
    if isinstance(error, MoveRefused):
        refused = exceptions.APIException(str(error.message), error.code)
        refused.status_code = error.http_status
        return refused
    return error if isinstance(error, exceptions.APIException) else None
