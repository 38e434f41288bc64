"""The entries of a contest as one officer screens them, and what the portal finds in each."""

from collections.abc import Iterable
from typing import Any

from django.db import models, transaction
from django.db.models import Value
from django.db.models.functions import Coalesce

from accounts.role.roles import STAFF_ROLES
from accounts.user.models import User
from prizes.contest.models import Contest
from prizes.entry.models import Entry
from prizes.entry.workflow import Status
from prizes.screening.models import Finding, Screening, ScreeningCheck
from stocktaking.base.workflow import Status as ProjectStatus

AT_MOST = 2000  # entries of one contest that are assigned or accepted at once


def officers() -> Any:
    """Staff who may screen."""
    rows = User.objects.filter(groups__name__in=STAFF_ROLES, is_active=True)
    return rows.distinct().order_by("last_name", "first_name", "pk")


def contests_to_screen() -> Any:
    """Contests with entries that wait for a decision, the latest first."""
    waiting = Entry.objects.to_screen().order_by().values("contest")
    return Contest.objects.filter(pk__in=waiting).order_by("-year", "-pk")


def entries_for(officer: Any, contest: Contest) -> Any:
    """Entries made here that may be read by now, without those that concern the officer.

    `screened`: the state of the screening; `has_twins`; `arrived` and `place` are never NULL.
    """
    concerned = Entry.objects.concerning(officer).order_by().values("pk")
    rows = Entry.objects.unsealed().filter(contest=contest, source="")
    rows = rows.exclude(status__in=(Status.DRAFT, Status.WITHDRAWN))
    return (
        rows.exclude(pk__in=concerned)
        .with_likely_twins()
        .annotate(
            screened=Coalesce("screening__state", Value(Screening.State.OPEN.value)),
            arrived=Coalesce("submitted_at", "created_at"),
            place=Coalesce("country_id", Value(""), output_field=models.CharField()),
        )
        .select_related("category", "project", "screening__screener")
        .defer("words", "answers")
    )


def suggested(
    entry: Entry, checks: Iterable[ScreeningCheck], twins: list[Entry]
) -> dict[int, str]:
    """Check → answer, for those that the portal can find by itself. A likely duplicate is
    unclear, for only a person can say whether it is one."""
    yes, no, unclear = Finding.Answer.YES, Finding.Answer.NO, Finding.Answer.UNCLEAR
    project = entry.project
    published = project is not None and project.status == ProjectStatus.PUBLISHED
    found = {
        ScreeningCheck.Finds.PROJECT: yes if published else no,
        ScreeningCheck.Finds.WORDS: no if entry.words_problem() else yes,
        ScreeningCheck.Finds.TWINS: unclear if twins else yes,
    }
    return {
        check.pk: str(found[check.finds].value)  # type: ignore[index]  # a choice
        for check in checks
        if check.finds
    }


@transaction.atomic
def assign(
    contest: Contest, people: list[User], ids: list[int] | None = None
) -> dict[User, int]:
    """Give entries that wait to be screened to these people: the chosen ones (to take them from
    whoever has them), else all that nobody has. Each goes to the least busy person whom it does
    not concern. Returns how many each was given.
    """
    rows = Entry.objects.to_screen().filter(contest=contest)
    if ids is None:
        rows = rows.exclude(screening__screener__isnull=False)
    else:
        rows = rows.filter(pk__in=ids)
    barred = {
        one.pk: set(
            Entry.objects.concerning(one)
            .filter(contest=contest)
            .values_list("pk", flat=True)
        )
        for one in people
    }
    waiting = Screening.objects.filter(
        entry__contest=contest, entry__status=Status.SUBMITTED, screener__in=people
    )
    load = dict(waiting.order_by().values_list("screener").annotate(models.Count("pk")))
    given: dict[User, int] = dict.fromkeys(people, 0)
    made = []
    for pk in rows.order_by("submitted_at", "pk").values_list("pk", flat=True)[
        :AT_MOST
    ]:
        free = [one for one in people if pk not in barred[one.pk]]
        if not free:
            continue
        person = min(free, key=lambda one: (load.get(one.pk, 0), one.pk))
        load[person.pk] = load.get(person.pk, 0) + 1
        given[person] += 1
        made.append(Screening(entry_id=pk, screener=person))
    Screening.objects.bulk_create(
        made,
        update_conflicts=True,
        unique_fields=["entry"],
        update_fields=["screener"],
    )
    return given
