"""The texts of the success stories, in the active language: about the prizes, not the entries."""

from collections import Counter
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from reports.builders.figures import Figures, table_named
from reports.builders.texts import disclaimer, standard_body, top_row
from reports.layout.layout import number

Texts = dict[str, Any]


def introduction(figures: Figures) -> list[str]:
    paragraphs = [
        _(
            "The WSIS Prizes honour projects that put the action lines of the World "
            "Summit on the Information Society into practice: one prize in each of the "
            "18 categories, since 2012."
        ),
        _(
            "This report presents the %(contest)s. Its figures and lists were compiled "
            "by the portal from the entries and results that are public, and from "
            "sources that are named. They use data as at the time given on the title "
            "page."
        )
        % {"contest": figures["contest"]},
    ]
    return [*paragraphs, figures["rules"]] if figures["rules"] else paragraphs


def summary(figures: Figures) -> list[str]:
    total = figures["total"]
    paragraphs = [
        ngettext(
            "%(total)s entry is known by name, from %(countries)s.",
            "%(total)s entries are known by name, from %(countries)s.",
            total,
        )
        % {
            "total": number(total),
            "countries": ngettext(
                "%(count)s country", "%(count)s countries", figures["countries"]
            )
            % {"count": number(figures["countries"])},
        },
        _("Among them: %(winners)s; %(champions)s.")
        % {
            "winners": ngettext(
                "%(count)s winner", "%(count)s winners", figures["winners"]
            )
            % {"count": number(figures["winners"])},
            "champions": ngettext(
                "%(count)s further champion",
                "%(count)s further champions",
                figures["champions"],
            )
            % {"count": number(figures["champions"])},
        },
    ]
    return paragraphs + disagreements(figures)


def disagreements(figures: Figures) -> list[str]:
    """A sentence when sources give several values for the same thing; none is preferred."""
    stated = table_named(figures, "stated")["rows"]
    often = Counter(row["code"] for row in stated)
    names = dict.fromkeys(row["label"] for row in stated if often[row["code"]] > 1)
    if not names:
        return []
    return [
        _("Sources differ on: %(names)s. All figures are listed.")
        % {"names": "; ".join(names)}
    ]


def methodology(figures: Figures) -> list[str]:
    paragraphs = [
        _(
            "Two kinds of figures must be distinguished. The tables by category, "
            "region, stakeholder type and country count the entries that are known by "
            "name; lists of earlier editions are incomplete, so these counts may be "
            "lower than the actual numbers. The first table gives what sources state "
            "for the whole edition, with source and date."
        ),
        _(
            "Winners are not counted among the champions here; some sources include them."
        ),
        _(
            "%(described)s of %(total)s entries have a description. The report states "
            "where there is none."
        )
        % {
            "described": number(figures["described"]),
            "total": number(figures["total"]),
        },
    ]
    if not table_named(figures, "stated")["rows"]:
        paragraphs.append(_("No figures are available for this edition."))
    return paragraphs


# The sections of a report that nobody has edited.
PARTS = (
    ("introduction", ("introduction",)),
    ("summary", ("summary",)),
    ("methodology", ("methodology", "statistics")),
    ("chapters", ("chapters",)),
    ("annexes", ("index", "sources")),
    ("disclaimer", ("disclaimer",)),
)


def headings() -> dict[str, str]:
    return {
        "contents": _("Contents"),
        "disclaimer": _("Disclaimer"),
        "introduction": _("Introduction"),
        "summary": _("Executive summary"),
        "methodology": _("Figures and their sources"),
        "chapters": _("Winners and champions by category"),
        "annexes": _("Annexes"),
        "index": _("Annex 1: All entries known by name"),
        "sources": _("Annex 2: Sources of the entries"),
        "stated": _("Figures stated by sources for the edition"),
        "category": _("Entries known by name, by category"),
        "region": _("Entries known by name, by region"),
        "stakeholder_type": _("Entries known by name, by stakeholder type"),
        "country": _("Entries known by name, by country"),
    }


def labels() -> dict[str, str]:
    return {
        "language": get_language() or "en",
        "portal": _("World Summit on the Information Society"),
        "own_page": _("Permanent page"),
        "database": _("WSIS Prizes"),
        "version": _("Version"),
        "untranslated": _("Not translated yet"),
        "figures_of": _("Figures of"),
        "hash": _("SHA-256 of the figures and entries"),
        "total": _("Total"),
        "named": _("Entries"),
        "champions": _("Champions"),
        "winners": _("Winners"),
        "stated": _("Figure"),
        "value": _("Value"),
        "source": _("Source"),
        "source_date": _("Date"),
        "note": _("Note"),
        "entries": _("Entries"),
        "title": _("Title"),
        "outcome": _("Outcome"),
        "category": _("Category"),
        "region": _("Region"),
        "stakeholder_type": _("Stakeholder type"),
        "country": _("Country"),
        "votes": _("Votes"),
        "no_title": _("(project title not given in the source)"),
        "no_description": _("The source gives no description."),
        "nobody": _("No winner or champion in this category is known by name."),
        "no_category": _("Category not named in the source"),
        "no_projects": _("No entry in this category is known by name."),
    }


def message(table: dict[str, Any], figures: Figures, neutral: str) -> str:
    """The title of a chart: its largest row, or its subject when none stands out."""
    row = top_row(table) if table["kind"] == "each" else None
    if not row:
        return neutral
    return _("%(label)s: %(count)s of %(total)s, more than any other in this chart") % {
        "label": row["label"],
        "count": number(row["values"][0]),
        "total": number(figures["total"]),
    }


def compose(figures: Figures) -> Texts:
    heads = headings()
    return {
        "period": figures["contest"],
        "disclaimer": disclaimer(),
        "introduction": introduction(figures),
        "summary": summary(figures),
        "methodology": methodology(figures),
        "sources": [
            _("Projects without a source were submitted through this portal."),
        ],
        "headings": heads,
        "labels": labels(),
        "body": standard_body(heads, PARTS),
        "messages": {
            table["name"]: message(table, figures, heads[table["name"]])
            for table in figures["tables"]
        },
    }
