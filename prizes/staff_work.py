"""What waits for the staff of the Prizes."""

import datetime
from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from common.overview.staff_desk import (
    ROWS_AT_MOST,
    Deadline,
    Job,
    Waiting,
    Work,
    coming_moments,
)
from common.translation.workflow import TextStatus
from prizes.ballot.group_void import GroupVoid
from prizes.ballot.voiding import Voiding
from prizes.contest.models import Contest, Phase
from prizes.entry.amendment import Amendment
from prizes.entry.models import Entry
from prizes.hold.models import Pattern
from prizes.letter.models import Letter
from prizes.panel.decision import Assignment
from prizes.panel.forwarding import Forwarding
from prizes.panel.models import Review
from prizes.result.models import CountProposal
from prizes.screening.queue import contests_to_screen
from prizes.text.models import EntryTranslation

CONTESTS = "prizes.change_contest"
ENTRIES = "prizes.change_entry"


def work() -> Work:
    return Work(
        title=_("Prizes"),
        waiting=_waiting(),
        jobs=_jobs(),
        deadlines=[*_phases(), *_embargoes()],
    )


def _list(model: str) -> str:
    return reverse(f"admin:prizes_{model}_changelist")


def _waiting() -> list[Waiting]:
    return [*_entries_waiting(), *_votes_waiting()]


def _entries_waiting() -> list[Waiting]:
    return [
        *_to_screen(),
        Waiting(
            _("Reviews that experts have not submitted"),
            f"{_list('assignment')}?review=missing",
            Assignment.objects.without_review(),
            "at",
            "prizes.change_assignment",
        ),
        Waiting(
            _("Entries that a chair forwards to another category"),
            f"{_list('forwarding')}?state=open",
            Forwarding.objects.open(),
            "at",
            ENTRIES,
        ),
        Waiting(
            _("Feedback for entrants that waits for approval"),
            f"{_list('review')}?feedback=open",
            Review.objects.feedback_to_approve(),
            "updated_at",
            ENTRIES,
        ),
        Waiting(
            _("Texts of entries that wait for approval"),
            f"{_list('entrytranslation')}?status__exact={TextStatus.SUBMITTED}",
            EntryTranslation.objects.queue(),
            "updated_at",
            "prizes.view_entrytranslation",
        ),
        Waiting(
            _("Letters about outcomes that came back"),
            f"{_list('letter')}?back=open",
            Letter.objects.came_back(),
            "mail__came_back_at",
            "prizes.view_letter",
        ),
    ]


def _to_screen() -> Iterator[Waiting]:
    """A line for each contest, to its own list of the screening."""
    contests = list(contests_to_screen()[:ROWS_AT_MOST])
    for contest in contests:
        text = _("Prize entries to screen")
        if len(contests) > 1:
            sentence = _("Prize entries to screen: %(contest)s")
            text = sentence % {"contest": contest}
        yield Waiting(
            text,
            reverse("admin:prizes_contest_screening", args=[contest.pk]),
            Entry.objects.to_screen().filter(contest=contest),
            "submitted_at",
            ENTRIES,
        )


def _votes_waiting() -> list[Waiting]:
    """What concerns the vote and its results."""
    return [
        Waiting(
            _("Votes to void that a second person has to confirm"),
            f"{_list('voiding')}?state=open",
            Voiding.objects.open(),
            "proposed_at",
            "prizes.view_voiding",
        ),
        Waiting(
            _("Patterns of votes with votes that are held"),
            f"{_list('pattern')}?state=held",
            Pattern.objects.with_held(),
            "found_at",
            "prizes.view_pattern",
        ),
        Waiting(
            _("Voids of groups that a second person has to confirm"),
            f"{_list('groupvoid')}?state=open",
            GroupVoid.objects.open(),
            "proposed_at",
            "prizes.view_groupvoid",
        ),
        Waiting(
            _("Counts of votes that a second person has to confirm"),
            f"{_list('countproposal')}?state=open",
            CountProposal.objects.open(),
            "proposed_at",
            "prizes.view_countproposal",
        ),
        Waiting(
            _("Amendments of results that a second person has to confirm"),
            f"{_list('amendment')}?state=open",
            Amendment.objects.open(),
            "proposed_at",
            "prizes.view_amendment",
        ),
    ]


def _jobs() -> list[Job]:
    return [
        *_years(),
        Job(_("Contests, phases and rules"), _list("contest"), CONTESTS),
        Job(_("All prize entries"), _list("entry"), ENTRIES),
        Job(
            _("Import prize entries"),
            reverse("imports:list", args=["prize-entries"]),
            ENTRIES,
        ),
        Job(
            _("Winners of earlier contests"),
            reverse("admin:prizes_entry_winners"),
            ENTRIES,
        ),
        Job(_("Panels and experts"), _list("panel"), "prizes.change_panel"),
        Job(_("Who reviews what"), _list("assignment"), "prizes.change_assignment"),
        Job(
            _("Ties between organizations"),
            _list("organizationtie"),
            "prizes.change_organizationtie",
        ),
        Job(
            _("Change the end of a phase"),
            reverse("admin:prizes_extension_add"),
            "prizes.add_extension",
        ),
        Job(_("Rules for holding votes"), _list("holdrule"), "prizes.change_holdrule"),
        Job(_("Log of votes for audits"), _list("signal"), "prizes.view_signal"),
        Job(_("Results"), _list("result"), "prizes.view_result"),
    ]


def _years() -> list[Job]:
    """The year and the screening of the contest that runs, or comes next."""
    pk = Contest.objects.current().values_list("pk", flat=True).first()
    if pk is None:
        return []
    return [
        Job(
            _("The year of the contest"),
            reverse("admin:prizes_contest_year", args=[pk]),
            CONTESTS,
        ),
        Job(
            _("Screen entries"),
            reverse("admin:prizes_contest_screening", args=[pk]),
            ENTRIES,
        ),
    ]


def _phases() -> Iterator[Deadline]:
    """Beginning and end of each phase in the coming weeks."""
    now, until = coming_moments()
    coming = Q(opens_at__range=(now, until)) | Q(closes_at__range=(now, until))
    phases = (
        Phase.objects.filter(coming)
        .select_related("contest")
        .order_by("closes_at", "pk")
    )
    for phase in phases[:ROWS_AT_MOST]:
        for at, sentence in (
            (phase.opens_at, _("%(phase)s begins")),
            (phase.closes_at, _("%(phase)s ends")),
        ):
            if at and now <= at <= until:
                text = sentence % {"phase": phase.get_kind_display()}
                url = reverse("admin:prizes_phase_change", args=[phase.pk])
                yield Deadline(
                    at, text, phase.contest, url, CONTESTS, phase.contest.zone
                )


def _embargoes() -> Iterator[Deadline]:
    """Times at which champions and winners become public."""
    now, until = coming_moments()
    coming = Q(champions_at__range=(now, until)) | Q(winners_at__range=(now, until))
    for contest in Contest.objects.filter(coming)[:ROWS_AT_MOST]:
        moments: list[tuple[datetime.datetime | None, str]] = [
            (contest.champions_at, _("The champions become public")),
            (contest.winners_at, _("The winners become public")),
        ]
        for at, text in moments:
            if at and now <= at <= until:
                url = reverse("admin:prizes_contest_change", args=[contest.pk])
                yield Deadline(at, text, contest, url, CONTESTS, contest.zone)
