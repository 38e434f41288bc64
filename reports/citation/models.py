"""The identifiers under which libraries know a report: ISBN and DOI."""

import re

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

SEPARATORS = re.compile("[- \u2010-\u2015]")
ISBN_13 = re.compile("97[89][0-9]{10}")
DOI = re.compile(r"10\.[0-9]{4,9}/[^\s<>\"]+")


def validate_isbn(text: str) -> None:
    """Thirteen digits whose last one follows from the others (ISO 2108)."""
    digits = SEPARATORS.sub("", text)
    if not ISBN_13.fullmatch(digits):
        raise ValidationError(
            _("Enter the 13 digits of an ISBN, such as 978-92-61-14881-2."),
            code="form",
        )
    weighed = sum(
        int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits)
    )
    if weighed % 10:
        raise ValidationError(
            _("The last digit of this ISBN does not fit the others: check it."),
            code="check_digit",
        )


def validate_doi(text: str) -> None:
    """The name without the address of a resolver."""
    if not DOI.fullmatch(text):
        raise ValidationError(
            _("Enter a DOI such as 10.1234/abcd, without an address before it."),
            code="form",
        )


class Cited(models.Model):
    isbn = models.CharField(
        "ISBN", max_length=20, blank=True, validators=[validate_isbn]
    )
    doi = models.CharField("DOI", max_length=100, blank=True, validators=[validate_doi])

    class Meta:
        abstract = True
