"""The form of an outcome report, and the check of an uploaded document."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile

from common.files.pdf import check_pdf
from common.files.scanner import require_scanned
from common.forms.two_tabs import TwoTabsMixin
from forum.base.forms import PlainForm
from forum.outcome.models import OutcomeReport

MAX_PDF_BYTES = 20 * 1024**2


class OutcomeForm(TwoTabsMixin, PlainForm):
    """Organizers of one session and the secretariat write the same report."""

    optional = ("outcomes", "outlook")

    class Meta:
        model = OutcomeReport
        fields = ("language", "summary", "outcomes", "outlook")


def clean_pdf(file: UploadedFile) -> Any:
    """Check an uploaded document by its content. Raises ValidationError with a sentence."""
    check_pdf(file, MAX_PDF_BYTES)
    require_scanned(file)
    file.seek(0)
    file.name = "document.pdf"
    return file
