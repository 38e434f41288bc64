"""Rows of a file of milestones → the values each row wants, a sentence per bad cell.

The columns are described in docs/roadmap.md. Those in EXTRA_COLUMNS may be absent; what is absent
is left as it is.
"""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext as _

from common.imports.cells import Vocabulary
from common.imports.reader import CONTROL, Row, RowError, shown
from common.text.digits import whole_number
from common.text.folding import fold
from reference.action_line.models import SDG, ActionLine
from roadmap.agency.models import Agency
from roadmap.body.models import Body
from roadmap.milestone.models import Milestone
from roadmap.record import dates
from roadmap.resolution.models import Resolution
from roadmap.roadmap.models import Roadmap

COLUMNS = (
    "track",
    "title",
    "kind",
    "body",
    "lead_agency",
    "start_date",
    "end_date",
    "status",
    "link",
    "source",
)
EXTRA_COLUMNS = (
    "id",
    "summary",
    "announced",
    "contributors",
    "action_lines",
    "sdgs",
    "resolutions",
    "reason",
)

# Columns of plain text and the fields they fill.
TEXTS = {"title": "title", "link": "link", "source": "source", "summary": "summary"}
DATES = {"start_date": "start", "end_date": "end", "announced": "announced"}
CHOICES = {"kind": ("kind", Milestone.Kind), "status": ("progress", Milestone.Progress)}
REQUIRED = ("track", "title", "kind", "body", "start_date", "status", "source")
COLUMN_OF = {field: column for column, field in TEXTS.items()}
COLUMN_OF |= {"start": "start_date", "end": "end_date", NON_FIELD_ERRORS: "title"}


@dataclass(frozen=True)
class Wanted:
    """What a good row wants: columns by field name, keys by name of the relation."""

    number: int
    fields: dict[str, Any]
    links: dict[str, list[str]]
    reason: str
    pk: int | None

    @property
    def name(self) -> tuple[str, str]:
        return name_key(self.fields["roadmap_id"], self.fields["title"])


def name_key(roadmap: str, title: str) -> tuple[str, str]:
    """What tells two milestones apart when the row names no id."""
    return roadmap, fold(title)


def people(model: type[Agency] | type[Body], hint: str) -> Vocabulary:
    rows = model._default_manager.order_by("pk")
    if model is Agency:
        names = [
            (a.pk, a.short, a.name, *a.aliases) for a in rows if isinstance(a, Agency)
        ]
    else:
        names = [(b.pk, b.short, b.name) for b in rows]
    return Vocabulary(names, hint)


def refuse_cell(column: str, text: str) -> None:
    """Raises ValidationError for what no column takes."""
    if CONTROL.search(text):
        raise ValidationError(_("This cell contains a control character."))
    if not text and column in REQUIRED:
        raise ValidationError(_("Fill in this cell."))


class RowReader:
    """Turns rows into wanted values; holds the registers while a file is read."""

    def __init__(self) -> None:
        roadmaps = [(r.pk, r.short, r.name) for r in Roadmap.objects.all()]
        names = "; ".join(row[1] for row in roadmaps)
        self.roadmaps = Vocabulary(
            roadmaps, _("Possible: %(values)s.") % {"values": names}
        )
        self.agencies = people(
            Agency, _("Add the agency first, or use the name under which it is listed.")
        )
        self.bodies = people(
            Body, _("Add the body first, or use the name under which it is listed.")
        )
        self.lists = {
            "action_lines": Vocabulary.of(ActionLine.objects.all()),
            "sdgs": Vocabulary.of(SDG.objects.all()),
            "resolutions": Vocabulary(
                [(r.pk, r.symbol) for r in Resolution.objects.only("pk", "symbol")],
                _("Enter the code or symbol under which it is listed."),
            ),
        }

    def read(self, row: Row) -> Wanted | list[RowError]:
        """The values of a row, or an error for each cell that is refused."""
        errors: dict[str, str] = {}
        fields: dict[str, Any] = {}
        links: dict[str, list[str]] = {}
        for column, text in row.cells.items():
            try:
                self._read_cell(column, text, fields, links)
            except ValidationError as error:
                errors[column] = " ".join(error.messages)
        for column, message in self._refused_by_model(fields).items():
            errors.setdefault(column, message)
        if errors:
            return [
                RowError(row.number, c, errors[c]) for c in row.cells if c in errors
            ]
        pk = fields.pop("pk", None)
        return Wanted(row.number, fields, links, row.cells.get("reason", ""), pk)

    def _read_cell(
        self,
        column: str,
        text: str,
        fields: dict[str, Any],
        links: dict[str, list[str]],
    ) -> None:
        """Put the value of one cell where it belongs. Raises ValidationError."""
        refuse_cell(column, text)
        if column in TEXTS:
            fields[TEXTS[column]] = self._text(column, text)
        elif column in DATES:
            fields[DATES[column]] = dates.parse(text).iso if text else ""
        elif column in CHOICES:
            fields[CHOICES[column][0]] = self._choice(column, text)
        elif column in self.lists:
            links[column] = self.lists[column].each(text)
        elif column == "id":
            fields |= {"pk": self._id(text)} if text else {}
        elif column != "reason":
            self._read_people(column, text, fields, links)

    def _read_people(
        self,
        column: str,
        text: str,
        fields: dict[str, Any],
        links: dict[str, list[str]],
    ) -> None:
        if column == "track":
            fields["roadmap_id"] = self.roadmaps.code(text)
        elif column == "body":
            fields["body_id"] = self.bodies.code(text)
        elif column == "lead_agency":  # the first leads, the others own with it
            codes = self.agencies.each(text)
            fields["lead_id"] = codes[0] if codes else None
            links["co_owner"] = codes[1:]
        else:
            links["contributor"] = self.agencies.each(text)

    @staticmethod
    def _text(column: str, text: str) -> str:
        if column == "title":
            text = " ".join(text.split())
        field = Milestone._meta.get_field(TEXTS[column])
        limit = getattr(field, "max_length", None)
        if limit:  # Django holds a text area to its limit in forms only
            MaxLengthValidator(limit)(text)
        return text

    @staticmethod
    def _choice(column: str, text: str) -> str:
        values = CHOICES[column][1].values
        if text.lower() not in values:
            possible = _("Possible: %(values)s.") % {"values": "; ".join(values)}
            raise ValidationError(
                f"{_('“%(value)s” is not known.') % {'value': shown(text)}} {possible}"
            )
        return text.lower()

    @staticmethod
    def _id(text: str) -> int:
        number = whole_number(text)
        if number is None:
            raise ValidationError(
                _("Enter a number, not “%(value)s”.") % {"value": shown(text)}
            )
        return number

    @staticmethod
    def _refused_by_model(fields: dict[str, Any]) -> dict[str, str]:
        """What the model's own rules say, by column; keys of registers are known to be good."""
        plain = {name: value for name, value in fields.items() if name != "pk"}
        milestone = Milestone(**plain)
        known = {name for name in plain if not name.endswith("_id")}
        skipped = {f.name for f in milestone._meta.fields if f.name not in known}
        try:
            milestone.clean_fields(exclude=skipped)
            if "start" in plain:
                milestone.clean()
        except ValidationError as error:
            refused = {
                name: " ".join(texts) for name, texts in error.message_dict.items()
            }
            return {COLUMN_OF.get(name, name): text for name, text in refused.items()}
        return {}
