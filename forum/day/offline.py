"""The service worker that shows an edition's agenda without a network."""

import json
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from forum.agenda.models import AgendaRelease
from forum.edition.models import Edition

WORKER = Path(__file__).with_name("offline.js").read_text(encoding="utf-8")
# What the kept page loads.
FILES = (
    "css/site.css",
    "css/forum.css",
    "js/times.js",
    "js/offline.js",
    "img/logo.svg",
    "img/favicon.svg",
)


@require_safe
def worker(request: HttpRequest, slug: str) -> HttpResponse:
    """The script in the folder of the agenda, which is all that it may answer for. It names the
    last release, so that a browser keeps the new agenda in place of the old one."""
    edition = get_object_or_404(Edition, slug=slug)
    releases = AgendaRelease.objects.filter(edition=edition).order_by("-number")
    copy = {
        "page": reverse("forum:agenda-all", args=[slug]),
        "files": [static(name) for name in FILES],
        "release": releases.values_list("number", flat=True).first() or 0,
        "language": get_language(),
    }
    response = HttpResponse(
        f"const COPY = {json.dumps(copy)};\n{WORKER}",
        content_type="text/javascript; charset=utf-8",
    )
    response["Cache-Control"] = "no-cache"
    return response
