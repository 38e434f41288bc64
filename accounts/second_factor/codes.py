"""Reading codes that people type, with any keyboard."""

import unicodedata
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

# Cyrillic and Greek letters that look like a Latin one, in the order of their Latin twins.
_LOOK_ALIKES = str.maketrans(
    "АВСЕНІЈКМОРЅТУХҮЗΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
    "ABCEHIJKMOPSTYXY3ABEZHIKMNOPTYX",
)
_DIGITS_OF_LETTERS = str.maketrans({"O": "0", "I": "1", "L": "1"})


def plain_code(text: str) -> str:
    """The letters and digits of a code as ASCII capitals; everything else is removed.

    Digits of every script count as digits and full-width letters as letters. Spaces, dashes and the
    invisible marks of a right-to-left keyboard are dropped.
    """
    characters = []
    for character in unicodedata.normalize("NFKC", text):
        digit = unicodedata.digit(character, None)
        if digit is not None:
            characters.append(str(digit))
        elif character.isalpha():
            characters.append(character.upper())
    return "".join(characters).translate(_LOOK_ALIKES)


def plain_number(text: str) -> str:
    """The same for a code of digits only, in which a letter can only stand for a digit."""
    return plain_code(text).translate(_DIGITS_OF_LETTERS)


class CodeField(forms.CharField):
    """A field for a numeric code; phones show a digit keyboard and offer the code that was
    received."""

    def __init__(self, **options: Any) -> None:
        attributes = {
            "autocomplete": "one-time-code",
            "inputmode": "numeric",
            "dir": "ltr",
            "autocapitalize": "characters",
            "spellcheck": "false",
        }
        options.setdefault("label", _("Code"))
        options.setdefault("max_length", 64)
        super().__init__(widget=forms.TextInput(attributes), **options)

    def to_python(self, value: Any) -> str:
        return plain_number(super().to_python(value) or "")
