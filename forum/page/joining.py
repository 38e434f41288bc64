"""The link by which a session is joined from elsewhere: who reads it, and from when."""

import datetime
from typing import NamedTuple

from django.utils import timezone

from common.moves.actors import AnyUser
from forum.agenda.models import ReleasedSession
from forum.registration.models import Registration
from forum.registration.workflow import RegistrationStatus
from forum.session.description import Mode
from forum.session.models import JoinFor, Session
from forum.session.workflow import SessionStatus

OPENS = datetime.timedelta(hours=1)  # before the start


class Joining(NamedTuple):
    """What the page says of joining: the link, or when or to whom it is shown."""

    link: str = ""
    opens_at: datetime.datetime | None = None
    is_for_registered: bool = False


def joining(
    planned: Session, released: ReleasedSession, user: AnyUser, *, insider: bool
) -> Joining | None:
    """None when there is nothing to join, or no longer.

    Staff, organizers and people with a part in the session read the link at any time. The link is
    that of the desk at this moment, not that of a release.
    """
    link = link_of(planned, released)
    if not link or released.status != SessionStatus.RELEASED:
        return None
    if insider or has_part(planned, user):
        return Joining(link)
    now = timezone.now()
    ends = released.end or released.start
    if ends is None or ends <= now:
        return None
    if planned.join_for == JoinFor.REGISTERED and not is_registered(planned, user):
        return Joining(is_for_registered=True)
    opens_at = (released.start or ends) - OPENS
    return Joining(link) if opens_at <= now else Joining(opens_at=opens_at)


def link_of(planned: Session, released: ReleasedSession) -> str:
    """That of the session, else that of its room, unless the session is held on site alone."""
    if planned.join_link or planned.room is None or released.mode == Mode.ON_SITE:
        return planned.join_link
    return planned.room.remote_link


def has_part(planned: Session, user: AnyUser) -> bool:
    if not user.is_authenticated:
        return False
    return planned.participations.filter(person__user=user).exists()


def is_registered(planned: Session, user: AnyUser) -> bool:
    if not user.is_authenticated:
        return False
    held = Registration.objects.filter(
        edition=planned.edition_id, user=user, status=RegistrationStatus.APPROVED
    )
    return held.exists()
