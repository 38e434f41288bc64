"""Tells the editors of a report what others remarked on it; safe to run twice."""

import datetime
from typing import Any

from celery import shared_task
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from common.jobs.rows import one_by_one
from common.mail import outbox
from reports.report.models import Report
from reports.report.segments import Comment

WAIT = datetime.timedelta(minutes=10)  # what comes one after another is told together
NAMED_AT_MOST = 20  # comments in a mail; it says how many there are


@shared_task(name="reports.tell_of_comments")
def tell_of_comments() -> int:
    """One mail to each editor of a report with new comments; returns of how many reports."""
    due = Comment.objects.untold().filter(at__lte=timezone.now() - WAIT)
    reports = due.order_by().values_list("block__section__report", flat=True)
    return one_by_one(list(reports.distinct()), tell, "reports.tell_of_comments")


@transaction.atomic
def tell(pk: int) -> bool:
    """Everything that nobody was told of, also of the last minutes. Whoever holds the report
    writes the mails, once."""
    report = Report.objects.select_for_update(of=("self",)).get(pk=pk)
    of_report = Comment.objects.untold().filter(block__section__report=report)
    comments = list(of_report.select_related("by", "block__section__action_line"))
    if not comments:
        return False
    for editorship in report.editorships.select_related("user"):
        editor = editorship.user
        of_others = [
            comment
            for comment in comments
            if comment.by_id != editor.pk and comment.resolved_at is None
        ]
        if of_others:
            outbox.send(
                "reports/comments",
                editor,
                lambda: letter(report, of_others),  # noqa: B023
            )
    of_report.update(told_at=Now())
    return True


def letter(report: Report, comments: list[Comment]) -> dict[str, Any]:
    """What the mail says; the addresses in it are in the language of its reader."""
    rows = []
    for comment in comments[:NAMED_AT_MOST]:
        section = comment.block.section
        url = section.edit_url(report.language, comment.block)
        path, mark, block = url.partition("#")
        rows.append(
            {
                "comment": comment,
                "section": section,
                "address": f"{path}&sign-in{mark}{block}",
            }
        )
    return {"report": report, "rows": rows, "count": len(comments)}
