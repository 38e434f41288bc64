"""The command that imports a file, and the lock that keeps a second import out."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils.translation import gettext as _

from common.imports.reader import MAX_BYTES, ImportResult
from common.locks.advisory import Lock


@contextmanager
def only_import(lock: Lock) -> Iterator[None]:
    """Keep a second import out: two at once could both create the same record.

    `lock` is the one of this importer.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [lock.value])
        if not cursor.fetchone()[0]:
            raise ValidationError(
                _("Another import is running. Try again when it has finished."),
                code="busy",
            )
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [lock.value])


class ImportCommand(BaseCommand):
    """`manage.py import_<records> FILE [--dry-run] [--only-new]`; the app says what to run.

    The last line is `N created, N updated, N unchanged, N failed`; exit code 1 when a row failed.
    """

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file", type=Path, help=f"CSV file, at most {MAX_BYTES // 1024**2} MB"
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="check and count, write nothing"
        )
        parser.add_argument(
            "--only-new",
            action="store_true",
            help="leave records that are there already as they are",
        )

    def run(self, file: BinaryIO, *, dry_run: bool, only_new: bool) -> ImportResult:
        raise NotImplementedError

    def handle(
        self, *, file: Path, dry_run: bool, only_new: bool, **options: Any
    ) -> None:
        try:
            with file.open("rb") as rows:
                result = self.run(rows, dry_run=dry_run, only_new=only_new)
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from error
        for refused in result.errors:
            place = f"row {refused.row}" + (
                f", {refused.column}" if refused.column else ""
            )
            self.stderr.write(f"{place}: {refused.message}")
        if result.errors_left_out:
            self.stderr.write(f"… and {result.errors_left_out} more errors")
        self.stdout.write(str(result))
        if result.failed:
            raise SystemExit(1)
