"""Evidence as a file: PDF by content, under our own name, never shown inside a page of ours."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.translation import gettext as _

MAX_BYTES = 10 * 1024 * 1024
HEAD, TAIL = b"%PDF-", b"%%EOF"
LABEL = 200


class NamedFile(ContentFile):
    """The file, and what its sender called it."""

    label = ""


def clean_pdf(file: Any) -> NamedFile:
    """The file as it came. Raises ValidationError for what is no PDF, empty or too large."""
    if not file.size:
        raise ValidationError(_("The file is empty. Choose another one."), code="empty")
    if file.size > MAX_BYTES:
        raise ValidationError(_("The file is larger than 10 MB."), code="too_large")
    data = file.read()
    if not data.startswith(HEAD) or TAIL not in data[-1024:]:
        raise ValidationError(
            _("This is not a PDF file, whatever its name says."), code="not_a_pdf"
        )
    kept = NamedFile(data, name="evidence.pdf")
    kept.label = "".join(c for c in str(file.name) if c.isprintable())[:LABEL] or "PDF"
    return kept
