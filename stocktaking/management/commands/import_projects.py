"""Import projects from a CSV file; the columns are described in docs/import.md."""

from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from stocktaking.importing import import_projects
from stocktaking.models import Word


class Command(BaseCommand):
    help = "Imports projects from a CSV file. Exit code 1 when a row was refused."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="CSV file in UTF-8, at most 10 MB")
        parser.add_argument("--dry-run", action="store_true", help="check and count, write nothing")
        parser.add_argument(
            "--only-new",
            action="store_true",
            help="leave records that are there already as they are",
        )

    def handle(self, *, file: Path, dry_run: bool, only_new: bool, **options: Any) -> None:
        try:
            with file.open("rb") as rows:
                result = import_projects(rows, dry_run=dry_run, only_new=only_new)
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from error
        if result.created or result.updated:
            Word.objects.refresh()
        for refused in result.errors:
            place = f"row {refused.row}" + (f", {refused.column}" if refused.column else "")
            self.stderr.write(f"{place}: {refused.message}")
        if result.errors_left_out:
            self.stderr.write(f"… and {result.errors_left_out} more errors")
        self.stdout.write(str(result))
        if result.failed:
            raise SystemExit(1)
