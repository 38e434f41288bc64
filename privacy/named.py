"""Where others have named a person: speakers of their proposals, and plans for the timetable."""

import re
from typing import Any

from accounts.user.models import User
from forum.consultation.models import Submission
from forum.people.models import Person, name_key
from forum.registration.models import Registration
from forum.speakers.models import ProposedSpeaker
from forum.suggestion.models import Suggestion
from stocktaking.member.models import Member

INSTEAD = "–"


def forget_named(user: User) -> None:
    """Take the person out of proposals of others, of what others wrote there line by line, and out
    of stored plans. A speaker is the same person by name, as for conflicts of interest, unless
    both have an organization and these differ: somebody else may have the name."""
    names = names_of(user)
    keys = {name_key(name) for name in names} - {""}
    if not keys:
        return
    houses = organizations_of(user)
    for row in ProposedSpeaker.objects.filter(name_key__in=keys):
        house = row.organization.casefold().strip()
        if not house or not houses or house in houses:
            row.delete()
    forget_lines(keys)
    for plan in Suggestion.objects.exclude(variants=[]):
        variants = without(plan.variants, names)
        if variants != plan.variants:
            Suggestion.objects.filter(pk=plan.pk).update(variants=variants)


def names_of(user: User) -> list[str]:
    """Of the account, and of the records at the Forum that are linked with it; longest first."""
    records = Person.objects.filter(user=user).values_list("name", flat=True)
    registered = Registration.objects.filter(user=user).values_list("name", flat=True)
    names = {user.get_full_name(), *records, *registered}
    return sorted((name for name in names if name.strip()), key=len, reverse=True)


def organizations_of(user: User) -> set[str]:
    names: set[str] = set()
    member = Member.objects.select_related("organization").filter(user=user).first()
    if member and member.organization:
        names |= {member.organization.name, *member.organization.aliases}
    records = Person.objects.filter(user=user)
    names |= set(records.values_list("organization", flat=True))
    rows = Registration.objects.filter(user=user)
    names |= set(rows.values_list("organization_name", flat=True))
    return {name.casefold().strip() for name in names} - {""}


def forget_lines(keys: set[str]) -> None:
    """The nominations of an input: one person per line, the name first."""
    for row in Submission.objects.exclude(people=""):
        lines = row.people.splitlines()
        kept = [line for line in lines if name_key(line.split(",")[0]) not in keys]
        if len(kept) < len(lines):
            Submission.objects.filter(pk=row.pk).update(people="\n".join(kept))


def without(value: Any, names: list[str]) -> Any:
    """A value of JSON without these names in its texts."""
    if isinstance(value, str):
        for name in names:
            value = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", INSTEAD, value)
        return value
    if isinstance(value, list):
        return [without(one, names) for one in value]
    if isinstance(value, dict):
        return {key: without(one, names) for key, one in value.items()}
    return value
