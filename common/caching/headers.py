"""Cache headers of answers that the portal may revoke."""

from typing import Any

from django.utils.cache import patch_cache_control


def revocable(response: Any) -> Any:
    """Mark an answer such as “gone” or “moved”, which an undo makes untrue: browsers ask each time.

    Without the header a browser keeps 301 and 410 as long as it likes.
    """
    patch_cache_control(response, no_cache=True)
    return response
