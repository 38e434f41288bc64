"""Gathers the admin pages of the nouns, where Django looks for them."""

from stocktaking.batch.admin import BatchAdmin
from stocktaking.coeditor.admin import CoEditorAdmin
from stocktaking.exploring.admin import CollectionAdmin
from stocktaking.file.admin import AttachmentAdmin
from stocktaking.follow.admin import FollowAdmin
from stocktaking.member.admin import MemberAdmin
from stocktaking.merge.admin import MergeAdmin
from stocktaking.message.admin import MessageAdmin
from stocktaking.organization.admin import OrganizationAdmin
from stocktaking.organization.roles_admin import OrganizationRoleAdmin
from stocktaking.ownership.admin import OwnershipRequestAdmin
from stocktaking.page.admin import ProjectAdmin
from stocktaking.reminder.admin import ReminderAdmin
from stocktaking.review.admin import ReasonAdmin
from stocktaking.revision.admin import RevisionAdmin
from stocktaking.screening.admin import ScreeningAdmin, WebsiteCheckAdmin
from stocktaking.text.admin import ProjectTextAdmin
from stocktaking.upkeep.admin import UpkeepAdmin

__all__ = [
    "AttachmentAdmin",
    "BatchAdmin",
    "CoEditorAdmin",
    "CollectionAdmin",
    "FollowAdmin",
    "MemberAdmin",
    "MergeAdmin",
    "MessageAdmin",
    "OrganizationAdmin",
    "OrganizationRoleAdmin",
    "OwnershipRequestAdmin",
    "ProjectAdmin",
    "ProjectTextAdmin",
    "ReasonAdmin",
    "ReminderAdmin",
    "RevisionAdmin",
    "ScreeningAdmin",
    "UpkeepAdmin",
    "WebsiteCheckAdmin",
]
