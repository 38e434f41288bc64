"""Fills the Stocktaking database with made-up projects, up to a given number; idempotent."""

import time
from argparse import ArgumentParser
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.db.models import QuerySet
from django.db.models.expressions import DatabaseDefault
from django.utils import timezone

from accounts.user.models import User
from common.records.models import Change
from reference.action_line.models import SDG, ActionLine
from reference.country.models import Country
from reference.term.models import ActivityType, CoverageLevel, StakeholderType
from stocktaking.project.changes import RECORD_KIND
from stocktaking.project.models import Project
from stocktaking.search.index import EVERY
from stocktaking.search.models import Word
from wsis_portal.loading.seeding import Codes, SeededProject, project

BATCH = 5000  # projects or members held in memory at a time
PROJECTS, MEMBERS = 1324, 20  # in all, unless something else is asked for
OWNERS = 1000  # members who own projects
ORGANIZATIONS_PER_PROJECT = 0.05
INDEXES = ("project_words_heading", "project_words_whole")


class Command(BaseCommand):
    help = "Fills the Stocktaking database with made-up projects for measurements and demos."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--scale",
            type=int,
            help=f"projects in all; {PROJECTS}, or none with --members alone",
        )
        parser.add_argument(
            "--members", type=int, help=f"members in all; {MEMBERS} if not given"
        )
        parser.add_argument(
            "--yes", action="store_true", help="also outside DEMO and DEBUG"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not (settings.DEMO or settings.DEBUG or options["yes"]):
            raise CommandError(
                "This portal is neither a demonstration (DEMO=1) nor in debugging (DEBUG=1):"
                " made-up projects would stand beside real ones. Add --yes if you want that."
            )
        started = time.monotonic()
        scale, members = options["scale"], options["members"]
        if scale is None:
            scale = PROJECTS if members is None else 0
        with transaction.atomic():
            owners = seed_members(MEMBERS if members is None else members)
            made = seed_projects(scale, owners)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        self.stdout.write(
            f"{made} projects made, {Project.objects.count()} in all;"
            f" {time.monotonic() - started:.0f} s"
        )


def seed_members(number: int) -> list[int]:
    """Members with accounts that nobody can sign in to; returns the ids of some of their users."""
    existing = set(
        User.objects.filter(email__endswith="@seed.example").values_list(
            "email", flat=True
        )
    )
    missing = [n for n in range(number) if f"member{n}@seed.example" not in existing]
    for start in range(0, len(missing), BATCH):
        copy_members(missing[start : start + BATCH])
    seeded = User.objects.filter(email__endswith="@seed.example").order_by("pk")
    return list(seeded.values_list("pk", flat=True)[: min(number, OWNERS)])


def copy_members(numbers: list[int]) -> None:
    """Accounts and profiles by COPY; one in three agreed to be listed."""
    codes, now, unusable = read_codes(), timezone.now(), make_password(None)
    blank = User(password=unusable, first_name="Amina", date_joined=now)
    user_names = [field.attname for field in User._meta.concrete_fields]
    usual = {name: getattr(blank, name) for name in user_names}
    ids = next_ids("accounts_user", len(numbers))
    pairs = list(zip(ids, numbers, strict=True))
    people = (
        usual
        | {"id": pk, "email": f"member{n}@seed.example", "last_name": f"Otieno {n}"}
        for pk, n in pairs
    )
    copy(
        "accounts_user",
        user_names,
        ([row[name] for name in user_names] for row in people),
    )
    copy(
        "stocktaking_member",
        [
            "id",
            "user_id",
            "country_id",
            "stakeholder_type_id",
            "languages",
            "bio",
            "listed",
            "wants_news",
            "created_at",
        ],
        (
            [
                member,
                pk,
                codes.countries[n * 7 % len(codes.countries)],
                codes.stakeholder_types[n % len(codes.stakeholder_types)],
                [],
                "",
                n % 3 == 0,
                False,
                now - timedelta(minutes=n),
            ]
            for member, (pk, n) in zip(
                next_ids("stocktaking_member", len(numbers)), pairs, strict=True
            )
        ),
    )


def next_ids(table: str, count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [table, count],
        )
        return [pk for (pk,) in cursor.fetchall()]


def seed_projects(number: int, owners: list[int]) -> int:
    """Add projects up to the given number; returns how many were made."""
    missing = number - Project.objects.count()
    if missing <= 0:
        return 0
    codes = read_codes()
    first = Project.objects.filter(external_id__startswith="SEED-").count()
    organizations = max(1, int(number * ORGANIZATIONS_PER_PROJECT))
    with rebuilt_indexes(missing):
        for start in range(first, first + missing, BATCH):
            numbers = range(start, min(start + BATCH, first + missing))
            copy_projects([project(n, codes, organizations, owners) for n in numbers])
    Word.objects.refresh()
    Change.objects.create(
        kind=Change.Kind.UPDATE,
        record_kind=RECORD_KIND,
        record_id=EVERY,
        version=0,
        content_hash="",
    )
    return missing


def read_codes() -> Codes:
    """Codes of the vocabularies. Raises CommandError when they are not loaded."""

    def codes(rows: QuerySet) -> list[str]:
        keys = list(rows.order_by("pk").values_list("pk", flat=True))
        if not keys:
            raise CommandError(
                "The vocabularies are empty: run “manage.py load_reference” first."
            )
        return keys

    return Codes(
        action_lines=codes(ActionLine.objects.filter(number__isnull=False)),
        sdgs=codes(SDG.objects),
        countries=codes(Country.objects),
        stakeholder_types=codes(StakeholderType.objects),
        activity_types=codes(ActivityType.objects),
        coverage=codes(CoverageLevel.objects),
    )


def copy_projects(projects: list[SeededProject]) -> None:
    """Write projects and their relations by COPY, in the order of the columns."""
    blank = Project(created_at=timezone.now(), updated_at=timezone.now())
    usual = {}
    for field in Project._meta.concrete_fields:
        value = getattr(blank, field.attname)
        if not isinstance(value, DatabaseDefault):  # the database gives each its number
            usual[field.attname] = field.get_prep_value(value)
    names = list(usual)
    ids = next_ids("stocktaking_project", len(projects))
    rows = [
        usual | made.columns | {"id": pk}
        for pk, made in zip(ids, projects, strict=True)
    ]
    copy("stocktaking_project", names, ([row[name] for name in names] for row in rows))
    copy(
        "stocktaking_project_other_action_lines",
        ["project_id", "actionline_id"],
        (
            [pk, code]
            for pk, p in zip(ids, projects, strict=True)
            for code in p.other_action_lines
        ),
    )
    copy(
        "stocktaking_project_sdgs",
        ["project_id", "sdg_id"],
        ([pk, code] for pk, p in zip(ids, projects, strict=True) for code in p.sdgs),
    )


def copy(table: str, names: list[str], rows: Iterable[list[Any]]) -> None:
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} ({', '.join(names)}) FROM STDIN") as target,
    ):
        for row in rows:
            target.write_row(row)


class rebuilt_indexes:  # noqa: N801  (reads as a verb after `with`)
    """For many rows the text indexes are dropped first and built at the end, which is quicker."""

    def __init__(self, rows: int) -> None:
        self.many = rows > BATCH
        self.statements: list[str] = []

    def __enter__(self) -> None:
        if self.many:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT indexdef FROM pg_indexes WHERE indexname = ANY(%s)",
                    [list(INDEXES)],
                )
                self.statements = [statement for (statement,) in cursor.fetchall()]
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                for name in INDEXES:
                    cursor.execute(f"DROP INDEX {name}")
                # left immediate, the feed would look at each row by itself
                cursor.execute("SET CONSTRAINTS ALL DEFERRED")

    def __exit__(self, *_error: object) -> None:
        if self.many and not any(_error):
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                for statement in self.statements:
                    cursor.execute(statement)
