"""What the portal does with each field of a session: the one description of it.

The model (description.py, models.py) says what a field holds; the table here says all else: where
staff fill it in, what becomes of it in a release, how its column in a file is called. `Field`
explains the words that sessions share with other records.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from common.records.fields import Field, Kind, searched
from stocktaking.imports.headings import NAMES


@dataclass(frozen=True)
class SessionField(Field):
    """A field, and how it is released.

    part: what a release calls it when it changes, alone or with other fields; its name if empty.
    columns: those of the released row, where they are not its plain value.
    """

    part: str = ""
    columns: tuple[str, ...] = ()

    @property
    def told_as(self) -> str:
        return self.part or self.name

    @property
    def released_columns(self) -> tuple[str, ...]:
        return self.columns or (self.attname,)


# In the order of the form of staff; what belongs to the record itself comes last.
FIELDS = (
    SessionField("edition", Kind.LINK, step="what", column="edition"),
    SessionField("number", step="what", column="session_no"),
    SessionField(
        "title", step="what", weight="A", column="title", column_names=NAMES["title"]
    ),
    SessionField(
        "language",
        Kind.CHOICE,
        step="what",
        column="language",
        column_names=NAMES["language"],
        part="description",
    ),
    SessionField(
        "description",
        step="what",
        is_long=True,
        weight="B",
        column="description",
        column_names=NAMES["summary"],
    ),
    SessionField("audience", step="what", heading=_("For whom it is meant")),
    SessionField(
        "type",
        Kind.LINK,
        step="what",
        column="session_type",
        columns=("type_id", "type_names"),
    ),
    SessionField(
        "track",
        Kind.LINK,
        step="what",
        column="track",
        columns=("track_id", "track_names"),
    ),
    SessionField("people", Kind.LINKS, column="speakers"),
    SessionField(
        "organizers",
        Kind.LINKS,
        heading=_("Organizers"),
        column="organizers",
        column_names=NAMES["organization"],
        columns=("organizer_names",),
    ),
    SessionField("start", Kind.DATE, step="when", column="start", part="time"),
    SessionField("end", Kind.DATE, step="when", column="end", part="time"),
    SessionField(
        "minutes_wanted", Kind.FACT, step="when", is_private=True, column="minutes"
    ),
    SessionField("mode", Kind.CHOICE, step="where", heading=_("Mode"), column="mode"),
    SessionField(
        "room",
        Kind.LINK,
        step="where",
        heading=_("Room"),
        column="room",
        columns=("room_id", "room_name", "building"),
    ),
    SessionField("seats_wanted", Kind.FACT, step="where", is_private=True),
    SessionField("day", Kind.DATE, step="where", column="date", part="time"),
    SessionField("precision", Kind.CHOICE, step="where", part="time"),
    SessionField(
        "interpretation", Kind.CHOICES, step="where", heading=_("Interpretation")
    ),
    SessionField("has_captions", Kind.FLAG, step="where", heading=_("Captioning")),
    SessionField(
        "action_lines",
        Kind.CODES,
        step="lines",
        vocabulary="action_line",
        column="action_lines",
        column_names=NAMES["action_lines"],
        columns=("action_line_codes",),
    ),
    SessionField(
        "sdgs",
        Kind.CODES,
        step="lines",
        vocabulary="sdg",
        column="sdgs",
        column_names=NAMES["sdgs"],
        columns=("sdg_codes",),
    ),
    SessionField("join_link", step="links", is_private=True),
    SessionField("join_for", Kind.CHOICE, step="links", is_private=True),
    SessionField(
        "captions_link",
        step="links",
        is_long=True,
        heading=_("Live captions"),
        part="links",
    ),
    SessionField(
        "link",
        step="links",
        is_long=True,
        heading=_("Page of the session"),
        column="link",
        column_names=NAMES["website"],
        part="links",
    ),
    SessionField(
        "recording",
        step="links",
        is_long=True,
        heading=_("Recording"),
        column="recording",
        part="links",
    ),
    SessionField("owner", Kind.LINK, step="record", is_private=True),
    SessionField(
        "source",
        step="record",
        is_long=True,
        column="source",
        column_names=NAMES["source"],
    ),
    SessionField(
        "source_note",
        step="record",
        column="notes",
        column_names=NAMES["notes"],
        part="source",
    ),
    SessionField("titles", Kind.LINKS),
    SessionField("texts", Kind.LINKS, is_long=True),
    SessionField("status", Kind.FACT),
)

# --- the fields by what is done with them, each in the order of the table ---

# All that a release shows; a release is of one edition, which is no part of it.
RELEASED = tuple(
    field for field in FIELDS if not field.is_private and field.name != "edition"
)
RELEASED_NAMES = tuple(field.name for field in RELEASED)
RELEASED_COLUMNS = tuple(
    column for field in RELEASED for column in field.released_columns
)
LONG_FIELDS = tuple(field.name for field in RELEASED if field.is_long)
# What the page of a session says of it, each under its heading.
HEADED = tuple(field for field in RELEASED if field.heading is not None)
IN_FILES = tuple(field for field in FIELDS if field.column)
SEARCHED = searched(FIELDS)
ASKED = tuple(field.name for field in FIELDS if field.step)
# What is public of the planned session's own fields; organizers and texts point to it.
POINTING = ("organizers", "titles", "texts")
PLANNED = ("edition", *(name for name in RELEASED_NAMES if name not in POINTING))


def of_step(slug: str) -> tuple[str, ...]:
    """Names of the fields in this part of the form of staff."""
    return tuple(field.name for field in FIELDS if field.step == slug)
