"""Tokens of links in mails: only the mail has the token, the database keeps its hash."""

import hashlib
import secrets


def new_token() -> str:
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """The stored form: it cannot be used by somebody who reads the table."""
    return hashlib.sha256(token.encode()).hexdigest()
