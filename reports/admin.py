"""Gathers the admin pages of the nouns, where Django looks for them."""

from reports.archive import admin as archive
from reports.build import admin as build
from reports.contribution import admin as contribution
from reports.feedback import admin as feedback
from reports.output import admin as output
from reports.publication import admin as publication
from reports.report import admin as report
from reports.schedule import admin as schedule

__all__ = [
    "archive",
    "build",
    "contribution",
    "feedback",
    "output",
    "publication",
    "report",
    "schedule",
]
