from stocktaking.batch.models import Batch, BatchItem
from stocktaking.coeditor.models import CoEditor
from stocktaking.exploring.models import Collection
from stocktaking.file.models import Attachment
from stocktaking.follow.models import Follow, Rhythm
from stocktaking.member.models import Member
from stocktaking.merge.models import Merge
from stocktaking.message.models import Message
from stocktaking.organization.models import Organization
from stocktaking.organization.restructuring import Restructuring
from stocktaking.organization.roles import OrganizationDomain, OrganizationRole
from stocktaking.organization.trust import OrganizationTrust
from stocktaking.ownership.models import OwnershipRequest
from stocktaking.project.models import Project
from stocktaking.reminder.models import Reminder
from stocktaking.review.models import DeskAssignment, Reason, ReasonText, SavedView
from stocktaking.revision.models import Revision
from stocktaking.screening.models import Screening, WebsiteCheck
from stocktaking.search.models import ProjectHints, ProjectWords, Word
from stocktaking.text.models import ProjectText
from stocktaking.upkeep.models import Upkeep

__all__ = [
    "Attachment",
    "Batch",
    "BatchItem",
    "CoEditor",
    "Collection",
    "DeskAssignment",
    "Follow",
    "Member",
    "Merge",
    "Message",
    "Organization",
    "OrganizationDomain",
    "OrganizationRole",
    "OrganizationTrust",
    "OwnershipRequest",
    "Project",
    "ProjectHints",
    "ProjectText",
    "ProjectWords",
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
