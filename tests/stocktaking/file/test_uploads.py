"""Images from strangers: refused with a sentence or made harmless."""

import io
import struct
import zlib

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from PIL import Image

from common.files.images import MAX_BYTES, MAX_SIDE, clean_image

SCRIPT = b"<script>alert(1)</script>"


def picture(kind="PNG", size=(64, 48), mode="RGB", **options):
    target = io.BytesIO()
    Image.new(mode, size, "teal" if mode == "RGB" else None).save(
        target, kind, **options
    )
    return target.getvalue()


def bomb(width, height):
    """A PNG that claims a size and holds almost nothing."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(b"\0" * 100)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data))
        + kind
        + data
        + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


def rotated():
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010F] = "Secret Camera"
    return picture("JPEG", exif=exif)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_image_comes_back_as_webp(kind):
    cleaned = clean_image(ContentFile(picture(kind), name="x.bin"))

    drawn = Image.open(cleaned)
    assert (drawn.format, drawn.size, cleaned.name) == ("WEBP", (64, 48), "image.webp")


def test_large_image_is_made_smaller():
    cleaned = clean_image(ContentFile(picture(size=(4000, 1000))))

    assert Image.open(cleaned).size == (MAX_SIDE, MAX_SIDE // 4)


def test_image_is_upright_and_without_exif():
    cleaned = clean_image(ContentFile(rotated()))

    drawn = Image.open(cleaned)
    assert drawn.size == (48, 64)
    assert dict(drawn.getexif()) == {}
    assert b"Secret" not in cleaned.read()


def test_transparency_stays():
    cleaned = clean_image(ContentFile(picture(mode="RGBA")))

    assert Image.open(cleaned).mode == "RGBA"


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF"])
def test_polyglot_loses_its_other_half(kind):
    cleaned = clean_image(ContentFile(picture(kind) + SCRIPT))

    assert SCRIPT not in cleaned.read()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"%PDF-1.7\n1 0 obj", "not_an_image"),
        (
            b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
            "not_an_image",
        ),
        (b"PK\x03\x04" + b"0" * 100, "not_an_image"),
        (b"GIF89a=1;alert(1)", "not_an_image"),
        (b"BM" + b"\0" * 200, "not_an_image"),
        (picture(size=(300, 300))[:150], "damaged"),
        (picture("JPEG", size=(300, 300))[:400], "damaged"),
        (bomb(20_000, 20_000), "too_many_pixels"),
        (bomb(9_000, 9_000), "too_many_pixels"),
        (bomb(11_000, 11_000), "too_many_pixels"),
        (b"\x89PNG" + b"\0" * MAX_BYTES, "too_large"),
    ],
)
def test_what_is_no_image_is_refused_with_a_sentence(content, code):
    with pytest.raises(ValidationError) as refused:
        clean_image(ContentFile(content, name="photo.png"))

    assert refused.value.code == code
    assert refused.value.messages[0].endswith(".")


def test_limit_is_five_megabytes_to_the_byte():
    padded = picture() + b"\0" * (MAX_BYTES - len(picture()))

    assert clean_image(ContentFile(padded)).name == "image.webp"
    with pytest.raises(ValidationError):
        clean_image(ContentFile(padded + b"\0"))
