"""The secretariat's desk, in Django's own admin."""

from stocktaking.admin.follow import CollectionAdmin, FollowAdmin
from stocktaking.admin.member import MemberAdmin
from stocktaking.admin.organisation import OrganisationAdmin
from stocktaking.admin.project import ProjectAdmin
from stocktaking.admin.role import OrganisationRoleAdmin

__all__ = [
    "CollectionAdmin",
    "FollowAdmin",
    "MemberAdmin",
    "OrganisationAdmin",
    "OrganisationRoleAdmin",
    "ProjectAdmin",
]
