"""Evidence as a file: PDF by content, under our own name, never shown inside a page of ours."""

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile

from common.files.pdf import check_pdf
from common.files.scanner import require_scanned

LABEL = 200


class NamedFile(ContentFile):
    """The file, and what its sender called it."""

    label = ""


def clean_pdf(file: UploadedFile) -> NamedFile:
    """The file as it came. Raises ValidationError for what is no PDF, empty or too large, acts when
    it is opened, or was not judged clean by the virus scanner, where there is one."""
    data = check_pdf(file)
    require_scanned(file)
    kept = NamedFile(data, name="evidence.pdf")
    kept.label = "".join(c for c in str(file.name) if c.isprintable())[:LABEL] or "PDF"
    return kept
