"""Texts of an entry in other languages: the list, and writing and deciding on one."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from common.limits.throttle import throttled
from common.moves.actors import SignedInRequest
from common.moves.forms import MoveForm
from common.moves.workflow import MoveRefused
from common.translation.workflow import EDITABLE
from prizes.entry.models import Entry
from prizes.entry.workflow import STAFF, WRITERS
from prizes.text.forms import EntryTranslationForm
from prizes.text.models import EntryTranslation

A_DAY = 24 * 3600
SAVED_A_DAY = 300
CLOSED = gettext_lazy("The entry can no longer be edited: its texts stand as they are.")


def written(request: SignedInRequest, edition: str, pk: int) -> Entry:
    """An entry that this person writes, or any that staff may read. Raises Http404."""
    visible = Entry.objects.visible_to(request.user).filter(contest__slug=edition)
    entry = get_object_or_404(
        visible.select_related("contest", "project", "owner"), pk=pk
    )
    if not entry.roles_of(request.user) & (WRITERS | STAFF):
        raise Http404
    return entry


def may_write(text: EntryTranslation, request: SignedInRequest) -> bool:
    """Staff at any time, its writers while the entry can be edited."""
    return bool(text.roles_of(request.user) & (WRITERS | STAFF))


@login_required
@require_safe
def texts(request: SignedInRequest, edition: str, pk: int) -> HttpResponse:
    """The languages of the entry: which have a text, and what waits."""
    entry = written(request, edition, pk)
    by_language = {
        text.language: text for text in EntryTranslation.objects.filter(entry=entry)
    }
    rows = []
    for code, name in settings.LANGUAGES:
        if code == entry.language:
            continue
        text = by_language.get(code)
        if text:
            text.entry = entry
        rows.append({"code": code, "name": name, "text": text})
    context = {
        "contest": entry.contest,
        "entry": entry,
        "rows": rows,
        "is_open": may_write(EntryTranslation(entry=entry), request),
    }
    return render(request, "prizes/text/texts.html", context)


def open_text(entry: Entry, language: str, *, lock: bool = False) -> EntryTranslation:
    """The stored text of this language, else a new one. Raises Http404 for the original's."""
    if language not in dict(settings.LANGUAGES) or language == entry.language:
        raise Http404
    rows = EntryTranslation.objects.filter(entry=entry, language=language)
    stored = (rows.select_for_update() if lock else rows).first()
    text = stored or EntryTranslation(entry=entry, language=language)
    text.entry = entry
    return text


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@throttled("prize-text", SAVED_A_DAY, A_DAY, by="user", methods="POST")
def text(
    request: SignedInRequest, edition: str, pk: int, language: str
) -> HttpResponse:
    """Original and text side by side. Saving creates a draft where there is none."""
    entry = written(request, edition, pk)
    with transaction.atomic():
        if request.method == "POST":
            # the first text of a language has no row to be locked
            Entry.objects.select_for_update().order_by().only("pk").get(pk=entry.pk)
        stored = open_text(entry, language, lock=request.method == "POST")
        form = EntryTranslationForm(request.POST or None, instance=stored)
        if request.method != "POST":
            return page(request, stored, form)
        if refusal := closed_because(request, stored):
            return page(request, stored, form, refusal, 409)
        if not form.is_valid():
            status = 409 if form.conflicts else 400
            return page(request, stored, form, status=status)
        form.instance.by = form.instance.by or request.user
        saved = form.save()
    messages.success(request, _("The text is saved."))
    return redirect(saved)


def closed_because(request: SignedInRequest, text: EntryTranslation) -> str:
    """A sentence when the text cannot be changed now, else ""."""
    if not may_write(text, request):
        return str(CLOSED)
    if text.pk and text.status not in EDITABLE:
        sentence = _("The status is “%(status)s”: the text cannot be changed now.")
        return sentence % {"status": text.get_status_display()}
    return ""


@login_required
@require_POST
@throttled("prize-text", SAVED_A_DAY, A_DAY, by="user")
def text_move(
    request: SignedInRequest, edition: str, pk: int, language: str
) -> HttpResponse:
    """Make the move of the button that was pressed; a refusal is shown beside the form."""
    entry = written(request, edition, pk)
    stored = open_text(entry, language)
    if not stored.pk:
        raise Http404
    written_form = EntryTranslationForm(instance=stored)
    form = MoveForm(request.POST)
    if not form.is_valid():
        return page(request, stored, written_form, status=400, move_form=form)
    try:
        moved = stored.move(
            request.POST.get("move", ""), request.user, form.cleaned_data["note"]
        )
    except KeyError as error:
        raise Http404 from error
    except MoveRefused as error:
        refusal, status = str(error.message), error.http_status
        return page(request, stored, written_form, refusal, status, form)
    told = _("The status is now “%(status)s”.") % {"status": moved.get_status_display()}
    messages.success(request, told)
    return redirect(moved)


def page(
    request: SignedInRequest,
    stored: EntryTranslation,
    form: EntryTranslationForm,
    refusal: str = "",
    status: int = 200,
    move_form: MoveForm | None = None,
) -> HttpResponse:
    closed = closed_because(request, stored)
    context = {
        "contest": stored.entry.contest,
        "entry": stored.entry,
        "text": stored,
        "form": form,
        "closed": closed,
        "shows_form": not closed or form.is_bound,  # what was typed is never lost
        "moves": stored.open_moves(request.user) if stored.pk else [],
        "move_form": move_form or MoveForm(),
        "refusal": refusal,
        "history": stored.steps(),
    }
    return render(request, "prizes/text/text.html", context, status=status)
