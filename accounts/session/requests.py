"""Pages for some roles only."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.utils.translation import gettext as _

from accounts.role.roles import Role
from accounts.second_factor.session import ask_for_second_factor
from common.moves.actors import SignedInRequest


def role_required(
    *roles: Role,
) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Open a page to these roles; others are told whom it is for."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @login_required
        @wraps(view)
        def guarded(
            request: SignedInRequest, *args: Any, **kwargs: Any
        ) -> HttpResponse:
            user = request.user
            if not user.roles & set(roles):
                if user.granted_roles & set(roles):
                    return ask_for_second_factor(request)
                names = ", ".join(str(role.label) for role in roles)
                raise PermissionDenied(
                    _("This page is only for: %(roles)s.") % {"roles": names}
                )
            return view(request, *args, **kwargs)

        return guarded

    return decorate


secretariat_only = role_required(Role.SECRETARIAT, Role.ADMINISTRATOR)
