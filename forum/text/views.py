"""Texts of a session in other languages: the list, and writing and deciding on one."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from accounts.role.roles import OWNER
from common.limits.throttle import throttled
from common.moves.actors import SignedInRequest
from common.moves.forms import MoveForm
from common.moves.workflow import MoveRefused
from common.translation.workflow import EDITABLE
from forum.base.workflow import STAFF
from forum.session.models import Session
from forum.text.forms import SessionTranslationForm
from forum.text.models import SessionTranslation


def writable(request: SignedInRequest, pk: int) -> Session:
    """A session that this person organizes, or any for the secretariat. Raises Http404."""
    visible = Session.objects.visible_to(request.user).select_related("edition")
    session = get_object_or_404(visible, pk=pk)
    if not session.roles_of(request.user) & {OWNER, *STAFF}:
        raise Http404
    return session


@login_required
@require_safe
def texts(request: SignedInRequest, pk: int) -> HttpResponse:
    """The languages of the session: which have a text, and what waits."""
    session = writable(request, pk)
    by_language = {text.language: text for text in session.other_texts.all()}
    rows = [
        {"code": code, "name": name, "text": by_language.get(code)}
        for code, name in settings.LANGUAGES
        if code != session.language
    ]
    return render(request, "forum/text/texts.html", {"session": session, "rows": rows})


def open_text(
    session: Session, language: str, *, lock: bool = False
) -> SessionTranslation:
    """The stored text of this language, else a new one. Raises Http404 for the original's."""
    if language not in dict(settings.LANGUAGES) or language == session.language:
        raise Http404
    rows = SessionTranslation.objects.filter(session=session, language=language)
    stored = (rows.select_for_update() if lock else rows).first()
    text = stored or SessionTranslation(session=session, language=language)
    text.session = session
    return text


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@throttled("forum-write", *settings.LIMITS["forum-write"], by="user", methods="POST")
def text(request: SignedInRequest, pk: int, language: str) -> HttpResponse:
    """Original and text side by side. Saving creates a draft where there is none."""
    session = writable(request, pk)
    with transaction.atomic():
        if request.method == "POST":
            session.edition.lock()  # the first text of a language has no row to be locked
        stored = open_text(session, language, lock=request.method == "POST")
        form = SessionTranslationForm(request.POST or None, instance=stored)
        if request.method != "POST":
            return page(request, stored, form)
        if stored.pk and stored.status not in EDITABLE:
            refusal = _(
                "The status is “%(status)s”: the text cannot be changed now."
            ) % {"status": stored.get_status_display()}
            return page(request, stored, form, refusal, 409)
        if not form.is_valid():
            status = 409 if form.conflicts else 400
            return page(request, stored, form, status=status)
        form.instance.by = form.instance.by or request.user
        saved = form.save()
    messages.success(request, _("The text is saved."))
    return redirect(saved)


@login_required
@require_POST
@throttled("forum-write", *settings.LIMITS["forum-write"], by="user")
def text_move(request: SignedInRequest, pk: int, language: str) -> HttpResponse:
    """Make the move of the button that was pressed; a refusal is shown beside the form."""
    session = writable(request, pk)
    stored = open_text(session, language)
    if not stored.pk:
        raise Http404
    form = MoveForm(request.POST)
    if not form.is_valid():
        written = SessionTranslationForm(instance=stored)
        return page(request, stored, written, status=400, move_form=form)
    try:
        moved = stored.move(
            request.POST.get("move", ""), request.user, form.cleaned_data["note"]
        )
    except KeyError as error:
        raise Http404 from error
    except MoveRefused as error:
        written = SessionTranslationForm(instance=stored)
        return page(
            request, stored, written, str(error.message), error.http_status, form
        )
    told = _("The status is now “%(status)s”.") % {"status": moved.get_status_display()}
    messages.success(request, told)
    return redirect(moved)


def page(
    request: SignedInRequest,
    stored: SessionTranslation,
    form: SessionTranslationForm,
    refusal: str = "",
    status: int = 200,
    move_form: MoveForm | None = None,
) -> HttpResponse:
    context = {
        "session": stored.session,
        "text": stored,
        "form": form,
        "can_edit": not stored.pk or stored.status in EDITABLE,
        "moves": stored.open_moves(request.user) if stored.pk else [],
        "move_form": move_form or MoveForm(),
        "refusal": refusal,
        "history": stored.steps(),
    }
    return render(request, "forum/text/text.html", context, status=status)
