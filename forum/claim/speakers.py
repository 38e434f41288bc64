"""Speakers of the released programme are registered by the portal."""

import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from common.moves.models import StatusChange
from forum.agenda.models import ReleasedSession
from forum.base.workflow import DESK
from forum.edition.models import Edition
from forum.people.models import PRESENT, Person
from forum.registration.capacity import Attendance, Capacity
from forum.registration.models import Registration
from forum.registration.workflow import RegistrationStatus
from forum.session.workflow import SessionStatus

# How somebody takes part whose sessions are held in the place of the Forum, or not.
WAYS = {
    True: (Attendance.ON_SITE, Attendance.REMOTE),
    False: (Attendance.REMOTE, Attendance.ON_SITE),
}


def is_over(edition: Edition) -> bool:
    last = edition.end_date or datetime.date(edition.last_year, 12, 31)
    return last < edition.local_day(timezone.now())


@transaction.atomic
def register_speakers(
    edition: Edition, speakers: dict[Person, bool]
) -> dict[int, Registration]:
    """Account → the registration that its person has got now, approved.

    `speakers` are people with an account, and whether they speak in the place of the Forum. Who
    is, or ever was, registered stays as they are: a withdrawal or a rejection is respected, and no
    place is taken twice. Where none is left they join the waiting list. Nobody is registered for
    an edition that is over, or that does not take registrations.
    """
    if not speakers or is_over(edition):
        return {}
    capacities = Capacity.lock_all(edition.pk)
    by_account = [person.user_id for person in speakers]
    known = edition.registrations.filter(
        Q(user__in=by_account)
        | Q(email__in=[one.email for one in speakers if one.email])
    )
    accounts, addresses = set(), set()
    for account, address in known.values_list("user", "email"):
        accounts.add(account)
        addresses.add(address)
    entered = [
        _entered(edition, person, capacities, in_place)
        for person, in_place in speakers.items()
        if capacities
        and person.user_id not in accounts
        and not (person.email and person.email in addresses)
    ]
    Registration.objects.bulk_create(entered)
    Capacity.objects.bulk_update(capacities.values(), ["taken"])
    StatusChange.objects.bulk_create(
        StatusChange(
            record_kind="forum.registration",
            record_id=one.pk,
            move="register",
            source=RegistrationStatus.REQUESTED,
            target=one.status,
        )
        for one in entered
    )
    placed = [one for one in entered if one.status == RegistrationStatus.REQUESTED]
    approved = Registration.move_all(placed, "welcome", DESK)
    return {one.user_id: one for one in (*entered, *approved) if one.user_id}


def register_speaker(person: Person) -> None:
    """The same for somebody who has an account only now, for all editions to come."""
    rows = ReleasedSession.objects.of_person(person.pk).select_related("edition")
    sessions: dict[Edition, list[ReleasedSession]] = {}
    for session in rows.filter(status=SessionStatus.RELEASED):
        is_present = any(
            part["person"] == person.pk and part["role"] in PRESENT
            for part in session.people
        )
        if is_present:
            sessions.setdefault(session.edition, []).append(session)
    for edition, spoken in sessions.items():
        in_place = any(not session.is_remote for session in spoken)
        for registration in register_speakers(edition, {person: in_place}).values():
            registration.tell_participant(StatusChange(target=registration.status))


def _entered(
    edition: Edition, person: Person, capacities: dict[str, Capacity], in_place: bool
) -> Registration:
    """A new registration in memory; its place is counted in `capacities`, which are locked."""
    attendance = next(way for way in WAYS[in_place] if way in capacities)
    capacity = capacities[attendance]
    waits = capacity.is_full
    capacity.taken += not waits
    return Registration(
        edition=edition,
        user=person.user,
        attendance=attendance,
        name=person.name,
        organization_name=person.organization,
        country_id=person.country_id,
        as_speaker=True,
        status=RegistrationStatus.WAITLISTED if waits else RegistrationStatus.REQUESTED,
        waitlisted_at=timezone.now() if waits else None,
    )
