"""What a check has found: a sentence in English, which a page shows in the reader's language."""

from typing import Any, Self

from django.utils.translation import gettext


class Said(str):
    """The sentence in English, as commands and logs say it, with what it is made of: a message
    that is in the catalogues (marked by `gettext_noop`), and its values."""

    message: str
    values: dict[str, Any]

    def __new__(cls, message: str, **values: Any) -> Self:
        said = super().__new__(cls, message % values if values else message)
        said.message, said.values = message, values
        return said

    @property
    def parts(self) -> list[Any]:
        """Message and values, to be stored as JSON."""
        return [self.message, self.values]


def translated(parts: list[Any]) -> str:
    """The stored parts as a sentence in the language of the reader."""
    message, values = parts
    text = gettext(message)
    return text % values if values else text
