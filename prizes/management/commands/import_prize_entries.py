"""Imports known entries of past editions from a CSV file; docs/prizes.md describes the columns."""

from typing import BinaryIO

from common.imports.command import ImportCommand
from common.imports.reader import ImportResult
from prizes.entry.importing import import_prize_entries


class Command(ImportCommand):
    help = "Imports prize entries from a CSV file. Exit code 1 when a row was refused."

    def run(self, file: BinaryIO, *, dry_run: bool, only_new: bool) -> ImportResult:
        return import_prize_entries(file, dry_run=dry_run, only_new=only_new)
