"""Creates an edition to try consultation, agenda and registration; refuses to run outside a
demonstration."""

import datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from forum.agenda.releasing import release_agenda
from forum.base.workflow import DESK
from forum.consultation.phases import Phase
from forum.edition.models import Edition
from forum.people.models import Participation, Person, Role
from forum.registration.models import Attendance, Capacity
from forum.room.models import Room
from forum.session.description import Mode
from forum.session.models import Organizer, Session

SLUG = "demo"
SOURCE = "Demonstration data of this portal: nothing of it is real"
DAYS_AHEAD = 40
# Title, type, track, action lines, SDGs, day, hour, minutes, room, moderator, panellist.
SESSIONS: tuple[tuple[Any, ...], ...] = (
    (
        "Opening of the demonstration",
        "OPENING",
        "HIGHLEVEL",
        ["C1", "C11"],
        ["17"],
        0,
        9,
        60,
        0,
        0,
        1,
    ),
    (
        "Connecting the last villages",
        "WORKSHOP",
        "FORUM",
        ["C2"],
        ["9", "11"],
        0,
        10,
        90,
        0,
        2,
        3,
    ),
    ("Skills for everybody", "INTERACT", "YOUTH", ["C4"], ["4"], 0, 10, 90, 1, 4, 5),
    ("Trust in digital services", "HLD", "CYBER", ["C5"], ["16"], 0, 14, 45, 0, 1, 2),
    (
        "Older persons online",
        "TRACK",
        "OLDER",
        ["C7-EHEA"],
        ["3", "10"],
        1,
        9,
        60,
        1,
        5,
        0,
    ),
    (
        "Languages of the Internet",
        "ALFM",
        "INDIGEN",
        ["C8"],
        ["4", "10"],
        1,
        10,
        60,
        0,
        3,
        4,
    ),
    (
        "Data for the climate",
        "CAFE",
        "ENVIRON",
        ["C7-EENV"],
        ["13"],
        1,
        11,
        75,
        1,
        2,
        1,
    ),
    (
        "Closing of the demonstration",
        "CLOSING",
        "HIGHLEVEL",
        ["C11"],
        ["17"],
        1,
        16,
        45,
        0,
        0,
        5,
    ),
)
PEOPLE = (
    "Amara Example",
    "Bilal Example",
    "Chen Example",
    "Dolores Example",
    "Elena Example",
    "Farid Example",
)


class Command(BaseCommand):
    help = "Creates the edition “Demonstration forum” once (only with DEMO=1)."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError(
                "The demonstration edition is only created when DEMO=1 is set."
            )
        if Edition.objects.filter(slug=SLUG).exists():
            self.stdout.write("The demonstration edition is there.")
            return
        edition = make_edition(
            timezone.now().date() + datetime.timedelta(days=DAYS_AHEAD)
        )
        make_phases(edition)
        make_sessions(edition)
        release_agenda(edition, None, "First agenda of the demonstration")
        self.stdout.write("The demonstration edition was created.")


def make_edition(first: datetime.date) -> Edition:
    edition = Edition.objects.create(
        slug=SLUG,
        title="Demonstration forum",
        theme="Not a real edition: try everything here",
        first_year=first.year,
        last_year=first.year,
        start_date=first,
        end_date=first + datetime.timedelta(days=1),
        venue="Nowhere",
        source=SOURCE,
        registration_opens_at=timezone.now(),
    )
    Capacity.objects.create(edition=edition, attendance=Attendance.ON_SITE, places=10)
    Capacity.objects.create(edition=edition, attendance=Attendance.REMOTE)
    return edition


def make_phases(edition: Edition) -> None:
    """Five phases around today; the call for submissions is open."""
    today = timezone.now().astimezone(edition.zone).date()
    named = (
        ("Opening of the call", -10, -4, False),
        ("First meeting", -3, -3, False),
        ("Call for submissions", -2, 20, True),
        ("Review meeting", 25, 25, False),
        ("Final brief on the programme", 30, 30, False),
    )
    for number, (name, opens, closes, takes) in enumerate(named, start=1):
        Phase.objects.create(
            edition=edition,
            number=number,
            name=name,
            takes_submissions=takes,
            source=SOURCE,
            opens_on=today + datetime.timedelta(days=opens),
            closes_on=today + datetime.timedelta(days=closes),
        )


def make_sessions(edition: Edition) -> None:
    rooms = [
        Room.objects.get_or_create(
            edition=edition, name=name, building="Demonstration centre"
        )[0]
        for name in ("Room A", "Room B")
    ]
    people = [
        Person.objects.create(
            name=name, organization="Example Organization", source=SOURCE
        )
        for name in PEOPLE
    ]
    first: Any = edition.start_date
    for (
        title,
        kind,
        track,
        lines,
        goals,
        day,
        hour,
        minutes,
        room,
        moderator,
        guest,
    ) in SESSIONS:
        start = datetime.datetime.combine(
            first + datetime.timedelta(days=day), datetime.time(hour), edition.zone
        )
        session = Session.objects.create(
            edition=edition,
            title=title,
            type_id=kind,
            track_id=track,
            mode=Mode.BOTH,
            room=rooms[room],
            start=start,
            end=start + datetime.timedelta(minutes=minutes),
            interpretation=["en", "fr"],
            has_captions=True,
            source_note=SOURCE,
            description="A session made up to show how the agenda works.",
        )
        session.action_lines.set(lines)
        session.sdgs.set(goals)
        Organizer.objects.create(session=session, name="Example Organization")
        for place, (who, role) in enumerate(
            ((moderator, Role.MODERATOR), (guest, Role.PANELLIST))
        ):
            Participation.objects.create(
                session=session, person=people[who], role=role, order=place
            )
        session.move("schedule", DESK)
