"""Import sessions of the Forum from a CSV file; the columns are described in docs/forum.md."""

from typing import Any

from django.core.management.base import CommandParser

from common.imports.command import ImportCommand
from forum.imports.importer import DraftSessionImporter, SessionImporter


class Command(ImportCommand):
    help = "Imports sessions of the Forum from a CSV file. Exit code 1 when a row was refused."
    importer = SessionImporter

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--draft",
            action="store_true",
            help="load the rows as drafts of the desk: nothing is published, no source is needed",
        )

    def handle(self, **options: Any) -> None:
        if options.pop("draft"):
            self.importer = DraftSessionImporter  # type: ignore[misc]  # for this run
        super().handle(**options)
