"""How a stored picture is shown: in its own proportions, never larger than it is.

A picture never changes at its place in the store (a new one has a new name), so what is read of it
once holds for the life of the process.
"""

from functools import lru_cache
from typing import NamedTuple

from django.core.files.storage import default_storage
from PIL import Image

from common.files.images import MAX_SIDE, SMALL_SIDE, longest_side

SHOWN_WIDTH, SHOWN_HEIGHT = 640, 720  # CSS pixels of the place for a picture on a page


class Picture(NamedTuple):
    """What an `<img>` needs to know: the address, and the sizes of what lies there."""

    url: str
    width: int
    height: int

    @property
    def small_width(self) -> int:
        """How wide the small copy is, as `shrink` makes it."""
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
    """Width and height of a stored picture, from its header."""
    with default_storage.open(path) as file, Image.open(file) as image:
        return image.size


def picture(path: str, url: str) -> Picture:
    """The picture that is stored at `path` and served at `url`. One whose file is missing or
    cannot be read is shown as the largest that could be there: the browser says it is broken."""
    try:
        width, height = size_of(path)
    except (OSError, ValueError):
        width, height = MAX_SIDE, MAX_SIDE
    return Picture(url, width, height)
