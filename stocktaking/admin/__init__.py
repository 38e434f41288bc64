"""The secretariat's desk, in Django's own admin."""

from stocktaking.admin.attachment import AttachmentAdmin
from stocktaking.admin.claim import ClaimAdmin, CoEditorAdmin, UpkeepAdmin
from stocktaking.admin.follow import CollectionAdmin, FollowAdmin
from stocktaking.admin.member import MemberAdmin
from stocktaking.admin.moderation import ReasonAdmin
from stocktaking.admin.organisation import OrganisationAdmin
from stocktaking.admin.project import ProjectAdmin
from stocktaking.admin.revision import RevisionAdmin
from stocktaking.admin.role import OrganisationRoleAdmin
from stocktaking.admin.text import EntryTextAdmin

__all__ = [
    "AttachmentAdmin",
    "ClaimAdmin",
    "CoEditorAdmin",
    "CollectionAdmin",
    "EntryTextAdmin",
    "FollowAdmin",
    "MemberAdmin",
    "OrganisationAdmin",
    "OrganisationRoleAdmin",
    "ProjectAdmin",
    "ReasonAdmin",
    "RevisionAdmin",
    "UpkeepAdmin",
]
