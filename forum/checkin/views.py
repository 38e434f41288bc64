"""The check-in page, what its script asks, the log, and the service worker."""

import datetime
import json
import uuid
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)
from django_permissions_policy.decorators import permissions_policy_override

from common.mail.links import private
from common.moves.actors import SignedInRequest
from common.text.digits import BIGGEST_ID, whole_number
from forum.badge.models import digest, read_token
from forum.checkin.entrance import device_list, for_stewards, gates_of
from forum.checkin.merging import Act, Merging, checked_reason, read_acts
from forum.checkin.models import CheckIn
from forum.edition.models import Edition

WORKER = Path(__file__).with_name("offline.js").read_text(encoding="utf-8")
# What the kept page loads.
FILES = (
    "css/site.css",
    "css/forum.css",
    "css/entrance.css",
    "js/times.js",
    "js/checkin.js",
    "js/offline.js",
    "img/logo.svg",
    "img/favicon.svg",
)
SHOWN = 50
LONGEST_CODE = 200
WITH_CAMERA: dict[str, Any] = settings.PERMISSIONS_POLICY | {"camera": ["self"]}


@for_stewards
@require_http_methods(["GET", "HEAD", "POST"])
@permissions_policy_override(WITH_CAMERA)
def check_in(request: SignedInRequest, edition: Edition) -> HttpResponse:
    """The page; without a script its form checks in one code."""
    answer = _by_form(request, edition) if request.method == "POST" else None
    context = {
        "edition": edition,
        "zone": edition.zone,
        "gates": gates_of(edition),
        "gate": request.POST.get("gate", ""),
        "answer": answer,
        "counts": CheckIn.objects.counts(edition),
    }
    status = 400 if answer and answer["state"] == "unknown" else 200
    page = render(request, "forum/checkin/check_in.html", context, status=status)
    page["Cache-Control"] = "private, no-cache"
    return page


def _by_form(request: SignedInRequest, edition: Edition) -> dict[str, Any]:
    token = read_token(request.POST.get("code", "")[:LONGEST_CODE])
    gate = whole_number(request.POST.get("gate", ""), BIGGEST_ID)
    now = timezone.now()
    act = Act(uuid.uuid4(), False, digest(token), gate, now, "")
    (answer,) = Merging(edition, request.user, "form").merge([act])
    if "at" in answer:
        answer["at"] = datetime.datetime.fromisoformat(answer["at"])
    return answer


@for_stewards
@require_safe
def check_in_list(request: SignedInRequest, edition: Edition) -> HttpResponse:
    """All that a device needs for hours, and the token with which it sends."""
    answer = JsonResponse(device_list(edition) | {"csrf": get_token(request)})
    return private(answer)


@for_stewards
@require_POST
def check_in_merge(request: SignedInRequest, edition: Edition) -> HttpResponse:
    """What a device has done since it last had a network."""
    try:
        device, acts = read_acts(json.loads(request.body))
    except (ValueError, RecursionError):
        sentence = _("A check-in could not be read.")
        return JsonResponse({"error": sentence}, status=400)
    except ValidationError as error:
        return JsonResponse({"error": " ".join(error.messages)}, status=400)
    answers = Merging(edition, request.user, device).merge(acts)
    counts = CheckIn.objects.counts(edition)
    return private(JsonResponse({"answers": answers, "counts": counts}))


@for_stewards
@require_http_methods(["GET", "HEAD", "POST"])
def check_in_log(request: SignedInRequest, edition: Edition) -> HttpResponse:
    """All check-ins, the newest first; posting undoes one, with a reason."""
    rows = CheckIn.objects.of_edition(edition).for_list().order_by("-pk")
    if request.method == "POST":
        pk = whole_number(request.POST.get("check_in", ""), BIGGEST_ID) or 0
        return _undo(request, edition, get_object_or_404(rows, pk=pk))
    before = whole_number(request.GET.get("before", ""), BIGGEST_ID)
    if before:
        rows = rows.filter(pk__lt=before)
    found = list(rows[: SHOWN + 1])
    context = {
        "edition": edition,
        "zone": edition.zone,
        "rows": found[:SHOWN],
        "next": found[SHOWN - 1].pk if len(found) > SHOWN else None,
        "counts": CheckIn.objects.counts(edition),
        "gates": gates_of(edition),
    }
    return private(render(request, "forum/checkin/log.html", context))


def _undo(request: SignedInRequest, edition: Edition, row: CheckIn) -> HttpResponse:
    try:
        reason = checked_reason(request.POST.get("reason", ""))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        act = Act(row.uid, True, "", None, timezone.now(), reason)
        Merging(edition, request.user, "form").merge([act])
        messages.success(request, _("The check-in was undone."))
    return redirect("forum:check-in-log", slug=edition.slug)


@require_safe
def worker(request: HttpRequest, slug: str) -> HttpResponse:
    """The service worker of the check-in page; it names what it keeps and nothing personal."""
    if not Edition.objects.filter(slug=slug).exists():
        raise Http404
    copy = {
        "page": reverse("forum:check-in", args=[slug]),
        "files": [static(name) for name in FILES],
    }
    response = HttpResponse(
        f"const COPY = {json.dumps(copy)};\n{WORKER}",
        content_type="text/javascript; charset=utf-8",
    )
    response["Cache-Control"] = "no-cache"
    return response
