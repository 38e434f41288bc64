from stocktaking.models.follow import Collection, Follow, Rhythm
from stocktaking.models.member import Member
from stocktaking.models.organisation import Organisation
from stocktaking.models.project import Project
from stocktaking.models.search import ProjectText, Word
from stocktaking.models.version import ProjectVersion

__all__ = [
    "Collection",
    "Follow",
    "Member",
    "Organisation",
    "Project",
    "ProjectText",
    "ProjectVersion",
    "Rhythm",
    "Word",
]
