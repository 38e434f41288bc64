"""Import of milestones from a CSV file, and the export in the same shape.

Good rows are saved even when others are refused; a row that changes nothing writes nothing.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, BinaryIO

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.user.models import User
from common.imports.command import only_import
from common.imports.reader import ImportResult, Row, RowError, read_rows, read_text
from common.locks.advisory import Lock
from common.moves.models import StatusChange
from common.records.models import Change
from common.tables.csv_files import csv_text
from roadmap.imports.rows import COLUMNS, EXTRA_COLUMNS, RowReader, Wanted, name_key
from roadmap.milestone.models import Milestone, Partner
from roadmap.milestone.workflow import Status

BATCH = 200  # rows of one transaction: readers of the change log wait for it
RELATIONS = ("action_lines", "sdgs", "resolutions")


def import_roadmap(
    file: BinaryIO,
    *,
    dry_run: bool = False,
    by: User | None = None,
    only_new: bool = False,
) -> ImportResult:
    """Bring the rows of a CSV file into the roadmaps.

    `by` is the person who imports, None for the portal itself. With `only_new`, records that
    are there already are left as they are. Raises ValidationError when the file as a whole
    cannot be read (too large, not UTF-8, wrong columns) or another import is running.
    """
    text = read_text(file)
    deque(
        read_rows(text, COLUMNS, EXTRA_COLUMNS), maxlen=0
    )  # the whole file is readable before its first row is saved
    with only_import(Lock.ROADMAP_IMPORT):
        importer = Importer(by, dry_run, only_new)
        rows = read_rows(text, COLUMNS, EXTRA_COLUMNS)
        while batch := list(islice(rows, BATCH)):
            importer.take(batch)
    return importer.result


def with_links(rows: models.QuerySet[Milestone]) -> models.QuerySet[Milestone]:
    return rows.prefetch_related("partnerships", *RELATIONS)


def links_of(milestone: Milestone) -> dict[str, list[str]]:
    """Keys by name of the relation, as rows of a file have them; relations are prefetched."""
    linked_to: dict[str, list[str]] = {role: [] for role in Partner.Role.values}
    for partner in milestone.partnerships.all():
        linked_to[partner.role].append(partner.agency_id)
    return linked_to | {
        name: [row.pk for row in getattr(milestone, name).all()] for name in RELATIONS
    }


class Importer:
    """Decides row by row what is new, changed or the same, and writes it unless `dry_run`."""

    def __init__(self, by: User | None, dry_run: bool, only_new: bool) -> None:
        self.by, self.dry_run, self.only_new = by, dry_run, only_new
        self.result = ImportResult()
        self.reader = RowReader()
        names = Milestone.objects.values_list("pk", "roadmap", "title")
        self.by_name = {name_key(roadmap, title): pk for pk, roadmap, title in names}
        self.ids = set(self.by_name.values())
        self.seen: dict[Any, int] = {}  # identity → first row that has it

    def take(self, rows: Iterable[Row | RowError]) -> None:
        """Bring in one batch of rows, in one transaction."""
        read = [pair for row in rows if (pair := self._understand(row))]
        with transaction.atomic():
            known = with_links(Milestone.objects.select_for_update())
            standing = known.in_bulk([pk for _wanted, pk in read if pk])
            for wanted, pk in read:
                if pk:
                    self._meet(standing[pk], wanted)
                else:
                    self._create(wanted)

    def _understand(self, row: Row | RowError) -> tuple[Wanted, int | None] | None:
        """What a row wants and the milestone it means; None when it was refused."""
        wanted = [row] if isinstance(row, RowError) else self.reader.read(row)
        if isinstance(wanted, list):
            self.result.refuse(wanted)
            return None
        error = self._refusal(wanted)
        if error:
            self.result.refuse([error])
            return None
        return wanted, wanted.pk or self.by_name.get(wanted.name)

    def _refusal(self, wanted: Wanted) -> RowError | None:
        """An id that does not exist, a title that another milestone has, a row that came before."""
        if wanted.pk and wanted.pk not in self.ids:
            return RowError(
                wanted.number, "id", _("There is no milestone with this identifier.")
            )
        namesake = self.by_name.get(wanted.name)
        if wanted.pk and namesake not in (None, wanted.pk):
            return RowError(
                wanted.number,
                "title",
                _("This roadmap already has a milestone with this title."),
            )
        identities = {
            ("name", wanted.name),
            ("id", wanted.pk or namesake or wanted.name),
        }
        first = min(
            self.seen.setdefault(identity, wanted.number) for identity in identities
        )
        if first != wanted.number:
            return RowError(
                wanted.number,
                "title",
                _("Row %(row)d already contains this milestone.") % {"row": first},
            )
        return None

    def _create(self, wanted: Wanted) -> None:
        """What a file brings has a source and is public at once."""
        self.result.created += 1
        if self.dry_run:
            return
        milestone = Milestone(
            **wanted.fields, status=Status.PUBLISHED, published_at=timezone.now()
        )
        milestone.save()
        milestone.set_links(wanted.links)
        StatusChange.objects.create(
            record_kind="roadmap.milestone",
            record_id=milestone.pk,
            move="import",
            source=Status.DRAFT,
            target=Status.PUBLISHED,
            by=self.by,
        )
        milestone.record_change(Change.Kind.CREATE, by=self.by)

    def _meet(self, milestone: Milestone, wanted: Wanted) -> None:
        """A record that stands already: changed only where the row says something else."""
        fields = {
            name: value
            for name, value in wanted.fields.items()
            if getattr(milestone, name) != value
        }
        standing = links_of(milestone)
        links = {
            n: keys for n, keys in wanted.links.items() if set(standing[n]) != set(keys)
        }
        if self.only_new or not (fields or links):
            self.result.unchanged += 1
            return
        try:
            with transaction.atomic():
                milestone.revise(fields, links, self.by, wanted.reason)
                if self.dry_run:
                    transaction.set_rollback(True)
        except ValidationError as error:
            errors = error.message_dict
            self.result.refuse(
                [RowError(wanted.number, c, " ".join(t)) for c, t in errors.items()]
            )
        else:
            self.result.updated += 1


def export_rows(milestones: models.QuerySet[Milestone]) -> Iterator[str]:
    """Lines of a CSV file that import_roadmap takes back without a change; header first."""
    columns = ("id", *COLUMNS, *EXTRA_COLUMNS[1:])
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
