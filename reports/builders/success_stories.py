"""Success stories: the public facts about the WSIS Prizes of one year, from entries to winners.

What is under embargo, or not on a ballot that has begun, is left out: every entry comes through
`Entry.objects.public().with_outcome()`. Nothing is invented: facts that a source does not give are
marked as missing, and figures that disagree are shown side by side.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Trim
from django.urls import reverse
from django.utils.translation import gettext as _

from common.typesetting.passages import passage, passages, remark
from prizes.contest.models import Contest
from prizes.contest.rules import Figure
from prizes.entry.amendment import Amendment
from prizes.entry.fields import REPORTED
from prizes.entry.models import Entry
from prizes.entry.workflow import ON_BALLOT, Status
from prizes.result.models import Result
from reference.action_line.models import ActionLine
from reference.country.models import Country, Region
from reference.names import vocabulary
from reference.term.models import StakeholderType
from reports.builders import success_texts as texts
from reports.builders.figures import Figures, Table, table_named
from reports.layout import sections
from reports.layout.layout import (
    Document,
    frame,
    printed_body,
    sources,
    tables,
    taken_apart,
    written,
)
from reports.layout.sections import joined

FIELDS: tuple[str, ...] = ("contest",)
# What readers sort by comes first; all else that a report lists follows.
FIRST = (
    "category_code",
    "category",
    "outcome",
    "title",
    "language",
    "organization",
    "stakeholder_type",
    "country",
    "region",
    "description",
    "votes",
    "rank",
    "project",
    "page",
)
COLUMNS: tuple[str, ...] = (*FIRST, *(name for name in REPORTED if name not in FIRST))
LIST = "entries"
CHARTS: tuple[tuple[str, str, int], ...] = (
    ("category", "category", 0),
    ("region", "region", 0),
    ("stakeholder_type", "stakeholder_type", 0),
)
TABLES: tuple[str, ...] = (
    "stated",
    "category",
    "region",
    "stakeholder_type",
    "country",
)
BODY: tuple[str, ...] = ("story.typ", "stories.typ", "body.typ")
PAGE = "reports/builders/_report.html"
CHAPTER = "reports/builders/_story.html"
CHAPTERS = "category"
INLINE = False
FACETS: frozenset[str] = frozenset()

CHOSEN = {Status.WINNER.value, Status.CHAMPION.value}
RANKS = {Status.WINNER.value: 0, Status.CHAMPION.value: 1, Status.NOMINATED.value: 2}
COUNTED = ["named", "champions", "winners"]
PARTS = {
    Figure.By.CATEGORY: "action_line",
    Figure.By.REGION: "region",
    Figure.By.STAKEHOLDER: "stakeholder_type",
}


@dataclass(frozen=True)
class Scope:
    """One edition of the prizes."""

    contest: Contest

    def entries(self) -> Any:
        entries: Any = Entry.objects.public().with_outcome().with_amendments()
        return entries.filter(contest=self.contest, outcome__in=ON_BALLOT)

    def count(self, word: str) -> int:
        """A number of the whole report: "total", "countries" or "organizations"."""
        entries = self.entries().order_by()
        if word == "organizations":
            written = entries.annotate(known_as=Trim("organization_name"))
            names = written.exclude(known_as="").values("known_as")
            return int(names.distinct().count())
        if word == "countries":
            stated = entries.filter(country__isnull=False).exclude(country="INTL")
            return int(stated.values("country").distinct().count())
        return int(entries.count())

    def address(self) -> str:
        """The page of the Prizes of that year, which lists them."""
        return reverse("prizes:contest", args=[self.contest.slug])


def title(publication: Any) -> str:
    """“WSIS Prizes 2024: success stories”."""
    return _("WSIS Prizes %(year)s: success stories") % {
        "year": publication.contest.year
    }


def refusals(publication: Any) -> dict[str, Any]:
    """There are no stories before the winners are public."""
    if publication.contest is None:
        return {"contest": _("Choose the year of the prizes.")}
    if not Scope(publication.contest).entries().filter(outcome=Status.WINNER).exists():
        return {"contest": _("No winners of these prizes have been published yet.")}
    return {}


def newest_contest() -> Contest | None:
    """The last edition whose winners are public."""
    entries: Any = Entry.objects.public().with_outcome()
    awarded = entries.filter(outcome=Status.WINNER).values("contest")
    return (
        Contest.objects.real().filter(pk__in=awarded).order_by("-year", "-pk").first()
    )


def scope_of(publication: Any) -> Scope:
    return Scope(publication.contest)


def collect(scope: Scope) -> tuple[Figures, list[Document]]:
    return figures_of(scope), entries_of(scope)


def count_by(rows: QuerySet, field: str, terms: Iterable[Any], name: str) -> Table:
    """Nominees, champions and winners per value; "not stated" is a row of its own."""
    by_code = {
        code or "": values
        for code, *values in rows.order_by()
        .values_list(field)
        .annotate(
            named=Count("pk"),
            champions=Count("pk", filter=Q(outcome=Status.CHAMPION)),
            winners=Count("pk", filter=Q(outcome=Status.WINNER)),
        )
    }
    none = [0] * len(COUNTED)
    table = [
        {"code": term.code, "label": term.name, "values": by_code.get(term.code, none)}
        for term in terms
    ]
    if "" in by_code:
        table.append({"code": "", "label": _("Not stated"), "values": by_code[""]})
    return {"name": name, "kind": "each", "columns": COUNTED, "rows": table}


def figures_of(scope: Scope) -> Figures:
    """Counts of the entries known here, and beside them the figures of sources for the edition."""
    rows = scope.entries()
    lines = ActionLine.objects.filter(prize_categories__contest=scope.contest).order_by(
        "number"
    )
    countries = Country.objects.filter(prize_entries__in=rows.values("pk")).distinct()
    totals = rows.aggregate(
        total=Count("pk"),
        champions=Count("pk", filter=Q(outcome=Status.CHAMPION)),
        winners=Count("pk", filter=Q(outcome=Status.WINNER)),
        described=Count("pk", filter=~Q(description="")),
        countries=Count("country", distinct=True, filter=~Q(country="INTL")),
    )
    return totals | {
        "year": scope.contest.year,
        "contest": scope.contest.title,
        "rules": getattr(scope.contest, "rules_note_en", None) or "",
        "tables": [
            stated_table(scope.contest),
            count_by(rows, "category__action_line", lines, "category"),
            count_by(rows, "country__region", Region.objects.all(), "region"),
            count_by(
                rows,
                "stakeholder_type",
                StakeholderType.objects.all(),
                "stakeholder_type",
            ),
            count_by(rows, "country", countries, "country"),
        ],
    }


def stated_table(contest: Contest) -> Table:
    """Figures as their sources wrote them; those on the same subject follow each other."""
    order = list(Figure.Kind.values)
    stated = sorted(
        contest.figures.all(), key=lambda f: (order.index(f.kind), f.by, f.code, f.pk)
    )
    return {
        "name": "stated",
        "kind": "stated",
        "columns": ["value", "source", "source_date", "note"],
        "rows": [
            {
                "code": joined(figure.kind, figure.by, figure.code),
                "label": joined(figure.get_kind_display(), part_of(figure)),
                "values": [
                    figure.value,
                    figure.source,
                    figure.source_date,
                    note_of(figure),
                ],
            }
            for figure in stated
        ],
    }


def part_of(figure: Figure) -> str:
    kind = PARTS.get(Figure.By(figure.by))
    return vocabulary.label(kind, figure.code) if kind else ""


def note_of(figure: Figure) -> str:
    return joined(figure.note, _("unconfirmed") if figure.unconfirmed else "")


def entries_of(scope: Scope) -> list[Document]:
    """By category, winners before champions before other nominees, then by title."""
    rows = scope.entries().select_related(
        "category__action_line",
        "country__region",
        "stakeholder_type",
        "project",
        "contest",
    )
    counted = {
        result.entry_id: result
        for result in Result.objects.visible_to(None).filter(
            category__contest=scope.contest
        )
    }
    entries = sorted(
        rows.defer("words", "answers"),
        key=lambda e: (
            e.category.number if e.category else 99,
            RANKS[e.outcome],
            e.title,
            e.pk,
        ),
    )
    return [content_of(entry, counted.get(entry.pk)) for entry in entries]


def content_of(entry: Any, result: Result | None) -> Document:
    line = entry.category.action_line if entry.category else None
    region = entry.country.region if entry.country else None
    project = entry.project
    public = project if project and project.status == "published" else None
    return {
        "pk": entry.pk,
        **{name: getattr(entry, name) for name in REPORTED},
        "category_code": line.code if line else "",
        "category": line.name if line else "",
        "outcome": entry.outcome,
        "outcome_label": award_of(entry),
        "organization": entry.organization_name,
        "stakeholder_type": entry.stakeholder_type.name
        if entry.stakeholder_type
        else "",
        "stakeholder_type_code": entry.stakeholder_type_id or "",
        "country": entry.country.name if entry.country else "",
        "country_code": entry.country_id or "",
        "region": region.name if region else "",
        "region_code": region.code if region else "",
        "votes": result.votes if result else None,
        "rank": result.rank if result else None,
        "project": public.number if public else "",
        "page": entry.get_absolute_url().partition("/prizes/")[2],
    }


def award_of(entry: Any) -> str:
    """The outcome in words; a special recognition stands beside it."""
    kind = Amendment.Kind.RECOGNITION
    recognized = any(row.kind == kind for row in entry.public_amendments)
    return joined(
        str(Status(entry.outcome).label), str(kind.label) if recognized else ""
    )


def compose(scope: Scope, figures: Figures) -> Document:
    return texts.compose(figures)


def chapter_of(entry: Document) -> str:
    return str(entry["category_code"])


def story(entry: Document, labels: dict[str, str]) -> Document:
    """An entry ready for display; facts that its source does not give are marked as missing."""
    language = entry["language"]
    votes = (
        ""
        if entry["votes"] is None
        else f"{labels['votes']}: {written(entry['votes'])}"
    )
    return {
        "title": passage(entry["title"], language)
        if entry["title"]
        else passage(labels["no_title"]),
        "tag": entry["outcome_label"],
        "meta": passages(
            passage(entry["organization"], language),
            entry["stakeholder_type"],
            entry["country"],
            votes,
        ),
        "text": passage(entry["description"], language),
        "missing": "" if entry["description"] else labels["no_description"],
        "details": [],
        "notes": [
            remark(labels[name], entry[key], "en")
            for name, key in (("source", "source"), ("note", "source_note"))
            if entry[key]
        ],
    }


def document(snapshot: Any, entries: list[Document]) -> Document:
    labels = snapshot.texts["labels"]
    return {
        **frame(snapshot),
        "body": printed_body(snapshot),
        "tables": with_rows(snapshot),
        "added": [],
        "charts": [chart | taken_apart(chart["svg"]) for chart in snapshot.charts],
        "chapters": [
            row | {"stories": stories_of(row["code"], entries, labels)}
            for row in chapters(snapshot)
        ],
        "index": index(entries, labels),
        "sources": source_rows(entries, labels),
    }


def with_rows(snapshot: Any) -> list[Document]:
    """The tables that have something to show: for some editions sources state no figures."""
    every = tables(snapshot, snapshot.publication.language)
    return [table for table in every if table["rows"]]


def chapters(snapshot: Any) -> list[Document]:
    """One per category, with its counts in words."""
    labels = snapshot.texts["labels"]
    table = table_named(snapshot.figures, CHAPTERS)
    return [
        row
        | {
            "label": row["label"] if row["code"] else labels["no_category"],
            "counts": sections.counts(row, table["columns"], labels),
        }
        for row in table["rows"]
    ]


def stories_of(
    category: str, entries: list[Document], labels: dict[str, str]
) -> list[Document]:
    """The winners and champions of a category; other nominees are in the index."""
    return [
        story(entry, labels)
        for entry in entries
        if entry["category_code"] == category and entry["outcome"] in CHOSEN
    ]


def index(entries: list[Document], labels: dict[str, str]) -> Document:
    columns = ("title", "outcome", "category", "country")
    return {
        "columns": [labels[name] for name in columns],
        "rows": [
            [
                passage(entry["title"], entry["language"])
                if entry["title"]
                else passage(labels["no_title"]),
                passage(entry["outcome_label"]),
                passage(entry["category_code"]),
                passage(entry["country"]),
            ]
            for entry in entries
        ],
    }


def source_rows(entries: list[Document], labels: dict[str, str]) -> Document:
    return {
        "columns": [labels[name] for name in ("source", "note", "entries")],
        "rows": [
            [row["source"], row["note"], passage(written(row["count"]))]
            for row in sources(entries)
        ],
    }


def page(snapshot: Any, entries: list[Document]) -> Document:
    """The page leads to its chapters, which list the entries with their sources."""
    return {
        "sections": [
            table | {"charts": charts, "is_open": not charts}
            for table in with_rows(snapshot)
            for charts in [[c for c in snapshot.charts if c["table"] == table["name"]]]
        ],
        "added": [],
        "chapters": chapters(snapshot),
    }


def live(publication: Any, figures: Figures, **narrowed: str) -> str:
    return Scope(publication.contest).address()


def machine(snapshot: Any) -> Document:
    return {
        "contest": snapshot.publication.contest.slug,
        "body": snapshot.body,
        "entries": snapshot.entries,
    }
