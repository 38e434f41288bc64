"""Registration for an edition: the form, and its moves."""

from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from accounts.user.models import User
from common.limits.throttle import throttled
from common.lists.paging import keyset_page
from common.moves.actors import SignedInRequest
from common.moves.workflow import MoveRefused
from forum.edition.models import Edition
from forum.registration.delegation import Delegation
from forum.registration.delegation_forms import MemberEditForm
from forum.registration.filters import AttendeeFilters
from forum.registration.forms import RegistrationEditForm, RegistrationForm
from forum.registration.models import Capacity, Registration
from forum.registration.workflow import RegistrationStatus
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
    rows = Registration.objects.filter(edition=edition).with_registrar()
    own: Any = (
        rows.filter(user=request.user).live().first()
        if request.user.is_authenticated
        else None
    )
    offered = None if own else rows.claimable_by(request.user).first()
    context = {
        "edition": edition,
        "is_open": Edition.objects.open_for_registration()
        .filter(pk=edition.pk)
        .exists(),
        "capacities": capacities_of(edition),
        "own": own,
        "place": own.place_in_waiting_list() if own else None,
        "moves": own.open_moves(request.user) if own else [],
        "may_edit": own
        and Registration.objects.editable_by(request.user).contains(own),
        "is_registered_by_other": own and own.registrar_id not in (None, own.user_id),
        "offered": offered,
        "delegations": Delegation.objects.filter(edition=edition).of_focal_point(
            request.user
        ),
        "form": form if not own and not offered else None,
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
@require_http_methods(PAGE)
@throttled("forum-write", *settings.LIMITS["forum-write"], by="user", methods="POST")
def registration_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Change one's registration; what was approved is approved once more."""
    mine = get_object_or_404(Registration.objects.editable_by(request.user), pk=pk)
    with transaction.atomic():
        capacities = Capacity.lock_all(mine.edition_id)  # before the row, as moves do
        registration = get_object_or_404(
            Registration.objects.editable_by(request.user)
            .select_related("edition")
            .select_for_update(of=("self",)),
            pk=pk,
        )
        offered = sorted(capacities.values(), key=lambda one: one.attendance)
        is_own = registration.user == request.user
        form = (RegistrationEditForm if is_own else MemberEditForm)(
            request.POST if request.method == "POST" else None,
            instance=registration,
            capacities=offered,
        )
        if form.is_valid():
            try:
                saved = registration.revise(request.user)
            except MoveRefused as error:
                form.add_error("attendance", str(error.message))
            else:
                messages.success(request, told_after(saved))
                return redirect(page_for(request, saved))
    context = {
        "edition": registration.edition,
        "form": form,
        "own": registration,
        "is_own": is_own,
        "back": page_for(request, registration).get_absolute_url(),
    }
    status = 409 if form.conflicts else 400 if form.errors else 200
    return render(request, "forum/registration/edit.html", context, status=status)


def page_for(request: SignedInRequest, registration: Registration) -> Any:
    """Whose page comes next: that of the delegation for its focal point."""
    delegation = registration.delegation
    is_own = registration.user == request.user
    return registration if is_own or not delegation else delegation


def told_after(saved: Registration) -> str:
    """What a person reads after a change."""
    if saved.status == RegistrationStatus.REQUESTED:
        return _(
            "The changes are saved. The secretariat checks them; the place is kept."
        )
    return _("The changes are saved.")


@require_safe
def attendees(request: HttpRequest, slug: str) -> HttpResponse:
    """Approved people who have agreed that this reader may see them."""
    edition = get_object_or_404(Edition, slug=slug)
    rows = Registration.objects.listed_for(request.user, edition)
    filters = AttendeeFilters(request.GET, queryset=rows.by_name())
    understood = filters.is_valid()
    found = filters.qs.select_related("country")
    context = {
        "edition": edition,
        "filters": filters,
        "page": keyset_page(request, found),
    }
    response = render(
        request,
        "forum/registration/attendees.html",
        context,
        status=200 if understood else 400,
    )
    response["Cache-Control"] = "private, no-store"  # who withdraws is gone at once
    response["X-Robots-Tag"] = "noindex"
    return response


@login_required
@require_POST
@throttled("forum-write", *settings.LIMITS["forum-write"], by="user")
def registration_claim(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take over what somebody has registered for one's address."""
    registration = get_object_or_404(
        Registration.objects.claimable_by(request.user).select_related("edition"), pk=pk
    )
    try:
        registration.claim(request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("This registration is yours now."))
    return redirect(registration)


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
        return redirect(page_for(request, registration))
    messages.success(
        request,
        _("The status is now “%(status)s”.") % {"status": moved.get_status_display()},
    )
    return redirect(page_for(request, registration))
