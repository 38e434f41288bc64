"""E-mail addresses in one spelling, so that database, browser and mail server agree.

PostgreSQL's UPPER() and case-insensitive regular expressions take a dotless i for i and a long s
for s, Python's lower() takes the Kelvin sign for k, and a browser writes the domain of an e-mail
field in its ASCII form. So the portal keeps one spelling only: ASCII in lower case.
"""

import re
import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models
from django.utils.translation import gettext_lazy as _

# What may stand directly beside an address without being part of it, is anything but these.
PART = r"A-Za-z0-9.!#$%&'*+/=?^_`{|}~-"
ASCII_UPPER = {letter: letter + 32 for letter in range(ord("A"), ord("Z") + 1)}


def ascii_lower(text: str) -> str:
    """Lower case for A to Z; every other letter stays what it is."""
    return text.translate(ASCII_UPPER)


def canonical(address: str) -> str:
    """The one spelling of an address: lower case, the domain as browsers send it.

    A local part with letters other than ASCII is left as it is: it equals no other address.
    """
    local, at, domain = address.strip().rpartition("@")
    try:
        domain = domain.encode("idna").decode("ascii")
    except UnicodeError:
        domain = unicodedata.normalize("NFKC", domain)
    return ascii_lower(f"{local}{at}{domain}")


# Google delivers name@ and n.a.m.e@ to one mailbox, under both domains, and says so in its help
# ("Dots don't matter in Gmail addresses"); no other provider is known to say so for all accounts.
DOTS_IGNORED = frozenset({"gmail.com", "googlemail.com"})


def mailbox_of(address: str) -> str:
    """The mailbox behind an address: without what follows a plus sign (RFC 5233), and without
    the dots that Google ignores. name+prizes@un.example and name@un.example are one."""
    local, _at, domain = canonical(address).rpartition("@")
    local = local.partition("+")[0] or local
    if domain in DOTS_IGNORED:
        local, domain = local.replace(".", ""), "gmail.com"
    return f"{local}@{domain}"


def validate_address(value: str) -> None:
    """Refuse letters in the local part that only look like, or fold to, an ASCII letter."""
    validate_email(value)
    if not canonical(value).isascii():
        raise ValidationError(
            _(
                "Enter the part before @ in Latin letters without accents, digits and . _ - +"
            ),
            code="address_not_ascii",
        )


class AddressInput(forms.EmailField):
    """The same in a form that is not a model's; a wrong address is told once."""

    default_validators = [validate_address]

    def clean(self, value: Any) -> str:
        return canonical(super().clean(value))


class AddressField(models.EmailField):
    """An e-mail address that is stored and looked up in its one spelling."""

    default_validators = [validate_address]

    def get_prep_value(self, value: object) -> Any:
        value = super().get_prep_value(value)
        return canonical(value) if isinstance(value, str) and "@" in value else value

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = super().pre_save(model_instance, add)
        if isinstance(value, str) and "@" in value:
            value = canonical(value)
            setattr(model_instance, self.attname, value)
        return value


def pattern_of(address: str) -> re.Pattern[str]:
    """A pattern that matches the whole address only; `ann@x.example` is not in
    `joann@x.example`."""
    # A sentence may end after the address; a longer domain or name may not go on there.
    after = r"(?![A-Za-z0-9_@-]|\.[A-Za-z0-9])"
    before = rf"(?<![{PART}])"
    return re.compile(f"{before}{re.escape(address)}{after}", re.IGNORECASE | re.ASCII)


def without(address: str, text: str, instead: str) -> str:
    """The text with the whole address replaced wherever it occurs."""
    return pattern_of(address).sub(lambda _match: instead, text)
