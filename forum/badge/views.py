"""One's own badge: the page for the phone, its files, and a new code for one that was lost."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from common.limits.throttle import throttled
from common.mail.links import private
from common.moves.actors import SignedInRequest
from common.text.digits import BIGGEST_ID
from common.typesetting.qr import qr_code
from forum.badge.drawing import pdf_of, picture_of
from forum.badge.forms import ReplaceForm
from forum.badge.models import Badge
from forum.registration.models import Registration
from forum.registration.workflow import RegistrationStatus

TYPES = {"pdf": "application/pdf", "png": "image/png"}


def _registration(request: SignedInRequest, pk: int) -> Registration:
    rows = Registration.objects.visible_to(request.user)
    return get_object_or_404(
        rows.select_related("edition", "country"), pk=min(pk, BIGGEST_ID)
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@throttled("forum-write", *settings.LIMITS["forum-write"], by="user", methods="POST")
def badge(request: SignedInRequest, pk: int) -> HttpResponse:
    """The badge with its code, for its person and for staff; posting replaces the code."""
    registration = _registration(request, pk)
    own = Badge.objects.of(registration)
    is_approved = registration.status == RegistrationStatus.APPROVED
    form = ReplaceForm(request.POST if request.method == "POST" else None)
    if form.is_bound and not (own and is_approved):
        raise Http404
    if own and form.is_bound and form.is_valid():
        own.replace(request.user, form.cleaned_data["reason"])
        messages.success(
            request, _("The badge has a new code. The old one is not valid any more.")
        )
        return redirect("forum:badge", pk=pk)
    context = {
        "registration": registration,
        "edition": registration.edition,
        "badge": own if is_approved else None,
        "qr": qr_code(own.token) if own and is_approved else "",
        "form": form,
    }
    page = render(
        request, "forum/badge/badge.html", context, status=400 if form.errors else 200
    )
    return private(page)


@login_required
@require_safe
def badge_file(request: SignedInRequest, pk: int, file_type: str) -> HttpResponse:
    """The badge to print (PDF), or as a picture that a phone shows without a network (PNG)."""
    registration = _registration(request, pk)
    own = Badge.objects.of(registration)
    if file_type not in TYPES or own is None:
        raise Http404
    if registration.status != RegistrationStatus.APPROVED:
        raise Http404
    content = picture_of(own) if file_type == "png" else pdf_of([own])
    response = HttpResponse(content, content_type=TYPES[file_type])
    name = f"badge-{registration.edition.slug}.{file_type}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return private(response)
