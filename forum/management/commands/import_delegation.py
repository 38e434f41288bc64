"""Import the members of a delegation from a CSV file; docs/forum.md describes the columns."""

from common.imports.command import ImportCommand
from forum.registration.importing import DelegationImporter


class Command(ImportCommand):
    help = "Registers the members of a delegation. Exit code 1 when a row was refused."
    importer = DelegationImporter
