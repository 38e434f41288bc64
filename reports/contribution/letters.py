"""What is written to the people who are asked, each time with a link of its own."""

from typing import Any

from common.mail import outbox
from reports.asking.models import Contribution

ASK, RETURN = "reports/contribution_asked", "reports/contribution_returned"
SOON, LATE = "reports/contribution_soon", "reports/contribution_late"


def write(asked: Contribution, template: str) -> None:
    """A mail in the language of the person; its text is deleted when it is sent."""
    context: dict[str, Any] = {
        "asked": asked,
        "report": asked.block.section.report,
        "section": asked.block.section,
        "token": asked.add_link(),
    }
    outbox.send_to_address(template, asked.email, asked.language, context, once=True)


def tell_editor(asked: Contribution) -> None:
    """The text has come: whoever asked for it reads it."""
    context = {"asked": asked, "section": asked.block.section}
    outbox.send("reports/contribution_sent", asked.by, context)
