"""The columns of a file of sessions, and how their cells become values (docs/forum.md)."""

import datetime
import re
import zoneinfo
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.imports.cells import Choices, Vocabulary
from common.imports.columns import Column, Source, Wanted, known, terms
from common.imports.reader import shown
from common.mail.addresses import canonical, validate_address
from common.text.digits import whole_number
from common.text.zone_names import zone_names
from forum.edition.models import Edition
from forum.people.models import Person, Role
from forum.room.models import Room
from forum.session.description import Precision
from forum.session.fields import IN_FILES, SessionField
from forum.session.models import LONGEST, SHORTEST_WANTED, Organizer, Session
from reference.action_line.models import SDG, ActionLine
from stocktaking.imports.headings import LABELS

DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)
TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)", re.ASCII)
MOST_ORGANIZERS = 30
LONGEST_MINUTES = int(LONGEST.total_seconds() // 60)
MOST_SPEAKERS = 60
SPEAKER = re.compile(
    r"(?P<name>[^()\[\]<>]+)(?:\((?P<organization>[^()]*)\))?\s*"
    r"(?:\[(?P<role>[^\[\]]+)\])?\s*(?:<(?P<email>[^<>]+)>)?"
)


class Speaker(NamedTuple):
    """One of “Amina Otieno (Ministry of ICT) [moderator] <amina@ict.example>; Li Wei”."""

    name: str
    organization: str
    role: str
    email: str


def longest(model: type[models.Model], name: str) -> int:
    """How many characters a column takes."""
    column: Any = model._meta.get_field(name)
    return int(column.max_length)


def require_short(texts: list[str], limit: int) -> None:
    if any(len(text) > limit for text in texts):
        raise ValidationError(
            _("At most %(limit)d characters per name.") % {"limit": limit}
        )


def action_lines() -> Vocabulary:
    return Vocabulary.of(ActionLine.objects.filter(number__isnull=False))


# --- readers of single cells ---


def editions() -> dict[str, Edition]:
    return {edition.slug: edition for edition in Edition.objects.all()}


def read_edition(source: Source, text: str, wanted: Wanted) -> Edition:
    by_slug = source.once(editions)
    if text not in by_slug:
        raise ValidationError(
            _("There is no edition “%(value)s”.") % {"value": shown(text)}
        )
    return by_slug[text]


def read_day(
    source: Source, text: str, wanted: Wanted
) -> tuple[datetime.date | None, str]:
    """“2021”, “2019-04” or “2019-04-08” as its first day and how exact it is."""
    if not text:
        return None, Precision.UNKNOWN
    match = DATE.fullmatch(text)
    try:
        if not match:
            raise ValueError(text)
        year, month, day = (int(part) if part else None for part in match.groups())
        first = datetime.date(year or 0, month or 1, day or 1)
    except ValueError as error:
        raise ValidationError(
            _("Enter a date such as 2019, 2019-04 or 2019-04-08, not “%(value)s”.")
            % {"value": shown(text)}
        ) from error
    return first, Precision.DAY if day else Precision.MONTH if month else Precision.YEAR


def read_time(source: Source, text: str, wanted: Wanted) -> datetime.time | None:
    match = TIME.fullmatch(text)
    if text and not match:
        raise ValidationError(
            _("Enter a time such as 09:34, not “%(value)s”.") % {"value": shown(text)}
        )
    return datetime.time(int(match[1]), int(match[2])) if match else None


def read_zone(source: Source, text: str, wanted: Wanted) -> datetime.tzinfo | None:
    if text and text not in zone_names():
        raise ValidationError(
            _("“%(value)s” is not a time zone.") % {"value": shown(text)}
        )
    return zoneinfo.ZoneInfo(text) if text else None


def read_organizers(source: Source, text: str, wanted: Wanted) -> list[str]:
    names = [" ".join(part.split()) for part in text.split(";")]
    organizers = list(dict.fromkeys(filter(None, names)))
    if len(organizers) > MOST_ORGANIZERS:
        raise ValidationError(
            _("At most %(limit)d organizers.") % {"limit": MOST_ORGANIZERS}
        )
    require_short(organizers, longest(Organizer, "name"))
    return organizers


def roles() -> Choices:
    return Choices(Role.choices)


def read_speakers(source: Source, text: str, wanted: Wanted) -> list[Speaker]:
    known_roles = source.once(roles)
    speakers = []
    for part in filter(None, (" ".join(piece.split()) for piece in text.split(";"))):
        match = SPEAKER.fullmatch(part)
        role = known_roles.find(match["role"] or Role.PANELLIST) if match else None
        if match is None or role is None:
            sentence = _(
                "“%(value)s” is not understood. Write: Name (organization) [role] <address>; "
                "another name. Roles: %(roles)s."
            )
            values = {"value": shown(part), "roles": ", ".join(Role.values)}
            raise ValidationError(sentence % values)
        name, organization = (
            match["name"].strip(),
            (match["organization"] or "").strip(),
        )
        speakers.append(Speaker(name, organization, role, address(match["email"])))
    if len(speakers) > MOST_SPEAKERS:
        raise ValidationError(_("At most %(limit)d people.") % {"limit": MOST_SPEAKERS})
    require_short([one.name for one in speakers], longest(Person, "name"))
    organizations = [one.organization for one in speakers]
    require_short(organizations, longest(Person, "organization"))
    return speakers


def read_minutes(source: Source, text: str, wanted: Wanted) -> int | None:
    if not text:
        return None
    minutes = whole_number(text, LONGEST_MINUTES)
    if minutes is None or minutes < SHORTEST_WANTED:
        sentence = _("Enter a number of minutes from %(least)d to %(most)d.")
        raise ValidationError(
            sentence % {"least": SHORTEST_WANTED, "most": LONGEST_MINUTES}
        )
    return minutes


def address(text: str | None) -> str:
    """An e-mail address in its one spelling. Raises ValidationError."""
    spelling = canonical(text or "")
    if spelling:
        validate_address(spelling)
        require_short([spelling], longest(Person, "email"))
    return spelling


def read_room(source: Source, text: str, wanted: Wanted) -> str:
    require_short([text], longest(Room, "name"))
    return text


def read_building(source: Source, text: str, wanted: Wanted) -> str:
    require_short([text], longest(Room, "building"))
    return text


# A file has these; all other columns may be missing.
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
CHOSEN = ("edition", "title")  # the page asks for these columns
# Columns that are not read as their field says.
OWN: dict[str, dict[str, Any]] = {
    "edition": {"read": read_edition},
    "organizers": {"read": read_organizers, "into": "links"},
    "speakers": {"read": read_speakers, "into": "more"},
    "date": {"read": read_day, "into": "more", "is_date": True},
    "start": {"read": read_time, "into": "more"},
    "end": {"read": read_time, "into": "more"},
    "minutes": {"read": read_minutes},
    "room": {"read": read_room, "into": "more"},
    "action_lines": {"read": terms(action_lines), "into": "links"},
    "sdgs": {"read": terms(known(SDG)), "into": "links"},
}
# The words of the page where they are not those of the form.
SHOWN_AS = LABELS | {
    "organizers": gettext_lazy("Organizers"),
    "speakers": gettext_lazy("People"),
    "date": gettext_lazy("Date"),
}


def column(field: SessionField) -> Column:
    more = OWN.get(field.column, {}) | {
        "names": field.column_names,
        "chosen": field.column in CHOSEN,
        "optional": field.column not in COLUMNS,
    }
    if field.column in SHOWN_AS:
        return Column(field.column, SHOWN_AS[field.column], **more)
    return Column.of(Session, field.column, field.name, **more)


SESSION_COLUMNS = (
    *(column(field) for field in IN_FILES),
    Column.of(Room, "building", read=read_building, into="more", optional=True),
    Column(
        "time_zone",
        gettext_lazy("Time zone"),
        read=read_zone,
        into="more",
        optional=True,
    ),
)


# --- what several cells say together ---


def set_when(wanted: Wanted) -> None:
    """Day, precision, start and end; a known time needs a known day or month."""
    if wanted.errors.keys() & {"date", "start", "end", "time_zone"}:
        return
    day, precision = wanted.more["date"]
    start, end = wanted.more["start"], wanted.more["end"]
    wanted.fields |= {"day": day, "precision": precision, "start": None, "end": None}
    known_day = precision in (Precision.DAY, Precision.MONTH)
    if (end and not start) or (start and not known_day):
        sentence = _("Enter a day for the time, and a start for the end.")
        wanted.refuse("start", sentence)
    elif start and precision == Precision.MONTH:
        note_hours(wanted)
    elif start and day:
        set_times(wanted, day, start, end)


def note_hours(wanted: Wanted) -> None:
    """The source knows the hour, but not the day: it is kept in words, and no day is invented."""
    hours = "–".join(
        wanted.cells[column] for column in ("start", "end") if wanted.cells[column]
    )
    note = wanted.fields.get("source_note", "")
    sentence = f"The source gives the time {hours}, but not the day."
    wanted.fields["source_note"] = f"{note} {sentence}".strip()


def set_times(
    wanted: Wanted, day: datetime.date, start: datetime.time, end: datetime.time | None
) -> None:
    """Start and end as moments; the day is that of the edition's place."""
    edition: Edition | None = wanted.fields.get("edition")
    zone = wanted.more.get("time_zone") or (edition.zone if edition else datetime.UTC)
    begins = datetime.datetime.combine(day, start, zone)
    wanted.fields["start"] = begins.astimezone(datetime.UTC)
    if end:
        ends = datetime.datetime.combine(day, end, zone)
        if ends <= begins:
            wanted.refuse("end", _("The end must be after the start."))
        wanted.fields["end"] = ends.astimezone(datetime.UTC)
    wanted.fields["precision"] = Precision.TIME
    if edition:
        wanted.fields["day"] = edition.local_day(begins)
