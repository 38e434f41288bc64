from stocktaking.models.member import Member
from stocktaking.models.organisation import Organisation
from stocktaking.models.project import Project, ProjectVersion

__all__ = ["Member", "Organisation", "Project", "ProjectVersion"]
