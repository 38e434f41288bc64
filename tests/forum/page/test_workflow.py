"""The move tables of sessions, submissions and registrations, tested from the tables."""

import pytest

from common.mail.models import OutgoingMail
from common.moves.workflow import MoveRefused, NoteMissing
from forum.base.workflow import DESK
from forum.consultation.models import Submission
from forum.consultation.workflow import SUBMISSION_WORKFLOW, SubmissionStatus
from forum.registration.models import Registration
from forum.registration.workflow import REGISTRATION_WORKFLOW, RegistrationStatus
from forum.session.workflow import SESSION_WORKFLOW, SessionStatus
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
from tests.moves import everybody, expected_of, tried

pytestmark = pytest.mark.django_db


def everybody_and_the_desk(owner):
    return everybody(owner) | {DESK.role: DESK}


def submission_in(status, owner):
    session = released() if status != SubmissionStatus.DRAFT else None
    PhaseFactory()
    other = SubmissionFactory(status=SubmissionStatus.SUBMITTED)
    return SubmissionFactory(
        status=status, owner=owner, session=session, merged_into=other
    )


def registration_in(status, owner):
    CapacityFactory(places=1)
    if status == RegistrationStatus.WAITLISTED:
        registered().move("cancel", officer(), "")
        first = registered()
        waiting = registered(user=owner)
        first.move("cancel", first.user, "") if waiting.status != status else None
        return waiting
    found = registered(user=owner)
    step = {"approved": "approve", "refused": "refuse", "cancelled": "cancel"}.get(
        status
    )
    return found.move(step, officer(), "Because.") if step else found


@pytest.mark.parametrize("status", SessionStatus.values)
def test_sessions_move_by_role_and_status(status):
    session = in_status(status, owner=UserFactory())
    people = everybody_and_the_desk(session.owner)

    found = tried(SESSION_WORKFLOW, session, people)

    assert found == expected_of(SESSION_WORKFLOW, status, people)


@pytest.mark.parametrize("status", SubmissionStatus.values)
def test_submissions_move_by_role_and_status(status):
    submission = submission_in(status, UserFactory())
    people = everybody(submission.owner)

    def prepare(move):
        if move.name == "use" and submission.session is None:
            Submission.objects.filter(pk=submission.pk).update(session=released())

    found = tried(SUBMISSION_WORKFLOW, submission, people, prepare)

    assert found == expected_of(SUBMISSION_WORKFLOW, status, people)


@pytest.mark.parametrize("status", RegistrationStatus.values)
def test_registrations_move_by_role_and_status(status):
    registration = registration_in(status, UserFactory())
    assert registration.status == status
    if (
        status == RegistrationStatus.WAITLISTED
    ):  # a place becomes free without moving anybody up
        capacity = registration.capacity()
        capacity.places += 1
        capacity.save()
    people = everybody_and_the_desk(registration.user)

    def places_are_counted():
        assert registration.capacity().taken == Registration.objects.holding().count()

    found = tried(REGISTRATION_WORKFLOW, registration, people, holds=places_are_counted)

    assert found == expected_of(REGISTRATION_WORKFLOW, status, people)


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
        ("use", "Enter the session in which the submission is used."),
        ("merge", "Enter the submission with which this one is merged."),
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
    submission = SubmissionFactory(
        status=SubmissionStatus.SUBMITTED, session=released()
    )
    OutgoingMail.objects.all().delete()

    submission.move(move, officer(), "Two “reasons” & more.")

    mail = OutgoingMail.objects.get()
    assert (mail.to, mail.subject) == (
        submission.owner.email,
        f"{submission.number}: {said}",
    )
    assert "Two “reasons” & more." in mail.body


def test_a_closed_consultation_takes_no_submission():
    submission = SubmissionFactory()

    with pytest.raises(MoveRefused) as refused:
        submission.move("submit", submission.owner)

    assert str(refused.value.message) == "The consultation is not open for submissions."
