"""Who makes a move: somebody who is signed in, somebody who is not, or the portal itself."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias, Union

from django.http import HttpRequest

if TYPE_CHECKING:
    # mypy's plugin replaces this by the model of AUTH_USER_MODEL: no upper app is imported,
    # and its roles are known all the same.
    from django.contrib.auth.models import AnonymousUser, _User


@dataclass(frozen=True)
class SystemActor:
    """The portal itself, for moves that follow from a date, a count, an import or another move.

    Its role is the one that the table of moves names; nobody can sign in as it.
    """

    role: str
    pk: None = None
    is_authenticated: Literal[False] = False
    is_anonymous: Literal[True] = True


# Written so that “AnyUser | None” can be said when the program runs, where there is no _User.
Person: TypeAlias = "_User"  # somebody who signed in
AnyUser: TypeAlias = Union["_User", "AnonymousUser", SystemActor]


class SignedInRequest(HttpRequest):
    """A request behind a guard such as @login_required: its user is always a person."""

    user: Person
