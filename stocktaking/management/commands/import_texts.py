"""Import machine translations from a CSV file; the columns are described in docs/import.md."""

from common.imports.command import ImportCommand
from stocktaking.text.importing import TextImporter


class Command(ImportCommand):
    help = "Imports machine translations from a CSV file. Exit code 1 when a row was refused."
    importer = TextImporter
