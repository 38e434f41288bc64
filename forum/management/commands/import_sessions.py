"""Import sessions of the Forum from a CSV file; the columns are described in docs/forum.md."""

from typing import BinaryIO

from common.sheets import ImportCommand, ImportResult
from forum.importing import import_sessions


class Command(ImportCommand):
    help = "Imports sessions of the Forum from a CSV file. Exit code 1 when a row was refused."

    def run(self, file: BinaryIO, *, dry_run: bool, only_new: bool) -> ImportResult:
        return import_sessions(file, dry_run=dry_run, only_new=only_new)
