"""What changed in the agenda, in words: old → new, in the time zone of the edition."""

import datetime
from collections.abc import Callable
from typing import Any, NamedTuple

from django.conf import settings
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext_lazy as _

from common.dates.zones import zone_label
from common.records.reading import in_words
from forum.agenda.comparison import PARTS, WITH_VALUES
from forum.edition.models import Edition
from forum.people.models import Role
from forum.room.models import in_language, room_text
from forum.session.models import Session
from forum.session.times import day_text, hours, isolated

# Parts that are no single field of the model; the others have its name.
NAMES = {
    "time": _("time"),
    "people": _("people"),
    "organizers": _("organizers"),
    "links": _("links"),
    "titles": _("titles in other languages"),
    "texts": _("texts in other languages"),
}
NONE = "–"


def name_of(part: str) -> str:
    """What a reader calls a part of a session."""
    if part in NAMES:
        return str(NAMES[part])
    if part not in PARTS:
        return part
    return str(Session._meta.get_field(part).verbose_name)  # type: ignore[union-attr]


class Slot(NamedTuple):
    """Day and time of a session from the JSON of a release, in the form that `day_text` and
    `hours` take."""

    day: datetime.date | None
    precision: str
    start: datetime.datetime | None
    end: datetime.datetime | None

    @classmethod
    def of(cls, content: dict[str, Any]) -> "Slot":
        day, start, end = content["day"], content["start"], content["end"]
        return cls(
            datetime.date.fromisoformat(day) if day else None,
            content["precision"],
            datetime.datetime.fromisoformat(start) if start else None,
            datetime.datetime.fromisoformat(end) if end else None,
        )

    def text(self, edition: Edition) -> str:
        """“Monday, 5 July 2027, 10:00-11:00 (Geneva time)”."""
        if not self.start:
            return day_text(self)
        zone = zone_label(edition.time_zone)
        return f"{day_text(self)}, {isolated(hours(self, edition.zone))} ({zone})"


class Difference(NamedTuple):
    """One part of a session that a release changed; both values are empty when the text is long."""

    part: str
    name: str
    old: str
    new: str


def differences(row: dict[str, Any], edition: Edition) -> list[Difference]:
    """The differences of a row of a release in words; none for a new session."""
    changes = []
    for part in row["fields"]:
        name = name_of(part)
        old, new = "", ""
        if part in WITH_VALUES and row["old"]:
            old, new = pair(part, row["old"], row["new"], edition)
        changes.append(
            Difference(part, name, old, new)
            if old != new
            else Difference(part, name, "", "")
        )
    return changes


def slot_of(row: dict[str, Any], edition: Edition) -> str:
    """When and where a new session takes place."""
    new = row["new"]
    if "precision" not in new:
        return ""
    room = room_text(new["room_name"], new["building"])
    slot = Slot.of(new).text(edition)
    return ", ".join(filter(None, [slot, room and isolated(room)]))


def pair(
    part: str, old: dict[str, Any], new: dict[str, Any], edition: Edition
) -> tuple[str, str]:
    """Old and new value of a part; of a list only what was removed and what was added."""
    if part == "people":
        before, after = ([_person(one) for one in row["people"]] for row in (old, new))
        return (
            "; ".join(text for text in before if text not in after) or NONE,
            "; ".join(text for text in after if text not in before) or NONE,
        )
    if part == "titles":
        before, after = (row["titles"].items() for row in (old, new))
        return (
            _titles(dict(before - after)) or NONE,
            _titles(dict(after - before)) or NONE,
        )
    return value(part, old, edition), value(part, new, edition)


def value(part: str, content: dict[str, Any], edition: Edition) -> str:
    """One part of a session in words, in the reader's language."""
    if part == "time":
        return Slot.of(content).text(edition)
    if part in WORDS:
        return WORDS[part](content) or NONE
    return in_words(Session, part, content[part]) or NONE


def _person(part: dict[str, Any]) -> str:
    name = (
        f"{part['name']} ({part['organization']})"
        if part["organization"]
        else part["name"]
    )
    return f"{name}, {dict(Role.choices).get(part['role'], part['role'])}"


def _people(content: dict[str, Any]) -> str:
    return "; ".join(_person(one) for one in content["people"])


def _titles(titles: dict[str, str]) -> str:
    """“Français: Bonjour; Русский: Добрый день”."""
    names = dict(settings.LANGUAGES)
    return "; ".join(
        f"{names[code]}: {titles[code]}" for code in names if code in titles
    )


# Parts that are more than one plain value.
WORDS: dict[str, Callable[[dict[str, Any]], str]] = {
    "room": lambda content: room_text(content["room_name"], content["building"]),
    "people": _people,
    "titles": lambda content: _titles(content["titles"]),
    "organizers": lambda content: "; ".join(content["organizer_names"]),
    "type": lambda content: in_language(content["type_names"]),
    "track": lambda content: in_language(content["track_names"]),
}


def marked(session: Any) -> list[Difference]:
    """What readers of the last releases may have read differently, with the old value; `new` is
    the present one."""
    if not getattr(session, "is_marked", False):
        return []
    return [
        Difference(
            part,
            name_of(part),
            value(part, session.marks[part], session.edition),
            "",
        )
        for part in PARTS
        if part in session.marks
    ]


def in_plain_text(difference: Difference) -> str:
    """“Popov, ITU Tower → Room L, CICG” for a mail or a feed; the arrow points in reading
    direction."""
    if not difference.old:
        return ""
    if get_language_bidi():
        return f"{isolated(difference.old)} ← {isolated(difference.new)}"
    return f"{difference.old} → {difference.new}"
