"""The maximum length of a password; the other rules are Django's."""

from django.core.exceptions import ValidationError
from django.utils.translation import ngettext

from common.moves.actors import AnyUser


class MaximumLengthValidator:
    """Refuses a password that is so long that it would only slow hashing down."""

    def __init__(self, max_length: int = 128) -> None:
        self.max_length = max_length

    def validate(self, password: str, user: AnyUser | None = None) -> None:
        if len(password) > self.max_length:
            raise ValidationError(self.get_help_text(), code="password_too_long")

    def get_help_text(self) -> str:
        return ngettext(
            "Your password can have at most %(limit)d character.",
            "Your password can have at most %(limit)d characters.",
            self.max_length,
        ) % {"limit": self.max_length}
