from stocktaking.models.attachment import Attachment
from stocktaking.models.batch import Batch, BatchItem
from stocktaking.models.claim import Claim
from stocktaking.models.coeditor import CoEditor
from stocktaking.models.conversation import Message
from stocktaking.models.desk import DeskClaim, Reason, ReasonText, SavedView
from stocktaking.models.follow import Collection, Follow, Rhythm
from stocktaking.models.import_job import ImportedRecord, ImportJob
from stocktaking.models.member import Member
from stocktaking.models.merge import Merge
from stocktaking.models.organisation import Organisation
from stocktaking.models.project import Project
from stocktaking.models.reminder import Reminder
from stocktaking.models.restructuring import Restructuring
from stocktaking.models.revision import Revision
from stocktaking.models.role import OrganisationDomain, OrganisationRole
from stocktaking.models.screening import Screening, WebsiteCheck
from stocktaking.models.search import ProjectHints, ProjectText, Word
from stocktaking.models.text import EntryText
from stocktaking.models.trust import OrganisationTrust
from stocktaking.models.upkeep import Upkeep
from stocktaking.models.version import ProjectVersion

__all__ = [
    "Attachment",
    "Batch",
    "BatchItem",
    "Claim",
    "CoEditor",
    "Collection",
    "DeskClaim",
    "EntryText",
    "Follow",
    "ImportJob",
    "ImportedRecord",
    "Member",
    "Merge",
    "Message",
    "Organisation",
    "OrganisationDomain",
    "OrganisationRole",
    "OrganisationTrust",
    "Project",
    "ProjectHints",
    "ProjectText",
    "ProjectVersion",
    "Reason",
    "ReasonText",
    "Reminder",
    "Restructuring",
    "Revision",
    "Rhythm",
    "SavedView",
    "Screening",
    "Upkeep",
    "WebsiteCheck",
    "Word",
]
