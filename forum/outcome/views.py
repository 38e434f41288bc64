"""Documents of an edition, and outcome reports of sessions."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.storage import default_storage
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.role.roles import OWNER
from common.files.pdf import NOTHING_RUNS
from common.limits.throttle import throttled
from common.lists.paging import keyset_page
from common.moves.actors import SignedInRequest
from forum.base.workflow import STAFF
from forum.edition.models import Edition
from forum.outcome.filters import DocumentFilters
from forum.outcome.forms import OutcomeForm
from forum.outcome.models import Document, OutcomeReport
from forum.session.models import Session

PDF = "application/pdf"


@require_safe
def documents(request: HttpRequest, slug: str) -> HttpResponse:
    edition = get_object_or_404(Edition, slug=slug)
    filters = DocumentFilters(
        request.GET,
        queryset=Document.objects.visible_to(request.user)
        .filter(edition=edition)
        .for_list(),
    )
    understood = filters.is_valid()
    reports = (
        OutcomeReport.objects.published()
        .filter(session__edition=edition)
        .select_related("session__released")
    )
    context = {
        "edition": edition,
        "documents": filters.qs,
        "filters": filters,
        "page": keyset_page(request, reports.order_by("-updated_at", "-pk")),
    }
    return render(
        request,
        "forum/outcome/documents.html",
        context,
        status=200 if understood else 400,
    )


@require_safe
def document(request: HttpRequest, pk: int) -> FileResponse:
    """An uploaded document, as a download: browsers never show it as a page of ours."""
    document = get_object_or_404(
        Document.objects.visible_to(request.user).exclude(file=""), pk=pk
    )
    path = str(document.file.name)
    if not default_storage.exists(path):
        raise Http404
    response = FileResponse(
        default_storage.open(path),
        content_type=PDF,
        as_attachment=True,
        filename=f"{document.edition.slug}-{document.kind}-{document.language}-{document.pk}.pdf",
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = NOTHING_RUNS
    return response


@require_safe
def outcome(request: HttpRequest, pk: int) -> HttpResponse:
    """The outcome report of a session, once it is published."""
    report = get_object_or_404(
        OutcomeReport.objects.visible_to(request.user).select_related(
            "session__edition"
        ),
        session=pk,
    )
    may_edit = bool(report.session.roles_of(request.user) & {OWNER, *STAFF})
    context = {"report": report, "session": report.session, "may_edit": may_edit}
    return render(request, "forum/outcome/outcome.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@throttled("forum-write", *settings.LIMITS["forum-write"], by="user", methods="POST")
def outcome_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """The organizer writes the outcome report of the session; the secretariat publishes it."""
    session = get_object_or_404(
        Session.objects.visible_to(request.user).select_related("edition"), pk=pk
    )
    roles = session.roles_of(request.user)
    if not roles & {OWNER, *STAFF}:
        raise Http404
    with transaction.atomic():
        session.edition.lock()  # the first report of a session has no row yet to be locked
        report = (
            OutcomeReport.objects.select_for_update(of=("self",))
            .filter(session=pk)
            .first()
        )
        form = OutcomeForm(
            request.POST or None, instance=report or OutcomeReport(session=session)
        )
        if report and report.published_at and not roles & STAFF:
            messages.info(
                request, _("The report is published: ask the secretariat to change it.")
            )
            return redirect(report)
        if form.is_valid():
            form.instance.by = form.instance.by or request.user
            saved = form.save()
            if "publish" in request.POST and roles & STAFF and not saved.published_at:
                saved.publish(request.user)
            messages.success(request, _("The report is saved."))
            return redirect(saved)
    context = {"session": session, "form": form, "is_staff": bool(roles & STAFF)}
    status = 409 if form.conflicts else 400 if form.errors else 200
    return render(request, "forum/outcome/outcome_form.html", context, status=status)
