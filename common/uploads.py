"""Uploaded images: judged by their content, drawn anew, never kept as they came."""

from io import BytesIO
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

MAX_BYTES = 5 * 1024 * 1024
MAX_PIXELS = 40_000_000
MAX_MEMORY = 160_000_000  # bytes that drawing one image anew may take
MAX_SIDE = 1600  # pixels of the longer side of what is kept
SMALL_SIDE = 480  # of what pages show
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")


def clean_image(file: Any, formats: tuple[str, ...] = FORMATS) -> ContentFile:
    """The picture as WebP, upright, at most MAX_SIDE wide or high, its pixels and nothing else.

    `file` is anything with `size` and `read`. Raises ValidationError with a sentence.
    """
    if not file.size:
        raise ValidationError(_("The file is empty. Choose another one."), code="empty")
    if file.size > MAX_BYTES:
        raise ValidationError(
            _("The file is larger than %(limit)d MB. Choose a smaller one."),
            code="too_large",
            params={"limit": MAX_BYTES // 1024**2},
        )
    try:
        return shrink(_opened(file, formats), MAX_SIDE)
    except ValidationError:
        raise
    except Exception as error:  # Pillow raises many kinds on damaged or hostile bytes
        raise ValidationError(
            _("The image is damaged or incomplete. Export it again and choose the new file."),
            code="damaged",
        ) from error


def shrink(image: Image.Image, side: int) -> ContentFile:
    """The first frame as a WebP file whose longer side has at most `side` pixels."""
    image.draft("RGB", (side, side))  # lets a JPEG decode at a fraction of its size
    mode = "RGBA" if _see_through(image) else "RGB"
    drawn = image if image.mode == mode else image.convert(mode)
    drawn.thumbnail((side, side))  # before anything else copies it at its full size
    upright = ImageOps.exif_transpose(drawn)
    target = BytesIO()
    upright.save(target, "WEBP", quality=78)  # writes metadata only when it is handed over
    return ContentFile(target.getvalue(), name="image.webp")


def _see_through(image: Image.Image) -> bool:
    return "A" in image.getbands() or "transparency" in image.info


def _pixels_allowed(image: Image.Image) -> int:
    """As many as MAX_MEMORY holds, by the bytes that a pixel takes at the worst (measured)."""
    each = 12 if _see_through(image) else 7
    if image.format == "WEBP":
        each = 24
    elif image.format == "JPEG":  # drawn at a fraction of its size, unless all passes are needed
        each = 2 * len(image.getbands()) + 1 if "progressive" in image.info else 4
    return min(MAX_PIXELS, MAX_MEMORY // each)


def _opened(file: Any, formats: tuple[str, ...]) -> Image.Image:
    """The file with its header read: the pixels wait until their number is known."""
    try:
        image = Image.open(file, formats=formats)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels(MAX_PIXELS) from error
    except Image.UnidentifiedImageError as error:
        raise ValidationError(
            _("This is not a JPEG, PNG, WebP or GIF image, whatever its name says."),
            code="not_an_image",
        ) from error
    if image.width * image.height > (allowed := _pixels_allowed(image)):
        raise _too_many_pixels(allowed)
    return image


def _too_many_pixels(allowed: int) -> ValidationError:
    return ValidationError(
        _("The image has more than %(limit)d million pixels. Make it smaller."),
        code="too_many_pixels",
        params={"limit": allowed // 1_000_000},
    )
