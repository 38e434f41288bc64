"""The texts of a report, in the active language: about the database, never about one project.

Every number in a sentence comes from the figures.
"""

import datetime
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from common.typesetting.passages import passage
from reports.builders import added
from reports.builders.figures import Figures, Table, table_named
from reports.builders.scope import INTERNATIONAL, Scope
from reports.layout.layout import number

Texts = dict[str, Any]


def top_row(table: Table) -> dict[str, Any] | None:
    """The row with the largest first value; None when it is empty or shared, or when more
    projects state no value: then nobody knows which is the largest."""
    rows = sorted(table["rows"], key=lambda row: row["values"][0], reverse=True)
    if not rows or not rows[0]["values"][0] or not rows[0]["code"]:
        return None
    if len(rows) > 1 and rows[0]["values"][0] == rows[1]["values"][0]:
        return None
    return rows[0]


def message(table: Table, figures: Figures, neutral: str) -> str:
    """The title of a chart: a sentence about its largest row, or its subject when none stands
    out."""
    row = top_row(table)
    if not row:
        return neutral
    return _("%(label)s: %(count)s of %(total)s, more than any other in this chart") % {
        "label": row["label"],
        "count": number(row["values"][0]),
        "total": number(figures["total"]),
    }


def period(scope: Scope, figures: Figures) -> str:
    first, last = (
        scope.from_year or figures["first_year"],
        scope.to_year or figures["last_year"],
    )
    if first is None or last is None:
        return _("All years of entry")
    if first == last:
        return _("Projects of %(year)s") % {"year": first}
    return _("Projects of %(first)s to %(last)s") % {"first": first, "last": last}


def disclaimer() -> list[str]:
    return [
        _(
            "The designations employed and the presentation of material in this publication do not "
            "imply the expression of any opinion whatsoever on the part of the International "
            "Telecommunication Union or of the secretariat concerning the legal status of any "
            "country, territory, city or area or of its authorities, or concerning the "
            "delimitation of its frontiers or boundaries."
        ),
        _(
            "Projects are reported by their organizations or taken from the public "
            "sources named in the annex. No responsibility is taken for their content."
        ),
    ]


def introduction(scope: Scope) -> list[str]:
    paragraphs = [*about_the_database()]
    if scope.query:
        paragraphs.append(
            _(
                "The report covers the projects that this search of the database found: %(search)s."
            )
            % {"search": searched(scope)}
        )
    return paragraphs


def searched(scope: Scope) -> str:
    """The search in words, such as “Region: Africa; Year: 2024”."""
    text = [f"“{scope.search.text}”"] if scope.search.text else []
    chosen = (f"{chip.title}: {chip.label}" for chip in scope.search.chips)
    return "; ".join([*text, *chosen])


def about_the_database() -> list[str]:
    return [
        _(
            "The stocktaking of the World Summit on the Information Society follows paragraph "
            "28.e of the Geneva Plan of Action and paragraph 120 of the Tunis Agenda for the "
            "Information Society."
        ),
        _(
            "Governments, the private sector, civil society, international "
            "organizations, academia and the technical community report their "
            "activities on the action lines of the Summit. Each project names its main "
            "action line, may name further ones, and names the Sustainable Development "
            "Goals that it serves."
        ),
        _(
            "This report was compiled by the portal from the published projects of the "
            "database. It uses data as at the time given on the title page; the web "
            "page, the spreadsheet and the data files of the same version hold the "
            "same figures."
        ),
    ]


def coverage(scope: Scope, figures: Figures) -> str:
    """How many projects, of whom and from where; projects under “International” name no country."""
    total = figures["total"]
    if not total:
        return _("There are no published projects for this region and period.")
    values = {
        "total": number(total),
        "organizations": ngettext(
            "%(count)s organization",
            "%(count)s organizations",
            figures["organizations"],
        )
        % {"count": number(figures["organizations"])},
    }
    if scope.region == INTERNATIONAL:
        return (
            ngettext(
                (
                    "The report covers %(total)s international project of %(organizations)s; "
                    "it is not attributed to a country."
                ),
                (
                    "The report covers %(total)s international projects of %(organizations)s; "
                    "they are not attributed to a country."
                ),
                total,
            )
            % values
        )
    countries = ngettext(
        "%(count)s country", "%(count)s countries", figures["countries"]
    )
    values["countries"] = countries % {"count": number(figures["countries"])}
    return (
        ngettext(
            "The report covers %(total)s project of %(organizations)s from %(countries)s.",
            "The report covers %(total)s projects of %(organizations)s from %(countries)s.",
            total,
        )
        % values
    )


def summary(scope: Scope, figures: Figures) -> list[str]:
    sentences = [coverage(scope, figures)]
    for name, text in (
        (
            "stakeholder_type",
            _(
                "%(label)s accounts for the largest share of projects by stakeholder type "
                "(%(count)s of %(total)s)."
            ),
        ),
        (
            "region",
            _(
                "%(label)s accounts for the largest share of projects by region "
                "(%(count)s of %(total)s)."
            ),
        ),
        (
            "action_line",
            _(
                "%(label)s is the main action line of more projects than any other "
                "(%(count)s of %(total)s)."
            ),
        ),
        (
            "sdg",
            _(
                "%(label)s is named by more projects than any other Goal (%(count)s of %(total)s)."
            ),
        ),
    ):
        if scope.region and name == "region":
            continue  # a report about one region
        if row := top_row(table_named(figures, name)):
            count, total = row["values"][0], figures["total"]
            values = {
                "count": number(count),
                "total": number(total),
                "label": row["label"],
            }
            sentences.append(text % values)
    return sentences


def methodology(figures: Figures) -> list[str]:
    return [
        *counting(),
        _(
            "%(with_text)s of %(total)s projects have a short description; none was "
            "written for this report. The annex on sources states what was inferred or "
            "is unconfirmed."
        )
        % {
            "with_text": number(figures["with_text"]),
            "total": number(figures["total"]),
        },
        reference(),
    ]


def conclusions(figures: Figures) -> list[str]:
    lines = [row for row in table_named(figures, "action_line")["rows"] if row["code"]]
    goals = [row for row in table_named(figures, "sdg")["rows"] if row["code"]]
    return [
        _(
            "%(named)s of %(all)s action lines are the main line of at least one project."
        )
        % {
            "named": number(sum(row["values"][0] > 0 for row in lines)),
            "all": number(len(lines)),
        },
        _(
            "%(named)s of %(all)s Sustainable Development Goals are named by at least one project."
        )
        % {
            "named": number(sum(row["values"][0] > 0 for row in goals)),
            "all": number(len(goals)),
        },
        _(
            "The figures count what was reported. They do not measure what exists or its effect."
        ),
    ]


def headings() -> dict[str, str]:
    return {
        "contents": _("Contents"),
        "disclaimer": _("Disclaimer"),
        "introduction": _("Introduction"),
        "summary": _("Executive summary"),
        "methodology": _("Methodology and statistics"),
        "chapters": _("Action lines"),
        "conclusions": _("Conclusions"),
        "annexes": _("Annexes"),
        "index": _("Annex 1: Index of projects"),
        "countries": _("Annex 2: Countries"),
        "sources": _("Annex 3: Sources and inferred data"),
        "stakeholder_type": _("Projects by stakeholder type"),
        "region": _("Projects by region"),
        "action_line": _("Projects by action line"),
        "action_line_all": _("Projects by all the action lines they name"),
        "sdg": _("Projects by Sustainable Development Goal"),
        "coverage": _("Projects by coverage"),
        "country": _("Projects by country"),
        "year": _("Projects by year of entry"),
    }


def labels() -> dict[str, str]:
    return {
        "projects": _("Projects"),
        "main": _("Main line"),
        "all": _("All lines"),
        "total": _("Total"),
        "number": _("Number"),
        "title": _("Title"),
        "organization": _("Organization"),
        "country": _("Country"),
        "year": _("Year"),
        "page": _("Page"),
        "portal": _("World Summit on the Information Society"),
        "own_page": _("Permanent page"),
        "database": _("WSIS Stocktaking"),
        "no_projects": _("No project has this line as its main action line."),
        "also": _("Also named by:"),
        "source": _("Source"),
        "note": _("Inferred or unconfirmed"),
        "not_stated": _("Not stated"),
        "stakeholder_type": _("Stakeholder type"),
        "region": _("Region"),
        "action_line": _("Action line"),
        "sdg": _("Goal"),
        "coverage": _("Coverage"),
        "version": _("Version"),
        "figures_of": _("Figures of"),
        "hash": _("SHA-256 of the figures and entries"),
        "untranslated": _("Not translated yet"),
        "volumes": _("Volumes"),
        "pages": _("Pages"),
        "in_volumes": _("The projects and their index are printed in the volumes."),
    }


def compose(scope: Scope, figures: Figures) -> Texts:
    """All texts of one report."""
    heads = headings() | added.headings(figures)
    return {
        "period": period(scope, figures),
        "disclaimer": disclaimer(),
        "introduction": introduction(scope),
        "summary": summary(scope, figures),
        "methodology": methodology(figures),
        "methodology_version": CURRENT,
        "conclusions": conclusions(figures),
        "headings": heads,
        "labels": labels() | added.labels(figures),
        "body": standard_body(heads, STANDARD_BODY),
        "messages": {
            table["name"]: message(table, figures, heads[table["name"]])
            for table in figures["tables"]
        },
    }


# What a report says that nobody has written: headings with the parts that the portal writes.
STANDARD_BODY = (
    ("introduction", ("introduction",)),
    ("summary", ("summary",)),
    ("methodology", ("methodology", "statistics")),
    ("chapters", ("chapters",)),
    ("conclusions", ("conclusions",)),
    ("annexes", ("index", "countries", "sources")),
    ("disclaimer", ("disclaimer",)),
)


def standard_body(
    heads: dict[str, str], parts: Iterable[tuple[str, tuple[str, ...]]]
) -> list[dict[str, Any]]:
    """A body (reports/report/freezing.py) of standard blocks only."""
    return [
        {
            "id": None,
            "kind": kind,
            "level": 1,
            "heading": passage(heads[kind]),
            "is_missing": False,
            "blocks": [{"id": None, "kind": "standard", "name": n} for n in names],
        }
        for kind, names in parts
    ]


# --- how the reports count, with its versions: who changes a rule adds a version ---------------


class Version(NamedTuple):
    number: int
    since: datetime.date
    change: Any  # a sentence that waits for its language


VERSIONS = (Version(1, datetime.date(2026, 11, 29), gettext_lazy("First version.")),)
CURRENT = VERSIONS[-1].number


def address() -> str:
    """Of the page, in the active language."""
    return f"{settings.SITE_URL}{reverse('reports:methodology')}"


def reference() -> str:
    """What a report says of it."""
    return _("Methodology, version %(version)s: %(address)s") % {
        "version": CURRENT,
        "address": address(),
    }


def counting() -> list[str]:
    """What adds up, and of which year a project is: also printed in each report."""
    return [
        _(
            "Each project is counted once by its stakeholder type, region, country, "
            "coverage, year of entry and main action line: these columns add up to the "
            "total. Countries are grouped into the six ITU regions; “International” is "
            "outside the six. Projects that do not state a value are counted as “Not "
            "stated”."
        ),
        _(
            "A project may name several action lines and several Sustainable "
            "Development Goals. “All lines” and the Goals therefore add up to more "
            "than the total."
        ),
        _(
            "The year is the one in which a project was added to the database, as far as known."
        ),
    ]


def rules() -> list[tuple[str, list[str]]]:
    """Headings with their paragraphs, in the active language."""
    projects = _(
        "A project counts when it is published in the WSIS Stocktaking database at the moment of "
        "the snapshot. Drafts, projects that wait for their review and withdrawn ones do not count."
    )
    effect = _(
        "The figures count what was reported. They do not measure what exists or its effect."
    )
    moment = _(
        "All figures of a version come from one moment of the database, which each page names. "
        "They are counted twice, in two ways; where the two differ, no report is made."
    )
    organizations = _(
        "Organizations count by their name in the authority list, or as written while they wait "
        "to be listed."
    )
    sentences = _(
        "A sentence that compares is checked by the database each time a report is built. When it "
        "is not true, the report is not approved. Nothing is said to be the largest when two are "
        "equal or when more projects state no value."
    )
    return [
        (_("What counts as a project"), [projects, effect]),
        (_("The moment"), [moment]),
        (_("What adds up"), [*counting(), organizations]),
        (_("Sentences about numbers"), [sentences]),
    ]
