"""Background work of the search; safe to run twice."""

import datetime

from celery import shared_task
from django.utils import timezone

from common.records.models import Change
from stocktaking.project.changes import RECORD_KIND
from stocktaking.search.models import Word

# The beat calls every ten minutes; a little more, so that nothing falls between two calls.
RECENT = datetime.timedelta(minutes=12)


@shared_task(name="stocktaking.refresh_words")
def refresh_words() -> None:
    """Count the words again for “did you mean” when projects have changed since the last call."""
    changed = Change.objects.filter(
        record_kind=RECORD_KIND, at__gte=timezone.now() - RECENT
    )
    if changed.exists() or not Word.objects.exists():
        Word.objects.refresh()
