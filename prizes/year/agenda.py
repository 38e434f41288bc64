"""The year of a contest: its phases on a line, what is missing before each, and the next step."""

import datetime
from collections.abc import Collection, Iterable, Iterator
from functools import cached_property
from itertools import pairwise
from typing import Any, NamedTuple

from django.db.models import Count, Exists, F, Min, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.admin.languages import untranslated
from common.dates.zones import in_words
from common.overview.my_pages import CountOf
from common.templatetags.names import comma
from prizes.certificate.models import CertificateJob, awarded_entries
from prizes.contest.models import Contest, Phase
from prizes.contest.review_rules import ReviewMode
from prizes.contest.rules import Criterion
from prizes.entry.amendment import Amendment
from prizes.entry.models import Entry
from prizes.entry.querysets import IN_PANEL
from prizes.entry.workflow import ON_BALLOT, Status
from prizes.invitation.models import Invitation
from prizes.letter.audience import Outcome
from prizes.letter.drafting import to_send
from prizes.letter.models import Letter
from prizes.panel.decision import Assignment
from prizes.panel.models import Panel, PanelMember

Kind = Phase.Kind
# Outcomes that are public when people vote; the others follow with the announcement.
BEFORE_THE_COUNT = (Outcome.REFUSED, Outcome.NOT_NOMINATED, Outcome.NOMINATED)
AFTER_THE_COUNT = tuple(one for one in Outcome if one not in BEFORE_THE_COUNT)


class Lack(NamedTuple):
    """Something that is missing, and the page of the admin on which it is put right."""

    sentence: str
    button: str
    url: str


class Row(NamedTuple):
    """A phase of the year; `x` and `width` are percent of the line, None without both dates.
    `hints` would be good to have; nothing waits for them."""

    kind: str
    name: str
    phase: Phase | None
    state: str
    lacks: list[Lack]
    hints: list[Lack]
    x: float | None
    width: float


def _page(name: str, **query: Any) -> str:
    """A list or form of the admin with these choices."""
    words = "&".join(f"{key}={value}" for key, value in query.items())
    return f"{reverse(f'admin:prizes_{name}')}?{words}"


def in_numbers(found: Iterable[tuple[str, int]]) -> str:
    """Languages with how much is missing in each, as one line."""
    return comma().join(f"{name}: {count}" for name, count in found)


class Year:
    """What the page shows; a constant number of queries."""

    def __init__(self, contest: Contest, now: datetime.datetime) -> None:
        self.contest = contest
        self.now = now
        self.phases = {phase.kind: phase for phase in contest.phases.all()}
        self.change = reverse("admin:prizes_contest_change", args=[contest.pk])
        self.numbers = self._numbers()
        self.rows = [self._row(kind) for kind in Kind.values]

    @property
    def next_step(self) -> Lack | None:
        """What is to be done first: the first lack of the first phase that is not over, then what
        comes after the last one."""
        return next((lack for row in self.rows for lack in row.lacks), None)

    def _numbers(self) -> dict[str, int]:
        """How many rows of each kind there are: one query."""
        contest = self.contest
        entries = Entry.objects.filter(contest=contest)
        in_panel = entries.filter(source="", status__in=IN_PANEL)
        given = Assignment.objects.filter(entry=OuterRef("pk"))
        invited = Invitation.objects.of_contest(contest).filter(answered_at=None)
        of_category = Entry.objects.filter(category=OuterRef("pk"))
        chosen = of_category.filter(status=Status.WINNER)
        filled = of_category.filter(status__in=ON_BALLOT)
        rows: dict[str, Any] = {
            "questions": contest.questions.all(),
            "categories": contest.categories.all(),
            "criteria": contest.criteria.all(),
            "without_panel": contest.categories.filter(panel=None),
            "to_ask": invited.filter(asked_at=None),
            "asked": invited.filter(asked_at__isnull=False),
            "to_screen": entries.to_screen(),
            "unassigned": in_panel.filter(~Exists(given)),
            "undecided": entries.filter(source="", status=Status.ACCEPTED),
            "without_winner": contest.categories.filter(
                Exists(filled), ~Exists(chosen)
            ),
        }
        columns = {
            f"n_{name}": CountOf(numbers.order_by().values("pk"))
            for name, numbers in rows.items()
        }
        found = Contest.objects.filter(pk=contest.pk).order_by().annotate(**columns)
        (numbers,) = found.values_list(*columns)
        return dict(zip(rows, numbers, strict=True))

    # --- the line ---

    def _ends(self) -> tuple[datetime.datetime, datetime.datetime] | None:
        known = [
            end
            for phase in self.phases.values()
            for end in (phase.opens_at, phase.closes_at)
            if end
        ]
        return (min(known), max(known)) if len(known) > 1 else None

    def place(self, moment: datetime.datetime) -> float | None:
        """Percent of the line from the first known date to the last; None beside it."""
        ends = self._ends()
        if ends is None or not ends[0] <= moment <= ends[1] or ends[0] == ends[1]:
            return None
        return round(100 * ((moment - ends[0]) / (ends[1] - ends[0])), 2)

    @property
    def today(self) -> float | None:
        return self.place(self.now)

    def _row(self, kind: str) -> Row:
        phase = self.phases.get(kind)
        opens, closes = (phase.opens_at, phase.closes_at) if phase else (None, None)
        x = self.place(opens) if opens and closes else None
        width = (self.place(closes) or 0) - x if closes and x is not None else 0
        lacks = [*self._dates(kind), *getattr(self, f"_{kind}")()]
        state = self._state(phase)
        return Row(
            kind,
            str(Kind(kind).label),
            phase,
            state,
            lacks if state != "over" else self._afterwards(kind),
            list(self._untranslated(kind)) if state != "over" else [],
            x,
            max(width, 0.5),
        )

    def _state(self, phase: Phase | None) -> str:
        if phase and phase.closes_at and phase.closes_at <= self.now:
            return "over"
        if phase and phase.opens_at and phase.opens_at <= self.now:
            return "open"
        return "coming"

    # --- what is missing ---

    def _dates(self, kind: str) -> Iterator[Lack]:
        phase, button = self.phases.get(kind), _("Enter the dates")
        if phase is None or not phase.opens_at or not phase.closes_at:
            yield Lack(_("Its beginning or its end is missing."), button, self.change)
            return
        for before, after in pairwise(Kind.values):
            earlier = self.phases.get(before)
            if after == kind and earlier and earlier.closes_at:
                yield from self._overlap(earlier, phase)

    def _overlap(self, earlier: Phase, phase: Phase) -> Iterator[Lack]:
        if earlier.closes_at and phase.opens_at and phase.opens_at < earlier.closes_at:
            sentence = _("It opens before “%(phase)s” closes on %(end)s.") % {
                "phase": earlier,
                "end": in_words(earlier.closes_at, self.contest.zone),
            }
            yield Lack(sentence, _("Change the dates"), self.change)

    def _submission(self) -> Iterator[Lack]:
        if not self.numbers["questions"]:
            sentence = _("There are no questions of eligibility.")
            yield Lack(sentence, _("Enter the questions"), self.change)
        if not self.numbers["categories"]:
            url = _page("category_add", contest=self.contest.pk)
            yield Lack(_("There are no categories."), _("Add a category"), url)

    def _untranslated(self, kind: str) -> Iterator[Lack]:
        """What readers of other languages get in English; criteria in use can no longer change."""
        contest, button = self.contest, _("Enter the translations")
        if kind == Kind.SUBMISSION:
            questions = list(contest.questions.all())
            if numbers := in_numbers(untranslated(questions, "text", "refusal")):
                sentence = _("Questions not translated – %(numbers)s.")
                yield Lack(sentence % {"numbers": numbers}, button, self.change)
            lacking = [name for name, _one in untranslated([contest], "rules_note")]
            if lacking:
                sentence = _("The note about the rules is not translated – %(names)s.")
                names = comma().join(lacking)
                yield Lack(sentence % {"names": names}, button, self.change)
        elif kind == Kind.NOMINATION and not Criterion.are_in_use(contest.pk):
            criteria = list(contest.criteria.all())
            if numbers := in_numbers(untranslated(criteria, "text", "guidance")):
                sentence = _("Criteria not translated – %(numbers)s.")
                yield Lack(sentence % {"numbers": numbers}, button, self.change)

    def _nomination(self) -> Iterator[Lack]:
        has_scores = self.contest.review_mode == ReviewMode.SCORES
        if has_scores and not self.numbers["criteria"]:
            sentence = _("There are no criteria for the reviews.")
            yield Lack(sentence, _("Enter the criteria"), self.change)
        yield from self._panels()
        yield from self._invitations()
        yield from self._entries()

    def _panels(self) -> Iterator[Lack]:
        without = self.numbers["without_panel"]
        if without:
            sentence = ngettext(
                "%(count)d category has no panel.",
                "%(count)d categories have no panel.",
                without,
            )
            url = _page("panel_add", contest=self.contest.pk)
            yield Lack(sentence % {"count": without}, _("Add a panel"), url)
        panels = Panel.objects.filter(category__contest=self.contest)
        chairs = PanelMember.objects.filter(panel=OuterRef("pk"), is_chair=True)
        for rows, sentence in (
            (
                panels.filter(~Exists(chairs)),
                _("Panels without a chair: %(names)s."),
            ),
            (
                panels.annotate(taken=Count("seats")).filter(
                    taken__lt=F("reviews_per_entry")
                ),
                _("Panels with fewer experts than reviews of each entry: %(names)s."),
            ),
        ):
            lines = list(
                rows.order_by("category__number").values_list(
                    "category__action_line", "pk"
                )
            )
            if lines:
                names = ", ".join(line for line, _pk in lines)
                url = reverse("admin:prizes_panel_change", args=[lines[0][1]])
                yield Lack(sentence % {"names": names}, _("Seat the experts"), url)

    def _invitations(self) -> Iterator[Lack]:
        waiting = self.numbers
        only = {"panel__category__contest__id__exact": self.contest.pk}
        if waiting["to_ask"]:
            sentence = _("Invitations of experts that were not sent yet: %(count)d.")
            url = _page("invitation_changelist", answer="not_asked", **only)
            values = {"count": waiting["to_ask"]}
            yield Lack(sentence % values, _("Ask the experts"), url)
        if waiting["asked"]:
            sentence = _("Invitations without an answer: %(count)d.")
            url = _page("invitation_changelist", answer="waiting", **only)
            values = {"count": waiting["asked"]}
            yield Lack(sentence % values, _("Remind the experts"), url)

    def _entries(self) -> Iterator[Lack]:
        submission = self.phases.get(Kind.SUBMISSION)
        if submission is None or self._state(submission) != "over":
            return
        if to_screen := self.numbers["to_screen"]:
            sentence = _("Entries that wait to be screened: %(count)d.")
            url = reverse("admin:prizes_contest_screening", args=[self.contest.pk])
            yield Lack(sentence % {"count": to_screen}, _("Screen the entries"), url)
        if unassigned := self.numbers["unassigned"]:
            sentence = _("Entries that are assigned to no expert: %(count)d.")
            url = reverse("admin:prizes_contest_panels", args=[self.contest.pk])
            values = {"count": unassigned}
            yield Lack(sentence % values, _("Assign the entries"), url)

    def _voting(self) -> Iterator[Lack]:
        """Only once the experts are at work: before, nobody can be nominated."""
        nomination = self.phases.get(Kind.NOMINATION)
        if nomination is None or self._state(nomination) == "coming":
            return
        if undecided := self.numbers["undecided"]:
            sentence = _(
                "Entries that are neither nominated nor passed over: %(count)d."
            )
            url = _page(
                "entry_changelist",
                status="accepted",
                contest__id__exact=self.contest.pk,
            )
            values = {"count": undecided}
            yield Lack(sentence % values, _("Decide on the entries"), url)
        yield from self._letters(BEFORE_THE_COUNT)

    def _selection(self) -> Iterator[Lack]:
        voting = self.phases.get(Kind.VOTING)
        if voting and self._state(voting) == "over" and not self.contest.counted_at:
            url = reverse("admin:prizes_contest_count", args=[self.contest.pk])
            yield Lack(_("The votes are not counted."), _("Count the votes"), url)

    def _announcement(self) -> Iterator[Lack]:
        if not self.contest.champions_at or not self.contest.winners_at:
            sentence = _("It is not said when champions and winners become public.")
            yield Lack(sentence, _("Enter the dates"), self.change)
        if self.contest.counted_at and (count := self.numbers["without_winner"]):
            sentence = _("Categories without a winner: %(count)d.")
            url = reverse("prizes:panels", args=[self.contest.slug])
            yield Lack(
                sentence % {"count": count}, _("See the choices of the panels"), url
            )
        if (
            open_ones := Amendment.objects.open()
            .filter(entry__contest=self.contest)
            .count()
        ):
            sentence = _(
                "Amendments of the results that nobody has confirmed: %(count)d."
            )
            url = reverse("admin:prizes_contest_amendments", args=[self.contest.pk])
            values = {"count": open_ones}
            yield Lack(sentence % values, _("Look at the amendments"), url)
        yield from self._letters(AFTER_THE_COUNT)
        yield from self._certificates()

    def _afterwards(self, kind: str) -> list[Lack]:
        """The announcement may last an hour: letters and certificates are made after it, too."""
        if kind != Kind.ANNOUNCEMENT:
            return []
        return [*self._letters(AFTER_THE_COUNT), *self._certificates()]

    def _certificates(self) -> Iterator[Lack]:
        if self.numbers["without_winner"] or self.certificates_made_at:
            return
        if not self.awarded:
            return
        sentence = ngettext(
            "The certificate of %(count)d entry is not made yet.",
            "The certificates of %(count)d entries are not made yet.",
            self.awarded,
        )
        url = reverse("admin:prizes_contest_certificates", args=[self.contest.pk])
        yield Lack(sentence % {"count": self.awarded}, _("Make the certificates"), url)

    @cached_property
    def awarded(self) -> int:
        """Entries made here that get a certificate, once winners are public."""
        public_at = self.contest.winners_at
        if not self.contest.counted_at or not public_at or public_at > self.now:
            return 0
        rows = awarded_entries().filter(contest=self.contest, source="")
        number: int = rows.count()
        return number

    @cached_property
    def certificates_made_at(self) -> datetime.datetime | None:
        """When the first file of all certificates was done since winners are public."""
        public_at = self.contest.winners_at
        if not self.contest.counted_at or not public_at or public_at > self.now:
            return None
        done = CertificateJob.objects.of_contest(self.contest).filter(
            state=CertificateJob.State.DONE, created_at__gte=public_at
        )
        first: datetime.datetime | None = done.aggregate(at=Min("finished_at"))["at"]
        return first

    def _letters(self, outcomes: Collection[str]) -> Iterator[Lack]:
        """Letters that can leave, and drafts that somebody has to approve."""
        url = reverse("admin:prizes_contest_letters", args=[self.contest.pk])
        missing = sum(number for one, number in self.to_send.items() if one in outcomes)
        if missing:
            sentence = _("Entries whose letter is not drafted yet: %(count)d.")
            yield Lack(sentence % {"count": missing}, _("Draft the letters"), url)
        drafts = sum(number for one, number in self.drafts.items() if one in outcomes)
        if drafts:
            sentence = _("Letters that wait to be approved: %(count)d.")
            yield Lack(sentence % {"count": drafts}, _("Read the letters"), url)

    @cached_property
    def to_send(self) -> dict[str, int]:
        return to_send(self.contest)

    @cached_property
    def drafts(self) -> dict[str, int]:
        """Outcome → drafts of letters."""
        drafts = Letter.objects.filter(
            batch__contest=self.contest, state=Letter.State.DRAFT
        )
        rows = drafts.order_by().values_list("outcome").annotate(Count("pk"))
        return dict(rows)
