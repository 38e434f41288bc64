"""Members: their own profile, the directory of those who agreed, figures, roles."""

from contextlib import suppress
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from common.caching.values import remember, remembered
from common.limits.throttle import throttled
from common.lists.paging import keyset_page
from common.moves.actors import SignedInRequest
from common.moves.workflow import MoveRefused
from reference.names import vocabulary
from stocktaking.member.filters import MemberFilters
from stocktaking.member.forms import MemberForm, RoleForm
from stocktaking.member.models import Member
from stocktaking.organization.models import Organization
from stocktaking.organization.roles import OrganizationRole
from stocktaking.organization.views import counted

COUNTED_UP_TO = 10_000  # of a list; counting more takes most of a second
FIGURES_KEPT = 600  # seconds; counting 500,000 members takes a good second


def kept_out(response: HttpResponse) -> HttpResponse:
    """Tell search engines not to index the page or keep a copy."""
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response


@require_safe
@login_required
def member_list(request: SignedInRequest) -> HttpResponse:
    """The directory of members who agreed to be listed; for members only."""
    filters = MemberFilters(request.GET, Member.objects.directory().for_list())
    understood = filters.is_valid()
    context: dict[str, Any] = {"filters": filters}
    if understood:
        context["page"] = keyset_page(request, filters.qs, counts_to=COUNTED_UP_TO)
        context["more"] = context["page"].count == COUNTED_UP_TO
    status = 200 if understood else 400
    return kept_out(
        render(request, "stocktaking/member/member_list.html", context, status=status)
    )


@require_safe
@login_required
def member(request: SignedInRequest, pk: int) -> HttpResponse:
    member = get_object_or_404(Member.objects.directory().for_page(), pk=pk)
    roles = member.roles.filter(pk__in=OrganizationRole.objects.shown()).select_related(
        "organization"
    )
    return kept_out(
        render(
            request,
            "stocktaking/member/member.html",
            {"member": member, "roles": roles},
        )
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@throttled("profile", *settings.LIMITS["profile"], by="user", methods="POST")
def my_profile(request: SignedInRequest) -> HttpResponse:
    member = Member.objects.of(request.user)
    form = MemberForm(request.POST or None, instance=member)
    if form.is_valid():
        form.save()
        messages.success(request, _("Your profile was saved."))
        return redirect("stocktaking:my-profile")
    status = 400 if form.errors else 200
    return render(
        request, "stocktaking/member/my_profile.html", {"form": form}, status=status
    )


@require_safe
def member_figures(request: HttpRequest) -> HttpResponse:
    """The number of members by region, type and line of interest; cached for ten minutes."""
    figures = remembered("member-figures") or count_members()
    remember("member-figures", figures, FIGURES_KEPT)
    named = {
        kind: [
            SimpleNamespace(
                code=code, label=vocabulary.labels(kind).get(code, code), count=n
            )
            for code, n in rows
        ]
        for kind, rows in figures["by"].items()
    }
    return render(request, "stocktaking/member/figures.html", figures | {"by": named})


def count_members() -> dict[str, Any]:
    """Total (an estimate for large numbers) and counts by code, largest first."""
    fields = {"region": "country__region", "stakeholder_type": "stakeholder_type"}
    by = {
        kind: [
            (bar.code, bar.count) for bar in counted(Member.objects.active(), field, {})
        ]
        for kind, field in fields.items()
    }
    interests = Member.interests.through.objects.filter(member__user__is_active=True)
    lines = counted(interests, "actionline", {})
    total, estimated = Member.objects.estimated()
    return {
        "total": total,
        "estimated": estimated,
        "by": by | {"action_line": [(bar.code, bar.count) for bar in lines]},
    }


@require_safe
@login_required
def my_roles(request: SignedInRequest) -> HttpResponse:
    return roles_page(request)


def roles_page(
    request: SignedInRequest, refusal: str = "", status: int = 200
) -> HttpResponse:
    roles = [
        {"role": role, "moves": role.open_moves(request.user)}
        for role in OrganizationRole.objects.of(request.user).select_related("member")
    ]
    context = {"roles": roles, "refusal": refusal}
    return render(request, "stocktaking/member/my_roles.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@throttled("profile", *settings.LIMITS["profile"], by="user", methods="POST")
def role_ask(request: SignedInRequest, pk: int) -> HttpResponse:
    """Request a verified role; an address in a trusted domain verifies it at once."""
    organization = get_object_or_404(
        Organization.objects.visible_to(request.user), pk=pk
    )
    profile = (
        Member.objects.profile_of if request.method == "POST" else Member.objects.of
    )
    member = profile(request.user)
    role = OrganizationRole(member=member, organization=organization)
    form = RoleForm(request.POST or None, instance=role)
    if form.is_valid():
        with (
            suppress(IntegrityError),
            transaction.atomic(),
        ):  # two clicks at once: one request
            saved = form.instance.ask()
            text = _("Your role: %(status)s.") % {"status": saved.get_status_display()}
            messages.success(request, text)
        return redirect("stocktaking:my-roles")
    context = {"form": form, "organization": organization}
    status = 400 if form.errors else 200
    return render(request, "stocktaking/member/role_ask.html", context, status=status)


@login_required
@require_POST
def role_move(request: SignedInRequest, pk: int) -> HttpResponse:
    role = get_object_or_404(OrganizationRole.objects.of(request.user), pk=pk)
    try:
        role.move(request.POST.get("move", ""), request.user)
    except KeyError as error:
        raise Http404 from error
    except MoveRefused as error:
        return roles_page(request, str(error.message), error.http_status)
    return redirect("stocktaking:my-roles")
