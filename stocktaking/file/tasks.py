"""Files that wait for the virus scanner; safe to run twice."""

from celery import shared_task
from django.conf import settings

from common.files.scanner import NoVerdictError
from stocktaking.file.models import Attachment

SCANNED_AT_ONCE = 50


@shared_task(name="stocktaking.scan_files", soft_time_limit=240, time_limit=270)
def scan_files() -> int:
    """Scan files that have not been scanned; returns how many were."""
    if not settings.CLAMD_URL:
        return 0
    judged = 0
    for attachment in list(Attachment.objects.due()[:SCANNED_AT_ONCE]):
        try:
            attachment.scan_again()
        except NoVerdictError as error:
            if isinstance(error.__cause__, OSError):
                break  # the scanner does not answer: tried again in a minute
        else:
            judged += 1
    return judged
