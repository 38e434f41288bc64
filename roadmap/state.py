"""The state of the roadmap at a date, as plain data in the order of the Council document.

What was public at the end of that day (UTC) comes from kept versions, so that the answer for a past
day never changes. What happened by then but was entered later is told apart (`recorded_later`).
docs/roadmap.md describes the shape.
"""

import datetime
from collections import defaultdict
from typing import Any

from django.db import models
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from roadmap import dates
from roadmap.models import (
    Agency,
    Body,
    Document,
    Figure,
    Meeting,
    Milestone,
    PositionVersion,
    ReconciliationNote,
    RecordVersion,
    Resolution,
    Roadmap,
)
from roadmap.models.record import PublicRecord
from roadmap.standing import freshness, standing
from roadmap.workflow import Status

Entry = dict[str, Any]
# Kinds of record and the field of their content that says from when on they are facts.
KINDS: dict[type[PublicRecord], str] = {
    Milestone: "start",
    Resolution: "adopted",
    Meeting: "start",
    Figure: "as_of",
    Document: "",
    Body: "",
}
FORUM, STOCKTAKING, JOINT, REGIONS = (
    {"WSIS-FORUM"},
    {"STOCKTAKING", "PRIZES"},
    {"CSTD", "UNESCO", "GA"},
    {"UNGIS", "REGIONAL"},
)


def state_document(at: datetime.date, language: str) -> dict[str, Any]:
    """The whole document: `{"at", "language", "built_at", "sections": [...]}`.

    Each section has `key`, `title` and `items`; items are plain dicts (docs/roadmap.md).
    """
    with translation.override(language):
        kept = entries_at(at)
        milestones = [_milestone(entry) for entry in kept["milestone"]]
        _add_positions(milestones, at)
        _add_notes(milestones, at)
        return {
            "at": at.isoformat(),
            "language": language,
            "built_at": timezone.now().isoformat(),
            "sections": _sections(kept, milestones),
        }


def entries_at(at: datetime.date) -> dict[str, list[Entry]]:
    """Kind of record → contents that were public at the end of the day, each with `id`, `version`,
    `recorded_at` and `recorded_later`; milestones in order of time."""
    found: dict[str, list[Entry]] = defaultdict(list)
    kinds = [model._meta.model_name for model in KINDS]
    known: set[tuple[str, str]] = set()
    for version in RecordVersion.objects.filter(record_kind__in=kinds).as_of(at):
        known.add((version.record_kind, version.record_id))
        if version.content.get("status", Status.PUBLISHED) == Status.PUBLISHED:
            found[version.record_kind].append(_entry(version, later=False))
    for version in _first_versions(kinds):
        if (version.record_kind, version.record_id) not in known and _was_so(version, at):
            found[version.record_kind].append(_entry(version, later=True))
    for entries in found.values():
        entries.sort(key=_place_in_time)
    return found


def _place_in_time(entry: Entry) -> tuple[str, str]:
    written = entry.get("start") or entry.get("adopted") or ""
    return dates.sort_key(written), entry["id"].zfill(20)


def _first_versions(kinds: list[Any]) -> models.QuerySet[RecordVersion]:
    return RecordVersion.objects.filter(record_kind__in=kinds, version=1)


def _was_so(version: RecordVersion, at: datetime.date) -> bool:
    """Whether a fact that was entered later had begun by that day."""
    field = next(f for model, f in KINDS.items() if model._meta.model_name == version.record_kind)
    written = version.content.get(field, "") if field else ""
    return bool(written) and dates.parse(written).first <= at


def _entry(version: RecordVersion, *, later: bool) -> Entry:
    return version.content | {
        "id": version.record_id,
        "version": version.version,
        "recorded_at": version.at.date().isoformat(),
        "recorded_later": later,
    }


def _milestone(entry: Entry) -> Entry:
    """A milestone with names beside its codes; what was entered later claims no progress."""
    labels = dict(Milestone.Progress.choices)
    progress = "" if entry["recorded_later"] else entry["progress"]
    return entry | {
        "progress": progress,
        "progress_label": str(labels[progress]) if progress else "",
        "kind_label": str(dict(Milestone.Kind.choices)[entry["kind"]]),
        "when": dates.span(entry["start"], entry["end"]),
        "baseline": dates.span(entry["baseline_start"], entry["baseline_end"]),
        "moved": (entry["start"], entry["end"]) != (entry["baseline_start"], entry["baseline_end"]),
        "positions": [],
        "notes": [],
        "completion": "",
        "completion_label": "",
        "disagreement": False,
    }


def _add_positions(milestones: list[Entry], at: datetime.date) -> None:
    """The positions that stood published then, and what they said together."""
    end = end_of(at)
    labels = dict(PositionVersion.Completion.choices)
    by_id = {int(m["id"]): m for m in milestones}
    rows = PositionVersion.objects.as_of(at).filter(milestone__in=by_id).select_related("agency")
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
            }
        )
    for milestone in milestones:
        said = standing([p["completion"] for p in milestone["positions"]])
        milestone["completion"], milestone["disagreement"] = said
        milestone["completion_label"] = str(labels[said.completion]) if said.completion else ""


def _add_notes(milestones: list[Entry], at: datetime.date) -> None:
    """What the secretariat had said by then where agencies disagree, the newest first."""
    by_id = {int(m["id"]): m for m in milestones}
    rows = ReconciliationNote.objects.filter(milestone__in=by_id, at__lte=end_of(at))
    for note in rows.order_by("-at", "-pk"):
        by_id[note.milestone_id]["notes"].append(
            {"text": note.text, "at": note.at.date().isoformat()}
        )


def end_of(day: datetime.date) -> datetime.datetime:
    """The last moment of a day (UTC)."""
    return datetime.datetime.combine(day, datetime.time.max, datetime.UTC)


def _sections(kept: dict[str, list[Entry]], milestones: list[Entry]) -> list[dict[str, Any]]:
    """The parts of the Council document in their order."""
    _add_names(kept, milestones)
    listed = FORUM | STOCKTAKING
    rest = JOINT | REGIONS | {"MANDATE"}
    lines = [
        m
        for m in milestones
        if m["action_lines"] or (m["roadmap_id"] not in rest and m["body_id"] not in listed)
    ]
    parts: list[tuple[str, str, list[Entry], dict[str, list[Entry]]]] = [
        ("purpose", _("Purpose"), [], {}),
        ("resolutions", _("Relevant ITU and United Nations resolutions"), kept["resolution"], {}),
        ("forum", _("WSIS Forum"), _of(milestones, bodies=FORUM), {}),
        (
            "stocktaking",
            _("Stocktaking and Prizes"),
            _of(milestones, bodies=STOCKTAKING),
            {"figures": kept["figure"], "documents": kept["document"]},
        ),
        ("joint", _("Joint preparatory process"), _of(milestones, roadmaps=JOINT, but=listed), {}),
        (
            "international",
            _("International and regional activities"),
            _of(milestones, roadmaps=REGIONS, but=listed),
            {"bodies": [b for b in kept["body"] if b["description"]]},
        ),
        ("action_lines", _("Action lines: milestones and follow-up"), lines, {}),
        ("meetings", _("Annex: consultative meetings"), kept["meeting"], {}),
    ]
    return [{"key": k, "title": t, "items": items} | more for k, t, items, more in parts]


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


def _of(
    milestones: list[Entry],
    *,
    bodies: set[str] | None = None,
    roadmaps: set[str] | None = None,
    but: set[str] | None = None,
) -> list[Entry]:
    return [
        m
        for m in milestones
        if (bodies is None or m["body_id"] in bodies)
        and (roadmaps is None or m["roadmap_id"] in roadmaps)
        and not (but and m["body_id"] in but)
    ]
