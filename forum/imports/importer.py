"""Import of sessions from a CSV file (docs/forum.md): each good row is a public record.

This file reads rows; `import_writing` brings them into an edition. Good rows are kept even when
others are refused; a row that changes nothing writes nothing.
"""

import datetime
import re
import zoneinfo
from typing import Any, BinaryIO

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models, transaction
from django.utils.translation import gettext as _

from accounts.user.models import User
from common.imports.cells import Vocabulary
from common.imports.command import only_import
from common.imports.reader import (
    CONTROL,
    ImportResult,
    Row,
    RowError,
    read_rows,
    read_text,
    shown,
)
from common.locks.advisory import Lock
from common.text.folding import fold
from forum.edition.models import Edition
from forum.imports.writing import EditionImport, Speaker, Wanted
from forum.people.models import Person, Role
from forum.room.models import Room, SessionType, Track
from forum.session.fields import Precision
from forum.session.models import Organizer, Session
from reference.action_line.models import SDG, ActionLine

COLUMNS = (
    "edition",
    "session_no",
    "title",
    "session_type",
    "organizers",
    "date",
    "start",
    "end",
    "action_lines",
    "sdgs",
    "source",
)
EXTRA_COLUMNS = (
    "room",
    "building",
    "time_zone",
    "notes",
    "language",
    "description",
    "track",
    "mode",
    "link",
    "recording",
    "speakers",
)
TEXTS = {
    "session_no": "number",
    "title": "title",
    "source": "source",
    "notes": "source_note",
    "description": "description",
    "link": "link",
    "recording": "recording",
    "language": "language",
    "mode": "mode",
}
DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)
TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)", re.ASCII)
MOST_ORGANIZERS = 30
SPEAKER = re.compile(
    r"(?P<name>[^()\[\]]+)(?:\((?P<organization>[^()]*)\))?\s*(?:\[(?P<role>[^\[\]]+)\])?"
)


def import_sessions(
    file: BinaryIO,
    *,
    dry_run: bool = False,
    by: User | None = None,
    only_new: bool = False,
    draft: bool = False,
) -> ImportResult:
    """Bring the rows of a CSV file into the editions' programmes; with `draft` into their plans,
    where the desk goes on with them and nobody else reads them.

    The file is read and judged before anything is locked. Raises ValidationError when the file as
    a whole cannot be read or another import is running.
    """
    rows = list(read_rows(read_text(file), COLUMNS, EXTRA_COLUMNS))
    with only_import(Lock.FORUM_IMPORT):
        result = ImportResult()
        reader = RowReader(draft)
        editions: dict[Edition, list[Wanted]] = {}
        for row in rows:
            wanted = [row] if isinstance(row, RowError) else reader.read(row)
            if isinstance(wanted, list):
                result.refuse(wanted)
            else:
                editions.setdefault(wanted.fields["edition"], []).append(wanted)
        for edition, wanted_rows in editions.items():
            with transaction.atomic():
                EditionImport(edition, by, result, only_new=only_new, draft=draft).run(
                    wanted_rows
                )
                if dry_run:
                    transaction.set_rollback(True)
        result.errors.sort()
    return result


def read_date(text: str) -> tuple[datetime.date | None, str]:
    """“2021”, “2019-04” or “2019-04-08” as its first day and how exact it is."""
    if not text:
        return None, Precision.UNKNOWN
    match = DATE.fullmatch(text)
    try:
        if not match:
            raise ValueError(text)
        year, month, day = (int(part) if part else None for part in match.groups())
        date = datetime.date(year or 0, month or 1, day or 1)
    except ValueError as error:
        raise ValidationError(
            _("Enter a date such as 2019, 2019-04 or 2019-04-08, not “%(value)s”.")
            % {"value": shown(text)}
        ) from error
    return date, Precision.DAY if day else Precision.MONTH if month else Precision.YEAR


def read_time(text: str) -> datetime.time | None:
    match = TIME.fullmatch(text)
    if text and not match:
        raise ValidationError(
            _("Enter a time such as 09:34, not “%(value)s”.") % {"value": shown(text)}
        )
    return datetime.time(int(match[1]), int(match[2])) if match else None


class RowReader:
    """Turns rows into wanted values; holds the vocabularies while a file is read."""

    def __init__(self, draft: bool) -> None:
        self.draft = draft
        self.editions = {edition.slug: edition for edition in Edition.objects.all()}
        self.types = Vocabulary.of(SessionType.objects.all())
        self.tracks = Vocabulary.of(Track.objects.all())
        self.links = {
            "action_lines": Vocabulary.of(
                ActionLine.objects.filter(number__isnull=False)
            ),
            "sdgs": Vocabulary.of(SDG.objects.all()),
        }

    def read(self, row: Row) -> Wanted | list[RowError]:
        """The values of a row, or an error for each cell that is refused."""
        wanted = Wanted(row.number)
        errors: dict[str, str] = {}
        readers = (
            self._plain,
            self._edition,
            self._terms,
            self._when,
            self._organizers,
            self._speakers,
            self._room,
        )
        for reader in readers:
            for column, message in reader(row.cells, wanted).items():
                errors.setdefault(column, message)
        if errors:
            order = [*COLUMNS, *EXTRA_COLUMNS]
            return [
                RowError(row.number, c, errors[c])
                for c in sorted(errors, key=order.index)
            ]
        return wanted

    def _plain(self, cells: dict[str, str], wanted: Wanted) -> dict[str, str]:
        errors = {
            column: _("This cell contains a control character.")
            for column, text in cells.items()
            if CONTROL.search(text)
        }
        for column, name in TEXTS.items():
            text = cells.get(column, "")
            field: Any = Session._meta.get_field(name)
            value = text or (field.default if field.has_default() else "")
            try:
                if isinstance(field, models.TextField):
                    MaxLengthValidator(field.max_length)(value)
                wanted.fields[name] = (
                    field.clean(value, None) if value or name == "title" else ""
                )
            except ValidationError as error:
                errors[column] = " ".join(error.messages)
        if not wanted.fields.get("source") and not self.draft:
            errors.setdefault(
                "source", _("Enter where information on the session was found.")
            )
        return errors

    def _edition(self, cells: dict[str, str], wanted: Wanted) -> dict[str, str]:
        if cells["edition"] not in self.editions:
            return {
                "edition": _("There is no edition “%(value)s”.")
                % {"value": shown(cells["edition"])}
            }
        wanted.fields["edition"] = self.editions[cells["edition"]]
        return {}

    def _terms(self, cells: dict[str, str], wanted: Wanted) -> dict[str, str]:
        errors = {}
        for column, known, name in (
            ("session_type", self.types, "type_id"),
            ("track", self.tracks, "track_id"),
        ):
            text = cells.get(column, "")
            try:
                wanted.fields[name] = known.code(text) if text else None
            except ValidationError as error:
                errors[column] = " ".join(error.messages)
        for column, words in self.links.items():
            try:
                wanted.links[column] = words.each(cells[column])
            except ValidationError as error:
                errors[column] = " ".join(error.messages)
        return errors

    @staticmethod
    def _when(cells: dict[str, str], wanted: Wanted) -> dict[str, str]:
        """Day, precision, start and end; a known time needs a known day or month."""
        edition = wanted.fields.get("edition")
        times: dict[str, datetime.time | None] = {}
        column = "date"
        try:
            day, precision = read_date(cells["date"])
            for column in ("start", "end"):
                times[column] = read_time(cells[column])
            column = "start"
            require_day(times, precision)
            column = "time_zone"
            zone = read_zone(cells.get("time_zone", ""), edition)
        except ValidationError as error:
            return {column: " ".join(error.messages)}
        wanted.fields |= {
            "day": day,
            "precision": precision,
            "start": None,
            "end": None,
        }
        if times["start"] and precision == Precision.MONTH:
            note_hours(cells, wanted)
        elif times["start"] and day:
            return set_times(wanted, day, times, zone)
        return {}

    @staticmethod
    def _organizers(cells: dict[str, str], wanted: Wanted) -> dict[str, str]:
        names = [" ".join(part.split()) for part in cells["organizers"].split(";")]
        wanted.organizers = list(dict.fromkeys(filter(None, names)))
        limit: Any = Organizer._meta.get_field("name").max_length
        if len(wanted.organizers) > MOST_ORGANIZERS:
            return {
                "organizers": _("At most %(limit)d organizers.")
                % {"limit": MOST_ORGANIZERS}
            }
        if any(len(name) > limit for name in wanted.organizers):
            return {
                "organizers": _("At most %(limit)d characters per name.")
                % {"limit": limit}
            }
        return {}

    @staticmethod
    def _speakers(cells: dict[str, str], wanted: Wanted) -> dict[str, str]:
        roles = {
            fold(text): code
            for code, label in Role.choices
            for text in (code, str(label))
        }
        for part in filter(
            None, (text.strip() for text in cells.get("speakers", "").split(";"))
        ):
            match = SPEAKER.fullmatch(part)
            role = fold(match["role"] or Role.PANELLIST) if match else ""
            if match is None or role not in roles:
                return {
                    "speakers": _(
                        "“%(value)s” is not understood. Write: Name (organization) [role]; "
                        "another name. Roles: %(roles)s."
                    )
                    % {"value": shown(part), "roles": ", ".join(Role.values)}
                }
            wanted.speakers.append(
                Speaker(
                    match["name"].strip(),
                    (match["organization"] or "").strip(),
                    roles[role],
                )
            )
        limit = longest(Person, "name")
        if any(len(one.name) > limit for one in wanted.speakers):
            return {
                "speakers": _("At most %(limit)d characters per name.")
                % {"limit": limit}
            }
        limit = longest(Person, "organization")
        if any(len(one.organization) > limit for one in wanted.speakers):
            return {
                "speakers": _("At most %(limit)d characters per name.")
                % {"limit": limit}
            }
        return {}

    @staticmethod
    def _room(cells: dict[str, str], wanted: Wanted) -> dict[str, str]:
        room = cells.get("room", ""), cells.get("building", "")
        for column, text in zip(("room", "building"), room, strict=True):
            name = "name" if column == "room" else column
            limit = longest(Room, name)
            if len(text) > limit:
                return {
                    column: _("At most %(limit)d characters per name.")
                    % {"limit": limit}
                }
        wanted.room = room if room[0] else None
        return {}


def longest(model: type[models.Model], name: str) -> int:
    """How many characters a column takes."""
    column: Any = model._meta.get_field(name)
    return int(column.max_length)


def require_day(times: dict[str, datetime.time | None], precision: str) -> None:
    """Raises ValidationError for an end without start, or a time without at least its month."""
    known = precision in (Precision.DAY, Precision.MONTH)
    if (times["end"] and not times["start"]) or (times["start"] and not known):
        raise ValidationError(_("Enter a day for the time, and a start for the end."))


def note_hours(cells: dict[str, str], wanted: Wanted) -> None:
    """The source knows the hour, but not the day: it is kept in words, and no day is invented."""
    hours = "–".join(cells[column] for column in ("start", "end") if cells[column])
    note = wanted.fields.get("source_note", "")
    sentence = f"The source gives the time {hours}, but not the day."
    wanted.fields["source_note"] = f"{note} {sentence}".strip()


def set_times(
    wanted: Wanted,
    day: datetime.date,
    times: dict[str, datetime.time | None],
    zone: datetime.tzinfo,
) -> dict[str, str]:
    """Start and end as moments; the day is that of the edition's place."""
    start = datetime.datetime.combine(day, times["start"] or datetime.time(), zone)
    wanted.fields["start"] = start.astimezone(datetime.UTC)
    if ends := times["end"]:
        end = datetime.datetime.combine(day, ends, zone)
        if end <= start:
            return {"end": _("The end must be after the start.")}
        wanted.fields["end"] = end.astimezone(datetime.UTC)
    wanted.fields["precision"] = Precision.TIME
    if edition := wanted.fields.get("edition"):
        wanted.fields["day"] = edition.local_day(start)
    return {}


def read_zone(text: str, edition: Edition | None) -> datetime.tzinfo:
    """The zone of a row's times: its own, else that of the edition's place."""
    if not text:
        return edition.zone if edition else datetime.UTC
    if text not in zoneinfo.available_timezones():
        raise ValidationError(
            _("“%(value)s” is not a time zone.") % {"value": shown(text)}
        )
    return zoneinfo.ZoneInfo(text)
