"""What “My pages” shows a person of the prizes."""

from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.user.models import User
from common.moves.actors import AnyUser
from common.overview.my_pages import Line, Section, counted
from common.templatetags.names import official_text
from prizes.ballot.models import Vote
from prizes.ballot.voter import voter_of
from prizes.contest.models import Category, Contest, Phase
from prizes.entry.models import Entry
from prizes.entry.querysets import REVIEWERS
from prizes.panel.decision import Assignment
from prizes.panel.delegation import Delegation
from prizes.screening.queue import contests_to_screen


def section(user: User) -> Section:
    """Entries, open ballots with the number of votes, expert panels."""
    voting = list(Contest.objects.with_open(Phase.Kind.VOTING))
    ballots: dict[str, Any] = {}
    for contest in voting:
        nominees = Entry.objects.on_ballot().filter(contest=contest)
        filled = Category.objects.filter(pk__in=nominees.values("category"))
        ballots[f"of_{contest.pk}"] = filled
        own = Vote.objects.of_voter(contest, voter_of(contest.pk, user))
        given = own.standing().filter(category__in=filled.values("pk"))
        ballots[f"given_{contest.pk}"] = given
        ballots[f"lost_{contest.pk}"] = own.not_counting()
    desk = {"submitted": Entry.objects.to_screen()}
    n = counted(
        user,
        entries=Entry.objects.written_by(user),
        drafts=Entry.objects.editable_by(user),
        handed_over=Delegation.objects.writable_by(user),
        **ballots,
        **(desk if user.is_secretariat else {}),
    )
    reviews = _reviews(user) if user.roles & REVIEWERS else ()
    if n["handed_over"]:
        reviews += _written_for_others(user)
    drafts = _("%(count)d to finish") % {"count": n["drafts"]} if n["drafts"] else ""
    lines = [
        Line(_("My prize entries"), reverse("prizes:my-entries"), n["entries"], drafts)
    ]
    lines += [_ballot(contest, n) for contest in voting]
    if user.roles & REVIEWERS:
        lines += _panels(user)
    waiting = (
        (
            Line(
                _("Prize entries waiting"),
                _to_screen(n["submitted"]),
                n["submitted"],
            ),
        )
        if user.is_secretariat
        else ()
    )
    return Section(_("Prizes"), lines, waiting, reviews)


def _to_screen(count: int) -> str:
    """The list of the screening of the latest contest with entries that wait."""
    contest = contests_to_screen().first() if count else None
    if contest is None:
        return reverse("admin:prizes_entry_changelist")
    return reverse("admin:prizes_contest_screening", args=[contest.pk])


def _reviews(user: User) -> tuple[Line, ...]:
    """Entries assigned to this expert and not yet reviewed, by contest."""
    missing = Assignment.objects.filter(expert=user).without_review()
    contests = Contest.objects.filter(entries__assignments__in=missing).annotate(
        missing=models.Count("entries__assignments", distinct=True)
    )
    rows: Any = contests.order_by("-year", "pk")
    return tuple(
        Line(
            _("Entries to review: %(contest)s") % {"contest": official_text(contest)},
            reverse("prizes:panels", args=[contest.slug]),
            contest.missing,
        )
        for contest in rows
    )


def _written_for_others(user: User) -> tuple[Line, ...]:
    """Reviews that experts have handed to this person, and that are with them now."""
    return tuple(
        Line(
            _("Review that you write for %(expert)s: %(contest)s")
            % {"expert": row.expert, "contest": official_text(row.entry.contest)},
            reverse("prizes:delegated-review", args=[row.pk]),
            1,
            note=row.entry.category.code if row.entry.category else "",
        )
        for row in Delegation.objects.to_write(user)
    )


def _ballot(contest: Contest, n: dict[str, int]) -> Line:
    given = {"given": n[f"given_{contest.pk}"], "total": n[f"of_{contest.pk}"]}
    lost = n[f"lost_{contest.pk}"]
    sentence = ngettext(
        "%(count)d vote does not count any more",
        "%(count)d votes do not count any more",
        lost,
    )
    return Line(
        _("Ballot: %(contest)s") % {"contest": official_text(contest)},
        reverse("prizes:ballot", args=[contest.slug]),
        _("%(given)d of %(total)d") % given,
        sentence % {"count": lost} if lost else "",
    )


def _panels(user: AnyUser) -> list[Line]:
    """Contests in which this person sits on panels."""
    contests: Any = Contest.objects.with_panels_of(user)  # with a column `mine`
    return [
        Line(
            _("Expert panels: %(contest)s") % {"contest": contest},
            reverse("prizes:panels", args=[contest.slug]),
            contest.mine,
        )
        for contest in contests
    ]
