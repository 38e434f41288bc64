"""Making one printed file: what it says as plain values, which Typst sets and nothing else."""

import datetime
import hashlib
import logging
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from common.dates.zones import zone_label
from common.jobs.models import LeaseLostError
from common.records.reading import in_words
from common.text.official_names import official_name
from common.typesetting.documents import WRITING, typeset
from common.typesetting.fonts import FAMILIES, FONT_FOLDERS, showable
from common.typesetting.passages import Passage, passage
from forum.agenda.models import AgendaRelease, ReleasedSession
from forum.agenda.reading import reading
from forum.day.page import by_day
from forum.edition.models import Edition
from forum.people.models import Role
from forum.programme.models import Printout
from forum.programme.timetable import days_of, held, place_of
from forum.session.times import day_text, hours
from forum.session.workflow import SessionStatus
from reference.names import vocabulary

log = logging.getLogger(__name__)
TYPST = Path(__file__).with_name("typst")
RTL_LANGUAGES = frozenset({"ar"})
NEXT_LONGEST = 140  # characters of the next session's title on a door

Document = dict[str, Any]


def work_at(pk: int) -> str:
    """Make the file of this row. A second call finds nothing to do."""
    job = Printout.objects.select_related("agenda__edition").acquire(pk)
    if job is None:
        worn_out = Printout.objects.worn_out().filter(pk=pk).first()
        if worn_out:
            worn_out.give_up(str(_("The file could not be made. Ask for it again.")))
        return "over"
    try:
        with translation.override(job.language):
            make(job)
    except LeaseLostError:
        return "cancelled"
    except Exception:
        log.exception("forum.print: %s could not be made", job)
        job.fail(str(_("The file could not be made. Ask for it again.")))
        return "failed"
    remove_earlier(job.agenda)
    return "done"


def make(job: Printout) -> None:
    job.advance(10, "reading")
    data = document(job)
    job.advance(30, "typesetting")
    content = pdf(job, data)
    job.advance(90, "storing")
    digest = hashlib.sha256(content).hexdigest()
    folder = f"forum/print/{job.agenda.edition_id}/{job.agenda.number}"
    stored = default_storage.save(f"{folder}/{job.filename}", ContentFile(content))
    job.finish(file=stored, size=len(content), sha256=digest)


def remove_earlier(release: AgendaRelease) -> None:
    """Files of releases that nobody is shown any more; they are made again from the release when
    somebody needs one."""
    for old in Printout.objects.of_earlier(release).select_related("agenda"):
        if old.file:
            default_storage.delete(old.file)
        old.delete()


def pdf(job: Printout, data: Document) -> bytes:
    """A tagged PDF/UA-1, whose clock is that of the release."""
    return typeset(
        (WRITING, TYPST / "page.typ", TYPST / f"{job.kind}.typ"),
        showable(data),
        FONT_FOLDERS,
        {},
        format="pdf",
        pdf_standards="ua-1",
        timestamp=int(job.agenda.at.timestamp()),
    )


def document(job: Printout) -> Document:
    """All that is printed, in the language that is active."""
    edition = job.agenda.edition
    parts = {
        Printout.Kind.PROGRAMME: programme,
        Printout.Kind.DAY: day_sheet,
        Printout.Kind.DOORS: door_sheets,
    }
    return frame(job) | parts[Printout.Kind(job.kind)](edition, job.day)


def frame(job: Printout) -> Document:
    release, edition = job.agenda, job.agenda.edition
    name = official_name(edition.title) or edition.title
    return {
        "language": job.language.partition("-")[0],
        "rtl": job.language in RTL_LANGUAGES,
        "fonts": list(FAMILIES),
        "title": f"{job.get_kind_display()}: {name}",
        "release": _("Release %(number)s of %(date)s")
        % {
            "number": release.number,
            "date": date_format(edition.local_day(release.at), "DATE_FORMAT"),
        },
        "site": settings.SITE_URL,
        "labels": {
            "kind": job.get_kind_display(),
            "contents": _("Contents"),
            "time": _("Time"),
            "session": _("Session"),
            "room": _("Room"),
            "next": _("Next in this room"),
            "last": _("The last session of the day in this room"),
        },
    }


def dates_of(edition: Edition) -> str:
    if not (edition.start_date and edition.end_date):
        return edition.years
    return f"{date_format(edition.start_date)} – {date_format(edition.end_date)}"


def zone_text(edition: Edition) -> str:
    """Whose clock the hours are."""
    return _("Times are in the time zone of the venue (%(zone)s).") % {
        "zone": zone_label(edition.time_zone)
    }


def released(edition: Edition) -> Any:
    rows = ReleasedSession.objects.of_edition(edition).select_related("edition")
    return rows.defer("words", "marks").in_order()


# --- the whole programme ---


def programme(edition: Edition, _day: datetime.date | None) -> Document:
    return {
        "theme": passage(edition.theme, "en"),
        "venue": passage(edition.venue, "en"),
        "dates": dates_of(edition),
        "zone": zone_text(edition),
        "days": [
            {"name": label, "sessions": [entry(row, edition) for row in rows]}
            for label, rows in by_day(list(released(edition)))
        ],
    }


def entry(session: ReleasedSession, edition: Edition) -> Document:
    """A session with all that its page says of it."""
    told = reading(session)
    texts = [text for text in told.description.text.splitlines() if text.strip()]
    return {
        "hours": hours(session, edition.zone),
        "title": passage(*told.title),
        "status": status_of(session),
        "reason": passage(session.reason),
        "meta": [
            passage(text)
            for text in (
                session.room_text or session.get_mode_display(),
                session.type_text,
                session.track_text,
                interpretation_of(session),
            )
            if text
        ],
        "organizers": [passage(name) for name in session.organizer_names],
        "people": [
            {"role": role, "names": [passage(name) for name in names]}
            for role, names in people_of(session)
        ],
        "audience": passage(session.audience, session.language),
        "texts": [passage(text, told.description.language) for text in texts],
        "lines": [
            f"{code} {vocabulary.label('action_line', code)}"
            for code in session.action_line_codes
        ],
    }


def status_of(session: ReleasedSession) -> str:
    """What a reader has to know of a session that is not held as planned."""
    held_as_planned = session.status == SessionStatus.RELEASED
    return "" if held_as_planned else str(session.get_status_display())


def interpretation_of(session: ReleasedSession) -> str:
    if not session.interpretation:
        return ""
    languages = in_words(ReleasedSession, "interpretation", session.interpretation)
    return _("Interpretation: %(languages)s") % {"languages": languages}


def people_of(session: ReleasedSession) -> list[tuple[str, list[str]]]:
    """The people by role, each with the organization in brackets."""
    roles: dict[str, list[str]] = {}
    for part in session.people:
        organization = f" ({part['organization']})" if part["organization"] else ""
        roles.setdefault(part["role"], []).append(f"{part['name']}{organization}")
    names = dict(Role.choices)
    return [(str(names.get(role, role)), people) for role, people in roles.items()]


# --- sheets of one day ---


def day_sheet(edition: Edition, day: datetime.date | None) -> Document:
    rows = list(released(edition).filter(day=day))
    return {
        "zone": zone_text(edition),
        "name": day_text(rows[0]) if rows else "",
        "rows": [
            {
                "hours": hours(row, edition.zone),
                "title": passage(row.said.title, row.said.language),
                "status": status_of(row),
                "organizers": [passage(name) for name in row.organizer_names],
                "room": passage(place_of(row)),
            }
            for row in rows
        ],
    }


def door_sheets(edition: Edition, day: datetime.date | None) -> Document:
    """Each room of the day with a page for each session that is held there, and what comes next."""
    rows = [row for row in held(edition) if row.day == day and row.room_id]
    found = [one for one in days_of(edition, rows) if one.date == day]
    rooms = found[0].rooms if found else {}
    ordered = sorted(
        rooms, key=lambda room: vocabulary.sort_key(room, translation.get_language())
    )
    return {
        "name": day_text(rows[0]) if rows else "",
        "rooms": [
            {
                "name": passage(room),
                "sessions": [
                    door(slot.session, edition, after)
                    for slot, after in zip(
                        rooms[room],
                        [*(one.session for one in rooms[room][1:]), None],
                        strict=True,
                    )
                ],
            }
            for room in ordered
        ],
    }


def door(
    session: ReleasedSession, edition: Edition, after: ReleasedSession | None
) -> Document:
    return {
        "hours": hours(session, edition.zone),
        "title": passage(session.said.title, session.said.language),
        "organizers": [passage(name) for name in session.organizer_names],
        "next": {"hours": hours(after, edition.zone), "title": shortened(after)}
        if after
        else None,
    }


def shortened(session: ReleasedSession) -> Passage:
    title = session.said.title
    if len(title) > NEXT_LONGEST:
        title = f"{title[:NEXT_LONGEST].rstrip()}…"
    return passage(title, session.said.language)
