"""What the page of a session and “My agenda” show of sign-ups."""

from dataclasses import dataclass
from typing import Any

from common.moves.actors import AnyUser
from forum.agenda.models import ReleasedSession
from forum.registration.models import Registration
from forum.session.models import Session
from forum.sign_up.models import SignUp, SignUpList


@dataclass(frozen=True)
class Offer:
    """The sign-up of one session for one reader."""

    list: SignUpList
    is_open: bool
    free: int  # places that the next who come get
    waiting: int
    own: SignUp | None
    place: int | None  # of the reader in the waiting list
    is_registered: bool


def offer_of(
    planned: Session, released: ReleasedSession | None, user: AnyUser
) -> Offer | None:
    """None for a session without sign-up, and for one that is not released.

    `planned` is the same session, read together with its `sign_up_list`.
    """
    row: SignUpList | None = getattr(planned, "sign_up_list", None)
    if not released or not row:
        return None
    own = SignUp.objects.of(user).filter(list=row).select_related("list").first()
    waiting = row.waiting().count()
    free = max(0, row.places - row.held().count()) if not waiting else 0
    return Offer(
        list=row,
        is_open=row.is_open(released),
        free=free,
        waiting=waiting,
        own=own,
        place=own.place_in_list() if own else None,
        is_registered=bool(own) or registration_of(released, user) is not None,
    )


def registration_of(released: ReleasedSession, user: AnyUser) -> Registration | None:
    """The registration by which this person may sign up."""
    if not user.is_authenticated:
        return None
    rows = Registration.objects.holding().filter(user=user.pk)
    return rows.filter(edition=released.edition_id).first()


def of_agenda(user: AnyUser) -> Any:
    """One's sign-ups in the order of the programme, each with `ahead` for who waits."""
    rows = SignUp.objects.of(user).with_place_in_list()
    return rows.select_related("list__session__released__edition").order_by(
        "list__session__released__day", "list__session__released__start", "pk"
    )
