"""Clearance: the secretariat asks for reviews, sets the time of publication and keeps the
pre-release list; a reviewer reads and comments."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.session.requests import secretariat_only
from common.dates.zones import in_words
from common.limits.throttle import throttled
from common.mail import outbox
from common.moves.actors import SignedInRequest
from common.moves.workflow import MoveRefused
from common.text.digits import BIGGEST_ID, whole_number
from reports.clearance.forms import (
    AnswerForm,
    EarlyReaderForm,
    ReviewForm,
    ScheduleForm,
)
from reports.early.models import EarlyReader
from reports.publication.models import Publication
from reports.publication.views import readable, report_context
from reports.publication.workflow import BUILT, Status
from reports.report.models import Block
from reports.report.segments import Comment

ACTIONS_AN_HOUR = 120


@secretariat_only
@throttled("report-clearance", ACTIONS_AN_HOUR, 3600, by="user", methods="POST")
@require_http_methods(["GET", "HEAD", "POST"])
def clearance(request: SignedInRequest, pk: int) -> HttpResponse:
    """Review, time of publication and pre-release list of the version that waits."""
    publication = readable(request, pk)
    if request.method != "POST":
        return _page(request, publication, {})
    doing = request.POST.get("do", "")
    if doing == "remove":
        return _remove(request, publication)
    if doing not in FORMS:
        raise Http404
    form = FORMS[doing](publication, request.POST)
    if form.is_valid():
        try:
            text = DOING[doing](request, publication, form)
        except MoveRefused as refused:
            form.add_error(None, str(refused.message))
        else:
            messages.success(request, text)
            return redirect("reports:clearance", publication.pk)
    return _page(request, publication, {doing: form}, status=400)


FORMS: dict[str, Callable[..., forms.BaseForm]] = {
    "review": lambda publication, data=None: ReviewForm(data),
    "schedule": lambda publication, data=None: ScheduleForm(
        data, initial={"moment": publication.publish_at}
    ),
    "invite": lambda publication, data=None: EarlyReaderForm(
        data, publication=publication
    ),
}


def _ask(request: SignedInRequest, publication: Publication, form: Any) -> str:
    reviewers, note = form.cleaned_data["reviewers"], form.cleaned_data["note"]
    publication.send_to_reviewers(reviewers, request.user, note)
    return _("The reviewers have been asked.")


def _schedule(request: SignedInRequest, publication: Publication, form: Any) -> str:
    moment, note = form.cleaned_data["moment"], form.cleaned_data["note"]
    publication.schedule_for(moment, request.user, note)
    return _("It will be published on %(time)s.") % {"time": in_words(moment)}


@transaction.atomic
def _invite(request: SignedInRequest, publication: Publication, form: Any) -> str:
    """Only an approved version has a pre-release list; the link is only in the mail."""
    locked = Publication.objects.select_for_update().get(pk=publication.pk)
    if locked.status not in (Status.APPROVED, Status.SCHEDULED):
        raise MoveRefused(
            _("Only an approved version can be read before the publication.")
        )
    token = form.instance.new_token()
    form.instance.invited_by = request.user
    reader = form.save()
    context = {"publication": publication, "reader": reader, "token": token}
    outbox.send_to_address(
        "reports/early", reader.email, reader.language, context, once=True
    )
    return _("We have sent the link to %(to)s.") % {"to": reader.email}


DOING: dict[str, Callable[[SignedInRequest, Publication, Any], str]] = {
    "review": _ask,
    "schedule": _schedule,
    "invite": _invite,
}


def _remove(request: SignedInRequest, publication: Publication) -> HttpResponse:
    """The link of a reader ends now."""
    number = min(whole_number(request.POST.get("reader", "")) or 0, BIGGEST_ID)
    readers = EarlyReader.objects.of(publication.pk, publication.version)
    reader = get_object_or_404(readers.filter(removed_at=None), pk=number)
    reader.remove()
    messages.success(request, _("The link has ended."))
    return redirect("reports:clearance", publication.pk)


def _page(
    request: SignedInRequest,
    publication: Publication,
    bound: dict[str, Any],
    status: int = 200,
) -> HttpResponse:
    """Only what is possible in the present status is offered; a refused form always stays."""
    possible = {
        "review": {Status.READY, Status.IN_REVIEW},
        "schedule": {Status.APPROVED, Status.SCHEDULED},
        "invite": {Status.APPROVED, Status.SCHEDULED},
    }
    offered = {
        name: bound.get(name) or FORMS[name](publication)
        for name, statuses in possible.items()
        if name in bound or publication.status in statuses
    }
    readers = EarlyReader.objects.of(publication.pk, publication.version)
    context = {
        "publication": publication,
        "is_waiting": publication.status in BUILT,
        "forms": offered,
        "refused": next(iter(bound.values()), None),
        "reviewers": publication.reviewers.filter(
            version=publication.version
        ).select_related("user"),
        "readers": readers.prefetch_related("readings"),
        "problems": publication.problems(),
    }
    return render(request, "reports/clearance/clearance.html", context, status=status)


@login_required
@throttled("report-review", ACTIONS_AN_HOUR, 3600, by="user", methods="POST")
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: SignedInRequest, pk: int) -> HttpResponse:
    """The version that waits, for a person who is asked to review it; with its comments."""
    publication = readable(request, pk)
    reviewer = publication.reviewers.filter(
        version=publication.version, user=request.user
    ).first()
    if reviewer is None or publication.status != Status.IN_REVIEW:
        raise Http404
    snapshot = publication.snapshots.get(version=publication.version)
    blocks = _blocks(publication)
    form = AnswerForm(list(blocks.values()), request.POST or None)
    refusal, status = "", 400 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        form.keep_comments(request.user)
        note = form.cleaned_data["note"].strip()
        try:
            if "return" in request.POST:
                publication.move("return", request.user, note)
            elif "finish" in request.POST:
                publication.take_answer(reviewer, note)
        except MoveRefused as refused:
            refusal, status = str(refused.message), refused.http_status
        else:
            messages.success(request, _("Thank you: your review is saved."))
            away = "return" in request.POST
            return redirect("reports:publications" if away else request.path)
    context = {
        **report_context(request, publication, snapshot, number=None),
        "publication": publication,
        "reviewer": reviewer,
        "form": form,
        "refusal": refusal,
        "parts": _parts(snapshot.body, blocks, form),
    }
    return render(request, "reports/clearance/review.html", context, status=status)


def _blocks(publication: Publication) -> dict[int, Block]:
    """The blocks of the report's text by their number; none for series without a text."""
    rows = Block.objects.filter(section__report=publication.report_id or 0)
    return {block.pk: block for block in rows.select_related("section__report")}


def _parts(
    body: list[dict[str, Any]], blocks: dict[int, Block], form: AnswerForm
) -> list[dict[str, Any]]:
    """The frozen sections with the comments on each block, and a field for a new one where the
    block still exists."""
    comments: dict[int, list[Comment]] = {}
    for comment in Comment.objects.filter(block__in=blocks).select_related("by"):
        comments.setdefault(comment.block_id, []).append(comment)
    return [
        {
            "part": section,
            "blocks": [
                {
                    "frozen": one,
                    "comments": comments.get(one["id"], []),
                    "field": form.comment_of(blocks[one["id"]])
                    if one["id"] in blocks
                    else None,
                }
                for one in section["blocks"]
            ],
        }
        for section in body
    ]
