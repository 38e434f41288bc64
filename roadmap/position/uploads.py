"""Evidence as a file: PDF checked by content, under a name of ours, never shown inside a page of
ours."""

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile

from common.files.pdf import check_pdf
from common.files.scanner import require_scanned

LABEL = 200


class NamedFile(ContentFile):
    """The file with the name that its sender gave it."""

    label = ""


def clean_pdf(file: UploadedFile) -> NamedFile:
    """The unchanged file. Raises ValidationError when it is not a PDF, is empty, too large or
    active, or when a virus scanner is set and has not approved it."""
    data = check_pdf(file)
    require_scanned(file)
    kept = NamedFile(data, name="evidence.pdf")
    kept.label = "".join(c for c in str(file.name) if c.isprintable())[:LABEL] or "PDF"
    return kept
