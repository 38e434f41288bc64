"""Values that forms send: readable texts, ids of chosen records, terms shown with their code."""

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from common.text.digits import whole_number

UNREADABLE = "\ufffd"  # what the decoder puts in place of bytes that are no text


def refuse_unreadable(value: object) -> None:
    """Refuse text with U+FFFD, which stands for bytes that are not UTF-8, instead of storing
    damaged text."""
    if isinstance(value, str) and UNREADABLE in value:
        raise ValidationError(
            _("Some characters could not be read (“�”). Type them again."),
            code="unreadable",
        )


def with_code(term: Model) -> str:
    """Code and name of a term: people know action lines and Goals by their codes."""
    return f"{term.pk} – {term}"


def chosen_ids(text: str, limit: int) -> list[int]:
    """“4,5,6” as ids, at most `limit`; anything that is not an id is left out."""
    ids = [whole_number(part) for part in text.split(",")[:limit]]
    return [pk for pk in ids if pk is not None]
