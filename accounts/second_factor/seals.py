"""Encryption with the secret key: second factors, and codes that are stored in a session."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

__all__ = ["InvalidToken", "seal", "seal_again", "unseal"]


def seal(text: str) -> str:
    return _box().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """Decrypt a text. Raises InvalidToken when none of our keys has encrypted it."""
    return _box().decrypt(sealed.encode()).decode()


def seal_again(sealed: str) -> str:
    """Encrypt the same text with the newest key. Raises InvalidToken as `unseal` does."""
    return _box().rotate(sealed.encode()).decode()


def _box() -> MultiFernet:
    """The newest key encrypts; older ones (SECRET_KEY_FALLBACKS) still decrypt."""
    secrets: list[str] = [
        str(settings.SECRET_KEY),
        *map(str, settings.SECRET_KEY_FALLBACKS),
    ]
    digests = [
        hashlib.sha256(f"second factors{key}".encode()).digest() for key in secrets
    ]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
