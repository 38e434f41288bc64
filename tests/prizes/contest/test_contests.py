"""Contests: phases in order, extensions in sight, what is live now."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from prizes.contest.models import Contest, Extension, Phase
from prizes.templatetags.prize_times import deadline
from tests.factories import UserFactory
from tests.prizes.records import KINDS, ContestFactory, set_phases

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture
def contest():
    return ContestFactory()


@pytest.mark.parametrize(
    ("kind", "field", "days", "sentence"),
    [
        (
            "voting",
            "opens_at",
            -30,
            "“Public voting” cannot open before “Nomination by expert groups” opens.",
        ),
        (
            "submission",
            "closes_at",
            30,
            "“Nomination by expert groups” cannot close before “Submission” closes.",
        ),
        (
            "selection",
            "closes_at",
            -30,
            "“Selection of winners” cannot close before “Public voting” closes.",
        ),
    ],
)
def test_phases_out_of_order_are_refused_with_a_sentence(
    contest, kind, field, days, sentence
):
    phase = contest.phases.get(kind=kind)
    setattr(phase, field, getattr(phase, field) + days * DAY)

    with pytest.raises(ValidationError) as refused:
        phase.full_clean()

    assert sentence in refused.value.message_dict[field]


def test_phase_that_ends_before_it_begins_is_refused(contest):
    phase = contest.phases.get(kind="voting")
    phase.closes_at = phase.opens_at - DAY

    with pytest.raises(ValidationError, match="closes before it opens"):
        phase.validate_constraints()


def test_extension_moves_the_end_and_stays_in_sight(client, contest):
    phase, officer = contest.phases.get(kind="voting"), UserFactory()
    old_end = phase.closes_at
    Phase.objects.filter(contest=contest, number__gt=phase.number).delete()

    phase.extend(old_end + DAY, " A storm. ", officer)

    phase.refresh_from_db()
    extension = Extension.objects.get()
    assert (phase.closes_at, extension.old_end, extension.reason, extension.by) == (
        old_end + DAY,
        old_end,
        "A storm.",
        officer,
    )
    assert "A storm." in client.get(contest.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("days", "reason", "field", "sentence"),
    [
        (0, "Why", "new_end", "The new end must differ from the current one."),
        (-6, "Why", "new_end", "The new end is already past."),
        (-40, "Why", "new_end", "The phase closes before it opens."),
        (2, " ", "reason", "Enter the reason: it is shown publicly."),
        (
            60,
            "Why",
            "new_end",
            "“Selection of winners” cannot close before “Public voting” closes.",
        ),
    ],
)
def test_extension_that_breaks_a_rule_is_refused(
    contest, days, reason, field, sentence
):
    phase = contest.phases.get(kind="voting")

    with pytest.raises(ValidationError) as refused:
        phase.extend(phase.closes_at + days * DAY, reason, None)

    assert sentence in refused.value.message_dict[field]
    assert not Extension.objects.exists()


def test_voting_is_not_reopened_after_the_count(contest):
    phase = contest.phases.get(kind="voting")
    Contest.objects.filter(pk=contest.pk).update(counted_at=timezone.now())
    phase.contest.refresh_from_db()

    with pytest.raises(ValidationError, match="voting cannot be reopened"):
        phase.extend(phase.closes_at + DAY, "Why", None)


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_live_now_follows_from_the_dates(contest, kind):
    set_phases(contest, kind)

    (found,) = Contest.objects.current()

    coming = KINDS[KINDS.index(kind) + 1 :]
    assert (found.live, found.next_kind) == (kind, coming[0] if coming else None)
    assert found.closes == contest.phases.get(kind=kind).closes_at


def test_nothing_is_live_after_the_last_phase(contest):
    set_phases(contest, "none")

    assert list(Contest.objects.current()) == []


def test_deadline_is_told_by_the_contests_clock_whatever_clock_is_in_force(contest):
    moment = datetime.datetime(2027, 1, 25, 22, 0, tzinfo=datetime.UTC)

    geneva = deadline(moment, contest)
    with timezone.override("Africa/Nairobi"):
        nairobi = deadline(moment, contest)
    with timezone.override("Europe/Zurich"):
        same = deadline(moment, contest)

    assert geneva == nairobi == same
    assert geneva == (
        '<time datetime="2027-01-25T22:00:00Z" data-offset="60">'
        "25 January 2027, 23:00 (Geneva time)</time>"
    )
