"""What becomes of a contribution: asked for, sent, sent back, accepted, withdrawn."""

import datetime
from typing import Any

from common.moves.actors import Person
from reports.asking.models import GRACE, Contribution, today
from reports.contribution import letters
from reports.report.models import Block, Report

TIME_TO_CHANGE = datetime.timedelta(days=7)  # at least, of a text that was sent back
LOCKED = ("self", "block__section__report")


def locked(token: str) -> Contribution | None:
    """The contribution of a link, with its report, until the end of the transaction."""
    rows = Contribution.objects.with_token(token).select_related(
        "block__section__report__region", "block__section__action_line__parent", "by"
    )
    return rows.select_for_update(of=LOCKED).first()


def ask(block: Block, values: dict[str, Any], user: Person) -> Contribution:
    """Ask for the text of this block; its author is the agency."""
    asked = Contribution.objects.create(
        block=block,
        by=user,
        text=original_of(block),
        **values,
    )
    block.settings = block.settings | {"author": asked.agency}
    block.save(update_fields=["settings"])
    block.section.report.touch()
    letters.write(asked, letters.ASK)
    return asked


def original_of(block: Block) -> str:
    segment = block.segment("text", block.section.report.language)
    return segment.text if segment else ""


def send(asked: Contribution) -> None:
    """The draft becomes the text of the block; what stood there is kept."""
    report: Report = asked.block.section.report
    asked.block.write("text", report.language, asked.text, None)
    asked.stamp("sent_at")
    letters.tell_editor(asked)


def send_back(asked: Contribution, note: str) -> None:
    """The link opens again, with the text as editors left it."""
    deadline = max(asked.deadline, today() + TIME_TO_CHANGE)
    asked.stamp(
        "returned_at",
        deadline=deadline,
        ends_on=max(asked.ends_on, deadline + GRACE),
        sent_at=None,
        accepted_at=None,
        accepted_by=None,
        reminded_at=None,
        late_reminded_at=None,
        note=note,
        text=original_of(asked.block),
    )
    letters.write(asked, letters.RETURN)


def accept(asked: Contribution, user: Person) -> None:
    asked.stamp("accepted_at", accepted_by=user)


def withdraw(asked: Contribution) -> None:
    """All links end; a text that has come stays in the block."""
    asked.stamp("withdrawn_at")
