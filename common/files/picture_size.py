"""How a stored image is displayed: in its own proportions, never enlarged.

An image at a given path never changes (a new one has a new name), so its size is read once for the
life of the process.
"""

from functools import lru_cache
from typing import NamedTuple

from django.core.files.storage import default_storage
from PIL import Image

from common.files.images import MAX_SIDE, SMALL_SIDE, longest_side

SHOWN_WIDTH, SHOWN_HEIGHT = 640, 720  # CSS pixels of the place for a picture on a page


class Picture(NamedTuple):
    """What an `<img>` element needs: the address and the sizes."""

    url: str
    width: int
    height: int

    @property
    def small_width(self) -> int:
        """The width of the small copy that `shrink` makes."""
        longest = longest_side(self.width, self.height, SMALL_SIDE)
        return max(
            1, round(self.width * min(1.0, longest / max(self.width, self.height)))
        )

    @property
    def _scale(self) -> float:
        return min(1.0, SHOWN_WIDTH / self.width, SHOWN_HEIGHT / self.height)

    @property
    def shown_width(self) -> int:
        return max(1, round(self.width * self._scale))

    @property
    def shown_height(self) -> int:
        return max(1, round(self.height * self._scale))


@lru_cache(4096)
def size_of(path: str) -> tuple[int, int]:
    """Width and height of a stored image, from its header."""
    with default_storage.open(path) as file, Image.open(file) as image:
        return image.size


def picture(path: str, url: str) -> Picture:
    """The image that is stored at `path` and served at `url`. A missing or unreadable file gets
    the maximum size: the browser shows it as broken."""
    try:
        width, height = size_of(path)
    except (OSError, ValueError):
        width, height = MAX_SIDE, MAX_SIDE
    return Picture(url, width, height)
