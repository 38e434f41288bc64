"""Loads the records of the roadmap: what is missing is added, nothing is changed."""

import csv
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import models, transaction

from roadmap.agency.models import Agency
from roadmap.body.models import Body, Office
from roadmap.document.models import Document, Issue
from roadmap.figure.models import Figure
from roadmap.imports.milestones import MilestoneImporter
from roadmap.meeting.models import Meeting
from roadmap.milestone.models import Milestone
from roadmap.resolution.models import Paragraph, Relation, Resolution
from roadmap.roadmap.models import Roadmap

DATA = Path(settings.BASE_DIR) / "roadmap" / "data"


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(";") if part.strip()]


def add(
    model: type[models.Model], key: dict[str, Any], values: dict[str, Any]
) -> Any | None:
    """The new record, validated; None when one with this key exists."""
    if model._default_manager.filter(**key).exists():
        return None
    record = model(**key, **values)
    record.full_clean()
    record.save()
    return record


def take(row: dict[str, str], *names: str) -> dict[str, str]:
    return {name: row[name] for name in names}


class Command(BaseCommand):
    help = "Adds missing agencies, bodies, resolutions, milestones, meetings, documents, figures."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        added = self.agencies() + self.roadmaps() + self.bodies() + self.resolutions()
        with (DATA / "roadmap_items.csv").open("rb") as file:
            items = MilestoneImporter.import_file(file, only_new=True)
        added += items.created + self.meetings() + self.documents() + self.figures()
        for error in items.errors:
            self.stderr.write(f"row {error.row}, {error.column}: {error.message}")
        self.stdout.write(f"{added} records added")

    def agencies(self) -> int:
        count = 0
        for order, row in enumerate(rows("agencies")):
            values = take(row, "short", "name", "kind", "website", "source")
            extra = {"aliases": listed(row["aliases"]), "order": order}
            count += bool(add(Agency, {"code": row["code"]}, values | extra))
        return count

    def roadmaps(self) -> int:
        count = 0
        for order, row in enumerate(rows("roadmaps")):
            values = take(row, "short", "name", "description", "link", "source")
            extra = {"owner_id": row["owner"] or None, "order": order}
            count += bool(add(Roadmap, {"code": row["code"]}, values | extra))
        return count

    def bodies(self) -> int:
        offices = rows("offices")
        count = 0
        for order, row in enumerate(rows("bodies")):
            values = take(
                row, "short", "name", "description", "website", "since", "source"
            )
            body = add(Body, {"code": row["code"]}, values | {"order": order})
            if body:
                for office in (o for o in offices if o["body"] == body.pk):
                    Office.objects.create(
                        body=body,
                        agency_id=office["agency"],
                        from_date=office["from"],
                        until_date=office["until"],
                        **take(office, "role", "of", "source"),
                    )
                body.keep()
                count += 1
        return count

    def resolutions(self) -> int:
        new = []
        for row in rows("resolutions"):
            values = take(
                row, "symbol", "title", "adopted", "summary", "link", "source"
            )
            added = add(
                Resolution, {"code": row["code"]}, values | {"body_id": row["body"]}
            )
            new += [added] if added else []
        codes = {resolution.pk for resolution in new}
        for order, row in enumerate(rows("paragraphs")):
            if row["resolution"] in codes:
                paragraph = Paragraph.objects.create(
                    resolution_id=row["resolution"],
                    order=order,
                    **take(row, "number", "summary", "source"),
                )
                paragraph.asked.set(Agency.objects.filter(pk__in=listed(row["asked"])))
        for row in rows("relations"):
            if row["resolution"] in codes:
                Relation.objects.create(
                    resolution_id=row["resolution"],
                    target_id=row["target"],
                    **take(row, "kind", "source"),
                )
        for resolution in new:
            resolution.keep()
        return len(new)

    def meetings(self) -> int:
        count = 0
        for row in rows("meetings"):
            milestone = Milestone.objects.filter(
                roadmap__short=row["track"], title=row["title"]
            ).first()
            values = take(row, "end", "place", "link", "source")
            meeting = add(
                Meeting,
                take(row, "title", "start"),
                values | {"body_id": row["body"], "milestone": milestone},
            )
            if meeting:
                meeting.keep()
                count += 1
        return count

    def documents(self) -> int:
        new: dict[str, Document] = {}
        for row in rows("documents"):
            begins = row["milestone"]
            milestone = (
                Milestone.objects.filter(title__startswith=begins).first()
                if begins
                else None
            )
            values = {
                "issuer_id": row["issuer"],
                "note": row["note"],
                "source": row["source"],
            }
            added = add(
                Document, {"title": row["title"]}, values | {"milestone": milestone}
            )
            new |= {row["title"]: added} if added else {}
            if row["title"] in new:
                Issue.objects.create(
                    document=new[row["title"]],
                    **take(row, "label", "date", "link", "source"),
                )
        for document in new.values():
            document.keep()
        return len(new)

    def figures(self) -> int:
        count = 0
        for row in rows("figures"):
            key = take(row, "subject", "as_of", "written")
            figure = add(Figure, key, take(row, "value", "note", "link", "source"))
            if figure:
                figure.keep()
                count += 1
        return count
