"""What is sealed with the secret key: second factors, and codes that wait in a session."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

__all__ = ["InvalidToken", "seal", "seal_again", "unseal"]


def seal(text: str) -> str:
    return _box().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """Raises InvalidToken for what no key of ours has sealed."""
    return _box().decrypt(sealed.encode()).decode()


def seal_again(sealed: str) -> str:
    """The same text under the newest key. Raises InvalidToken as `unseal` does."""
    return _box().rotate(sealed.encode()).decode()


def _box() -> MultiFernet:
    """The newest key seals, older ones (SECRET_KEY_FALLBACKS) still open."""
    secrets: list[str] = [
        str(settings.SECRET_KEY),
        *map(str, settings.SECRET_KEY_FALLBACKS),
    ]
    digests = [
        hashlib.sha256(f"second factors{key}".encode()).digest() for key in secrets
    ]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
