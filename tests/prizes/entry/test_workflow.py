"""The move table of prize entries, tested from the table itself."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.role.roles import Role
from common.mail.models import OutgoingMail
from common.moves.models import StatusChange
from common.moves.workflow import MoveRefused, NoteMissing
from common.records.models import Change
from prizes.entry.announcing import announce
from prizes.entry.models import Entry
from prizes.entry.workflow import COUNT, PRIZE_WORKFLOW, Status
from prizes.panel.decision import choose
from tests.factories import UserFactory
from tests.moves import everybody, expected_of, tried
from tests.prizes.records import (
    ContestFactory,
    EntryFactory,
    coeditor,
    expert,
    set_phases,
)

pytestmark = pytest.mark.django_db
# The phase in which the rules of the contest allow the move.
PHASE = dict.fromkeys(["submit", "take_back"], "submission")
PHASE |= dict.fromkeys(
    ["accept", "send_back", "refuse", "reopen", "nominate", "pass_over"], "nomination"
)
PHASE |= {"reconsider": "nomination", "choose": "selection", "crown": "selection"}


@pytest.fixture
def contest():
    return ContestFactory()


@pytest.mark.parametrize("status", Status.values)
def test_moves_by_role_and_status(contest, status):
    set_phases(contest, "voting")
    entry = EntryFactory(contest=contest, status=status)
    panel = {
        "expert": expert(entry.category),
        "chair": expert(entry.category, chair=True),
    }
    others = {"count": COUNT, "coeditor": coeditor(entry.project)}
    people = everybody(entry.owner) | panel | others
    if status == Status.CHAMPION:  # the panel has decided
        for judge in panel.values():
            choose(entry, judge, "Best.")

    def prepare(move):
        set_phases(contest, PHASE.get(move.name, "voting"))
        if move.name == "undo":
            StatusChange.objects.create(
                record_kind="prizes.entry",
                record_id=entry.pk,
                move="refuse",
                source=Status.SUBMITTED,
                target=status,
            )

    found = tried(PRIZE_WORKFLOW, entry, people, prepare)

    assert found == expected_of(PRIZE_WORKFLOW, status, people)


@pytest.mark.parametrize(
    "move", [m for m in PRIZE_WORKFLOW if m.needs_note], ids=lambda m: m.name
)
def test_move_without_the_reason_it_needs_is_refused(contest, move):
    entry = EntryFactory(contest=contest, status=sorted(move.sources)[0])

    with pytest.raises(NoteMissing):
        entry.move(move.name, UserFactory(role=Role.SECRETARIAT), "  ")


@pytest.mark.parametrize(
    ("move", "status", "phase", "sentence"),
    [
        ("submit", Status.DRAFT, "nomination", "Submission is closed"),
        ("submit", Status.RETURNED, "voting", "Submission is closed"),
        ("accept", Status.SUBMITTED, "submission", "Entries cannot be read until"),
        ("nominate", Status.ACCEPTED, "voting", "Voting has begun"),
        ("reconsider", Status.NOMINATED, "voting", "Voting has begun"),
    ],
)
def test_move_out_of_its_time_is_refused(contest, move, status, phase, sentence):
    set_phases(contest, phase)
    entry = EntryFactory(contest=contest, status=status)
    user = entry.owner if move == "submit" else UserFactory(role=Role.SECRETARIAT)

    with pytest.raises(MoveRefused, match=sentence):
        entry.move(move, user, "Because.")


def test_returned_entry_may_be_submitted_while_experts_are_at_work(contest):
    set_phases(contest, "nomination")
    entry = EntryFactory(contest=contest, status=Status.RETURNED)

    assert entry.move("submit", entry.owner).status == Status.SUBMITTED


@pytest.mark.parametrize(
    ("change", "fields"),
    [({"description": "Short."}, ["description"]), ({"answers": []}, ["answers"])],
)
def test_incomplete_entry_is_refused_with_a_sentence_per_field(contest, change, fields):
    set_phases(contest, "submission")
    entry = EntryFactory(contest=contest, status=Status.DRAFT, **change)

    with pytest.raises(ValidationError) as refused:
        entry.move("submit", entry.owner)

    assert list(refused.value.message_dict) == fields


def test_earlier_winner_cannot_be_submitted(contest):
    set_phases(contest, "submission")
    entry = EntryFactory(contest=contest, status=Status.DRAFT)
    EntryFactory(contest=ContestFactory(), project=entry.project, status=Status.WINNER)

    with pytest.raises(ValidationError, match="has already won a WSIS Prize"):
        entry.move("submit", entry.owner)


def test_cap_of_nominees_is_kept(contest):
    set_phases(contest, "nomination")
    contest.nominee_cap = 1
    contest.save()
    EntryFactory(contest=contest)
    entry = EntryFactory(contest=contest, status=Status.ACCEPTED)

    with pytest.raises(MoveRefused, match="The category is full: it can have 1"):
        entry.move("nominate", UserFactory(role=Role.SECRETARIAT))


def test_one_winner_in_a_category(contest):
    EntryFactory(contest=contest, status=Status.WINNER)
    entry = EntryFactory(contest=contest, status=Status.CHAMPION)

    with pytest.raises(MoveRefused, match="This category already has a winner"):
        entry.move("choose", UserFactory(role=Role.SECRETARIAT), "Best.")


def test_public_winner_cannot_be_taken_back(contest):
    contest.champions_at = contest.winners_at = timezone.now() - datetime.timedelta(
        hours=1
    )
    contest.save()
    entry = EntryFactory(contest=contest, status=Status.WINNER)

    with pytest.raises(MoveRefused, match="The winners are public"):
        entry.move("revise", UserFactory(role=Role.SECRETARIAT), "Oh.")


@pytest.mark.parametrize(
    ("move", "status", "subject"),
    [
        ("send_back", Status.SUBMITTED, "please change your entry"),
        ("refuse", Status.SUBMITTED, "your entry is not eligible"),
        ("remove", Status.NOMINATED, "your entry was removed from the contest"),
    ],
)
def test_owner_is_told_with_the_reason(contest, move, status, subject):
    entry = EntryFactory(contest=contest, status=status)

    entry.move(move, UserFactory(role=Role.SECRETARIAT), "Two “reasons” & more.")

    mail = OutgoingMail.objects.get()
    assert (mail.to, mail.subject) == (entry.owner.email, f"{contest}: {subject}")
    assert "Two “reasons” & more." in mail.body


def test_outcomes_are_told_once_and_only_when_they_are_public(contest):
    set_phases(contest, "nomination")
    entry = EntryFactory(contest=contest)
    EntryFactory(contest=contest, status=Status.NOT_NOMINATED)
    told = [announce()]
    set_phases(contest, "voting")
    told += [announce(), announce()]
    entry.move("crown", COUNT)
    told.append(announce())
    contest.champions_at = timezone.now()
    contest.save()
    told += [announce(), announce()]

    subjects = {
        m.subject.partition(": your project is ")[2] for m in OutgoingMail.objects.all()
    }
    assert told == [0, 2, 0, 0, 1, 0]
    assert subjects == {"nominated", "", "a champion"}
    changes = Change.objects.filter(record_kind="prizes.entry").order_by("pk")
    assert list(changes.values_list("kind", "record_id", "version")) == [
        ("publish", str(entry.pk), 1),
        ("update", str(entry.pk), 2),
    ]


def test_outcome_under_embargo_is_not_in_sight(contest):
    entry = EntryFactory(contest=contest, status=Status.WINNER)

    def seen():
        return Entry.objects.with_outcome().get(pk=entry.pk).outcome

    steps = [seen()]
    contest.champions_at = timezone.now()
    contest.save()
    steps.append(seen())
    contest.winners_at = timezone.now()
    contest.save()
    steps.append(seen())

    assert steps == ["nominated", "champion", "winner"]
