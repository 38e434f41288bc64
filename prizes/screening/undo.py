"""The undo of one decision of the screening, by who made it: as long as the undo of a batch is
offered, while the mail about it waits."""

import datetime

from django.utils import timezone

from accounts.user.models import User
from common.mail.models import OutgoingMail
from common.moves.models import StatusChange
from common.moves.workflow import MoveRefused
from prizes.entry.models import Entry
from prizes.entry.workflow import Status
from prizes.screening.batch import DECISIONS, MAIL_WAITS

UNDONE = {name: row.undo_offered for name, row in DECISIONS.items() if row.needs_reason}


def let_mail_wait(decided: Entry, move: str) -> None:
    """Keep the mail about this decision until no undo can come; inside the transaction of the
    move. An acceptance tells nobody."""
    if move in UNDONE:
        OutgoingMail.objects.hold_back(decided.history()[0], MAIL_WAITS)


def undo_offered(entry: Entry, officer: User) -> datetime.datetime | None:
    """Until when this officer may undo their decision on the entry; None where they may not."""
    if entry.status not in (Status.RETURNED, Status.REFUSED):
        return None
    last: StatusChange | None = entry.history().first()
    if last is None or last.move not in UNDONE or last.by_id != officer.pk:
        return None
    until: datetime.datetime = last.at + UNDONE[last.move]
    if until <= timezone.now():
        return None
    try:
        entry.require_just_screened()
    except MoveRefused:
        return None
    told = OutgoingMail.objects.filter(cause=last, sent_at__isnull=False)
    return None if told.exists() else until
