"""Groups of similar inputs: the pages of the secretariat, and the one of an author."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.admin.models import ADDITION, CHANGE, DELETION, LogEntry
from django.contrib.auth.decorators import login_required
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override
from django.views.decorators.http import require_http_methods

from accounts.session.requests import secretariat_only
from common.limits.throttle import throttled
from common.lists.paging import keyset_page
from common.mail.links import private
from common.moves.actors import AnyUser, Person, SignedInRequest
from common.moves.workflow import MoveRefused
from common.text.digits import BIGGEST_ID, whole_number
from forum.consultation.models import Submission
from forum.consultation.views import PAGE
from forum.edition.models import Edition
from forum.grouping.forms import GroupForm, ObjectionForm
from forum.grouping.models import GroupedInput, InputGroup, matching, ungrouped
from forum.grouping.similar import suggestions_kept

SHOWN = 15  # suggestions on one page
FOUND = 20  # inputs that a search for one more shows
LONGEST_SEARCH = 100
LIMIT = settings.LIMITS["forum-write"]


@secretariat_only
@require_http_methods(PAGE)
def groups(request: SignedInRequest, slug: str) -> HttpResponse:
    """The groups that there are, and inputs that are like each other; posting makes a group."""
    edition = get_object_or_404(Edition, slug=slug)
    form = GroupForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            name = form.cleaned_data["name"]
            try:
                with transaction.atomic():
                    made = InputGroup.make(edition, name, form.numbers(), request.user)
                    log(request.user, made, {"added": {}}, ADDITION)
            except MoveRefused as refused:
                form.add_error(None, str(refused.message))
                status = refused.http_status
            else:
                messages.success(request, _("The inputs are grouped."))
                return redirect(made)
    waiting = ungrouped(edition)
    found = suggestions_kept(waiting)
    ticked = set(form.numbers()) if form.is_bound else set()
    rows = InputGroup.objects.filter(edition=edition).select_related("edition")
    context = {
        "edition": edition,
        "form": form,
        "typed": form["name"].value() if form.is_bound else "",
        "ticked": ticked,
        "suggestions": [
            (rows, not ticked or bool(ticked & {row.pk for row in rows}))
            for rows in found[:SHOWN]
        ],
        "count": len(found),
        "waiting": waiting.count(),
        "page": keyset_page(request, rows.with_counts().order_by("-pk")),
    }
    return render(request, "forum/grouping/groups.html", context, status=status)


def log(user: Person, group: InputGroup, what: dict[str, Any], flag: int) -> None:
    """Who did it, when and what, in the form in which Django tells it in the reader's language."""
    LogEntry.objects.log_actions(
        user_id=user.pk,
        queryset=[group],
        action_flag=flag,
        change_message=[what],
        single_object=True,
    )


def log_input(user: Person, group: InputGroup, verb: str, one: Submission) -> None:
    """`verb`: added or deleted."""
    kind = str(Submission._meta.verbose_name)
    with override(None):
        log(user, group, {verb: {"name": kind, "object": one.number}}, CHANGE)


@secretariat_only
@require_http_methods(PAGE)
def group(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """One group: who was told and who has objected; show it to its authors, add an input that
    `?q=` finds, take one out, dissolve or answer it."""
    rows = InputGroup.objects.filter(edition__slug=slug).select_related("edition")
    found = get_object_or_404(rows, pk=min(pk, BIGGEST_ID))
    refusal, status = "", 200
    if request.method == "POST":
        try:
            with transaction.atomic():
                return act(request, found)
        except MoveRefused as refused:
            refusal, status = str(refused.message), refused.http_status
        except ValidationError as error:
            refusal, status = " ".join(error.messages), 409
    words = request.GET.get("q", "")[:LONGEST_SEARCH].strip()
    more = matching(ungrouped(found.edition), words)[:FOUND] if words else []
    done = LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(InputGroup),
        object_id=str(found.pk),
    )
    context = {
        "edition": found.edition,
        "group": found,
        "members": found.members.for_page(),  # type: ignore[attr-defined]  # its own queryset
        "words": words,
        "more": more,
        "history": done.select_related("user"),
        "refusal": refusal,
    }
    return render(request, "forum/grouping/group.html", context, status=status)


def act(request: SignedInRequest, group: InputGroup) -> HttpResponse:
    """What the button that was pressed does. Raises MoveRefused, Http404 for another one."""
    if "ask" in request.POST:
        told = group.ask()
        log(
            request.user,
            group,
            {"changed": {"fields": ["authors were told at"]}},
            CHANGE,
        )
        messages.success(request, authors_told(told))
    elif "add" in request.POST:
        added, told = group.add(whole_number(request.POST["add"]) or 0)
        log_input(request.user, group, "added", added)
        messages.success(request, _("The input is in the group."))
        if told:
            messages.success(request, authors_told(told))
    elif "out" in request.POST:
        gone = group.take_out(whole_number(request.POST["out"]) or 0)
        if gone:
            log_input(request.user, group, "deleted", gone)
            messages.success(request, _("The input has left the group."))
    elif "dissolve" in request.POST:
        gone_group = InputGroup(pk=group.pk, name=group.name)
        group.dissolve()
        log(request.user, gone_group, {"deleted": {}}, DELETION)
        messages.success(request, _("The group is dissolved."))
        return redirect("forum:input-groups", group.edition.slug)
    elif "settle" in request.POST:
        number = group.settle(request.user)
        log(request.user, group, {"changed": {"fields": ["answered at"]}}, CHANGE)
        sentence = ngettext(
            "%(count)d input is answered.", "%(count)d inputs are answered.", number
        )
        messages.success(request, sentence % {"count": number})
    else:
        raise Http404
    return redirect(group)


def authors_told(count: int) -> str:
    sentence = ngettext(
        "%(count)d author is told by e-mail.",
        "%(count)d authors are told by e-mail.",
        count,
    )
    return sentence % {"count": count}


@login_required
@require_http_methods(PAGE)
@throttled("forum-write", *LIMIT, by="user", methods="POST")
def own_group(request: SignedInRequest, pk: int) -> HttpResponse:
    """The group of one's own input, as the link of the mail shows it."""
    rows = GroupedInput.objects.shown().filter(submission__owner=request.user)
    return objection(request, get_object_or_404(rows, submission=pk), request.user)


@require_http_methods(PAGE)
def group_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """The same without signing in."""
    rows = GroupedInput.objects.with_token(token).shown()
    return private(objection(request, get_object_or_404(rows), None))


def objection(
    request: HttpRequest, member: GroupedInput, by: AnyUser | None
) -> HttpResponse:
    form = ObjectionForm(request.POST if request.method == "POST" else None)
    refusal, status = "", 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                member.object(by, form.cleaned_data["reason"])
            except MoveRefused as refused:
                refusal, status = str(refused.message), refused.http_status
            else:
                return redirect(request.path)
    context = {
        "member": member,
        "group": member.group,
        "edition": member.group.edition,
        "submission": member.submission,
        "others": member.others(),
        "form": form,
        "refusal": refusal,
        "by_link": by is None,
    }
    return render(request, "forum/grouping/objection.html", context, status=status)
