"""The page behind the signed unsubscribe link of a mail."""

from collections.abc import Callable
from functools import wraps
from typing import Any, NamedTuple

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods


class Switch(NamedTuple):
    """What a signed link in a mail can turn off."""

    about: Any
    off: Callable[[], object]
    again: str  # name of the page on which one switches it on again
    is_off: bool = False


def stops_mails(read: Callable[[str], Switch | None]) -> Callable[..., HttpResponse]:
    """The page of a signed unsubscribe link: GET asks, POST unsubscribes.

    GET changes nothing, because mail scanners open links. `read` returns what the token stands for;
    None, for a forged token, is answered with 404. Mail programs post without a CSRF token (RFC
    8058); the signature is the permission.
    """

    @csrf_exempt
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(read)
    def page(request: HttpRequest, token: str) -> HttpResponse:
        switch = read(token)
        if switch is None:
            raise Http404
        if request.method == "POST":
            switch.off()
        done = request.method == "POST" or switch.is_off
        context = {"about": switch.about, "again": reverse(switch.again), "done": done}
        return render(request, "accounts/notification/unsubscribe.html", context)

    return page
