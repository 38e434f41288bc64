"""Import machine translations from a CSV file; the columns are described in docs/import.md."""

from typing import BinaryIO

from common.imports.command import ImportCommand
from common.imports.reader import ImportResult
from stocktaking.text.importing import import_texts


class Command(ImportCommand):
    help = "Imports machine translations from a CSV file. Exit code 1 when a row was refused."

    def run(self, file: BinaryIO, *, dry_run: bool, only_new: bool) -> ImportResult:
        return import_texts(file, dry_run=dry_run, only_new=only_new)
