"""Requests with an Idempotency-Key: carried out once, with the same answer each time."""

import hashlib
import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.response import Response

from common.api.errors import KeyUsedBefore
from common.api.models import KeptAnswer

KEY_MAX_LENGTH = 100


def answer_once(request: Any, make: Callable[[], tuple[int, Any]]) -> Response:
    """Compute an answer (status, data) in one transaction; a repeated Idempotency-Key gets the
    same.

    The account's row is locked meanwhile, so that two copies of a request cannot both act.
    """
    key = request.headers.get("Idempotency-Key", "")
    if not key or len(key) > KEY_MAX_LENGTH:
        raise exceptions.ValidationError(
            {"Idempotency-Key": _("Enter 1 to 100 characters.")}
        )
    sent = json.dumps([request.method, request.path, request.data], sort_keys=True)
    question = hashlib.sha256(sent.encode()).hexdigest()
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
