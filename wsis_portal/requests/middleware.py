"""Middleware of every request: invalid bytes, logging, headers, compression."""

import hashlib
import re
import time
import uuid
from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote_to_bytes

import structlog
from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils import translation
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.translation import gettext as _

from common.limits.throttle import client_ip
from wsis_portal.errors import outage
from wsis_portal.errors import views as errors
from wsis_portal.logs.json_lines import route_of

Handler = Callable[[HttpRequest], HttpResponse]
log = structlog.get_logger(__name__)

BALLOT = "prizes"  # the name of the addresses under which people vote
FORM = "application/x-www-form-urlencoded"
COMPRESSED_KINDS = frozenset(
    {
        "application/json",
        "application/problem+json",
        "application/ld+json",
        "application/atom+xml",
        "application/xml",
        "application/vnd.oai.openapi",
        "image/svg+xml",
    }
)
BROKEN = re.compile(
    r"%[89A-F][0-9A-F]"
)  # how Django hands on bytes of a path that are no UTF-8


def is_text(raw: bytes) -> bool:
    """Whether these bytes are UTF-8 without NUL, which PostgreSQL cannot store."""
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return b"\0" not in raw


def log_request(get_response: Handler) -> Handler:
    """Log one line for each request (docs/operations.md, “Logs”), with a number that the answer
    carries too. Successful requests for style sheets and scripts are not logged."""

    def middleware(request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        number = uuid.uuid4().hex
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=number)
        response = get_response(request)
        response["X-Request-ID"] = number
        static = request.path_info.startswith(settings.STATIC_URL)
        if not static or response.status_code >= HTTPStatus.BAD_REQUEST:
            log.info(
                "request", **line_of(request, response, time.perf_counter() - began)
            )
        structlog.contextvars.clear_contextvars()
        return response

    return middleware


def line_of(
    request: HttpRequest, response: HttpResponse, seconds: float
) -> dict[str, Any]:
    """The content of a line: never a path, which may contain a key, and never who it was.

    The network's address is left out where it could identify a person: with an API key, and on the
    pages of the Prizes, where the time could identify a vote.
    """
    line = {
        "method": request.method,
        "route": route_of(request),
        "status": response.status_code,
        "ms": round(seconds * 1000, 1),
    }
    if not response.streaming:
        line["bytes"] = len(response.content)
    match = request.resolver_match
    has_key = "api_key" in structlog.contextvars.get_contextvars()
    if not has_key and not (match and BALLOT in match.app_names):
        line["ip"] = client_ip(request)
    return line


def private_pages(get_response: Handler) -> Handler:
    """Shared caches keep no pages of people who are signed in, or about to be; they may keep
    style sheets and scripts, the same for everybody."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        somebodys = settings.SESSION_COOKIE_NAME in request.COOKIES or response.cookies
        if somebodys and not request.path_info.startswith(settings.STATIC_URL):
            patch_cache_control(response, private=True, no_store=True)
        return response

    return middleware


def answers_of_api(get_response: Handler) -> Handler:
    """Answers of the API have an `ETag`, so that an unchanged one is not sent again. Pages of
    other sites may read them (CORS, settings), so they may also load them."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not request.path_info.startswith("/api/v1/"):
            return response
        response["Cross-Origin-Resource-Policy"] = "cross-origin"
        reads = request.method in ("GET", "HEAD") and not response.streaming
        if reads and response.status_code == HTTPStatus.OK:
            if not response.has_header("ETag"):
                digest = hashlib.sha256(response.content).hexdigest()[:32]
                response["ETag"] = f'"{digest}"'
            patch_cache_control(response, no_cache=True)
            etag = response["ETag"]
            return (
                get_conditional_response(request, etag=etag, response=response)
                or response
            )
        return response

    return middleware


class CompressText(GZipMiddleware):
    """Compress pages and data where no proxy does it, as after `make run`.

    Files are left alone: PDFs, images, archives and sheets are compressed already.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        kind = response.headers.get("Content-Type", "").partition(";")[0]
        if kind.startswith("text/") or kind in COMPRESSED_KINDS:
            return super().process_response(request, response)
        return response


class RefuseBadBytes:
    """400, 413 or 414 with a sentence, before anything is parsed, stored or looked up."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        refusal = self.refusal(request)
        if refusal is None:
            return self.get_response(request)
        status, sentence = refusal
        language = (
            translation.get_language_from_path(request.path_info)
            or settings.LANGUAGE_CODE
        )
        api = request.path.startswith("/api/")
        # The page is drawn for a clean address: links on it must not carry the bad bytes on.
        request.path = request.path_info = "/api/" if api else f"/{language}/"
        request.META["QUERY_STRING"] = ""
        request.COOKIES = {}
        with translation.override(language):
            return errors.problem(request, status, str(sentence()))

    def refusal(self, request: HttpRequest) -> tuple[int, Callable[[], str]] | None:
        """Status and sentence (in the reader's language when called), or None when all is well."""
        path = request.path_info
        query = request.META.get("QUERY_STRING", "")
        raw_query = unquote_to_bytes(query.encode("latin-1", "replace"))
        if len(path) + len(query) > settings.MAX_URL_BYTES:
            return 414, lambda: _("The address is too long.")
        if "\0" in path or BROKEN.search(path) or not is_text(raw_query):
            return 400, lambda: _("The address contains characters that are not text.")
        if query.count("&") >= settings.DATA_UPLOAD_MAX_NUMBER_FIELDS:
            return 400, lambda: _("The address contains too many parameters.")
        if any("\0" in value for value in request.COOKIES.values()):
            return 400, lambda: _("A cookie contains characters that are not text.")
        if declared_length(request) > settings.MAX_REQUEST_BYTES:
            return 413, too_large
        return None

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: object
    ) -> None:
        """Check a form before the view reads it; Django itself would silently repair broken
        UTF-8."""
        if request.method != "POST":
            return
        broken = request.content_type == FORM and not is_text(
            unquote_to_bytes(request.body)
        )
        if broken or any(
            "\0" in text for _name, texts in request.POST.lists() for text in texts
        ):
            raise BadRequest("a form with bytes that are not text")

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponse | None:
        """Valkey is down: pages can be read without it, but signing in has to wait."""
        if outage.of(exception) == outage.CACHE:
            return errors.outage_answer(request, exception)
        return None


def declared_length(request: HttpRequest) -> int:
    length = request.META.get("CONTENT_LENGTH") or "0"
    return int(length) if length.isdecimal() else 0


def too_large() -> str:
    return _(
        "The upload is too large: at most %(limit)s MB. Choose a smaller file."
    ) % {"limit": settings.MAX_REQUEST_BYTES // 1024**2}
