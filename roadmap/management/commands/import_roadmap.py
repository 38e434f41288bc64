"""Import milestones from a CSV file; the columns are described in docs/roadmap.md."""

from typing import BinaryIO

from common.imports.command import ImportCommand
from common.imports.reader import ImportResult
from roadmap.imports.milestones import import_roadmap


class Command(ImportCommand):
    help = "Imports milestones from a CSV file. Exit code 1 when a row was refused."

    def run(self, file: BinaryIO, *, dry_run: bool, only_new: bool) -> ImportResult:
        return import_roadmap(file, dry_run=dry_run, only_new=only_new)
