"""Imports known entries of past editions from a CSV file; docs/prizes.md describes the columns."""

from common.imports.command import ImportCommand
from prizes.entry.importing import EntryImporter


class Command(ImportCommand):
    help = "Imports prize entries from a CSV file. Exit code 1 when a row was refused."
    importer = EntryImporter
