"""A new project begins: as a draft, with what the profile of its owner says already."""

from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import get_language, ngettext

from accounts.user.models import User
from common.limits.throttle import allow
from stocktaking.member.models import Member
from stocktaking.organization.identity import INTERNATIONAL
from stocktaking.project.models import Project


class TooManyBegunError(Exception):
    """Somebody has begun as many projects as one person may in a day; the text says so."""

    def __init__(self, limit: int, retry_after: int) -> None:
        self.retry_after = retry_after  # seconds
        refusal = ngettext(
            (
                "You have started %(limit)d project today. Continue with it, or come back "
                "tomorrow."
            ),
            (
                "You have started %(limit)d projects today. Continue with those, or come back "
                "tomorrow."
            ),
            limit,
        )
        super().__init__(refusal % {"limit": limit})


@transaction.atomic
def begin(owner: User, title: str = "") -> Project:
    """A draft with this title; one that is there already, or still blank, is continued: a double
    click creates one only. Raises TooManyBegunError."""
    User.objects.select_for_update().get(pk=owner.pk)
    if title:
        drafts = Project.objects.of_owner(owner).filter(status="draft")
        draft = drafts.filter(title=title).first()
    else:
        draft = Project.objects.blank_drafts_of(owner).first()
    if draft:
        return draft
    limit, seconds = settings.LIMITS["submit"]
    verdict = allow("submit", f"user-{owner.pk}", limit, seconds)
    if not verdict.allowed:
        raise TooManyBegunError(limit, verdict.retry_after)
    values = values_from_profile(owner)
    return Project.objects.create(owner=owner, title=title, **values)


def values_from_profile(user: User) -> dict[str, Any]:
    """Initial values from the profile."""
    initial: dict[str, Any] = {
        "language": get_language() or settings.LANGUAGE_CODE,
        "contact_name": user.get_full_name()[:150],
        "contact_email": user.email,
    }
    member = Member.objects.select_related("organization").filter(user=user).first()
    if member:
        organization = member.organization
        initial |= {
            "country": member.country,
            "stakeholder_type": member.stakeholder_type,
        }
        if organization:
            initial["organization_name"] = organization.name
            if organization.international:
                initial["organization_country_id"] = INTERNATIONAL
            elif organization.country_id != member.country_id:
                initial["organization_country_id"] = organization.country_id
    return initial
