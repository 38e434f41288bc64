"""What identifies an organization: its name and its country.

The ministries of education of two countries are two organizations. An international organization
belongs to no country. External identifiers (ROR, Wikidata) are stored as well.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

INTERNATIONAL = "INTL"  # the country of a project that has no single one
INTERGOVERNMENTAL = (
    "IGO"  # the stakeholder type of organizations that belong to no country
)

ROR = re.compile(
    r"(?:https?://)?(?:ror\.org/)?(0[a-hj-km-np-tv-z0-9]{6}[0-9]{2})/?", re.IGNORECASE
)
WIKIDATA = re.compile(
    r"(?:https?://)?(?:(?:www|m)\.)?(?:wikidata\.org/(?:wiki|entity)/)?(Q[1-9][0-9]{0,11})/?",
    re.IGNORECASE,
)
SIGNS = (
    "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32, in which a ROR is written
)


def home_of(
    country: str | None, stakeholder_type: str | None = None, stated: str | None = None
) -> str | None:
    """The country of an organization according to a project; None when it is international or
    unknown.

    `stated` is the country of the organization itself, where the project names one; otherwise that
    of the project is taken.
    """
    if stated:
        return None if stated == INTERNATIONAL else stated
    if stakeholder_type == INTERGOVERNMENTAL or country == INTERNATIONAL:
        return None
    return country or None


def is_international(
    country: str | None, stakeholder_type: str | None = None, stated: str | None = None
) -> bool:
    """Whether a new organization of this project is known to belong to no country."""
    if stated:
        return stated == INTERNATIONAL
    return stakeholder_type == INTERGOVERNMENTAL or country == INTERNATIONAL


@dataclass(frozen=True)
class Namesake:
    """An organization with a given name."""

    pk: int
    country: str | None
    international: bool  # and confirmed as such
    by_name: bool  # not only by an alias


def chosen(namesakes: Iterable[Namesake], home: str | None) -> int | None:
    """The organization of this country among these; None when there is none.

    One that has the name as its own goes before one with an alias. An international organization
    matches every country, unless the country has one of the same name.
    """
    rows = sorted(namesakes, key=lambda row: (not row.by_name, row.pk))
    here = [row.pk for row in rows if row.country == home]
    if here:
        return here[0]
    return next((row.pk for row in rows if row.international), None)


def clean_ror(text: str) -> str:
    """The identifier of the Research Organization Registry, without its address.

    Raises ValidationError. The last two digits are a checksum (ISO 7064, MOD 97-10).
    """
    if not text:
        return ""
    match = ROR.fullmatch(text.strip())
    if match:
        ror = match[1].lower()
        number = 0
        for sign in ror[:-2]:
            number = number * len(SIGNS) + SIGNS.index(sign)
        if int(ror[-2:]) == 98 - (number * 100) % 97:
            return ror
    raise ValidationError(_("Enter a ROR identifier such as 03yrm5c26 or its address."))


def clean_wikidata(text: str) -> str:
    """The identifier of an item of Wikidata, without its address. Raises ValidationError."""
    if not text:
        return ""
    match = WIKIDATA.fullmatch(text.strip())
    if match:
        return match[1].upper()
    raise ValidationError(
        _("Enter a Wikidata identifier such as Q33150 or its address.")
    )
