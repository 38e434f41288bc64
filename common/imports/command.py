"""The command that imports a file, for each kind of import."""

from pathlib import Path
from typing import Any, BinaryIO, ClassVar

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from common.imports.importer import Importer
from common.imports.reader import MAX_BYTES, ImportResult


class ImportCommand(BaseCommand):
    """`manage.py import_<records> FILE [--dry-run] [--only-new]`; the app names the importer.

    The last line is `N created, N updated, N unchanged, N failed`; exit code 1 when a row failed.
    """

    importer: ClassVar[type[Importer[Any]]]

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
        return self.importer.import_file(file, dry_run=dry_run, only_new=only_new)

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
