"""What every API view shares: problem bodies (RFC 9457), one rule book with the forms, limits."""

import hashlib
import json
import math
from collections.abc import Callable, Iterator, Mapping
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core import validators
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied
from django.core.exceptions import ValidationError as ModelRefusal
from django.db import models, transaction
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions, parsers, serializers, throttling
from rest_framework.response import Response

from common.caches import revocable
from common.filters import NAMED, shown
from common.models import KeptAnswer
from common.problems import problem_body
from common.throttle import allow, client_ip
from common.workflow import MoveRefused

MAX_BODY = 1024 * 1024  # bytes of a JSON body; the longest entry has about 200 KB
KEY_MAX_LENGTH = 100
PROBLEM = "application/problem+json"
SAID_BY_FIELDS = (
    validators.URLValidator,
    validators.EmailValidator,
)  # with the same sentence


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
    """A problem body for each refusal; `errors` names the fields and says what is wrong there."""
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
    """DRF's nested refusals as a flat list; `field` is a name or a path such as `sdgs.2`."""
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
    """A refusal of Django, of a model or of the move table, as the API's own; None for a fault."""
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


def no_number(name: str) -> None:
    """NaN and Infinity are Python's, not JSON's."""
    raise ValueError(name)


def finite(text: str) -> float:
    """A number that is one: 1e400 would be read as infinity."""
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def named_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of JSON; of a name that comes twice nobody knows which value is meant."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name comes twice")
    return found


class JSONParser(parsers.JSONParser):
    """JSON in UTF-8 up to 1 MB; what nests too deep is refused like any other broken text."""

    def parse(
        self, stream: Any, media_type: Any = None, parser_context: Any = None
    ) -> Any:
        body = stream.read(MAX_BODY + 1)
        if len(body) > MAX_BODY:
            raise BodyTooLarge
        try:
            return json.loads(
                body.decode(),
                parse_constant=no_number,
                parse_float=finite,
                object_pairs_hook=named_once,
            )
        except (ValueError, RecursionError) as error:
            raise exceptions.ParseError(_("The body is not readable JSON.")) from error


def spend(scope: str, key: str) -> None:
    """Count one act against settings.LIMITS. Raises Throttled (429) when there were too many."""
    allowed, retry_after = allow(scope, key, *settings.LIMITS[scope])
    if not allowed:
        raise exceptions.Throttled(retry_after)


class Throttle(throttling.BaseThrottle):
    """Requests a minute by address, by key, or by account when signed in (settings.LIMITS)."""

    def allow_request(self, request: Any, view: Any) -> bool:
        if request.auth is not None:
            spend("api-user", f"key-{request.auth.pk}")
        elif request.user.is_authenticated:
            spend("api-user", f"user-{request.user.pk}")
        else:
            spend("api-anonymous", client_ip(request))
        return True


class KnownFields(serializers.Serializer):
    """Refuses what cannot be written instead of leaving it out without a word."""

    def to_internal_value(self, data: Any) -> Any:
        refused = self._refused(data) if isinstance(data, Mapping) else {}
        try:
            values = super().to_internal_value(data)
        except serializers.ValidationError as error:
            if refused and isinstance(error.detail, dict):
                raise serializers.ValidationError(
                    {**refused, **error.detail}
                ) from error
            raise
        if refused:
            raise serializers.ValidationError(refused)
        return values

    def _refused(self, data: Mapping[str, Any]) -> dict[str, list[Any]]:
        found: dict[str, list[Any]] = {}
        for name in data:
            if name not in self.fields:
                found[shown(str(name))] = [_("There is no field with this name.")]
            elif self.fields[name].read_only:
                found[name] = [_("This field cannot be changed.")]
        return dict(list(found.items())[:NAMED])


class ModelSerializer(KnownFields, serializers.ModelSerializer):
    """Asks the model's validators, `clean()` and constraints: form and API refuse alike."""

    def build_standard_field(self, field_name: str, model_field: Any) -> Any:
        field_class, options = super().build_standard_field(field_name, model_field)
        for name in ("max_length", "min_value", "max_value"):
            options.pop(name, None)
        rules = [v for v in model_field.validators if not isinstance(v, SAID_BY_FIELDS)]
        if isinstance(model_field, models.TextField):
            rules.append(validators.MaxLengthValidator(model_field.max_length))
        if not options.get("read_only") and "choices" not in options:
            options["validators"] = rules
        return field_class, options

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        model: Any = self.Meta.model
        record = model() if self.instance is None else self.instance
        many = {field.name for field in record._meta.many_to_many}
        for name, value in attrs.items():
            if name not in many:
                setattr(record, name, value)
        try:
            record.clean()
            record.validate_constraints()
        except ModelRefusal as refusal:
            found = refusal.message_dict
            raise serializers.ValidationError(
                {
                    ("non_field_errors" if n == NON_FIELD_ERRORS else n): t
                    for n, t in found.items()
                }
            ) from refusal
        return attrs


def answer_once(request: Any, make: Callable[[], tuple[int, Any]]) -> Response:
    """Make an answer (status, data) in one transaction; a repeated Idempotency-Key gets the same.

    The account's row is locked meanwhile, so that two copies of a request cannot both act.
    """
    key = request.headers.get("Idempotency-Key", "")
    if not key or len(key) > KEY_MAX_LENGTH:
        raise exceptions.ValidationError(
            {"Idempotency-Key": _("Enter 1 to 100 characters.")}
        )
    asked = json.dumps([request.method, request.path, request.data], sort_keys=True)
    question = hashlib.sha256(asked.encode()).hexdigest()
    with transaction.atomic():
        get_user_model().objects.select_for_update().get(pk=request.user.pk)
        kept = KeptAnswer.objects.of(request.user).filter(key=key).first()
        if kept and kept.question != question:
            raise KeyUsedBefore
        if not kept:
            status, data = make()
            kept = KeptAnswer.objects.create(
                user=request.user, key=key, question=question, status=status, data=data
            )
    made = kept.status == HTTPStatus.CREATED and "url" in kept.data
    return Response(
        kept.data, kept.status, headers={"Location": kept.data["url"]} if made else {}
    )
