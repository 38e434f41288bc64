"""The secretariat's desk, in Django's own admin."""

from stocktaking.admin.member import MemberAdmin
from stocktaking.admin.moderation import ReasonAdmin
from stocktaking.admin.organisation import OrganisationAdmin
from stocktaking.admin.project import ProjectAdmin
from stocktaking.admin.revision import RevisionAdmin

__all__ = ["MemberAdmin", "OrganisationAdmin", "ProjectAdmin", "ReasonAdmin", "RevisionAdmin"]
