"""schedule.xml and schedule.json as frab, pretalx and the apps of conferences know them.

The elements and their order are those of the schema of the C3VOC (github.com/voc/schedule,
validator/xsd/schedule.xml.xsd and validator/json/schema.json). Names of types and tracks are in the
language of the address.
"""

import datetime
import re
import uuid
from typing import Any
from xml.etree import ElementTree

from common.text.lines import one_line
from forum.agenda.calendars import uid_of
from forum.agenda.models import AgendaRelease, ReleasedSession
from forum.agenda.reading import reading
from forum.edition.models import Edition
from forum.programme.timetable import Day, Slot, address_of, days_of, held

GENERATOR = "WSIS Portal"
GRID = "00:05"  # the finest step of the timetable
MINUTE = datetime.timedelta(minutes=1)
FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Document = dict[str, Any]


def document(edition: Edition, release: AgendaRelease) -> Document:
    """The programme in the form of schedule.json."""
    days = days_of(edition, held(edition))
    return {
        "schedule": {
            "version": str(release),
            "base_url": address_of(edition),
            "conference": {
                "acronym": f"wsis{edition.slug.replace('-', '_')}",
                "title": edition.title,
                "start": days[0].date.isoformat() if days else "",
                "end": days[-1].date.isoformat() if days else "",
                "daysCount": len(days),
                "timeslot_duration": GRID,
                "time_zone_name": edition.time_zone,
                "url": address_of(edition),
                "days": [
                    day_document(edition, index, day)
                    for index, day in enumerate(days, start=1)
                ],
            },
        },
        "generator": {"name": GENERATOR},
    }


def day_document(edition: Edition, index: int, day: Day) -> Document:
    """A day lasts from midnight to midnight at the venue."""
    begins = datetime.datetime.combine(day.date, datetime.time(), edition.zone)
    ends = datetime.datetime.combine(day.date, datetime.time(23, 59), edition.zone)
    return {
        "index": index,
        "date": day.date.isoformat(),
        "day_start": begins.isoformat(),
        "day_end": ends.isoformat(),
        "rooms": {
            room: [event(slot) for slot in slots] for room, slots in day.rooms.items()
        },
    }


def event(slot: Slot) -> Document:
    session = slot.session
    return {
        "id": session.pk,
        "guid": guid_of(session),
        "date": slot.start.isoformat(),
        "start": f"{slot.start:%H:%M}",
        "duration": duration(slot),
        "room": slot.room,
        "slug": f"{session.edition.slug}-{session.pk}",
        "url": address_of(session),
        "title": one_line(session.said.title),
        "subtitle": one_line(", ".join(session.organizer_names)),
        "track": session.track_text,
        "type": session.type_text,
        "language": session.said.language.partition("-")[0],
        "abstract": session.audience,
        "description": reading(session).description.text,
        "persons": persons(session),
        "links": [
            {"url": address, "title": title}
            for title, address in (
                ("Website", session.link),
                ("Live captions", session.captions_link),
                ("Recording", session.recording),
            )
            if address
        ],
        "attachments": [],
    }


def persons(session: ReleasedSession) -> list[Document]:
    """Each person once, whatever the number of their roles."""
    names = {part["person"]: part["name"] for part in session.people}
    return [{"id": pk, "public_name": one_line(name)} for pk, name in names.items()]


def guid_of(session: ReleasedSession) -> str:
    """The same for ever, as the UID in calendars."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, uid_of(session)))


def duration(slot: Slot) -> str:
    """“01:30”, in hours that pass, also in a night in which clocks change."""
    minutes = slot.lasts // MINUTE
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


# --- XML ---

OF_AN_EVENT = (
    "room",
    "title",
    "subtitle",
    "type",
    "date",
    "start",
    "duration",
    "abstract",
    "slug",
    "track",
    "language",
    "description",
    "url",
)


def xml(written: Document) -> bytes:
    """The document of `document` as schedule.xml."""
    schedule, conference = written["schedule"], written["schedule"]["conference"]
    root = ElementTree.Element("schedule")
    ElementTree.SubElement(root, "generator", name=GENERATOR, version="1")
    add(root, "version", schedule["version"])
    about = ElementTree.SubElement(root, "conference")
    for name in ("title", "acronym", "start", "end"):
        add(about, name, conference[name])
    add(about, "days", str(conference["daysCount"]))
    add(about, "timeslot_duration", conference["timeslot_duration"])
    add(about, "base_url", schedule["base_url"])
    add(about, "time_zone_name", conference["time_zone_name"])
    for day in conference["days"]:
        on_day = ElementTree.SubElement(
            root,
            "day",
            index=str(day["index"]),
            date=day["date"],
            start=day["day_start"],
            end=day["day_end"],
        )
        for room, events in day["rooms"].items():
            in_room = ElementTree.SubElement(on_day, "room", name=readable(room))
            for one in events:
                add_event(in_room, one)
    ElementTree.indent(root)
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))


def add_event(room: ElementTree.Element, one: Document) -> None:
    element = ElementTree.SubElement(room, "event", id=str(one["id"]), guid=one["guid"])
    for name in OF_AN_EVENT:
        add(element, name, one[name])
    people = ElementTree.SubElement(element, "persons")
    for person in one["persons"]:
        add(people, "person", person["public_name"], id=str(person["id"]))
    links = ElementTree.SubElement(element, "links")
    for link in one["links"]:
        add(links, "link", link["title"], href=link["url"])
    ElementTree.SubElement(element, "attachments")


def add(parent: ElementTree.Element, name: str, text: str, **attributes: str) -> None:
    ElementTree.SubElement(parent, name, attributes).text = readable(text)


def readable(text: str) -> str:
    """The text without the characters that XML 1.0 forbids."""
    return FORBIDDEN.sub("", text)
