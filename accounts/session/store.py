"""Sessions in the database, as Django's, read by fixed SQL: every page of a signed-in person
begins with it, and composing the query took longer than the query itself."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.contrib.sessions.backends import db
from django.db import connection
from django.utils import timezone

from accounts.second_factor.seals import InvalidToken, seal, unseal

SESSION = "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s"

# Codes that allauth keeps here until they are typed: encrypted in the table.
MAILED_CODE = "account_email_verification_code"
NEW_SECRET = "mfa.totp.secret"  # noqa: S105  (the name of a key)


class SessionStore(db.SessionStore):
    def load(self) -> dict[str, Any]:
        """The content of the session; {} when it is unknown or expired."""
        with connection.cursor() as cursor:
            cursor.execute(SESSION, [self.session_key, timezone.now()])
            row = cursor.fetchone()
        if row is None:
            self._session_key = None
            return {}
        values: dict[str, Any] = self.decode(row[0])
        return values

    def encode(self, session_dict: dict[str, Any]) -> str:
        return super().encode(_with_codes(session_dict, seal))

    def decode(self, session_data: Any) -> dict[str, Any]:
        """A code that no key decrypts any more is empty, and matches nothing."""
        return _with_codes(super().decode(session_data), _opened)


def _opened(sealed: str) -> str:
    with suppress(InvalidToken):
        return unseal(sealed)
    return ""


def _with_codes(
    session: dict[str, Any], change: Callable[[str], str]
) -> dict[str, Any]:
    """A copy of the session with its codes changed."""
    state, secret = session.get(MAILED_CODE), session.get(NEW_SECRET)
    if isinstance(state, dict) and state.get("code"):
        session = session | {MAILED_CODE: state | {"code": change(state["code"])}}
    if secret:
        session = session | {NEW_SECRET: change(secret)}
    return session
