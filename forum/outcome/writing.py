"""Writing about a session: its outcome report, its minutes, and the versions of both."""

from typing import Any, NamedTuple

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from common.dates.zones import clock_in_words
from common.forms.autosave import answer_of_autosave
from common.forms.two_tabs import MARKS
from common.limits.throttle import throttled
from common.moves.actors import SignedInRequest
from common.moves.workflow import MoveRefused
from forum.base.workflow import STAFF
from forum.outcome.calls import ReportCall
from forum.outcome.forms import MinutesForm, OutcomeForm, SessionTextForm
from forum.outcome.models import Minutes, OutcomeReport, may_write
from forum.session.models import Session


class Kind(NamedTuple):
    """One of the two texts about a session."""

    name: str
    model: Any  # of either text
    form: type[SessionTextForm]
    title: Any
    saved: Any
    closed: Any


REPORT = Kind(
    "outcome",
    OutcomeReport,
    OutcomeForm,
    gettext_lazy("Outcome report"),
    gettext_lazy("The report is saved."),
    gettext_lazy("The report is published: ask the secretariat to change it."),
)
MINUTES = Kind(
    "minutes",
    Minutes,
    MinutesForm,
    gettext_lazy("Minutes"),
    gettext_lazy("The minutes are saved."),
    gettext_lazy("The minutes are published: ask the secretariat to change them."),
)
PAGE = ["GET", "HEAD", "POST"]


@login_required
@require_http_methods(PAGE)
@throttled("forum-text", *settings.LIMITS["forum-text"], by="user", methods="POST")
def outcome_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Organizers and rapporteurs write the report of the session; the secretariat publishes it."""
    return write(request, pk, REPORT)


@login_required
@require_http_methods(PAGE)
@throttled("forum-text", *settings.LIMITS["forum-text"], by="user", methods="POST")
def minutes_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    return write(request, pk, MINUTES)


def session_of_writer(request: SignedInRequest, pk: int) -> Session:
    """The session for somebody who writes about it. Raises Http404 for everybody else."""
    sessions = Session.objects.visible_to(request.user).select_related("edition")
    session = get_object_or_404(sessions, pk=pk)
    if not may_write(session, request.user):
        raise Http404
    return session


@transaction.atomic
def write(request: SignedInRequest, pk: int, kind: Kind) -> HttpResponse:
    session = session_of_writer(request, pk)
    # The first text of a session has no row yet that could be locked.
    Session.objects.select_for_update(no_key=True).get(pk=pk)
    rows = kind.model.objects.select_for_update(of=("self",))
    text = rows.filter(session=pk).first()
    is_staff = bool(session.roles_of(request.user) & STAFF)
    is_script = request.headers.get("HX-Request") == "true"
    if text and text.published_at and not is_staff:
        if is_script:
            return answer_of_autosave(request, {"closed": kind.closed}, "closed", 409)
        messages.info(request, kind.closed)
        return redirect(text)
    if text:
        text.session = session
    form = form_of(kind, session, text, request)
    if request.method == "POST":
        form.is_valid()
        if is_script:
            return autosaved(request, form, kind)
        if {"hand_in", "publish"} & request.POST.keys():
            form.require_complete()
        if not form.errors:
            return saved(request, form, kind, is_staff=is_staff)
    return page(request, form, kind, is_staff=is_staff)


def form_of(
    kind: Kind,
    session: Session,
    text: Any,
    request: SignedInRequest | None = None,
) -> SessionTextForm:
    data = request.POST if request and request.method == "POST" else None
    if text:
        return kind.form(data, instance=text)
    new = kind.model(session=session, language=session.language)
    return kind.form(data, instance=new, initial=kind.form.begun(session))


def autosaved(
    request: SignedInRequest, form: SessionTextForm, kind: Kind
) -> HttpResponse:
    """What the script is told: saved at, or which fields were not and why."""
    told: dict[str, Any] = {"conflicts": form.conflicts}
    if form.conflicts:
        told["opened_with"] = form.data[MARKS]
        return answer_of_autosave(request, told, "conflict", 409)
    text = form.keep(request.user)
    stored = form_of(kind, text.session, kind.model.objects.get(pk=text.pk))
    told["saved_at"] = clock_in_words(timezone.now(), "H:i:s")
    told["refused"] = [field for field in form if field.errors]
    told["others"] = form.kept_of_others
    told["opened_with"] = form.marks_after(stored)
    return answer_of_autosave(request, told, "saved", 200)


def saved(
    request: SignedInRequest, form: SessionTextForm, kind: Kind, *, is_staff: bool
) -> HttpResponse:
    text: Any = form.keep(request.user)
    messages.success(request, kind.saved)
    if "hand_in" in request.POST and kind is REPORT:
        text.hand_in(request.user)
    if "publish" in request.POST and is_staff:
        try:
            text.publish(request.user)
        except MoveRefused as refused:
            messages.error(request, str(refused.message))
    return redirect(text)


def page(
    request: SignedInRequest, form: SessionTextForm, kind: Kind, *, is_staff: bool
) -> HttpResponse:
    session = form.instance.session
    context = {
        "session": session,
        "form": form,
        "kind": kind,
        "is_staff": is_staff,
        "call": ReportCall.objects.filter(edition=session.edition).first(),
        "conflicts": form.conflicts,
        "text": form.instance,
    }
    status = 409 if form.conflicts else 400 if form.errors else 200
    return render(request, "forum/outcome/text_form.html", context, status=status)


@login_required
@require_safe
def outcome_versions(request: SignedInRequest, pk: int) -> HttpResponse:
    return versions(request, pk, REPORT)


@login_required
@require_safe
def minutes_versions(request: SignedInRequest, pk: int) -> HttpResponse:
    return versions(request, pk, MINUTES)


VERSIONS_SHOWN = 50


def versions(request: SignedInRequest, pk: int, kind: Kind) -> HttpResponse:
    """What was written before, newest first, for whoever writes the text."""
    session = session_of_writer(request, pk)
    text = get_object_or_404(kind.model, session=session)
    rows = text.versions.select_related("by").order_by("-number")[:VERSIONS_SHOWN]
    context = {
        "session": session,
        "kind": kind,
        "text": text,
        "versions": [(row, filled(kind, row.content)) for row in rows],
    }
    return render(request, "forum/outcome/versions.html", context)


def filled(kind: Kind, content: dict[str, Any]) -> list[tuple[Any, str]]:
    """Name and text of each field that this version fills in."""
    rows = []
    for name in kind.model.WRITTEN:
        value = content.get(name)
        text = "; ".join(value) if isinstance(value, list) else str(value or "")
        field: Any = kind.model._meta.get_field(name)
        if text:
            rows.append((field.verbose_name, text))
    return rows
