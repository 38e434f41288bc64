from stocktaking.models.follow import Collection, Follow, Rhythm
from stocktaking.models.import_job import ImportedRecord, ImportJob
from stocktaking.models.member import Member
from stocktaking.models.organisation import Organisation
from stocktaking.models.project import Project
from stocktaking.models.reminder import DraftReminder
from stocktaking.models.role import OrganisationDomain, OrganisationRole
from stocktaking.models.search import ProjectText, Word
from stocktaking.models.version import ProjectVersion

__all__ = [
    "Collection", "DraftReminder", "Follow", "ImportJob", "ImportedRecord", "Member",
    "Organisation", "OrganisationDomain", "OrganisationRole", "Project", "ProjectText",
    "ProjectVersion", "Rhythm", "Word",
]  # fmt: skip
