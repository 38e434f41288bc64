"""QR codes, drawn as SVG of squares only."""

from functools import lru_cache

import qrcode
from django.utils.safestring import SafeString
from qrcode.image.svg import SvgPathImage


@lru_cache(maxsize=1000)
def qr_code(text: str) -> SafeString:
    """An address or code as a picture in the page. Drawn once: it takes 15 ms."""
    picture = qrcode.make(text, image_factory=SvgPathImage)
    return SafeString(picture.to_string(encoding="unicode"))  # ours, of squares only
