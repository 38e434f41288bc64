"""Uploaded images: checked by content, re-encoded, never stored as uploaded."""

from io import BytesIO

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

MAX_BYTES = 5 * 1024 * 1024
MAX_PIXELS = 40_000_000
MAX_MEMORY = 160_000_000  # bytes of memory that re-encoding one image may take
MAX_SIDE = 1600  # pixels of the longer side of a stored image
SMALL_SIDE = 480  # of the copy for narrow screens
LONG = 4  # times as long as wide: from here on a picture keeps its area, not its longer side
MAX_RATIO = 10  # longer side to shorter side
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
GREY_16 = ("I", "I;16", "I;16L", "I;16B", "I;16N")  # how Pillow reads 16 bits of grey

# Kinds that people send and that are not accepted, by their first bytes.
OTHER_KINDS = (
    (0, b"II*\0", "TIFF"),
    (0, b"MM\0*", "TIFF"),
    (0, b"BM", "BMP"),
    (0, b"8BPS", "Photoshop"),
    (0, b"%PDF", "PDF"),
    (0, b"\0\0\1\0", "ICO"),
    (0, b"\xff\x0a", "JPEG XL"),
    (4, b"JXL ", "JPEG XL"),
    (4, b"jP  ", "JPEG 2000"),
    (4, b"ftypavi", "AVIF"),
    (4, b"ftyphei", "HEIC"),
    (4, b"ftyphev", "HEIC"),
    (4, b"ftypmif1", "HEIC"),
    (4, b"ftypmsf1", "HEIC"),
)


class CleanImage(ContentFile):
    """An image as it is stored. `is_animated`: the original was animated, its first frame is
    kept."""

    is_animated = False


def clean_image(
    file: UploadedFile, formats: tuple[str, ...] = FORMATS, others: tuple[str, ...] = ()
) -> CleanImage:
    """The image as WebP, upright, about MAX_SIDE wide or high, without metadata.

    `file` is anything with `size` and `read`; `others` are further kinds that the caller accepts.
    Raises ValidationError with a sentence.
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
        image = _opened(file, formats, others)
        moves = bool(getattr(image, "is_animated", False))
        image.seek(0)
        drawn = CleanImage(shrink(image, MAX_SIDE).read(), name="image.webp")
        drawn.is_animated = moves
        return drawn
    except ValidationError:
        raise
    except Exception as error:  # Pillow raises many kinds on damaged or hostile bytes
        raise ValidationError(
            _(
                "The image is damaged or incomplete. Export it again and choose the new file."
            ),
            code="damaged",
        ) from error


def shrink(image: Image.Image, side: int) -> ContentFile:
    """The first frame as a WebP file whose longer side has about `side` pixels."""
    longest = longest_side(image.width, image.height, side)
    image.draft(
        "RGB", (longest, longest)
    )  # lets a JPEG decode at a fraction of its size
    if image.mode in GREY_16:
        image = _in_8_bits(image)
    mode = "RGBA" if _see_through(image) else "RGB"
    drawn = image if image.mode == mode else image.convert(mode)
    # before anything else copies it at its full size
    drawn.thumbnail((longest, longest))
    upright = ImageOps.exif_transpose(drawn)
    target = BytesIO()
    upright.save(
        target, "WEBP", quality=78
    )  # writes metadata only when it is handed over
    return ContentFile(target.getvalue(), name="image.webp")


def longest_side(width: int, height: int, side: int) -> int:
    """The maximum length of the longer side. A very tall or wide image would become unreadable,
    so it keeps about the area that others have."""
    ratio = max(width, height) / max(1, min(width, height))
    return round(side * max(1.0, ratio / LONG))


def _in_8_bits(image: Image.Image) -> Image.Image:
    """Convert 16-bit grey to 8 bits: Pillow by itself would clip every value above 255 to white."""
    clear = image.info.get("transparency")
    grey = image.convert("I").point(lambda value: value * (1 / 257)).convert("L")
    if isinstance(clear, int):
        grey.info["transparency"] = clear // 257
    else:
        grey.info.pop("transparency", None)
    return grey


def _see_through(image: Image.Image) -> bool:
    return "A" in image.getbands() or "transparency" in image.info


def _pixels_allowed(image: Image.Image) -> int:
    """The number of pixels that MAX_MEMORY holds, at the worst measured size of a pixel."""
    each = 12 if _see_through(image) else 7
    if image.format == "WEBP":
        each = 24
    elif image.mode in GREY_16:
        each = 20
    elif (
        image.format == "JPEG"
    ):  # drawn at a fraction of its size, unless all passes are needed
        each = 2 * len(image.getbands()) + 1 if "progressive" in image.info else 4
    return min(MAX_PIXELS, MAX_MEMORY // each)


def _opened(
    file: UploadedFile, formats: tuple[str, ...], others: tuple[str, ...]
) -> Image.Image:
    """The file with its header read; pixels are decoded only after their number is checked."""
    try:
        image = Image.open(file, formats=formats)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels(MAX_PIXELS) from error
    except Image.UnidentifiedImageError as error:
        raise _unknown_kind(file, (*formats, *others)) from error
    longer, shorter = max(image.size), min(image.size)
    if longer > MAX_RATIO * shorter:
        raise ValidationError(
            _(
                "The image is more than %(limit)d times as long in one direction as in the other. "
                "Cut it to the part that matters."
            ),
            code="too_long",
            params={"limit": MAX_RATIO},
        )
    if image.width * image.height > (allowed := _pixels_allowed(image)):
        raise _too_many_pixels(allowed)
    return image


def _unknown_kind(file: UploadedFile, formats: tuple[str, ...]) -> ValidationError:
    """An error that names the kind of the file, where its first bytes tell it."""
    file.seek(0)
    start = file.read(16)
    names = {
        name for place, sign, name in OTHER_KINDS if start[place:].startswith(sign)
    }
    taken = {"formats": ", ".join(formats).replace("WEBP", "WebP")}
    if names:
        return ValidationError(
            _(
                "%(kind)s files are not accepted here. Save the picture as one of: %(formats)s."
            ),
            code="not_an_image",
            params=taken | {"kind": names.pop()},
        )
    return ValidationError(
        _("This is not an image of one of these kinds: %(formats)s."),
        code="not_an_image",
        params=taken,
    )


def _too_many_pixels(allowed: int) -> ValidationError:
    return ValidationError(
        _("The image has more than %(limit)d million pixels. Make it smaller."),
        code="too_many_pixels",
        params={"limit": allowed // 1_000_000},
    )
