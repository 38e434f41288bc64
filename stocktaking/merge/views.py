"""Two records side by side: which one is kept, and the value of each field."""

from typing import Any, cast

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from common.forms.values import chosen_ids
from common.moves.workflow import MoveRefused
from stocktaking.base.workflow import Status
from stocktaking.merge.models import (
    LEFT,
    RIGHT,
    Merge,
    choices_between,
    chosen_content,
    going_of,
    rehearse,
)
from stocktaking.project.models import Project
from stocktaking.project.workflow import PROJECT_WORKFLOW
from stocktaking.review.models import DeskAssignment
from stocktaking.review.project_views import onward
from stocktaking.review.views import ITEM, context

SOURCES = PROJECT_WORKFLOW["merge"].sources


def merge(desk: admin.ModelAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """Name the other record, choose the values, and merge."""
    base = context(desk, request)
    rows = Project.objects.for_page().filter(status__in=SOURCES)
    left = get_object_or_404(rows, pk=pk)
    data = request.POST if request.method == "POST" else request.GET
    number = data.get("with", "").strip()
    right = rows.filter(pk=_id_of(number)).first() if number else None
    refusal = ""
    if number and right is None:
        refusal = _("There is no public or submitted project with this number.")
    elif right and right.pk == left.pk:
        refusal, right = _("These are the same project."), None
    if right and request.method == "POST":
        return _merge(request, base, left, right)
    return _page(request, base, left, right, refusal, 400 if refusal else 200)


def _id_of(text: str) -> int:
    """The id in a number such as WSIS-2026-004512, or alone; 0 when there is none."""
    ids = chosen_ids(text.rpartition("-")[2], 1)
    return ids[0] if ids else 0


def _page(
    request: HttpRequest,
    base: dict[str, Any],
    left: Project,
    right: Project | None,
    refusal: str,
    status: int,
) -> HttpResponse:
    page = base | {
        "title": _("Merge two projects"),
        "left": left,
        "right": right,
        "refusal": refusal,
        "other": request.GET.get("with", ""),
    }
    if right:
        stays = _side(request, left, right)
        page |= {
            "stays": stays,
            "seen": _seen(left, right),
            "going": _going(request, left, right, stays),
            "rows": [
                (row, _kept(request, row, stays))
                for row in choices_between(left, right)
            ],
        }
    return render(request, "admin/stocktaking/desk/merge.html", page, status=status)


def _side(request: HttpRequest, left: Project, right: Project) -> str:
    """Which record is kept: the chosen one, else the public one, else the older one."""
    side = request.POST.get("stays", "")
    if side in (LEFT, RIGHT):
        return side
    public = {
        LEFT: left.status == Status.PUBLISHED,
        RIGHT: right.status == Status.PUBLISHED,
    }
    if public[LEFT] != public[RIGHT]:
        return LEFT if public[LEFT] else RIGHT
    return LEFT if left.pk < right.pk else RIGHT


def _kept(request: HttpRequest, row: Any, stays: str) -> str:
    """Which value of a field is kept: the chosen one, else that of the kept record unless it is
    empty."""
    side = request.POST.get(f"keep_{row.field}", "")
    if side in row.sides:
        return side
    other = RIGHT if stays == LEFT else LEFT
    return stays if getattr(row, stays) else other


def _going(
    request: HttpRequest, left: Project, right: Project, stays: str
) -> list[Any]:
    """What moves besides the fields, with the owner that is kept."""
    survivor, loser = (left, right) if stays == LEFT else (right, left)
    owners = [row for row in choices_between(left, right) if row.field == "owner_id"]
    kept = _kept(request, owners[0], stays) if owners else stays
    owner = (left if kept == LEFT else right).owner_id
    return going_of(rehearse(survivor, loser, owner))


def _seen(left: Project, right: Project) -> str:
    return f"{left.updated_at.isoformat()} {right.updated_at.isoformat()}"


def _merge(
    request: HttpRequest, base: dict[str, Any], left: Project, right: Project
) -> HttpResponse:
    stays = _side(request, left, right)
    survivor, loser = (left, right) if stays == LEFT else (right, left)
    kept = {
        row.field: _kept(request, row, stays) for row in choices_between(left, right)
    }
    if request.POST.get("seen") != _seen(left, right):
        refusal = _(
            "One of the projects was changed in the meantime: please review them again."
        )
        return _page(request, base, left, right, refusal, 409)
    user = cast(Any, request.user)
    if (
        DeskAssignment.objects.live()
        .exclude(by=user)
        .filter(project__in=[left, right])
        .exists()
    ):
        refusal = _("A colleague is working on this submission.")
        return _page(request, base, left, right, refusal, 409)
    try:
        content = chosen_content(left, right, kept)
        Merge.objects.merge(survivor, loser, content, user)
    except MoveRefused as error:
        return _page(request, base, left, right, str(error.message), error.http_status)
    except ValidationError as error:
        return _page(request, base, left, right, " ".join(error.messages), 409)
    text = _(
        "%(loser)s leads to %(survivor)s now. The merge can be undone on the page of %(loser)s."
    )
    messages.success(
        request, text % {"loser": loser.number, "survivor": survivor.number}
    )
    if DeskAssignment.objects.release(user, [loser.pk]):
        return onward(user, loser.submitted_at, loser.pk)
    return redirect(ITEM, survivor.pk)
