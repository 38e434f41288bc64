"""Gathers the admin pages of the nouns, where Django looks for them."""

from roadmap.agency import admin as agency
from roadmap.body import admin as body
from roadmap.document import admin as document
from roadmap.figure import admin as figure
from roadmap.meeting import admin as meeting
from roadmap.milestone import admin as milestone
from roadmap.position import admin as position
from roadmap.resolution import admin as resolution
from roadmap.review import admin as line
from roadmap.roadmap import admin as roadmap

__all__ = [
    "agency",
    "body",
    "document",
    "figure",
    "line",
    "meeting",
    "milestone",
    "position",
    "resolution",
    "roadmap",
]
