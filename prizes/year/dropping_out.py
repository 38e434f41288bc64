"""An expert drops out near the deadline: others get what they have not submitted, in one step."""

from typing import Any, NamedTuple

from django.contrib import admin, messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext

from accounts.user.models import User
from prizes.contest.models import Contest
from prizes.entry.models import Entry
from prizes.panel.assigning import hand_over
from prizes.panel.decision import Assignment


class Handed(NamedTuple):
    entry: Entry
    to: User | None  # None: nobody is free


def handed(contest: Contest, expert: User, officer: Any) -> list[Handed]:
    """What would go to whom, as things stand; nothing is stored. Without entries that concern the
    officer."""
    with transaction.atomic():
        missing = Assignment.objects.filter(entry__contest=contest, expert=expert)
        entries = list(missing.unfinished().values_list("entry", flat=True))
        rows = list(
            Entry.objects.filter(pk__in=entries)
            .exclude(pk__in=Entry.objects.concerning(officer).values("pk"))
            .select_related("category")
            .order_by("category__number", "pk")
        )
        made = hand_over(contest, expert).made
        transaction.set_rollback(True)
    people = User.objects.in_bulk({row.expert_id for row in made})
    new: dict[int, User] = {row.entry_id: people[row.expert_id] for row in made}
    return [Handed(entry, new.get(entry.pk)) for entry in rows]


def page(
    model_admin: admin.ModelAdmin,
    request: HttpRequest,
    contest: Contest,
    pk: int,
    context: dict[str, Any],
) -> HttpResponse:
    """GET shows what would happen, POST does it."""
    experts = User.objects.filter(panel_seats__panel__category__contest=contest)
    expert = get_object_or_404(experts.distinct(), pk=pk)
    if request.method == "POST":
        shared = hand_over(contest, expert)
        sentence = gettext(
            "Handed over: %(made)d; entries without enough experts: %(short)d."
        )
        level = messages.WARNING if shared.short else messages.SUCCESS
        values = {"made": len(shared.made), "short": shared.short}
        messages.add_message(request, level, sentence % values)
        model_admin.log_change(
            request, contest, f"hand over: {expert.pk}, {len(shared.made)}"
        )
        return redirect("admin:prizes_contest_panels", contest.pk)
    context |= {"expert": expert, "rows": handed(contest, expert, request.user)}
    return render(request, "admin/prizes/contest/dropping_out.html", context)
