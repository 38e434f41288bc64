"""The outcome document of an edition of the Forum: the chair's summary, statistics, the matrix of
sessions, lines and Goals, and all reports of sessions in the order of the agenda.

The sessions are those of the released agenda that were not cancelled or postponed; a report counts
once it was submitted. The words are in `forum_texts.py`.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from common.typesetting.passages import passage, passages, remark
from forum.agenda.models import ReleasedSession, ReleasedSessionQuerySet
from forum.edition.models import Edition
from forum.outcome.calls import ChairSummary
from forum.outcome.models import OutcomeReport
from forum.people.models import Participation, Person
from forum.registration.models import Attendance, Registration
from forum.registration.workflow import RegistrationStatus
from forum.session.workflow import SessionStatus
from reference.action_line.models import SDG, ActionLine
from reference.country.models import Region
from reference.term.models import StakeholderType
from reports.builders import forum_texts as texts
from reports.builders.figures import Figures, Table
from reports.layout import sections
from reports.layout.layout import Document
from reports.layout.sections import joined

FIELDS: tuple[str, ...] = ("edition",)
COLUMNS: tuple[str, ...] = (
    "number",
    "title",
    "when",
    "room",
    "session_type",
    "organizers",
    "lines",
    "goals",
    "state",
    "by_machine",
    "summary",
    "outcomes",
    "challenges",
    "outlook",
    "attended",
    "on_site",
    "remote",
    "link",
)
LIST = "sessions"
CHARTS: tuple[tuple[str, str, int], ...] = (
    ("lines", "lines", 0),
    ("goals", "goals", 0),
)
BODY: tuple[str, ...] = ("story.typ", "sections.typ")
PAGE = "reports/document/_sections.html"
CHAPTER = ""
CHAPTERS = ""
INLINE = True
FACETS: frozenset[str] = frozenset()
TEXTS = ("summary", "outcomes", "challenges", "outlook")
COUNTS = (
    "on_site",
    "on_site_women",
    "on_site_men",
    "remote",
    "remote_women",
    "remote_men",
)
WAYS = (Attendance.ON_SITE, Attendance.REMOTE)


@dataclass(frozen=True)
class Scope:
    edition: Edition


def title(publication: Any) -> str:
    """“WSIS Forum 2027: outcome document”."""
    edition = publication.edition
    return _("%(edition)s: outcome document") % {
        "edition": edition.title if edition else ""
    }


def refusals(publication: Any) -> dict[str, Any]:
    """An edition whose agenda was never released has nothing to tell of."""
    if not publication.edition:
        return {"edition": _("Choose an edition of the Forum.")}
    if not sessions_of(publication.edition).exists():
        return {"edition": _("No session of this edition is in a released agenda.")}
    return {}


def scope_of(publication: Any) -> Scope:
    return Scope(publication.edition)


def sessions_of(edition: Edition) -> ReleasedSessionQuerySet:
    rows = ReleasedSession.objects.filter(
        edition=edition, status=SessionStatus.RELEASED
    )
    return rows.in_order()


def collect(scope: Scope) -> tuple[Figures, list[Document]]:
    """The sessions in the order of the agenda, and the tables that count them."""
    edition = scope.edition
    rows = list(sessions_of(edition).for_agenda().select_related("edition"))
    reports = reports_of(edition)
    entries = [entry(row, reports.get(row.pk)) for row in rows]
    registered = Registration.objects.filter(
        edition=edition, status=RegistrationStatus.APPROVED
    )
    people = Participation.objects.filter(session__in=[row.pk for row in rows])
    figures = {
        "edition": edition.title,
        "total": len(entries),
        "reports": sum(one["has_report"] for one in entries),
        "machine_reports": sum(one["by_machine"] for one in entries),
        "people_of_programme": people.values("person").distinct().count(),
        "registered": registered.count(),
        "registered_countries": registered.exclude(country=None)
        .values("country")
        .distinct()
        .count(),
        **{name: sum(one[name] or 0 for one in entries) for name in COUNTS},
        "counted_sessions": sum(
            one["on_site"] is not None or one["remote"] is not None for one in entries
        ),
        "chair": chair(edition),
        "tables": [
            type_table(entries),
            line_table(entries),
            goal_table(entries),
            registered_table(
                "registered_type",
                StakeholderType.objects.all(),
                registered,
                "stakeholder_type",
            ),
            registered_table(
                "registered_region", Region.objects.all(), registered, "country__region"
            ),
            matrix(entries),
        ],
    }
    return figures, entries


def chair(edition: Edition) -> Document | None:
    """The chair's summary in the language of the report, else in another."""
    summary = ChairSummary.of(edition, get_language() or settings.LANGUAGE_CODE)
    if summary is None:
        return None
    return {
        "name": edition.chair,
        "text": summary.text,
        "language": summary.language,
        "by_machine": summary.by_machine,
    }


def reports_of(edition: Edition) -> dict[int, OutcomeReport]:
    """Session → its report, as far as it was submitted."""
    rows = OutcomeReport.objects.handed_in().filter(session__edition=edition)
    rows = rows.prefetch_related("action_lines", "sdgs", "attended")
    return {row.session_id: row for row in rows}


def entry(row: ReleasedSession, report: OutcomeReport | None) -> Document:
    """A session with its report; lines and Goals are those of the report where it names some."""
    lines, goals = row.action_line_codes, row.sdg_codes
    if report:
        lines = [line.pk for line in report.action_lines.all()] or lines
        found = sorted((goal.pk for goal in report.sdgs.all()), key=int)
        goals = found or goals
    attended: Iterable[Person] = report.attended.all() if report else ()
    type_code = row.type_id or ""
    return {
        "pk": row.pk,
        "number": row.number,
        "title": row.title,
        "language": row.language,
        "when": when(row),
        "room": joined(row.room_name, row.building),
        "type_code": type_code,
        "session_type": row.type_text,
        "organizers": "; ".join(row.organizer_names),
        "line_codes": lines,
        "goal_codes": goals,
        "lines": ", ".join(lines),
        "goals": ", ".join(goals),
        "has_report": report is not None,
        "part": "reports" if report else "missing",
        "state": _("Submitted") if report else _("No report"),
        "by_machine": bool(report and report.by_machine),
        "text_language": report.language if report else row.language,
        **{name: getattr(report, name) if report else "" for name in TEXTS},
        "attended": "; ".join(str(person) for person in attended),
        **{name: getattr(report, name) if report else None for name in COUNTS},
        "link": settings.SITE_URL + row.get_absolute_url(),
    }


def when(row: ReleasedSession) -> str:
    """Day and hours by the clock of the edition's place."""
    if not (row.start and row.end):
        return sections.day(row.day) if row.day else ""
    start, end = (one.astimezone(row.edition.zone) for one in (row.start, row.end))
    return f"{sections.day(start.date())}, {start:%H:%M}–{end:%H:%M}"


# --- tables ---------------------------------------------------------------------------------------


def row_of(code: str, label: str, *values: Any) -> Document:
    return {"code": code, "label": label, "values": list(values)}


def counted(
    name: str, kind: str, labels: dict[str, str], codes: str, entries: list[Document]
) -> Table:
    """How many sessions, and how many of them with a report, stand under each code."""
    all_codes = [code for one in entries for code in (one[codes] or [""])]
    with_report = [
        code for one in entries if one["has_report"] for code in (one[codes] or [""])
    ]
    sessions, reports = Counter(all_codes), Counter(with_report)
    rows = [
        row_of(code, label, sessions[code], reports[code])
        for code, label in labels.items()
        if sessions[code] or kind != "each"
    ]
    if sessions[""]:
        rows.append(row_of("", _("Not stated"), sessions[""], reports[""]))
    return {
        "name": name,
        "kind": kind,
        "columns": ["sessions", "reports"],
        "rows": rows,
    }


def type_table(entries: list[Document]) -> Table:
    names = {
        one["type_code"]: one["session_type"] for one in entries if one["type_code"]
    }
    ordered = dict(sorted(names.items(), key=lambda pair: (pair[1], pair[0])))
    wrapped = [one | {"type_codes": [one["type_code"]]} for one in entries]
    return counted("session_types", "each", ordered, "type_codes", wrapped)


def line_table(entries: list[Document]) -> Table:
    lines = ActionLine.objects.filter(number__isnull=False)
    names = {line.code: joined(line.code, line.name) for line in lines}
    return counted("lines", "several", names, "line_codes", entries)


def goal_table(entries: list[Document]) -> Table:
    names = {goal.code: joined(goal.code, goal.name) for goal in SDG.objects.all()}
    return counted("goals", "several", names, "goal_codes", entries)


def registered_table(
    name: str, terms: Iterable[Any], registered: QuerySet[Registration], path: str
) -> Table:
    """Approved registrations by a vocabulary and by the way of taking part."""
    numbers: Counter[tuple[str, str]] = Counter()
    pairs = (
        registered.order_by().values_list(path, "attendance").annotate(n=Count("pk"))
    )
    for code, attendance, number in pairs:
        numbers[code or "", attendance] += number
    rows = [
        row_of(term.code, term.name, *(numbers[term.code, way] for way in WAYS))
        for term in terms
    ]
    if any(numbers["", way] for way in WAYS):
        rows.append(row_of("", _("Not stated"), *(numbers["", way] for way in WAYS)))
    columns = ["registered_on_site", "registered_remote"]
    return {"name": name, "kind": "several", "columns": columns, "rows": rows}


def matrix(entries: list[Document]) -> Table:
    """Each session with the codes of the lines and Goals that it was about."""
    rows = [
        row_of(str(one["pk"]), one["title"], one["lines"], one["goals"])
        for one in entries
    ]
    columns = ["action_lines", "sdgs"]
    return {"name": "matrix", "kind": "stated", "columns": columns, "rows": rows}


# --- what the outputs show ------------------------------------------------------------------------


def compose(scope: Scope, figures: Figures) -> Document:
    return texts.compose(figures)


def chapter_of(entry: Document) -> str:
    return str(entry["part"])


def story(entry: Document, labels: dict[str, str]) -> Document:
    """A session with its report, ready for display."""
    language = entry["text_language"]
    return {
        "title": passage(entry["title"], entry["language"], entry["link"]),
        "tag": labels["by_machine"] if entry["by_machine"] else "",
        "meta": passages(
            entry["when"],
            entry["room"],
            entry["session_type"],
            passage(entry["organizers"]),
            joined(entry["lines"]),
            f"{labels['sdgs']} {entry['goals']}" if entry["goals"] else "",
        ),
        "text": passage("", language),
        "paragraphs": written_parts(entry, labels) if entry["has_report"] else [],
        "missing": "",
        "details": [
            remark(labels[name], text)
            for name, text in (
                ("attended", entry["attended"]),
                ("participation", participation(entry, labels)),
            )
            if text
        ],
        "notes": [],
    }


def written_parts(entry: Document, labels: dict[str, str]) -> list[Document]:
    """The paragraphs of the report; the first of each part says which it is."""
    return [
        remark(labels[name] if first else "", line, entry["text_language"])
        for name in TEXTS
        for first, line in texts.paragraphs_of(entry[name])
    ]


def participation(entry: Document, labels: dict[str, str]) -> str:
    """“In the room: 80 (women 41, men 39) · Remotely: 12”."""
    parts = []
    for whole in ("on_site", "remote"):
        if entry[whole] is None:
            continue
        known = [
            f"{labels[sex]} {entry[f'{whole}_{sex}']}"
            for sex in ("women", "men")
            if entry[f"{whole}_{sex}"] is not None
        ]
        more = f" ({', '.join(known)})" if known else ""
        parts.append(f"{labels[whole]}: {entry[whole]}{more}")
    return joined(*parts)


def all_sections(snapshot: Any, entries: list[Document]) -> list[Document]:
    parts = sections.sections(snapshot, entries, story)
    opening = chair_story(snapshot.figures["chair"], snapshot.texts["labels"])
    return [
        part | {"items": [opening]} if part["name"] == "chair" and opening else part
        for part in parts
    ]


def chair_story(summary: Document | None, labels: dict[str, str]) -> Document | None:
    if not summary:
        return None
    language = summary["language"]
    return {
        "title": passage(
            summary["name"] or labels["chair"], "en" if summary["name"] else ""
        ),
        "tag": labels["by_machine"] if summary["by_machine"] else "",
        "meta": [],
        "text": passage("", language),
        "paragraphs": [
            remark("", line, language)
            for _first, line in texts.paragraphs_of(summary["text"])
        ],
        "missing": "",
        "details": [],
        "notes": [],
    }


def document(snapshot: object, entries: list[Document]) -> Document:
    return sections.printed(snapshot, all_sections(snapshot, entries))


def page(snapshot: object, entries: list[Document]) -> Document:
    return {"sections": all_sections(snapshot, entries)}


def live(publication: Any, figures: Figures, **narrowed: str) -> str:
    return reverse("forum:agenda-all", args=[publication.edition.slug])


def machine(snapshot: Any) -> Document:
    return {
        "edition": snapshot.publication.edition.slug,
        "entries": snapshot.entries,
    }
