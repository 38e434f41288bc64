"""The page on which staff say which projects the winners of imported contests are."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from common.lists.paging import keyset_page
from common.text.digits import whole_number
from prizes.entry.winners import (
    WinnerAnswer,
    answer,
    imported_winners,
    take_back,
    unlinked_winners,
)
from stocktaking.project.models import Project

ANSWERS_SHOWN = 20


def page(desk: admin.ModelAdmin, request: HttpRequest) -> HttpResponse:
    """Winners with the projects that they may be; a button each for yes, no and undo."""
    if not desk.has_change_permission(request):
        raise PermissionDenied
    if request.method == "POST":
        _answer(desk, request)
        return redirect("admin:prizes_entry_winners")
    rows = keyset_page(request, unlinked_winners())
    ids = {pk for entry in rows.object_list for pk in entry.candidates}
    projects = Project.objects.published().in_bulk(list(ids))
    given = WinnerAnswer.objects.select_related("entry__contest", "project", "by")
    context: dict[str, Any] = desk.admin_site.each_context(request) | {
        "title": _("Winners of earlier contests"),
        "opts": desk.opts,
        "page": rows,
        "winners": [
            (entry, [projects[pk] for pk in entry.candidates if pk in projects])
            for entry in rows.object_list
        ],
        "answers": given[:ANSWERS_SHOWN],
    }
    return render(request, "admin/prizes/entry/winners.html", context)


def _answer(desk: admin.ModelAdmin, request: HttpRequest) -> None:
    """What the pressed button says: “yes” or “no” with winner and project, or “undo”."""
    name = next((one for one in ("yes", "no", "undo") if one in request.POST), "")
    numbers = [whole_number(part) for part in request.POST.get(name, "").split("-")]
    if name == "undo":
        given = get_object_or_404(WinnerAnswer, pk=numbers[0])
        desk.log_change(request, given.entry, f"winner: undo {given.project_id}")
        take_back(given)
        messages.success(request, _("The answer was taken back."))
        return
    winner, project = (*numbers, None, None)[:2]
    entry = get_object_or_404(imported_winners(), pk=winner)
    chosen = get_object_or_404(Project.objects.published(), pk=project)
    if not answer(entry, chosen, name == "yes", request.user):  # type: ignore[arg-type]  # signed in
        messages.warning(request, _("This winner has its project already."))
        return
    desk.log_change(request, entry, f"winner: {name} {chosen.pk}")
    messages.success(request, _("Saved."))
