"""What a device at the entrance gets: codes as hashes, names, whether they may come in."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from accounts.second_factor.session import ask_for_second_factor, is_confirmed
from accounts.user.models import User
from common.moves.actors import SignedInRequest
from forum.badge.models import Badge
from forum.checkin.merging import refusal_of
from forum.checkin.models import CheckIn, Gate, Refusal, Steward
from forum.edition.models import Edition
from forum.registration.models import Registration
from forum.registration.workflow import RegistrationStatus

View = Callable[..., HttpResponse]


def may_check_in(edition: Edition, user: User) -> bool:
    if user.has_perm("forum.change_registration"):
        return True
    return Steward.objects.filter(edition=edition, user=user).exists()


def for_stewards(view: View) -> View:
    """Open a page to staff and to the check-in volunteers of the edition, with the second factor;
    the view gets the edition in place of its short name."""

    @login_required
    @wraps(view)
    def guarded(
        request: SignedInRequest, slug: str, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        edition = get_object_or_404(Edition, slug=slug)
        if not may_check_in(edition, request.user):
            if request.user.waits_for_second_factor:
                return ask_for_second_factor(request)
            raise PermissionDenied(
                _("This page is for the secretariat and for check-in volunteers.")
            )
        if not is_confirmed(request, request.user):
            return ask_for_second_factor(request)
        return view(request, edition, *args, **kwargs)

    return guarded


def device_list(edition: Edition) -> dict[str, Any]:
    """`badges`: [hash of the code, name, why it lets nobody in or ""]; who has no badge yet has
    "" for the hash. `arrivals`: [hash, session or 0, ISO 8601, entrance or 0]."""
    Badge.objects.issue_all(edition)
    badges = list(
        Badge.objects.of_edition(edition)
        .order_by("pk")
        .values_list(
            "digest",
            "registration__name",
            "registration__status",
            "revoked_at",
            "registration",
        )
    )
    rows = [
        [code, name, refusal_of(status, is_replaced=bool(revoked_at))]
        for code, name, status, revoked_at, _registration in badges
    ]
    waiting = (RegistrationStatus.REQUESTED, RegistrationStatus.WAITLISTED)
    names = Registration.objects.filter(edition=edition, status__in=waiting)
    rows += [
        ["", name, Refusal.NOT_APPROVED]
        for name in names.order_by("pk").values_list("name", flat=True)
    ]
    current = {
        registration: code
        for code, _name, _status, revoked_at, registration in badges
        if not revoked_at
    }
    arrivals = CheckIn.objects.of_edition(edition).arrivals().order_by("pk")
    return {
        "badges": rows,
        "arrivals": [
            [current[registration], session or 0, at.isoformat(), gate or 0]
            for registration, session, at, gate in arrivals.values_list(
                "registration", "session", "at", "gate"
            )
            if registration in current
        ],
        "gates": [[one.pk, one.name, one.session_id or 0] for one in gates_of(edition)],
        "counts": CheckIn.objects.counts(edition),
    }


def gates_of(edition: Edition) -> list[Gate]:
    return list(Gate.objects.filter(edition=edition).order_by("pk"))
