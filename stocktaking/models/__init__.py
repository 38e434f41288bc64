from stocktaking.models.member import Member
from stocktaking.models.organisation import Organisation
from stocktaking.models.project import Project, ProjectVersion
from stocktaking.models.search import ProjectText, Word

__all__ = ["Member", "Organisation", "Project", "ProjectText", "ProjectVersion", "Word"]
