"""Figures that a report has only where a block asks for them: maps, curves, crossed tables.

A figure is known by its name, which is also the end of its address: "map" and "map-AFR" are maps,
"years-C4" is the curve of an action line, "line-by-region" is a crossed table, and
"heat-line-by-region" its heat map. A table stands in `figures["added"]` like any other table;
`figures["drawn"]` names the charts, each with its table. Every row of a crossed table counts each
project once, so its columns add up; a project may stand in several columns.
"""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from reference.action_line.models import SDG, ActionLine
from reference.country.models import Country, Region
from reference.term.models import StakeholderType
from reports.builders.figures import Figures, Table, counts, row
from reports.builders.projects import Content
from reports.builders.scope import INTERNATIONAL, Scope

MAP, YEARS, HEAT = "map", "years", "heat"
NOT_STATED = "not_stated"  # the column of the projects without a value
EVERY = "projects"  # the column of all projects of a row


class Axis(NamedTuple):
    """What stands in the rows or in the columns of a crossed table."""

    label: str  # its name among the labels of a report
    field: str  # of a project, for the database
    terms: Callable[[], Iterable[Any]]
    codes: Callable[[Content], list[str]]  # of a frozen project


AXES = {
    "line": Axis(
        "action_line",
        "main_action_line",
        lambda: ActionLine.objects.filter(number__isnull=False),
        lambda entry: [entry["main_action_line"]],
    ),
    "region": Axis(
        "region",
        "country__region",
        Region.objects.all,
        lambda entry: [entry["region_code"]],
    ),
    "type": Axis(
        "stakeholder_type",
        "stakeholder_type",
        StakeholderType.objects.all,
        lambda entry: [entry["stakeholder_type_code"]],
    ),
    "goal": Axis("sdg", "sdgs", SDG.objects.all, lambda entry: entry["sdgs"] or [""]),
}
CROSSED = {  # name → rows, columns
    "line-by-region": ("line", "region"),
    "type-by-region": ("type", "region"),
    "line-by-goal": ("line", "goal"),
}


def crossed_headings() -> dict[str, str]:
    return {
        "line-by-region": _("Projects by main action line and region"),
        "type-by-region": _("Projects by stakeholder type and region"),
        "line-by-goal": _("Projects by main action line and Goal"),
    }


def kind_of(name: str) -> str:
    """ "map", "years" or "heat"; the name itself of a crossed table."""
    return name if name in CROSSED else name.partition("-")[0]


def part_of(name: str) -> str:
    """The region of a map, the line of a curve, the table of a heat map."""
    return name.partition("-")[2]


def table_behind(name: str) -> str:
    return part_of(name) if kind_of(name) == HEAT else name


# --- counting ---


def add_figures(figures: Figures, names: Iterable[str], scope: Scope) -> None:
    """Count the figures of these names into the others; call inside one frozen moment."""
    once = list(dict.fromkeys(names))
    if not once:
        return
    behind = dict.fromkeys(table_behind(name) for name in once)
    figures["added"] = [counted(name, scope) for name in behind]
    figures["drawn"] = [[n, table_behind(n)] for n in once if n not in CROSSED]


def counted(name: str, scope: Scope) -> Table:
    if name in CROSSED:
        return crossed(name, scope)
    if kind_of(name) == YEARS:
        return years_of_line(name, scope)
    return countries_on_map(name, scope)


def crossed(name: str, scope: Scope) -> Table:
    rows, columns = (AXES[axis] for axis in CROSSED[name])
    projects = scope.projects().order_by()
    every = counts(projects, rows.field)
    pairs: dict[tuple[str, str], int] = {}
    found = projects.values_list(rows.field, columns.field)
    for one, other, number in found.annotate(n=Count("pk", distinct=True)):
        pairs[one or "", other or ""] = number
    codes = [term.code for term in columns.terms()]
    if any(not other for _one, other in pairs):
        codes.append("")
    labels = {term.code: term.name for term in rows.terms()}
    if every.get(""):
        labels[""] = _("Not stated")
    return {
        "name": name,
        "kind": "each",
        "columns": [EVERY, *(code or NOT_STATED for code in codes)],
        "rows": [
            row(
                code,
                label,
                every.get(code, 0),
                *(pairs.get((code, other), 0) for other in codes),
            )
            for code, label in labels.items()
        ],
    }


def codes_of_line(code: str) -> list[str]:
    """The line itself; C7, which no project names, is all its parts."""
    parts = ActionLine.objects.filter(parent=code).order_by("order")
    return [part.code for part in parts] or [code]


def years_of_line(name: str, scope: Scope) -> Table:
    """The projects that name a line, main or other, in every year of the report."""
    projects = scope.projects().order_by()
    codes = codes_of_line(part_of(name))
    named = Q(main_action_line__in=codes) | Q(other_action_lines__in=codes)
    by_year = {int(y): n for y, n in counts(projects.filter(named), "year").items()}
    every = [int(year) for year in counts(projects, "year")]
    first = scope.from_year or min(every, default=0)
    last = scope.to_year or max(every, default=0)
    years = range(first, last + 1) if first and last else ()
    rows = [row(str(year), str(year), by_year.get(year, 0)) for year in years]
    return {
        "name": name,
        "kind": "part",
        "columns": [EVERY],
        "rows": rows,
        "lines": codes,
    }


def countries_on_map(name: str, scope: Scope) -> Table:
    """All countries of the map, those without projects too. That of the world has rows for what
    has no place on it, so that it adds up."""
    numbers = counts(scope.projects(), "country")
    countries = Country.objects.exclude(code=INTERNATIONAL)
    if region := part_of(name):
        countries = countries.filter(region=region)
    rows = [row(one.code, one.name, numbers.get(one.code, 0)) for one in countries]
    if not region:
        for code, label in ((INTERNATIONAL, _("International")), ("", _("Not stated"))):
            if numbers.get(code):
                rows.append(row(code, label, numbers[code]))
    kind = "part" if region else "partition"
    return {"name": name, "kind": kind, "columns": [EVERY], "rows": rows}


# --- counting again ---


def codes_again(table: Table, column: str) -> Callable[[Content], Iterable[str]]:
    """The rows of an added table in which a frozen project counts in this column."""
    name = table["name"]
    if name in CROSSED:
        rows, columns = (AXES[axis] for axis in CROSSED[name])
        if column == EVERY:
            return rows.codes
        code = "" if column == NOT_STATED else column
        return lambda entry: rows.codes(entry) if code in columns.codes(entry) else []
    if kind_of(name) == YEARS:
        lines = set(table["lines"])
        return lambda entry: (
            [str(entry["year"])]
            if lines & {entry["main_action_line"], *entry["other_action_lines"]}
            else []
        )
    region = part_of(name)
    return lambda entry: (
        [entry["country_code"]] if region in ("", entry["region_code"]) else []
    )


# --- words ---


def headings(figures: Figures) -> dict[str, str]:
    """The headings of the added tables, and of what is drawn of them."""
    found = {t["name"]: heading_of(t["name"]) for t in figures.get("added", [])}
    drawn = {name: found[table] for name, table in figures.get("drawn", [])}
    return found | drawn


def heading_of(name: str) -> str:
    if name in CROSSED:
        return crossed_headings()[name]
    if kind_of(name) == YEARS:
        line = ActionLine.objects.get(code=part_of(name))
        return _("Projects that name %(line)s, by year of entry") % {
            "line": f"{line.code} {line.name}"
        }
    region = Region.objects.filter(code=part_of(name)).first()
    if region is None:
        return _("Map of projects by country")
    return _("Map of projects by country: %(region)s") % {"region": region.name}


def labels(figures: Figures) -> dict[str, str]:
    """The words for the rows and columns of the added tables."""
    words: dict[str, str] = {}
    for table in figures.get("added", []):
        name = table["name"]
        if name in CROSSED:
            rows, columns = (AXES[axis] for axis in CROSSED[name])
            words |= {name: axis_labels()[rows.label]}
            words |= {term.code: column_label(term) for term in columns.terms()}
        else:
            kind = "year" if kind_of(name) == YEARS else "country"
            words[name] = axis_labels()[kind]
    return words


def column_label(term: Any) -> str:
    """The name of a region; Goals by their number, since there are seventeen."""
    if isinstance(term, SDG):
        goal = _("Goal")
        return f"{goal} {term.code}"
    return str(term.name)


def axis_labels() -> dict[str, str]:
    return {
        "action_line": _("Action line"),
        "stakeholder_type": _("Stakeholder type"),
        "country": _("Country"),
        "year": _("Year"),
    }
