"""What caches of others must not keep: answers that the portal can take back."""

from typing import Any

from django.utils.cache import patch_cache_control


def revocable(response: Any) -> Any:
    """An answer such as “gone” or “moved”, which an undo makes untrue: browsers ask each time.

    Without a word of ours a browser keeps 301 and 410 for as long as it likes.
    """
    patch_cache_control(response, no_cache=True)
    return response
