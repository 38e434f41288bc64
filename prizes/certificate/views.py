"""A certificate as PDF, and its badge as a picture for websites."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from common.limits.throttle import throttled
from prizes.certificate.drawing import badge_of, pdf_of
from prizes.certificate.models import awarded_entries

PICTURES = {"svg": "image/svg+xml", "png": "image/png"}
KEPT = 300  # seconds: a certificate that is revoked disappears soon


def _entry(code: str) -> Any:
    return get_object_or_404(awarded_entries(), code=code)


@require_safe
@throttled("prize-print", *settings.LIMITS["forum-print"])
def certificate_pdf(request: HttpRequest, code: str) -> HttpResponse:
    """The certificate in the language of the page; none for one that is revoked."""
    entry = _entry(code)
    response = HttpResponse(pdf_of([entry]), content_type="application/pdf")
    name = f"certificate-{entry.contest.slug}-{entry.pk}.pdf"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_safe
@throttled("prize-print", *settings.LIMITS["forum-print"])
def badge(request: HttpRequest, code: str, picture: str) -> HttpResponse:
    """A picture that other sites may show; it is gone when the certificate is revoked."""
    if picture not in PICTURES:
        raise Http404
    content = badge_of(_entry(code), picture)
    response = HttpResponse(content, content_type=PICTURES[picture])
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    response["Cache-Control"] = f"public, max-age={KEPT}"
    return response
