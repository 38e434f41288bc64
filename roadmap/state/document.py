"""The state of the roadmap at a date, as plain data in the order of the Council document.

What was public at the end of that day (UTC) comes from stored versions, so the answer for a past
day never changes. What existed, had happened or had been announced by then but was entered later is
marked (`recorded_later`). docs/roadmap.md describes the format.
"""

import datetime
from collections import defaultdict
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from common.records.models import PublicRecord, RecordVersion
from roadmap.agency.models import Agency
from roadmap.body.models import Body
from roadmap.document.models import Document
from roadmap.figure.models import Figure
from roadmap.meeting.models import Meeting
from roadmap.milestone.date_changes import DateChange
from roadmap.milestone.models import Milestone
from roadmap.milestone.workflow import Status
from roadmap.position.completion import standing
from roadmap.position.freshness import freshness
from roadmap.position.models import PositionVersion, ReconciliationNote
from roadmap.record import dates
from roadmap.resolution.models import Resolution
from roadmap.roadmap.models import Roadmap

Entry = dict[str, Any]
KINDS: tuple[type[PublicRecord], ...] = (
    Milestone,
    Resolution,
    Meeting,
    Figure,
    Document,
    Body,
)
# Sections by body, and for all other bodies by roadmap; other roadmaps belong to the joint process.
BY_BODY = {
    "WSIS-FORUM": "forum",
    "STOCKTAKING": "stocktaking",
    "PRIZES": "stocktaking",
    "ACTION-LINES": "action_lines",
}
BY_ROADMAP = {
    "MANDATE": "mandate",
    "UNGIS": "international",
    "REGIONAL": "international",
    "FOLLOW-UP": "follow_up",
}


def state_document(at: datetime.date, language: str) -> dict[str, Any]:
    """The whole document: `{"at", "language", "built_at", "sections": [...]}`.

    Each section has `key`, `title` and `items`; items are plain dicts (docs/roadmap.md).
    """
    with translation.override(language):
        kept = entries_at(at)
        milestones = [_milestone(entry, at) for entry in kept["milestone"]]
        _add_positions(milestones, at)
        _add_notes(milestones, at)
        _add_date_changes(milestones, at)
        return {
            "at": at.isoformat(),
            "language": language,
            "built_at": timezone.now().isoformat(),
            "sections": _sections(kept, milestones),
        }


def entries_at(at: datetime.date) -> dict[str, list[Entry]]:
    """Kind of record → contents that were public at the end of the day, each with `id`, `version`,
    `recorded_at` and `recorded_later`; milestones in order of time."""
    entries_by_kind: dict[str, list[Entry]] = defaultdict(list)
    versions = RecordVersion.objects.of_models(*KINDS)
    existing: set[tuple[str, str]] = set()
    for version in versions.as_of(at):
        existing.add((version.record_kind, version.record_id))
        if version.content.get("status", Status.PUBLISHED) == Status.PUBLISHED:
            entries_by_kind[version.model_name].append(_entry(version, later=False))
    later = [
        v
        for v in versions.filter(version=1)
        if (v.record_kind, v.record_id) not in existing
    ]
    beginnings = _first_mentions(later)
    for version in later:
        entry = _entry(version, later=True)
        if _began(version.model_name, entry, beginnings, at):
            entries_by_kind[version.model_name].append(entry | _as_of(entry, at))
    for entries in entries_by_kind.values():
        entries.sort(key=_place_in_time)
    return entries_by_kind


def _place_in_time(entry: Entry) -> tuple[str, str]:
    written = entry.get("start") or entry.get("adopted") or ""
    return dates.sort_key(written), entry["id"].zfill(20)


def _is_by(written: str, at: datetime.date) -> bool:
    """Whether a partial date may have come by that day."""
    return bool(written) and dates.parse(written).first <= at


def _first_mentions(versions: list[RecordVersion]) -> dict[str, list[str]]:
    """Body → dates of what it decided, held or began, which show that it existed by then."""
    dates: dict[str, list[str]] = defaultdict(list)
    for version in versions:
        content = version.content
        if body := content.get("body_id"):
            dates[body].append(content.get("start") or content.get("adopted") or "")
    return dates


def _began(
    kind: str, entry: Entry, mentions: dict[str, list[str]], at: datetime.date
) -> bool:
    """Whether what was entered later existed, had begun or had been announced by that day."""
    if kind == "milestone":
        written = [entry["start"], entry.get("announced", "")]
    elif kind == "document":
        written = [issue[1] for issue in entry["issues"]]
    elif kind == "body":
        offices = [office["from"] for office in entry["offices"]]
        since = entry.get("since", "")
        written = [since] if since else [*offices, *mentions[entry["code"]]]
    else:
        names = {"resolution": "adopted", "figure": "as_of"}
        written = [entry[names.get(kind, "start")]]
    return any(_is_by(one, at) for one in written)


def _as_of(entry: Entry, at: datetime.date) -> Entry:
    """Of a record entered later: the versions of a document and the offices of that day."""
    as_of: Entry = {}
    if "issues" in entry:
        as_of["issues"] = [i for i in entry["issues"] if not i[1] or _is_by(i[1], at)]
    if "offices" in entry:
        as_of["offices"] = [
            office for office in entry["offices"] if _is_held(office, at)
        ]
    return as_of


def _is_held(office: dict[str, str], at: datetime.date) -> bool:
    """Whether the office was held on that day, as far as its dates show."""
    over = bool(office["until"]) and dates.parse(office["until"]).last < at
    return not over and (not office["from"] or _is_by(office["from"], at))


def _entry(version: RecordVersion, *, later: bool) -> Entry:
    return version.content | {
        "id": version.record_id,
        "version": version.version,
        "recorded_at": version.at.date().isoformat(),
        "recorded_later": later,
    }


def _milestone(entry: Entry, at: datetime.date) -> Entry:
    """A milestone with names beside its codes."""
    labels = dict(Milestone.Progress.choices)
    progress = progress_at(entry, at)
    return entry | {
        "progress": progress,
        "progress_label": str(labels[progress]) if progress else "",
        "kind_label": str(dict(Milestone.Kind.choices)[entry["kind"]]),
        "when": dates.span(entry["start"], entry["end"]),
        "baseline": dates.span(entry["baseline_start"], entry["baseline_end"]),
        "moved": (entry["start"], entry["end"])
        != (entry["baseline_start"], entry["baseline_end"]),
        "positions": [],
        "notes": [],
        "date_changes": [],
        "completion": "",
        "completion_label": "",
        "disagreement": False,
    }


def progress_at(entry: Entry, at: datetime.date) -> str:
    """The progress at that time. For a record entered later it follows from the dates: planned
    before its first day, done after its last if it is done now, and "" in between."""
    if not entry["recorded_later"]:
        return str(entry["progress"])
    if dates.parse(entry["start"]).first > at:
        return Milestone.Progress.PLANNED.value
    is_over = dates.parse(entry["end"] or entry["start"]).last <= at
    is_done = is_over and entry["progress"] == Milestone.Progress.DONE
    return Milestone.Progress.DONE.value if is_done else ""


def _add_positions(milestones: list[Entry], at: datetime.date) -> None:
    """The positions published at that time, and their joint result."""
    end = end_of(at)
    labels = dict(PositionVersion.Completion.choices)
    by_id = {int(m["id"]): m for m in milestones}
    rows = (
        PositionVersion.objects.as_of(at)
        .filter(milestone__in=by_id)
        .select_related("agency")
    )
    rows = rows.prefetch_related("evidence__issue")
    for position in rows.order_by("agency__order", "agency"):
        by_id[position.milestone_id]["positions"].append(
            {
                "agency": position.agency_id,
                "agency_name": position.agency.short,
                "version": position.version,
                "completion": position.completion,
                "completion_label": str(labels[position.completion]),
                "text": position.text,
                "language": position.language,
                "expected": position.expected,
                "published_at": position.published_at.date().isoformat()
                if position.published_at
                else "",
                "freshness": freshness(position.published_at, end).value,
                "freshness_label": str(freshness(position.published_at, end).label),
                "evidence": [[e.label, e.address] for e in position.evidence.all()],
            }
        )
    for milestone in milestones:
        standing_of_all = standing([p["completion"] for p in milestone["positions"]])
        milestone["completion"], milestone["disagreement"] = standing_of_all
        milestone["completion_label"] = (
            str(labels[standing_of_all.completion])
            if standing_of_all.completion
            else ""
        )


def _add_notes(milestones: list[Entry], at: datetime.date) -> None:
    """The secretariat's notes on disagreements at that time, newest first."""
    by_id = {int(m["id"]): m for m in milestones}
    rows = ReconciliationNote.objects.filter(milestone__in=by_id, at__lte=end_of(at))
    for note in rows.order_by("-at", "-pk"):
        by_id[note.milestone_id]["notes"].append(
            {"text": note.text, "at": note.at.date().isoformat()}
        )


def _add_date_changes(milestones: list[Entry], at: datetime.date) -> None:
    """The changes of public dates up to that time, newest first."""
    by_id = {int(m["id"]): m for m in milestones}
    rows = DateChange.objects.filter(milestone__in=by_id, at__lte=end_of(at))
    for change in rows.order_by("-at", "-pk"):
        by_id[change.milestone_id]["date_changes"].append(
            {"before": change.before, "after": change.after, "reason": change.reason}
        )


def end_of(day: datetime.date) -> datetime.datetime:
    """The last moment of a day (UTC)."""
    return datetime.datetime.combine(day, datetime.time.max, datetime.UTC)


def _sections(
    kept: dict[str, list[Entry]], milestones: list[Entry]
) -> list[dict[str, Any]]:
    """The parts of the Council document in their order; each milestone is in one of them."""
    _add_names(kept, milestones)
    parts: dict[str, list[Entry]] = defaultdict(list)
    listed = {resolution["id"] for resolution in kept["resolution"]}
    for milestone in milestones:
        part = part_of(milestone)
        if part == "mandate":
            # a mandate is a resolution, told there unless there is no resolution for it
            part = "" if listed & set(milestone["resolutions"]) else "joint"
        milestone["part"] = part
        parts[part].append(milestone)
    by_id = {m["id"]: m for m in milestones}
    documents: dict[str, list[Entry]] = defaultdict(list)
    for document in kept["document"]:
        origin = by_id.get(str(document["milestone_id"] or ""))
        documents[origin["part"] if origin and origin["part"] else "joint"].append(
            document
        )
    titles = {
        "purpose": _("Purpose"),
        "resolutions": _("Relevant ITU and United Nations resolutions"),
        "forum": _("WSIS Forum"),
        "stocktaking": _("Stocktaking and Prizes"),
        "joint": _("Joint preparatory process"),
        "international": _("International and regional activities"),
        "action_lines": _("Action lines"),
        "follow_up": _("Follow-up to the review"),
        "meetings": _("Annex: consultative meetings"),
    }
    sections: list[dict[str, Any]] = [
        {"key": key, "title": title, "items": parts[key], "documents": documents[key]}
        for key, title in titles.items()
    ]
    more: dict[str, dict[str, Any]] = {
        "resolutions": {"items": kept["resolution"]},
        "stocktaking": {"figures": kept["figure"]},
        "international": {"bodies": [b for b in kept["body"] if b["description"]]},
        "meetings": {"items": kept["meeting"]},
    }
    return [section | more.get(section["key"], {}) for section in sections]


def part_of(milestone: Entry) -> str:
    """The section of the document for a milestone."""
    by_body = BY_BODY.get(milestone["body_id"])
    if by_body in ("forum", "stocktaking"):
        return by_body
    if by_body or milestone["action_lines"]:
        return "action_lines"
    return BY_ROADMAP.get(milestone["roadmap_id"], "joint")


def _add_names(kept: dict[str, list[Entry]], milestones: list[Entry]) -> None:
    """Names beside the codes, and dates in words."""
    roadmaps = {r.pk: str(r.label) for r in Roadmap.objects.all()}
    bodies = dict(Body.objects.values_list("pk", "short"))
    agencies = dict(Agency.objects.values_list("pk", "short"))
    for entry in [*milestones, *kept["resolution"], *kept["meeting"]]:
        entry["roadmap_name"] = roadmaps.get(entry.get("roadmap_id", ""), "")
        entry["body_name"] = bodies.get(entry["body_id"], "")
        entry["lead_name"] = agencies.get(entry.get("lead_id") or "", "")
    for entry in kept["resolution"]:
        entry["when"] = str(dates.parse(entry["adopted"]))
    for entry in kept["meeting"]:
        entry["when"] = dates.span(entry["start"], entry["end"])
    for entry in kept["figure"]:
        entry["subject_label"] = str(dict(Figure.Subject.choices)[entry["subject"]])
        entry["when"] = str(dates.parse(entry["as_of"]))
