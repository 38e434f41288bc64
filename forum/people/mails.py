"""The mail by which somebody takes over their record."""

from common.mail import outbox
from forum.people.models import LINK_HOLDS, Person


def invite(person: Person) -> bool:
    """Send the link; whether it could be sent."""
    if not person.can_be_invited:
        return False
    context = {"person": person, "token": person.invite(), "days": LINK_HOLDS.days}
    outbox.send_to_address(
        "forum/claim", person.email, person.bio_language, context, once=True
    )
    return True
