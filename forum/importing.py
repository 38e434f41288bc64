"""Import of sessions from a CSV file (docs/forum.md): each good row is a public record.

Good rows are kept even when others are refused; a row that changes nothing writes nothing.
"""

import datetime
import re
import zoneinfo
from collections import deque
from dataclasses import dataclass
from typing import Any, BinaryIO

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models, transaction
from django.utils.translation import gettext as _

from common.models import StatusChange
from common.sheets import (
    CONTROL,
    ImportResult,
    Row,
    RowError,
    Vocabulary,
    fold,
    only_import,
    read_rows,
    read_text,
    shown,
)
from common.workflow import MoveRefused
from forum.models import Edition, Organiser, Room, Session, SessionType, Track
from forum.models.session import Precision
from forum.releasing import NothingToRelease, release_agenda
from forum.workflow import SessionStatus
from reference.models import SDG, ActionLine
from stocktaking.models import Organisation

COLUMNS = (
    "edition", "session_no", "title", "session_type", "organisers", "date", "start", "end",
    "action_lines", "sdgs", "source",
)  # fmt: skip
EXTRA_COLUMNS = (
    "room", "building", "time_zone", "notes", "language", "description", "track", "mode", "link",
    "recording",
)  # fmt: skip
TEXTS = {
    "session_no": "number", "title": "title", "source": "source", "notes": "source_note",
    "description": "description", "link": "link", "recording": "recording", "language": "language",
    "mode": "mode",
}  # fmt: skip
COLUMN_OF = {field: column for column, field in TEXTS.items()} | {"end": "end", "room": "room"}
DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)
TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)", re.ASCII)
LOCK = 0x575349_46  # any number that no other advisory lock of the portal uses
MOST_ORGANISERS = 30


def import_sessions(
    file: BinaryIO, *, dry_run: bool = False, by: Any = None, only_new: bool = False
) -> ImportResult:
    """Bring the rows of a CSV file into the editions' programmes.

    Raises ValidationError when the file as a whole cannot be read or another import is running.
    """
    text = read_text(file)
    deque(read_rows(text, COLUMNS, EXTRA_COLUMNS), maxlen=0)  # all is readable before it begins
    with only_import(LOCK):
        importer = Importer(by, only_new)
        with transaction.atomic():
            for row in read_rows(text, COLUMNS, EXTRA_COLUMNS):
                importer.take(row)
            importer.release()
            if dry_run:
                transaction.set_rollback(True)
    return importer.result


@dataclass
class Wanted:
    """What a good row wants: values by field, organisers, codes by relation."""

    fields: dict[str, Any]
    organisers: list[str]
    links: dict[str, list[str]]


def read_date(text: str) -> tuple[datetime.date | None, str]:
    """“2021”, “2019-04” or “2019-04-08” as its first day and how exact it is."""
    if not text:
        return None, Precision.UNKNOWN
    match = DATE.fullmatch(text)
    try:
        if not match:
            raise ValueError(text)
        year, month, day = (int(part) if part else None for part in match.groups())
        found = datetime.date(year or 0, month or 1, day or 1)
    except ValueError as error:
        raise ValidationError(
            _("“%(value)s” is no date: write 2019-04-08, 2019-04 or 2019.") % {"value": shown(text)}
        ) from error
    return found, Precision.DAY if day else Precision.MONTH if month else Precision.YEAR


def read_time(text: str) -> datetime.time | None:
    match = TIME.fullmatch(text)
    if text and not match:
        raise ValidationError(_("“%(value)s” is no time: write 09:34.") % {"value": shown(text)})
    return datetime.time(int(match[1]), int(match[2])) if match else None


class RowReader:
    """Turns rows into wanted values; holds the vocabularies while a file is read."""

    def __init__(self) -> None:
        self.editions = {edition.slug: edition for edition in Edition.objects.all()}
        self.types = Vocabulary.of(SessionType.objects.all())
        self.tracks = Vocabulary.of(Track.objects.all())
        self.links = {
            "action_lines": Vocabulary.of(ActionLine.objects.filter(number__isnull=False)),
            "sdgs": Vocabulary.of(SDG.objects.all()),
        }

    def read(self, row: Row) -> Wanted | list[RowError]:
        """The values of a row, or an error for each cell that is refused."""
        wanted = Wanted({}, [], {})
        errors: dict[str, str] = {}
        readers = (self._plain, self._edition, self._terms, self._when, self._organisers)
        for reader in readers:
            for column, message in reader(row.cells, wanted).items():
                errors.setdefault(column, message)
        if errors:
            order = [*COLUMNS, *EXTRA_COLUMNS]
            return [RowError(row.number, c, errors[c]) for c in sorted(errors, key=order.index)]
        return wanted

    @staticmethod
    def _plain(cells: dict[str, str], wanted: Wanted) -> dict[str, str]:
        errors = {
            column: _("This cell holds a control character.")
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
                wanted.fields[name] = field.clean(value, None) if value or name == "title" else ""
            except ValidationError as error:
                errors[column] = " ".join(error.messages)
        if not wanted.fields.get("source"):
            errors.setdefault("source", _("Say where the session is known from."))
        return errors

    def _edition(self, cells: dict[str, str], wanted: Wanted) -> dict[str, str]:
        if cells["edition"] not in self.editions:
            return {"edition": _("There is no edition “%(value)s”.")
                    % {"value": shown(cells["edition"])}}  # fmt: skip
        wanted.fields["edition"] = self.editions[cells["edition"]]
        return {}

    def _terms(self, cells: dict[str, str], wanted: Wanted) -> dict[str, str]:
        errors = {}
        for column, known, name in (
            ("session_type", self.types, "type_id"), ("track", self.tracks, "track_id"),
        ):  # fmt: skip
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
        """Day, precision, start and end; a known time needs a known day."""
        edition = wanted.fields.get("edition")
        times: dict[str, datetime.time | None] = {}
        column = "date"
        try:
            day, precision = read_date(cells["date"])
            for column in ("start", "end"):
                times[column] = read_time(cells[column])
            column = "start"
            if any(times.values()) and (precision != Precision.DAY or not times["start"]):
                raise ValidationError(_("A time needs its day, an end its start."))
            column = "time_zone"
            zone = read_zone(cells.get("time_zone", ""), edition)
        except ValidationError as error:
            return {column: " ".join(error.messages)}
        wanted.fields |= {"day": day, "precision": precision, "start": None, "end": None}
        if day and times["start"]:
            start = datetime.datetime.combine(day, times["start"], zone)
            wanted.fields["start"] = start.astimezone(datetime.UTC)
            if ends := times["end"]:
                end = datetime.datetime.combine(day, ends, zone)
                if end <= start:
                    return {"end": _("The end does not lie after the start.")}
                wanted.fields["end"] = end.astimezone(datetime.UTC)
            wanted.fields["precision"] = Precision.TIME
            if edition:
                wanted.fields["day"] = edition.local_day(start)
        return {}

    @staticmethod
    def _organisers(cells: dict[str, str], wanted: Wanted) -> dict[str, str]:
        names = [" ".join(part.split()) for part in cells["organisers"].split(";")]
        wanted.organisers = list(dict.fromkeys(filter(None, names)))
        limit: Any = Organiser._meta.get_field("name").max_length
        if len(wanted.organisers) > MOST_ORGANISERS:
            return {"organisers": _("At most %(limit)d organisers.") % {"limit": MOST_ORGANISERS}}
        if any(len(name) > limit for name in wanted.organisers):
            return {"organisers": _("At most %(limit)d characters a name.") % {"limit": limit}}
        return {}


def read_zone(text: str, edition: Edition | None) -> datetime.tzinfo:
    """The zone of a row's times: its own, else that of the edition's place."""
    if not text:
        return edition.zone if edition else datetime.UTC
    if text not in zoneinfo.available_timezones():
        raise ValidationError(_("“%(value)s” is not a time zone.") % {"value": shown(text)})
    return zoneinfo.ZoneInfo(text)


class Importer:
    """Decides row by row what is new, changed or the same."""

    def __init__(self, by: Any, only_new: bool) -> None:
        self.by, self.only_new = by, only_new
        self.result = ImportResult()
        self.reader = RowReader()
        self.touched: dict[Edition, list[int]] = {}
        self.seen: dict[int, int] = {}  # session → the row that names it

    def take(self, row: Row | RowError) -> None:
        wanted = [row] if isinstance(row, RowError) else self.reader.read(row)
        if isinstance(wanted, list):
            self.result.refuse(wanted)
            return
        number = row.number if isinstance(row, Row) else row.row
        wanted.fields["room"] = self._room(row)
        try:
            with transaction.atomic():
                self._bring(number, wanted)
        except ValidationError as error:
            column, message = "title", " ".join(error.messages)
            if hasattr(error, "error_dict"):
                name = next(iter(error.error_dict))
                column, message = COLUMN_OF.get(name, "title"), " ".join(error.messages)
            self.result.refuse([RowError(number, column, message)])

    @staticmethod
    def _room(row: Any) -> Room | None:
        name, building = row.cells.get("room", ""), row.cells.get("building", "")
        return Room.objects.get_or_create(name=name, building=building)[0] if name else None

    def _bring(self, number: int, wanted: Wanted) -> None:
        found = self._find(wanted)
        if found and self.seen.setdefault(found.pk, number) != number:
            raise ValidationError(
                _("Row %(row)d holds this session already.") % {"row": self.seen[found.pk]}
            )
        if found is None:
            session = Session(**wanted.fields, status=SessionStatus.SCHEDULED)
            self._save(session, wanted)
            self.seen[session.pk] = number
            StatusChange.objects.create(
                record_kind="forum.session", record_id=session.pk, move="import",
                source=SessionStatus.DRAFT, target=session.status,
                by=self.by if getattr(self.by, "pk", None) else None,
            )  # fmt: skip
            self.result.created += 1
        elif self.only_new or not differs(found, wanted):
            self.result.unchanged += 1
        elif not found.source:
            raise ValidationError(
                _("This session was entered at the desk; change it there, not by a file.")
            )
        else:
            for name, value in wanted.fields.items():
                setattr(found, name, value)
            found.version += 1
            self._save(found, wanted)
            self.result.updated += 1

    def _save(self, session: Session, wanted: Wanted) -> None:
        session.clean()
        session.validate_constraints()
        session.save()
        for name, codes in wanted.links.items():
            getattr(session, name).set(codes)
        if [organiser.name for organiser in session.organisers.all()] != wanted.organisers:
            session.organisers.all().delete()
            Organiser.objects.bulk_create(
                Organiser(
                    session=session, name=name, order=order,
                    organisation=Organisation.objects.only_one(name),
                )
                for order, name in enumerate(wanted.organisers)
            )  # fmt: skip
        self.touched.setdefault(session.edition, []).append(session.pk)

    @staticmethod
    def _find(wanted: Wanted) -> Session | None:
        """The session a row means: by title within the edition, day and number telling twins."""
        same = Session.objects.filter(edition=wanted.fields["edition"]).order_by("pk")
        title, number = fold(wanted.fields["title"]), wanted.fields["number"]
        if number and (numbered := same.filter(number=number).first()):
            return numbered
        named = [
            one
            for one in same.filter(title__iexact=wanted.fields["title"])
            if fold(one.title) == title and not (number and one.number)
        ]
        twins = [one for one in named if one.day == wanted.fields["day"]]
        if twins:
            return twins[0]
        return named[0] if len(named) == 1 else None

    def release(self) -> None:
        """What came from a source is public at once, as a release of its own."""
        for edition, ids in self.touched.items():
            try:
                release_agenda(edition, self.by, _("Sessions known from public sources"), only=ids)
            except NothingToRelease:
                continue
            except MoveRefused as error:
                raise ValidationError(str(error.message)) from error


def differs(session: Session, wanted: Wanted) -> bool:
    """Whether the row says something else than the record."""
    plain = any(getattr(session, name) != value for name, value in wanted.fields.items())
    links = any(
        {term.pk for term in getattr(session, name).all()} != set(codes)
        for name, codes in wanted.links.items()
    )
    return plain or links or session.organiser_names != wanted.organisers
