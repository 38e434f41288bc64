"""Positions: each agency its own lane, nothing overwritten, nothing lost."""

import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from accounts.role.roles import Role
from common.moves.models import StatusChange
from common.moves.workflow import MoveRefused, NoteMissing, NotYourMove
from common.records.models import Change
from roadmap.position.completion import SCALE, Standing, standing
from roadmap.position.models import Overtaken, PositionVersion, write_position
from roadmap.position.workflow import (
    APPROVER,
    AUTOMATIC,
    FOCAL_POINT,
    POSITION_WORKFLOW,
    PositionStatus,
)
from tests.factories import UserFactory
from tests.moves import expected_of, tried
from tests.roadmap.records import (
    MilestoneFactory,
    focal_point,
    published,
    state,
)

ROLES = {"focal point": {FOCAL_POINT}, "approver": {FOCAL_POINT, APPROVER}}


def position_in(status):
    """A position that has come to this status by moves of the table."""
    approver = focal_point("ITU", approves=True)
    position = state(MilestoneFactory(), approver)
    steps = {
        "draft": [],
        "cleared": ["clear"],
        "published": ["publish"],
        "withdrawn": ["discard"],
    }
    for name in steps.get(status, []):
        position = position.move(name, approver, "Because.")
    if status == PositionStatus.SUPERSEDED:
        state(position.milestone, approver, seen=1)
        position.refresh_from_db()
    return position


@pytest.mark.django_db
@pytest.mark.parametrize("status", PositionStatus.values)
def test_moves_by_role_and_status(status):
    moves = [move for move in POSITION_WORKFLOW if move.name not in AUTOMATIC]
    position = position_in(status)
    people = {
        "focal point": focal_point("ITU"),
        "approver": focal_point("ITU", approves=True),
        "other agency": focal_point("UNESCO", approves=True),
        "stranger": UserFactory(),
        "secretariat": UserFactory(role=Role.SECRETARIAT),
    }

    found = tried(moves, position, people)

    assert found == expected_of(moves, status, people, ROLES)


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["discard", "withdraw"])
def test_taking_back_needs_a_reason(name):
    status = next(iter(POSITION_WORKFLOW[name].sources))
    position = position_in(status)
    approver = position.by

    with pytest.raises(NoteMissing):
        position.move(name, approver, " ")


@pytest.mark.django_db
def test_moves_of_the_portal_are_nobodys():
    position = position_in("draft")

    for name in AUTOMATIC:
        with pytest.raises(KeyError):
            position.move(name, position.by)


@pytest.mark.django_db
def test_the_last_approved_wins_and_all_are_kept():
    milestone, itu = MilestoneFactory(), focal_point("ITU", approves=True)
    first = published(milestone, itu, "limited")

    second = published(milestone, itu, "complete", seen=1)

    first.refresh_from_db()
    assert (first.status, first.text) == ("superseded", "ITU says limited.")
    assert list(PositionVersion.objects.published()) == [second]
    moves = StatusChange.objects.filter(record_kind="roadmap.positionversion").order_by(
        "pk"
    )
    assert [m.move for m in moves] == ["publish", "supersede", "publish"]
    assert Change.objects.filter(record_kind="roadmap.positionversion").count() == 2


@pytest.mark.django_db
def test_a_stale_form_is_told_and_loses_nothing():
    milestone, itu = MilestoneFactory(), focal_point("ITU")
    state(milestone, itu)

    with pytest.raises(Overtaken):
        state(milestone, itu, "complete", seen=0)

    assert [p.version for p in PositionVersion.objects.all()] == [1]


@pytest.mark.django_db
def test_nobody_writes_for_another_agency():
    milestone, unesco = MilestoneFactory(), focal_point("UNESCO")
    itu = focal_point("ITU").agencies.get().agency

    position = PositionVersion(
        milestone=milestone,
        agency=itu,
        version=1,
        completion="limited",
        text="x",
        by=unesco,
    )
    with pytest.raises(NotYourMove):
        write_position(position, [])

    assert PositionVersion.objects.count() == 0


@pytest.mark.django_db
def test_complete_without_evidence_is_refused_by_rule_and_by_the_database():
    milestone, itu = MilestoneFactory(), focal_point("ITU")

    with pytest.raises(ValidationError, match="requires evidence"):
        state(milestone, itu, "complete", evidence=[])
    with pytest.raises(IntegrityError), transaction.atomic():
        PositionVersion.objects.create(
            milestone=milestone,
            agency_id="ITU",
            version=1,
            completion="complete",
            text="x",
            by=itu,
        )

    assert PositionVersion.objects.count() == 0


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ([], Standing("", False)),
        (["limited"], Standing("limited", False)),
        (["complete", "complete"], Standing("complete", False)),
        (["complete", "limited", "substantial"], Standing("limited", True)),
        (list(SCALE), Standing("no_evidence", True)),
    ],
)
def test_what_positions_say_together(said, expected):
    assert standing(said) == expected
    assert standing(said[::-1]) == expected


def at_once(jobs):
    start, outcomes = threading.Barrier(len(jobs)), []

    def run(job):
        start.wait()
        try:
            job()
            outcomes.append("written")
        except MoveRefused as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[job]) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)


@pytest.mark.django_db(transaction=True)
def test_three_agencies_at_once_and_none_is_lost():
    milestone = MilestoneFactory()
    people = [focal_point(code, approves=True) for code in ("ITU", "UNESCO", "UNCTAD")]

    outcomes = at_once(
        [lambda user=user: published(milestone, user) for user in people]
    )

    assert outcomes == ["written"] * 3
    assert sorted(
        PositionVersion.objects.published().values_list("agency", flat=True)
    ) == [
        "ITU",
        "UNCTAD",
        "UNESCO",
    ]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seen", [0, 1])
def test_same_agency_twice_at_once_and_one_is_told(seen):
    milestone, first, second = (
        MilestoneFactory(),
        focal_point("ITU"),
        focal_point("ITU"),
    )
    if seen:
        state(milestone, first)

    outcomes = at_once(
        [lambda user=u: state(milestone, user, seen=seen) for u in (first, second)]
    )

    assert outcomes == ["changed_meanwhile", "written"]
    assert PositionVersion.objects.count() == seen + 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (
            {
                "completion": "no_evidence",
                "links": "https://example.org/minutes Minutes",
            },
            "Choose another word than “No evidence”, or remove the evidence.",
        ),
        (
            {
                "completion": "complete",
                "links": "https://example.org/minutes Minutes",
                "expected": "2090-12-31",
            },
            "“Complete” needs a date that is not in the future.",
        ),
    ],
)
def test_a_position_that_contradicts_itself_is_refused_with_a_sentence(
    client, typed, sentence
):
    milestone = MilestoneFactory()
    client.force_login(focal_point("ITU"))

    answer = client.post(
        f"/en/roadmap/{milestone.pk}/positions/ITU/",
        {"version": 0, "text": "Done.", "language": "en", "expected": "", "links": ""}
        | typed,
    )

    assert answer.status_code == 400
    assert sentence in answer.content.decode()
    assert not milestone.positions.exists()


@pytest.mark.django_db
def test_all_that_is_wrong_is_said_at_once_and_nothing_typed_is_lost(client):
    milestone = MilestoneFactory()
    client.force_login(focal_point("ITU"))

    answer = client.post(
        f"/en/roadmap/{milestone.pk}/positions/ITU/",
        {
            "version": 0,
            "completion": "limited",
            "text": "Reçu.",
            "language": "fr",
            "expected": "2026-13",
            "links": "not a link",
        },
    )

    html = answer.content.decode()
    assert "This day does not exist: “2026-13”." in html
    assert "Enter a valid URL." in html
    assert 'value="2026-13"' in html
    assert "not a link</textarea>" in html


@pytest.mark.django_db
def test_a_field_that_was_left_out_gets_one_sentence(client):
    milestone = MilestoneFactory()
    client.force_login(focal_point("ITU"))

    answer = client.post(
        f"/en/roadmap/{milestone.pk}/positions/ITU/",
        {"version": 0, "text": "Done.", "language": "en", "expected": "", "links": ""},
    )

    html = answer.content.decode()
    assert "This field is required." in html
    assert "cannot be null" not in html
