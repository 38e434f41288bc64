"""Uploads kept until the rest of their form is valid.

A browser forgets the chosen file when a page comes back with an error. The checked file is kept for
an hour under a name that only the page knows, so that the writer need not choose it again.
"""

import secrets
from typing import Any

from common.caching.values import remember, remembered

KEPT_SECONDS = 3600
TOKEN_BYTES = 24


def keep(upload: dict[str, Any]) -> str:
    """Keep this upload; returns the name under which the next request finds it."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    remember(_key(token), upload, KEPT_SECONDS)
    return token


def kept(token: str | None) -> dict[str, Any] | None:
    """The upload of this name; None when there is none or its hour is over."""
    extension = (
        token
        and len(token) <= TOKEN_BYTES * 2
        and token.replace("-", "").replace("_", "")
    )
    if not (extension and extension.isascii() and extension.isalnum()):
        return None
    upload: dict[str, Any] | None = remembered(_key(str(token)))
    return upload


def _key(token: str) -> str:
    return f"kept-upload:{token}"
