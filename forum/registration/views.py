"""Registration for an edition: the form, and its moves."""

from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.user.models import User
from common.limits.throttle import throttled
from common.moves.actors import SignedInRequest
from common.moves.workflow import MoveRefused
from forum.edition.models import Edition
from forum.registration.forms import RegistrationForm
from forum.registration.models import Capacity, Registration
from stocktaking.member.models import Member

PAGE = ["GET", "HEAD", "POST"]


@require_http_methods(PAGE)
def register(request: HttpRequest, slug: str) -> HttpResponse:
    """Information about registration, for everybody; the form for people who are signed in."""
    edition = get_object_or_404(Edition, slug=slug)
    if request.method == "POST":
        return _enter(
            cast(SignedInRequest, request), edition
        )  # @login_required ensures it
    form = None
    if request.user.is_authenticated:
        form = RegistrationForm(
            initial=values_from_profile(request.user), capacities=capacities_of(edition)
        )
    return register_page(request, edition, form)


def capacities_of(edition: Edition) -> list[Capacity]:
    return list(Capacity.objects.filter(edition=edition).order_by("attendance"))


def values_from_profile(user: User) -> dict[str, Any]:
    initial: dict[str, Any] = {"name": user.get_full_name()[:150]}
    member = Member.objects.select_related("organization").filter(user=user).first()
    if member:
        initial |= {
            "country": member.country_id,
            "stakeholder_type": member.stakeholder_type_id,
        }
        initial["organization_name"] = (
            member.organization.name if member.organization else ""
        )
    return initial


def register_page(
    request: HttpRequest,
    edition: Edition,
    form: RegistrationForm | None,
    status: int = 200,
    refusal: str = "",
) -> HttpResponse:
    own = (
        Registration.objects.filter(user=request.user, edition=edition).live().first()
        if request.user.is_authenticated
        else None
    )
    context = {
        "edition": edition,
        "is_open": Edition.objects.open_for_registration()
        .filter(pk=edition.pk)
        .exists(),
        "capacities": capacities_of(edition),
        "own": own,
        "place": own.place_in_waiting_list() if own else None,
        "moves": own.open_moves(request.user) if own else [],
        "form": form if not own else None,
        "refusal": refusal,
    }
    return render(request, "forum/registration/register.html", context, status=status)


@login_required
@throttled("forum-write", *settings.LIMITS["forum-write"], by="user")
def _enter(request: SignedInRequest, edition: Edition) -> HttpResponse:
    if not Edition.objects.open_for_registration().filter(pk=edition.pk).exists():
        return register_page(request, edition, None, 409, _("Registration is closed."))
    registration = Registration(edition=edition, user=request.user)
    form = RegistrationForm(
        request.POST, instance=registration, capacities=capacities_of(edition)
    )
    if not form.is_valid():
        return register_page(request, edition, form, 400)
    try:
        registration.enter()
    except MoveRefused as error:
        return register_page(
            request, edition, form, error.http_status, str(error.message)
        )
    except (
        ValidationError,
        IntegrityError,
    ):  # a second click that came at the same time
        pass
    return redirect("forum:register", slug=edition.slug)


@login_required
@require_POST
def registration_move(request: SignedInRequest, pk: int) -> HttpResponse:
    """Withdraw, or at the desk approve or reject; the table of moves does the rest."""
    registration = get_object_or_404(
        Registration.objects.visible_to(request.user).select_related("edition"), pk=pk
    )
    try:
        moved = registration.move(
            request.POST.get("move", ""), request.user, request.POST.get("note", "")
        )
    except KeyError as error:
        raise Http404 from error
    except MoveRefused as error:
        messages.error(request, str(error.message))
        return redirect(registration)
    messages.success(
        request,
        _("The status is now “%(status)s”.") % {"status": moved.get_status_display()},
    )
    return redirect(registration)
