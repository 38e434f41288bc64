"""The page of an entry for experts of a contest whose reviews are without names."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from prizes.entry.forms import NoteForm
from prizes.entry.views import LABELS
from prizes.entry.workflow import PANEL
from prizes.panel.anonymous import without_names


def blind_page(
    request: HttpRequest, entry: Any, form: NoteForm, refusal: list[str], status: int
) -> HttpResponse:
    """The redacted text; for the chair also the moves. No history: its reasons may name people."""
    user = request.user
    moves = entry.open_moves(user)
    context = {
        "contest": entry.contest,
        "entry": without_names([entry])[0],
        "status_label": LABELS[entry.status],
        "decides": bool(entry.roles_of(user) & PANEL),
        "moves": moves,
        "form": form,
        "refusal": refusal,
    }
    return render(request, "prizes/page/blind.html", context, status=status)
