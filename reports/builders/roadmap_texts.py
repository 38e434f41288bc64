"""The texts of the state of the roadmap, in the active language; the facts are rows."""

import datetime
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from reports.builders.figures import Figures, table_named
from reports.builders.texts import disclaimer
from reports.layout.layout import number
from reports.layout.sections import day

Texts = dict[str, Any]

# The keys of roadmap.state.document, in the order of the paper to the Council.
PARTS = (
    "purpose",
    "resolutions",
    "forum",
    "stocktaking",
    "joint",
    "international",
    "action_lines",
    "follow_up",
    "meetings",
)


def headings_of_parts() -> dict[str, str]:
    return {
        "purpose": _("Purpose"),
        "resolutions": _("Relevant ITU and United Nations resolutions"),
        "forum": _("Hosting and co-organizing the WSIS Forum"),
        "stocktaking": _("Maintaining the Stocktaking database and the WSIS Prizes"),
        "joint": _("Joint preparatory process"),
        "international": _("Contributing to international and regional activities"),
        "action_lines": _("Action lines: milestones, challenges and emerging trends"),
        "follow_up": _("Follow-up to the review"),
        "meetings": _("Annex 1: Consultative meetings"),
    }


def words_of_parts(figures: Figures) -> dict[str, list[str]]:
    """The introduction of each section."""
    return {
        "purpose": purpose(figures),
        "resolutions": [
            _(
                "These decisions had been taken by that day. Each entry summarizes what "
                "the decision asks for; where its text is public, the symbol leads to it."
            )
        ],
        "forum": [
            _(
                "ITU hosts the WSIS Forum and organizes it with UNESCO, UNDP and UNCTAD. "
                "The editions of the review, from 2022 to 2025, are listed as far as they "
                "had begun, with theme, days, venue and the figures stated by their "
                "sources; milestones follow."
            )
        ],
        "stocktaking": [
            _(
                "ITU maintains the WSIS Stocktaking database and organizes the WSIS "
                "Prizes. Each figure is given as published, with its date. Figures that "
                "differ are listed side by side."
            )
        ],
        "joint": [
            _(
                "Agencies prepare the review together; each roadmap has its milestones. "
                "The status is that of the day stated. Each milestone includes what the "
                "agencies reported; where they disagree, the report says so."
            )
        ],
        "international": [
            _("The bodies that guide the process, and who holds office in them.")
        ],
        "action_lines": [
            _(
                "Milestones of the action lines. Challenges and emerging trends are included "
                "only where a facilitator has reported them."
            )
        ],
        "follow_up": [
            _("What the outcome of the review asks for, and what follows it.")
        ],
        "meetings": [
            _(
                "Consultations that had begun by that day. One that is a milestone of a roadmap "
                "is listed here only."
            )
        ],
    }


def purpose(figures: Figures) -> list[str]:
    paragraphs = [
        _(
            "This report states how the roadmap for the twenty-year review of the "
            "World Summit on the Information Society stood at the end of %(day)s "
            "(UTC): decisions, events, figures, milestones and meetings as recorded in "
            "the portal."
        )
        % {"day": day_of(figures)},
        ngettext(
            "It lists %(items)s item, and counts %(milestones)s milestones of the roadmaps.",
            "It lists %(items)s items, and counts %(milestones)s milestones of the roadmaps.",
            figures["total"],
        )
        % {
            "items": number(figures["total"]),
            "milestones": number(figures["milestones"]),
        },
    ]
    later = figures["recorded_later"]
    if later:
        paragraphs.append(
            ngettext(
                (
                    "%(count)s item existed, had taken place or had been announced by that day "
                    "but was recorded later; it is marked, and its status is what its dates show."
                ),
                (
                    "%(count)s items existed, had taken place or had been announced by that day "
                    "but were recorded later; they are marked, and their status is what their "
                    "dates show."
                ),
                later,
            )
            % {"count": number(later)}
        )
    return paragraphs


def summary(figures: Figures) -> list[str]:
    """For the first sheet of the workbook."""
    rows = table_named(figures, "progress")["rows"]
    paragraphs = [
        f"{row['label']}: {number(row['values'][0])}"
        for row in rows
        if row["values"][0]
    ]
    return [*purpose(figures), *paragraphs]


def day_of(figures: Figures) -> str:
    return day(datetime.date.fromisoformat(figures["at"]))


def plan(figures: Figures) -> list[dict[str, Any]]:
    """The sections in their order; reports/layout/sections.py reads it."""
    heads, words = headings_of_parts(), words_of_parts(figures)
    tables = {"purpose": ["progress", "part"], "stocktaking": ["stated"]}
    return [
        {
            "name": part,
            "heading": heads[part],
            "paragraphs": words[part],
            "tables": tables.get(part, []),
            "items": part,
            "nothing": ""
            if part == "purpose"
            else _("Nothing is recorded for this day."),
        }
        for part in PARTS
    ]


def headings() -> dict[str, str]:
    return {
        "contents": _("Contents"),
        "disclaimer": _("Disclaimer"),
        "summary": _("Summary"),
        "part": _("Items by section"),
        "progress": _("Milestones by status"),
        "stated": _("Figures, each with its source and date"),
    }


def labels() -> dict[str, str]:
    return {
        "language": get_language() or "en",
        "portal": _("World Summit on the Information Society"),
        "own_page": _("Permanent page"),
        "database": _("WSIS+20 roadmap"),
        "version": _("Version"),
        "as_table": _("As a table"),
        "figures_of": _("Figures of"),
        "hash": _("SHA-256 of the figures and entries"),
        "total": _("Total"),
        "part": _("Section"),
        "items": _("Items"),
        "progress": _("Status"),
        "milestones": _("Milestones"),
        "stated": _("Figure"),
        "value": _("Value"),
        "source": _("Source"),
        "source_date": _("Date"),
        "note": _("Note"),
        "chair": _("Chair"),
        "lead": _("Lead"),
        "recorded_later": _("Recorded later"),
    }


def compose(figures: Figures) -> Texts:
    heads = headings()
    return {
        "period": _("State at the end of %(day)s") % {"day": day_of(figures)},
        "disclaimer": disclaimer(),
        "summary": summary(figures),
        "sections": plan(figures),
        "headings": heads,
        "labels": labels(),
        "messages": {
            table["name"]: heads[table["name"]] for table in figures["tables"]
        },
    }
