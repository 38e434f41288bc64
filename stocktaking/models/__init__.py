from stocktaking.models.claim import Claim
from stocktaking.models.coeditor import CoEditor
from stocktaking.models.follow import Collection, Follow, Rhythm
from stocktaking.models.member import Member
from stocktaking.models.organisation import Organisation
from stocktaking.models.project import Project
from stocktaking.models.revision import Revision
from stocktaking.models.search import ProjectText, Word
from stocktaking.models.upkeep import Upkeep
from stocktaking.models.version import ProjectVersion

__all__ = [
    "Claim",
    "CoEditor",
    "Collection",
    "Follow",
    "Member",
    "Organisation",
    "Project",
    "ProjectText",
    "ProjectVersion",
    "Revision",
    "Rhythm",
    "Upkeep",
    "Word",
]
