"""The programme as rows of a sheet: the columns of an import of sessions, and what only readers
need."""

from collections.abc import Iterable, Iterator
from typing import Any

from common.records.reading import in_words
from forum.agenda.models import ReleasedSession
from forum.programme.timetable import address_of
from forum.session.description import Precision

COLUMNS = (
    "edition",
    "session_no",
    "title",
    "language",
    "description",
    "audience",
    "session_type",
    "track",
    "organizers",
    "speakers",
    "date",
    "start",
    "end",
    "time_zone",
    "mode",
    "room",
    "building",
    "interpretation",
    "captions",
    "action_lines",
    "sdgs",
    "link",
    "recording",
    "source",
    "notes",
    "status",
    "id",
    "page",
)
DATE = {
    Precision.TIME: "%Y-%m-%d",
    Precision.DAY: "%Y-%m-%d",
    Precision.MONTH: "%Y-%m",
    Precision.YEAR: "%Y",
}


def rows_of(sessions: Iterable[ReleasedSession]) -> Iterator[Iterable[Any]]:
    yield COLUMNS
    for session in sessions:
        yield row_of(session)


def row_of(session: ReleasedSession) -> list[Any]:
    zone = session.edition.zone
    start, end = (
        f"{moment.astimezone(zone):%H:%M}" if moment else ""
        for moment in (session.start, session.end)
    )
    form = DATE.get(Precision(session.precision))
    return [
        session.edition.slug,
        session.number,
        session.title,
        session.language,
        session.description,
        session.audience,
        session.type_text,
        session.track_text,
        "; ".join(session.organizer_names),
        "; ".join(speaker(part) for part in session.people),
        session.day.strftime(form) if session.day and form else "",
        start,
        end,
        session.edition.time_zone,
        session.mode,
        session.room_name,
        session.building,
        ";".join(session.interpretation),
        session.captions_link
        or in_words(ReleasedSession, "has_captions", session.has_captions),
        ";".join(session.action_line_codes),
        ";".join(session.sdg_codes),
        session.link,
        session.recording,
        session.source,
        session.source_note,
        session.status,
        session.pk,
        address_of(session),
    ]


def speaker(part: dict[str, Any]) -> str:
    """“Amina Otieno (Ministry of ICT) [moderator]”, as the import reads it."""
    organization = f" ({part['organization']})" if part["organization"] else ""
    return f"{part['name']}{organization} [{part['role']}]"
