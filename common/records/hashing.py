"""The hash of a record's content."""

import hashlib
import json
from typing import Any


def content_hash(content: dict[str, Any] | list[Any] | str) -> str:
    """SHA-256 of the content as JSON with sorted keys and no spaces."""
    text = json.dumps(
        content, sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )
    return hashlib.sha256(text.encode()).hexdigest()
