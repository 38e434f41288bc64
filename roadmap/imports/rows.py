"""The columns of a file of milestones, and how their cells become values.

They are described in docs/roadmap.md. Optional ones may be absent; what is absent is left as it is.
"""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.imports.cells import Vocabulary
from common.imports.columns import (
    Column,
    Source,
    Wanted,
    known,
    one_line,
    term,
    terms,
)
from common.imports.reader import shown
from common.text.digits import whole_number
from reference.action_line.models import SDG, ActionLine
from roadmap.agency.models import Agency
from roadmap.body.models import Body
from roadmap.milestone.models import Milestone
from roadmap.record import dates
from roadmap.resolution.models import Resolution
from roadmap.roadmap.models import Roadmap
from stocktaking.imports.headings import LABELS, NAMES

# --- the registers ---


def roadmaps() -> Vocabulary:
    rows = [(r.pk, r.short, r.name) for r in Roadmap.objects.all()]
    names = "; ".join(row[1] for row in rows)
    return Vocabulary(rows, _("Possible: %(values)s.") % {"values": names})


def agencies() -> Vocabulary:
    rows = Agency.objects.order_by("pk")
    return Vocabulary(
        [(a.pk, a.short, a.name, *a.aliases) for a in rows],
        _("Add the agency first, or use the name under which it is listed."),
    )


def bodies() -> Vocabulary:
    return Vocabulary(
        [(b.pk, b.short, b.name) for b in Body.objects.order_by("pk")],
        _("Add the body first, or use the name under which it is listed."),
    )


def resolutions() -> Vocabulary:
    return Vocabulary(
        [(r.pk, r.symbol) for r in Resolution.objects.only("pk", "symbol")],
        _("Enter the code or symbol under which it is listed."),
    )


# --- readers ---


def read_date(source: Source, text: str, wanted: Wanted) -> str:
    return dates.parse(text).iso if text else ""


def read_id(source: Source, text: str, wanted: Wanted) -> int | None:
    number = whole_number(text) if text else None
    if text and number is None:
        raise ValidationError(
            _("Enter a number, not “%(value)s”.") % {"value": shown(text)}
        )
    return number


def read_lead(source: Source, text: str, wanted: Wanted) -> None:
    """The first agency leads, the others own with it."""
    codes = source.once(agencies).each(text)
    wanted.fields["lead_id"] = codes[0] if codes else None
    wanted.links["co_owner"] = codes[1:]


def read_reason(source: Source, text: str, wanted: Wanted) -> str:
    return text


MILESTONE_COLUMNS = (
    Column.of(
        Milestone,
        "track",
        "roadmap_id",
        read=term(roadmaps),
        required=True,
    ),
    Column.of(
        Milestone,
        "title",
        read=one_line,
        names=NAMES["title"],
        required=True,
    ),
    Column.of(
        Milestone,
        "kind",
        required=True,
    ),
    Column.of(Milestone, "body", "body_id", read=term(bodies), required=True),
    Column.of(Milestone, "lead_agency", "lead", read=read_lead, into="nothing"),
    Column.of(
        Milestone,
        "start_date",
        "start",
        read=read_date,
        names=NAMES["start_year"],
        required=True,
        is_date=True,
    ),
    Column.of(
        Milestone,
        "end_date",
        "end",
        read=read_date,
        names=NAMES["end_year"],
        is_date=True,
    ),
    Column.of(
        Milestone,
        "status",
        "progress",
        names=NAMES["timescale"],
        required=True,
    ),
    Column.of(Milestone, "link", names=NAMES["website"]),
    Column.of(Milestone, "source", names=NAMES["source"], required=True),
    Column("id", gettext_lazy("Number"), read=read_id, into="more", optional=True),
    Column.of(Milestone, "summary", names=NAMES["summary"], optional=True),
    Column.of(Milestone, "announced", read=read_date, optional=True, is_date=True),
    Column(
        "contributors",
        gettext_lazy("Contributor"),
        "contributor",
        read=terms(agencies),
        into="links",
        optional=True,
    ),
    Column(
        "action_lines",
        LABELS["action_lines"],
        read=terms(known(ActionLine)),
        names=NAMES["action_lines"],
        into="links",
        optional=True,
    ),
    Column(
        "sdgs",
        LABELS["sdgs"],
        read=terms(known(SDG)),
        names=NAMES["sdgs"],
        into="links",
        optional=True,
    ),
    Column.of(
        Milestone, "resolutions", read=terms(resolutions), into="links", optional=True
    ),
    Column(
        "reason",
        gettext_lazy("Reason"),
        read=read_reason,
        into="more",
        optional=True,
    ),
)
