"""The imports of the roadmaps, where the portal looks for them."""

from roadmap.imports.milestones import MilestoneImporter

__all__ = ["MilestoneImporter"]
