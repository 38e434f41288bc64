"""Sessions in the database, as Django's, read by one plain question: each page of a person who is
signed in begins with it, and composing it took longer than answering it."""

from typing import Any

from django.contrib.sessions.backends import db
from django.db import connection
from django.utils import timezone

SESSION = "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s"


class SessionStore(db.SessionStore):
    def load(self) -> dict[str, Any]:
        """What the session holds; {} when it is unknown or over."""
        with connection.cursor() as cursor:
            cursor.execute(SESSION, [self.session_key, timezone.now()])
            row = cursor.fetchone()
        if row is None:
            self._session_key = None
            return {}
        found: dict[str, Any] = self.decode(row[0])
        return found
