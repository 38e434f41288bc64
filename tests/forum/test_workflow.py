"""The move tables of sessions, submissions and registrations, tested from the tables."""

import pytest

from accounts.roles import OWNER, Role
from common.models import OutgoingMail, StatusChange
from common.workflow import MoveRefused, NoteMissing, NotYourMove
from forum.models import Registration, Submission
from forum.workflow import (
    DESK,
    DESK_ROLE,
    REGISTRATION_WORKFLOW,
    SESSION_WORKFLOW,
    SUBMISSION_WORKFLOW,
    RegistrationStatus,
    SessionStatus,
    SubmissionStatus,
)
from tests.factories import UserFactory
from tests.forum.records import (
    CapacityFactory,
    PhaseFactory,
    SubmissionFactory,
    in_status,
    officer,
    registered,
    released,
)

pytestmark = pytest.mark.django_db
PEOPLE = [OWNER, "stranger", "expert", "agency", "secretariat", "administrator", DESK_ROLE]


def person(name, owner):
    if name == OWNER:
        return owner
    if name == DESK_ROLE:
        return DESK
    return UserFactory(role=None if name == "stranger" else Role(name))


def outcome_of(record, move, user):
    try:
        record.move(move.name, user, "Because.")
    except NotYourMove:
        return "not theirs"
    except MoveRefused:
        return "not now"
    return "made"


def expected_of(move, status, who):
    if who not in move.by:
        return "not theirs"
    return "made" if status in move.sources else "not now"


def submission_in(status, owner):
    session = released() if status != SubmissionStatus.DRAFT else None
    PhaseFactory()
    other = SubmissionFactory(status=SubmissionStatus.SUBMITTED)
    return SubmissionFactory(status=status, owner=owner, session=session, merged_into=other)


def registration_in(status, owner):
    CapacityFactory(places=1)
    if status == RegistrationStatus.WAITLISTED:
        registered().move("cancel", officer(), "")
        first = registered()
        waiting = registered(user=owner)
        first.move("cancel", first.user, "") if waiting.status != status else None
        return waiting
    found = registered(user=owner)
    step = {"approved": "approve", "refused": "refuse", "cancelled": "cancel"}.get(status)
    return found.move(step, officer(), "Because.") if step else found


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("status", SessionStatus.values)
@pytest.mark.parametrize("move", list(SESSION_WORKFLOW), ids=lambda move: move.name)
def test_sessions_move_by_role_and_status(move, status, who):
    owner = UserFactory()
    session = in_status(status, owner=owner)
    logged = StatusChange.objects.count()

    outcome = outcome_of(session, move, person(who, owner))

    session.refresh_from_db()
    assert outcome == expected_of(move, status, who)
    assert session.status == (move.target if outcome == "made" else status)
    assert StatusChange.objects.count() == logged + (outcome == "made")


@pytest.mark.parametrize("who", PEOPLE[:-1])
@pytest.mark.parametrize("status", SubmissionStatus.values)
@pytest.mark.parametrize("move", list(SUBMISSION_WORKFLOW), ids=lambda move: move.name)
def test_submissions_move_by_role_and_status(move, status, who):
    owner = UserFactory()
    submission = submission_in(status, owner)
    if move.name == "use" and submission.session is None:
        Submission.objects.filter(pk=submission.pk).update(session=released())

    outcome = outcome_of(submission, move, person(who, owner))

    submission.refresh_from_db()
    assert outcome == expected_of(move, status, who)
    assert submission.status == (move.target if outcome == "made" else status)


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("status", RegistrationStatus.values)
@pytest.mark.parametrize("move", list(REGISTRATION_WORKFLOW), ids=lambda move: move.name)
def test_registrations_move_by_role_and_status(move, status, who):
    owner = UserFactory()
    registration = registration_in(status, owner)
    assert registration.status == status
    if status == RegistrationStatus.WAITLISTED:  # a place becomes free without moving anybody up
        capacity = registration.capacity()
        capacity.places += 1
        capacity.save()

    outcome = outcome_of(registration, move, person(who, owner))

    registration.refresh_from_db()
    capacity = registration.capacity()
    assert outcome == expected_of(move, status, who)
    assert registration.status == (move.target if outcome == "made" else status)
    assert capacity.taken == Registration.objects.holding().count()


@pytest.mark.parametrize(
    ("workflow", "make"),
    [
        (SESSION_WORKFLOW, in_status),
        (SUBMISSION_WORKFLOW, lambda status: submission_in(status, UserFactory())),
        (REGISTRATION_WORKFLOW, lambda status: registration_in(status, UserFactory())),
    ],
    ids=["session", "submission", "registration"],
)
def test_a_move_without_the_reason_it_needs_is_refused(workflow, make):
    for move in (m for m in workflow if m.needs_note):
        record = make(sorted(move.sources)[0])

        with pytest.raises(NoteMissing):
            record.move(move.name, officer(), "  ")


@pytest.mark.parametrize(
    ("move", "sentence"),
    [
        ("use", "Name the session in which the submission is used."),
        ("merge", "Name the submission with which this one is merged."),
    ],
)
def test_a_disposition_names_where_the_submission_went(move, sentence):
    submission = SubmissionFactory(status=SubmissionStatus.SUBMITTED)

    with pytest.raises(MoveRefused) as refused:
        submission.move(move, officer())

    assert str(refused.value.message) == sentence


@pytest.mark.parametrize(
    ("move", "said"),
    [
        ("note", "Noted"),
        ("decline", "Not used"),
        ("accept", "Accepted"),
        ("use", "Used in a session"),
    ],
)
def test_the_author_is_told_by_mail(move, said):
    submission = SubmissionFactory(status=SubmissionStatus.SUBMITTED, session=released())
    OutgoingMail.objects.all().delete()

    submission.move(move, officer(), "Two “reasons” & more.")

    mail = OutgoingMail.objects.get()
    assert (mail.to, mail.subject) == (submission.owner.email, f"{submission.number}: {said}")
    assert "Two “reasons” & more." in mail.body


def test_a_closed_consultation_takes_no_submission():
    submission = SubmissionFactory()

    with pytest.raises(MoveRefused) as refused:
        submission.move("submit", submission.owner)

    assert str(refused.value.message) == "The consultation does not take submissions now."
