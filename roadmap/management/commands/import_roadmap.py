"""Import milestones from a CSV file; the columns are described in docs/roadmap.md."""

from common.imports.command import ImportCommand
from roadmap.imports.milestones import MilestoneImporter


class Command(ImportCommand):
    help = "Imports milestones from a CSV file. Exit code 1 when a row was refused."
    importer = MilestoneImporter
