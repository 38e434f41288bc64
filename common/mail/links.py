"""Links in mails: only the mail has the token, the database keeps its hash; their pages."""

import hashlib
import secrets

from django.http import HttpResponse


def new_token() -> str:
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """The stored form: it cannot be used by somebody who reads the table."""
    return hashlib.sha256(token.encode()).hexdigest()


def private(response: HttpResponse) -> HttpResponse:
    """The address is a key: no cache keeps the page, and no other site learns it."""
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "same-origin"
    return response
