"""Gathers the admin pages of the nouns, where Django looks for them."""

from reports.build import admin as build
from reports.output import admin as output
from reports.publication import admin as publication
from reports.schedule import admin as schedule

__all__ = ["build", "output", "publication", "schedule"]
