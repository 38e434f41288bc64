from stocktaking.models.batch import Batch, BatchItem
from stocktaking.models.conversation import Message, Reminder
from stocktaking.models.desk import Claim, Reason, ReasonText, SavedView
from stocktaking.models.member import Member
from stocktaking.models.organisation import Organisation
from stocktaking.models.project import Project
from stocktaking.models.revision import Revision
from stocktaking.models.screening import Screening, WebsiteCheck
from stocktaking.models.search import ProjectText, Word
from stocktaking.models.trust import OrganisationTrust
from stocktaking.models.version import ProjectVersion

__all__ = [
    "Batch",
    "BatchItem",
    "Claim",
    "Member",
    "Message",
    "Organisation",
    "OrganisationTrust",
    "Project",
    "ProjectText",
    "ProjectVersion",
    "Reason",
    "ReasonText",
    "Reminder",
    "Revision",
    "SavedView",
    "Screening",
    "WebsiteCheck",
    "Word",
]
