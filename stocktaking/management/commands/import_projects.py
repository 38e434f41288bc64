"""Import projects from a CSV file; the columns are described in docs/import.md."""

from typing import BinaryIO

from common.imports.command import ImportCommand
from common.imports.reader import ImportResult
from stocktaking.imports.importer import ProjectImporter
from stocktaking.search.models import Word


class Command(ImportCommand):
    help = "Imports projects from a CSV file. Exit code 1 when a row was refused."
    importer = ProjectImporter

    def run(self, file: BinaryIO, *, dry_run: bool, only_new: bool) -> ImportResult:
        result = super().run(file, dry_run=dry_run, only_new=only_new)
        if result.created or result.updated:
            Word.objects.refresh()
        return result
