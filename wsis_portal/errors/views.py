"""Error pages: a page of the site, or a problem body of the API."""

import sys
from http import HTTPStatus
from typing import Any

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.api.problems import problem_body
from wsis_portal.errors import outage

log = structlog.get_logger(__name__)
CODES = {
    400: "invalid",
    403: "permission_denied",
    413: "too_large",
    429: "throttled",
    500: "error",
}


def problem(request: HttpRequest, status: int, title: str) -> HttpResponse:
    """The page `<status>.html`; for the API a problem body (RFC 9457) with the same sentence."""
    if request.path.startswith("/api/"):
        body = problem_body(
            status, [{"field": None, "code": code_of(status), "detail": title}]
        )
        return JsonResponse(
            body, status=status, content_type="application/problem+json"
        )
    name = f"{status}.html" if status in {403, 404, 429} else "400.html"
    return render(request, name, {"sentence": title}, status=status)


def code_of(status: int) -> str:
    """The error code for programs, the same as the views of the API use."""
    return CODES.get(status) or HTTPStatus(status).phrase.lower().replace(" ", "_")


def bad_request(
    request: HttpRequest, exception: Exception | None = None
) -> HttpResponse:
    return problem(request, 400, _("We could not read your request."))


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The message of the view (PermissionDenied with a sentence), or a general one."""
    return problem(
        request,
        403,
        str(exception or "") or _("You do not have permission to do this."),
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return problem(request, 404, _("There is no page at this address."))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return problem(
        request,
        403,
        _(
            "The form was open for too long, or cookies are off. Go back and send it again."
        ),
    )


def too_many_requests(request: HttpRequest) -> HttpResponse:
    """Used by the account pages; their shortest windows are one minute."""
    response = problem(request, 429, _("Too many attempts in a short time."))
    response["Retry-After"] = "60"
    return response


def server_error(request: HttpRequest, *args: Any) -> HttpResponse:
    """Without context, session or database: any of them may be broken.

    A store that is down, or full, is named, with 503 or 507 and a time to retry; everything else is
    a fault of ours.
    """
    outage = outage_answer(request, sys.exc_info()[1])
    if outage:
        return outage
    if request.path.startswith("/api/"):
        return problem(request, 500, _("Something went wrong on our side."))
    return HttpResponse(
        render_to_string("500.html", {"home": _home(request)}), status=500
    )


# What is out of order: status, sentence, seconds until one may try again.
SENTENCES: dict[str, tuple[int, Any, int]] = {
    outage.DATABASE: (
        503,
        gettext_lazy(
            "The portal cannot reach its database at the moment. Wait a minute, then try again. If "
            "you were saving something, check that it was saved."
        ),
        30,
    ),
    outage.SLOW: (
        503,
        gettext_lazy(
            "This took too long and was stopped. Wait a minute, then try again."
        ),
        30,
    ),
    outage.CACHE: (
        503,
        gettext_lazy(
            "Signing in is briefly unavailable while a part of the portal restarts."
        ),
        30,
    ),
    outage.DISK: (
        507,
        gettext_lazy(
            "The portal has no space left to save this. What was saved before is safe. Go back to "
            "find what you entered, and try again later."
        ),
        600,
    ),
}


def outage_answer(
    request: HttpRequest, error: BaseException | None
) -> HttpResponse | None:
    """The answer when a store is down or full, and a line in the log; None for all else."""
    part = outage.of(error)
    if part is None:
        return None
    first = str(error).partition("\n")[0]
    log.warning("out of order", part=part, error=first, exc_info=part == outage.SLOW)
    return out_of_order(request, *SENTENCES[part])


def busy(request: HttpRequest) -> HttpResponse:
    sentence = gettext_lazy(
        "The portal is very busy. Wait a few seconds, then try again."
    )
    return out_of_order(request, 503, sentence, 5)


def out_of_order(
    request: HttpRequest, status: int, sentence: str | Promise, seconds: int
) -> HttpResponse:
    """A page, or a problem body, in the language of the address; uses no store."""
    language = (
        translation.get_language_from_path(request.path_info) or settings.LANGUAGE_CODE
    )
    with translation.override(language):
        if request.path.startswith("/api/"):
            response = problem(request, status, str(sentence))
        else:
            context = {"home": _home(request), "sentence": sentence}
            response = HttpResponse(
                render_to_string("unavailable.html", context), status=status
            )
    response["Retry-After"] = str(seconds)
    response["Cache-Control"] = "no-store"
    return response


def _home(request: HttpRequest) -> str:
    language = translation.get_language_from_path(request.path_info)
    return f"/{language}/" if language else "/"
