"""Contributions for the tests."""

import datetime

from reports.asking.models import GRACE, Contribution, today
from reports.report.arranging import add_block
from reports.report.kinds import BlockKind
from tests.reports.report.records import report, section_of


def asked_for(by, **fields) -> Contribution:
    """A text for the chapter on C3 that this person asked UNESCO for."""
    chapter = section_of(report(), action_line="C3")
    block = add_block(chapter, BlockKind.CONTRIBUTION)
    deadline = today() + datetime.timedelta(days=20)
    values = {
        "block": block,
        "by": by,
        "name": "Awa Diop",
        "email": "awa@unesco.example",
        "agency": "UNESCO",
        "language": "en",
        "question": "What was reached?",
        "deadline": deadline,
        "ends_on": deadline + GRACE,
    }
    return Contribution.objects.create(**values | fields)
