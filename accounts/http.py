"""Requests of people who are signed in, and pages that only some roles may see."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse

from accounts.models import User
from accounts.roles import Role


class SignedInRequest(HttpRequest):
    """A request behind @login_required or @role_required: its user is always a person."""

    user: User


def role_required(
    *roles: Role,
) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Open a page to these roles: others get 404, for to them it does not exist."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @login_required
        @wraps(view)
        def guarded(request: SignedInRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.roles & set(roles):
                raise Http404
            return view(request, *args, **kwargs)

        return guarded

    return decorate
