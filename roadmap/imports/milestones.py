"""Import of milestones, and the export in the same shape."""

from collections.abc import Iterator
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.session.requests import secretariat_only
from common.imports.columns import Wanted
from common.imports.importer import Importer, register
from common.imports.storing import Changed, Made, read_anew
from common.locks.advisory import Lock
from common.moves.models import StatusChange
from common.records.models import Change
from common.tables.csv_files import csv_text
from common.text.folding import fold
from roadmap.imports.rows import MILESTONE_COLUMNS
from roadmap.milestone.date_changes import DateChange
from roadmap.milestone.models import CONTENT, Milestone, Partner
from roadmap.milestone.workflow import Status

RELATIONS = ("action_lines", "sdgs", "resolutions")
PERIOD = frozenset({"start", "end"})


def name_key(roadmap: str, title: str) -> tuple[str, str]:
    """What tells two milestones apart when the row names no id."""
    return roadmap, fold(title)


def links_of(milestone: Milestone) -> dict[str, list[str]]:
    """Keys by name of the relation, as rows of a file have them; relations are prefetched."""
    links: dict[str, list[str]] = {role: [] for role in Partner.Role.values}
    for partner in milestone.partnerships.all():
        links[partner.role].append(partner.agency_id)
    return links | {
        name: [row.pk for row in getattr(milestone, name).all()] for name in RELATIONS
    }


@register
class MilestoneImporter(Importer[Milestone]):
    kind: ClassVar[str] = "milestones"
    title = gettext_lazy("Import milestones")
    permission: ClassVar[str] = "roadmap.change_milestone"
    model = Milestone
    columns = MILESTONE_COLUMNS
    links = RELATIONS
    lock = Lock.ROADMAP_IMPORT
    guard = secretariat_only
    withdrawal = "withdraw"
    repeated = gettext_lazy("Row %(row)d already contains this milestone.")

    def begin(self) -> None:
        names = Milestone.objects.values_list("pk", "roadmap", "title")
        self.by_name = {name_key(roadmap, title): pk for pk, roadmap, title in names}
        self.ids = set(self.by_name.values())

    def check_record(self, record: Milestone, wanted: Wanted) -> None:
        if record.start:
            record.clean()

    # --- which milestone ---

    @staticmethod
    def _name(wanted: Wanted) -> tuple[str, str]:
        return name_key(wanted.fields["roadmap_id"], wanted.fields["title"])

    def prepare(self, batch: list[Wanted]) -> None:
        keys = {
            wanted.more.get("id") or self.by_name.get(self._name(wanted))
            for wanted in batch
        }
        milestones = Milestone.objects.select_for_update().defer("words")
        rows = milestones.prefetch_related("partnerships", *RELATIONS)
        self.standing = rows.in_bulk(list(keys - {None}))

    def find(self, wanted: Wanted) -> Milestone | None:
        pk, name = wanted.more.get("id"), self._name(wanted)
        if pk and pk not in self.ids:
            sentence = _("There is no milestone with this identifier.")
            raise ValidationError({"id": sentence})
        namesake = self.by_name.get(name)
        if pk and namesake not in (None, pk):
            raise ValidationError(
                _("This roadmap already has a milestone with this title.")
            )
        pk = pk or namesake
        self.require_once(wanted, ("name", name), ("id", pk or name))
        return self.standing[pk] if pk else None

    def build(self, wanted: Wanted) -> Milestone:
        """What a file brings has a source and is public at once."""
        milestone = Milestone(
            **wanted.fields, status=Status.PUBLISHED, published_at=timezone.now()
        )
        milestone.set_days()
        milestone.baseline_start = milestone.start
        milestone.baseline_end = milestone.end
        return milestone

    def links_of(self, record: Milestone) -> dict[str, list[Any]]:
        return links_of(record)

    def require_changeable(self, record: Milestone, change: Changed[Milestone]) -> None:
        if change.fields.keys() & PERIOD:
            record.require_reason(change.wanted.more.get("reason", ""))

    # --- writing ---

    def update(self, changed: list[Changed[Milestone]]) -> None:
        for one in changed:
            if one.fields.keys() & PERIOD:
                one.record.set_days()
                one.fields["starts_on"] = one.record.starts_on
                one.fields["ends_on"] = one.record.ends_on
        super().update(changed)

    def created(self, made: list[Made[Milestone]]) -> None:
        for role in Partner.Role.values:
            pairs = [(one.record, one.wanted.links.get(role, [])) for one in made]
            self.write_links(role, pairs)
        milestones = [one.record for one in made]
        StatusChange.objects.bulk_create(
            StatusChange(
                record_kind="roadmap.milestone",
                record_id=milestone.pk,
                move="import",
                source=Status.DRAFT,
                target=Status.PUBLISHED,
                by=self.by,
            )
            for milestone in milestones
        )
        self._publish(milestones, Change.Kind.CREATE)

    def changed(self, changed: list[Changed[Milestone]]) -> None:
        DateChange.objects.bulk_create(
            self._date_change(one)
            for one in changed
            if one.fields.keys() & PERIOD and one.record.status != Status.DRAFT
        )
        published = [
            one.record for one in changed if one.record.status == Status.PUBLISHED
        ]
        self._publish(published, Change.Kind.UPDATE)

    def _date_change(self, change: Changed[Milestone]) -> DateChange:
        """A public date that changed, with what it was before and the reason."""
        record, before = change.record, change.before["fields"]
        return DateChange(
            milestone=record,
            old_start=before.get("start", record.start),
            old_end=before.get("end", record.end),
            new_start=record.start,
            new_end=record.end,
            reason=change.wanted.more.get("reason", "").strip() or self.undo_note,
            by=self.by,
        )

    def _publish(self, milestones: list[Milestone], kind: str) -> None:
        read_anew(milestones, CONTENT)
        Milestone.record_changes(milestones, kind, by=self.by)

    def write_links(
        self,
        name: str,
        pairs: list[tuple[Milestone, list[Any]]],
        *,
        is_new: bool = True,
    ) -> None:
        if name not in Partner.Role.values:
            super().write_links(name, pairs, is_new=is_new)
            return
        if not is_new:
            keys = [milestone.pk for milestone, _codes in pairs]
            Partner.objects.filter(milestone__in=keys, role=name).delete()
        Partner.objects.bulk_create(
            Partner(milestone=milestone, agency_id=code, role=name)
            for milestone, codes in pairs
            for code in dict.fromkeys(codes)
        )


def export_rows(milestones: models.QuerySet[Milestone]) -> Iterator[str]:
    """Lines of a CSV file that import_roadmap takes back without a change; header first."""
    names = [column.name for column in MILESTONE_COLUMNS]
    columns = ["id", *(name for name in names if name != "id")]
    yield csv_text([columns])
    rows = milestones.select_related("roadmap", "body", "lead").prefetch_related(
        "partnerships__agency", *RELATIONS
    )
    for milestone in rows:
        cells = _cells(milestone)
        yield csv_text([[cells[column] for column in columns]])


def _cells(milestone: Milestone) -> dict[str, Any]:
    links = links_of(milestone)
    partners = {p.agency_id: p.agency.short for p in milestone.partnerships.all()}
    owners = [milestone.lead.short] if milestone.lead else []
    owners += [partners[code] for code in links["co_owner"]]
    return {
        "id": milestone.pk,
        "track": milestone.roadmap.short,
        "title": milestone.title,
        "kind": milestone.kind,
        "body": milestone.body.short,
        "lead_agency": "; ".join(owners),
        "start_date": milestone.start,
        "end_date": milestone.end,
        "status": milestone.progress,
        "link": milestone.link,
        "source": milestone.source,
        "summary": milestone.summary,
        "announced": milestone.announced,
        "contributors": "; ".join(partners[code] for code in links["contributor"]),
        "reason": "",
        **{name: "; ".join(links[name]) for name in RELATIONS},
    }
