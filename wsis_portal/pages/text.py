"""Static pages: help, data and API, accessibility, privacy, terms."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def page(request: HttpRequest, name: str) -> HttpResponse:
    """`name` comes from the URL table, never from the reader."""
    return render(
        request,
        f"pages/{name}.html",
        {"contact": settings.CONTACT_EMAIL, "site_url": settings.SITE_URL},
    )
