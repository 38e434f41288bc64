"""The proposals of an edition with what the screening found, and the findings of one of them."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.role.roles import is_own
from accounts.session.requests import secretariat_only
from common.limits.throttle import throttled
from common.lists.paging import keyset_page
from common.moves.actors import SignedInRequest
from common.moves.workflow import CONCERNED
from common.text.digits import whole_number
from forum.consultation.models import Submission
from forum.consultation.views import PAGE, visible
from forum.edition.models import Edition
from forum.screening.findings import Finding, Screening
from forum.screening.forms import FindingsForm, WaiverForm

ROWS = 25


@secretariat_only
@require_safe
def screening(request: SignedInRequest, slug: str) -> HttpResponse:
    """Which proposal fails which rule; filtered by rule and state."""
    edition = get_object_or_404(Edition, slug=slug)
    form = FindingsForm(edition, request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    rows = Submission.objects.proposals(edition).select_related("kind", "edition")
    everything = list(rows.order_by("submitted_at", "pk"))
    found = Screening(edition, everything)
    findings = {one.pk: found.findings_of(one) for one in everything}
    matching = [pk for pk, ones in findings.items() if is_asked_for(ones, chosen)]
    listed = rows.filter(pk__in=matching).order_by("submitted_at", "pk")
    page = keyset_page(request, listed, ROWS)
    context = {
        "edition": edition,
        "form": form,
        "page": page,
        "rows": [(one, findings[one.pk]) for one in page.object_list],
        "count": len(matching),
        "rules": found.rules,
        "filtered": any(chosen.values()),
    }
    return render(request, "forum/screening/screening.html", context)


def is_asked_for(findings: list[Finding], chosen: dict[str, Any]) -> bool:
    """Whether a proposal with these findings is shown."""
    if chosen.get("rule"):
        findings = [one for one in findings if one.rule.kind == chosen["rule"]]
        if not chosen.get("state"):
            return bool(findings)
    return {
        "hard": any(one.is_blocking for one in findings),
        "open": any(one.is_open for one in findings),
        "waived": any(not one.is_open for one in findings),
        "passed": not findings,
    }.get(chosen.get("state", ""), True)


@login_required
@require_http_methods(PAGE)
@throttled("forum-write", *settings.LIMITS["forum-write"], by="user", methods="POST")
@transaction.atomic
def submission_screening(request: SignedInRequest, pk: int) -> HttpResponse:
    """What the rules find in one proposal: its author reads it, staff waive it."""
    submission = visible(request, pk)
    if not submission.kind.proposes_session:
        raise Http404
    form, status = WaiverForm(submission.edition), 200
    if request.method == "POST":
        if not request.user.is_secretariat:
            raise Http404
        if is_own(submission, request.user):
            messages.error(request, str(CONCERNED))
            return redirect("forum:submission-screening", pk)
        if "end" in request.POST:
            return end(request, submission)
        form = waiver_form(request, submission)
        if form.is_valid():
            form.save()
            messages.success(request, _("The finding is waived."))
            return redirect("forum:submission-screening", pk)
        status = 400
    findings = submission.edition.screening_rules.all().findings_of(submission)
    waivers = submission.waivers.select_related("rule", "by", "ended_by")
    staff = request.user.is_secretariat
    context = {
        "submission": submission,
        "edition": submission.edition,
        "findings": findings,
        "form": form,
        "asked": form.data.get("rule", ""),
        "may_waive": staff and not is_own(submission, request.user),
        "waivers": list(waivers.order_by("-at", "-pk")) if staff else [],
        "mine": submission.owner_id == request.user.pk,
    }
    template = "forum/screening/submission_screening.html"
    return render(request, template, context, status=status)


def waiver_form(request: SignedInRequest, submission: Submission) -> WaiverForm:
    form = WaiverForm(submission.edition, request.POST)
    form.instance.submission = submission
    form.instance.by = request.user
    return form


def end(request: SignedInRequest, submission: Submission) -> HttpResponse:
    """The rule holds again; the waiver stays as the log."""
    chosen = whole_number(request.POST["end"]) or 0
    ended = submission.waivers.filter(pk=chosen, ended_at=None).update(
        ended_at=timezone.now(), ended_by=request.user
    )
    if ended:
        messages.success(request, _("The waiver is ended."))
    return redirect("forum:submission-screening", submission.pk)
