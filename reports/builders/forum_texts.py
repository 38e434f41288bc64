"""The texts of the outcome document of the Forum, in the active language."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from reports.builders.figures import Figures
from reports.builders.texts import disclaimer
from reports.layout.layout import number

Texts = dict[str, Any]


def paragraphs_of(text: str) -> Iterator[tuple[bool, str]]:
    """The lines of a text that say something, each with whether it is the first."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    for place, line in enumerate(lines):
        yield place == 0, line


def statistics(figures: Figures) -> list[str]:
    """The numbers in words; each is counted from the rows of this document."""
    total, reports = figures["total"], figures["reports"]
    paragraphs = [
        _(
            "Sessions in the programme: %(sessions)s. People with a part in them: %(people)s."
        )
        % {
            "sessions": number(total),
            "people": number(figures["people_of_programme"]),
        },
        _("Reports on sessions: %(reports)s. Sessions without a report: %(missing)s.")
        % {"reports": number(reports), "missing": number(total - reports)},
        _(
            "Approved registrations: %(people)s. Countries that they name: %(countries)s."
        )
        % {
            "people": number(figures["registered"]),
            "countries": number(figures["registered_countries"]),
        },
    ]
    if figures["counted_sessions"]:
        paragraphs.append(participation(figures))
    if figures["machine_reports"]:
        paragraphs.append(
            _(
                "Reports of which parts were written by a machine, and which are marked: %(count)s."
            )
            % {"count": number(figures["machine_reports"])}
        )
    return paragraphs


def participation(figures: Figures) -> str:
    """How many people took part, as far as reports say so."""
    return _(
        "Participation that reports state (%(sessions)s of them): %(on_site)s in the room, "
        "%(remote)s remotely. Whoever was in several sessions counts in each."
    ) % {
        "sessions": number(figures["counted_sessions"]),
        "on_site": number(figures["on_site"]),
        "remote": number(figures["remote"]),
    }


def plan(figures: Figures) -> list[dict[str, Any]]:
    """The sections in their order; reports/layout/sections.py reads it."""
    heads = headings()
    parts: list[tuple[str, list[str], list[str], str]] = [
        ("chair", [], [], _("The chair has not summed up this edition yet.")),
        (
            "statistics",
            statistics(figures),
            [
                "session_types",
                "lines",
                "goals",
                "registered_type",
                "registered_region",
            ],
            "",
        ),
        ("matrix", [matrix_words()], ["matrix"], ""),
        ("reports", [order_words()], [], _("No report was submitted.")),
        ("missing", [], [], _("Every session has a report.")),
    ]
    return [
        {
            "name": name,
            "heading": heads[name],
            "paragraphs": paragraphs,
            "tables": tables,
            "items": name,
            "nothing": nothing,
        }
        for name, paragraphs, tables, nothing in parts
    ]


def matrix_words() -> str:
    return _(
        "Each session with the action lines and the Sustainable Development Goals that it was "
        "about: those that its report names, else those of the programme."
    )


def order_words() -> str:
    return _(
        "In the order of the agenda, in the language and in the words in which each was submitted."
    )


def headings() -> dict[str, str]:
    return {
        "contents": _("Contents"),
        "disclaimer": _("Disclaimer"),
        "summary": _("Summary"),
        "chair": _("Chair’s summary"),
        "statistics": _("Statistics"),
        "reports": _("Reports of sessions"),
        "missing": _("Sessions without a report"),
        "session_types": _("Sessions by type"),
        "lines": _("Sessions by action line"),
        "goals": _("Sessions by Sustainable Development Goal"),
        "registered_type": _("Registrations by stakeholder type"),
        "registered_region": _("Registrations by region"),
        "matrix": _("Sessions, action lines and Goals"),
    }


def labels() -> dict[str, str]:
    return {
        "language": get_language() or "en",
        "portal": _("World Summit on the Information Society"),
        "own_page": _("Permanent page"),
        "database": _("WSIS Forum"),
        "version": _("Version"),
        "as_table": _("As a table"),
        "figures_of": _("Figures of"),
        "hash": _("SHA-256 of the figures and entries"),
        "total": _("Total"),
        "source": _("Source"),
        "note": _("Note"),
        "sessions": _("Sessions"),
        "reports": _("Reports"),
        "session_types": _("Session type"),
        "lines": _("Action line"),
        "goals": _("Goal"),
        "action_lines": _("Action lines"),
        "sdgs": _("Goals"),
        "registered_type": _("Stakeholder type"),
        "registered_region": _("Region"),
        "registered_on_site": _("On site"),
        "registered_remote": _("Remotely"),
        "matrix": _("Session"),
        "chair": _("Chair"),
        "by_machine": _("Parts of this text were written by a machine"),
        "summary": _("Key points of the discussion"),
        "outcomes": _("Outcomes and commitments"),
        "challenges": _("Challenges"),
        "outlook": _("The way ahead"),
        "attended": _("People of the programme who took part"),
        "participation": _("Participation"),
        "on_site": _("In the room"),
        "remote": _("Remotely"),
        "women": _("women"),
        "men": _("men"),
        "number": _("Number"),
        "title": _("Title"),
        "when": _("Time"),
        "room": _("Room"),
        "session_type": _("Session type"),
        "organizers": _("Organizers"),
        "state": _("Report"),
        "link": _("Address"),
    }


def compose(figures: Figures) -> Texts:
    heads = headings()
    return {
        "period": figures["edition"],
        "disclaimer": [
            *disclaimer()[:1],
            _("Reports are the words of those who held the sessions."),
        ],
        "summary": statistics(figures),
        "sections": plan(figures),
        "headings": heads,
        "labels": labels(),
        "messages": {
            table["name"]: heads[table["name"]] for table in figures["tables"]
        },
    }
