"""What a reader sees when something cannot be done: a page of the site, or a problem body."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _


def problem(request: HttpRequest, status: int, title: str) -> HttpResponse:
    """The page `<status>.html`; for the API a problem body (RFC 9457) with the same sentence."""
    if request.path.startswith("/api/"):
        body = {"type": "about:blank", "title": title, "status": status}
        return JsonResponse(body, status=status, content_type="application/problem+json")
    name = f"{status}.html" if status in {403, 404, 429} else "400.html"
    return render(request, name, {"sentence": title}, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return problem(request, 400, _("We could not read your request."))


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """What a view says of it (PermissionDenied with a sentence), or a general sentence."""
    return problem(
        request, 403, str(exception or "") or _("You do not have permission to do this.")
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return problem(request, 404, _("There is no page at this address."))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return problem(
        request,
        403,
        _("The form was open for too long, or cookies are off. Go back and send it again."),
    )


def too_many_requests(request: HttpRequest) -> HttpResponse:
    """Used by the account pages; their shortest windows are a minute long."""
    response = problem(request, 429, _("Too many attempts in a short time."))
    response["Retry-After"] = "60"
    return response


def server_error(request: HttpRequest, *args: Any) -> HttpResponse:
    """Without context, session or database: any of them may be what is broken."""
    if request.path.startswith("/api/"):
        return problem(request, 500, _("Something went wrong on our side."))
    language = translation.get_language_from_path(request.path_info)
    home = f"/{language}/" if language else "/"
    return HttpResponse(render_to_string("500.html", {"home": home}), status=500)


def unavailable(request: HttpRequest) -> HttpResponse:
    response = problem(
        request, 503, _("Signing in is briefly unavailable while a part of the portal restarts.")
    )
    response["Retry-After"] = "30"
    return response
