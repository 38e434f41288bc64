"""My data: a copy to download, erasure with two weeks to reconsider, consent."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from accounts.consent.models import Consent, TextVersion
from accounts.personal_data.models import DataExport, Erasure
from common.limits.throttle import throttled
from common.mail import outbox
from common.moves.actors import SignedInRequest
from privacy.tasks import export_data

EXPORTS_SHOWN = 5


@require_safe
@login_required
def my_data(request: SignedInRequest) -> HttpResponse:
    exports = list(DataExport.objects.filter(user=request.user)[:EXPORTS_SHOWN])
    context: dict[str, Any] = {
        "exports": exports,
        "live": any(export.is_live for export in exports),
        "erasure": Erasure.objects.waiting().filter(user=request.user).first(),
        "consents": Consent.objects.filter(user=request.user).select_related("text"),
    }
    return render(request, "privacy/my_data.html", context)


@require_POST
@login_required
@throttled("my-data", 5, 24 * 3600, by="user", methods="POST")
def export(request: SignedInRequest) -> HttpResponse:
    """Start a copy, unless one is being made."""
    try:
        with transaction.atomic():
            begun = DataExport.objects.create(user=request.user)
            export_data.delay_on_commit(begun.pk)  # type: ignore[attr-defined]
    except IntegrityError:
        messages.info(request, _("Your data are already being prepared."))
    return redirect("my-data")


@require_safe
@login_required
def export_file(request: SignedInRequest, pk: int) -> FileResponse:
    """The file, for its person only, for seven days."""
    export = get_object_or_404(DataExport, pk=pk, user=request.user)
    if not export.can_be_fetched or not default_storage.exists(export.file):
        raise Http404
    return FileResponse(
        default_storage.open(export.file),
        as_attachment=True,
        filename="my-wsis-data.zip",
        content_type="application/zip",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@reauthentication_required
def erase(request: SignedInRequest) -> HttpResponse:
    """What will be deleted and what will stay; after the password was entered again, one button."""
    if request.method != "POST":
        return render(request, "privacy/erase.html")
    with transaction.atomic():
        erasure, new = Erasure.objects.waiting().get_or_create(user=request.user)
        if new:
            outbox.send("account/erasure", request.user, {"erasure": erasure})
    return redirect("my-data")


@require_POST
@login_required
def keep(request: SignedInRequest) -> HttpResponse:
    """Cancel the erasure."""
    Erasure.objects.call_off(request.user)
    messages.success(request, _("Your account is kept."))
    return redirect("my-data")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def consent(request: SignedInRequest) -> HttpResponse:
    """The texts in force that were not agreed to yet; reading is possible without."""
    texts = list(TextVersion.objects.unanswered_by(request.user))
    if request.method == "POST":
        Consent.objects.bulk_create(
            [
                Consent(user=request.user, text=text)
                for text in texts
                if f"text-{text.pk}" in request.POST
            ],
            ignore_conflicts=True,
        )
        return redirect(after(request))
    return render(
        request,
        "privacy/consent.html",
        {"texts": texts, "next": request.GET.get("next", "")},
    )


def after(request: HttpRequest) -> str:
    address = request.POST.get("next", "")
    return (
        address
        if url_has_allowed_host_and_scheme(address, {request.get_host()})
        else "my-data"
    )
