"""Import sessions of the Forum from a CSV file; the columns are described in docs/forum.md."""

from typing import Any, BinaryIO

from django.core.management.base import CommandParser

from common.imports.command import ImportCommand
from common.imports.reader import ImportResult
from forum.imports.importer import import_sessions


class Command(ImportCommand):
    help = "Imports sessions of the Forum from a CSV file. Exit code 1 when a row was refused."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--draft",
            action="store_true",
            help="load the rows as drafts of the desk: nothing is published, no source is needed",
        )

    def handle(self, **options: Any) -> None:
        self.draft = options.pop("draft")
        super().handle(**options)

    def run(self, file: BinaryIO, *, dry_run: bool, only_new: bool) -> ImportResult:
        return import_sessions(
            file, dry_run=dry_run, only_new=only_new, draft=self.draft
        )
