"""Pictures of every kind, sent by the form and read back from the address that the page shows."""

import io
import re
import struct
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from stocktaking.base.workflow import Status
from stocktaking.project.models import Project
from tests.factories import ProjectFactory

pytestmark = pytest.mark.django_db


def chunk(kind, data):
    return (
        struct.pack(">I", len(data))
        + kind
        + data
        + struct.pack(">I", zlib.crc32(kind + data))
    )


def grey16():
    """A PNG with 16 bits of grey, from black at the left to white at the right."""
    row = b"\0" + b"".join(struct.pack(">H", x * 257) for x in range(256))
    header = struct.pack(">IIBBBBB", 256, 64, 16, 0, 0, 0, 0)
    parts = [(b"IHDR", header), (b"IDAT", zlib.compress(row * 64)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(kind, data) for kind, data in parts)


def saved(image, kind, **options):
    target = io.BytesIO()
    image.save(target, kind, **options)
    return target.getvalue()


def plain(size, colour="teal", mode="RGB"):
    return Image.new(mode, size, colour)


def frames():
    return [plain((60, 40), colour) for colour in ("red", "lime", "blue")]


def moving(kind, **options):
    first, *others = frames()
    return saved(first, kind, save_all=True, append_images=others, **options)


def palette():
    image = Image.new("P", (80, 60), 0)
    image.putpalette([255, 0, 0, 0, 255, 0])
    image.paste(1, (40, 0, 80, 60))
    return saved(image, "PNG", transparency=0)


def turned():
    exif = Image.Exif()
    exif[0x0112] = 6
    return saved(plain((60, 40)), "JPEG", exif=exif)


@pytest.fixture
def draft(client):
    project = ProjectFactory(status=Status.DRAFT, image="", image_alt="")
    client.force_login(project.owner)
    return project


def versions_of(client, address):
    """What the form says it began from, as a browser sends it back."""
    page = client.get(address).content.decode()
    return re.search(r'name="versions" value="([^"]*)"', page)[1]


def send(client, project, content, alt="A picture", **more):
    address = reverse("stocktaking:project-step", args=[project.pk, "evidence"])
    data = {
        "image_alt": alt,
        "next": "1",
        "versions": versions_of(client, address),
    } | more
    if content:
        data["image"] = SimpleUploadedFile("photo.png", content)
    response = client.post(address, data, follow=True)
    project.refresh_from_db()
    return response


def tag_of(page):
    return re.search(r"<img[^>]*srcset[^>]*>", page.content.decode())[0]


def attribute(tag, name):
    return re.search(rf'\s{name}="([^"]*)"', tag)[1]


def served(client, project, query=""):
    """The picture from the address that the preview of the entry shows."""
    page = client.get(reverse("stocktaking:project-preview", args=[project.pk]))
    response = client.get(attribute(tag_of(page), "src") + query)
    return Image.open(io.BytesIO(b"".join(response.streaming_content))).convert("RGBA")


def near(pixel, expected):
    return all(abs(a - b) <= 12 for a, b in zip(pixel, expected, strict=True))


@pytest.mark.parametrize(
    ("content", "size", "place", "pixel"),
    [
        (grey16(), (256, 64), (128, 32), (128, 128, 128, 255)),
        (grey16(), (256, 64), (10, 32), (10, 10, 10, 255)),
        (
            saved(plain((60, 40), (0, 255, 255, 0), "CMYK"), "JPEG"),
            (60, 40),
            (9, 9),
            (255, 0, 0, 255),
        ),
        (moving("GIF"), (60, 40), (9, 9), (255, 0, 0, 255)),
        (moving("WEBP", lossless=True), (60, 40), (9, 9), (255, 0, 0, 255)),
        (moving("PNG"), (60, 40), (9, 9), (255, 0, 0, 255)),
        (palette(), (80, 60), (70, 30), (0, 255, 0, 255)),
        (turned(), (40, 60), (9, 9), (0, 128, 128, 255)),
        (saved(plain((900, 5000)), "PNG"), (400, 2222), (9, 9), (0, 128, 128, 255)),
        (saved(plain((1, 1)), "PNG"), (1, 1), (0, 0), (0, 128, 128, 255)),
    ],
    ids=[
        "16 bit",
        "16 bit dark",
        "CMYK",
        "GIF",
        "WebP",
        "APNG",
        "palette",
        "EXIF",
        "tall",
        "dot",
    ],
)
def test_a_picture_is_served_as_it_was(client, draft, content, size, place, pixel):
    send(client, draft, content)

    drawn = served(client, draft)

    assert drawn.size == size
    assert near(drawn.getpixel(place), pixel)


def test_what_was_transparent_stays_so(client, draft):
    send(client, draft, palette())

    assert served(client, draft).getpixel((5, 30))[3] == 0


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_who_sends_a_moving_picture_reads_that_its_first_frame_is_kept(
    client, draft, kind
):
    response = send(client, draft, moving(kind))

    assert (
        "The picture moved. Its first frame is kept and shown."
        in response.content.decode()
    )


def test_nothing_is_said_of_frames_where_there_is_one(client, draft):
    response = send(client, draft, saved(plain((60, 40)), "GIF"))

    assert "The picture moved" not in response.content.decode()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (saved(plain((60, 40)), "AVIF"), "AVIF files are not accepted here."),
        (saved(plain((60, 40)), "TIFF"), "TIFF files are not accepted here."),
        (b"\0\0\0\x18ftypheic" + b"0" * 50, "HEIC files are not accepted here."),
        (saved(plain((9000, 60)), "PNG"), "more than 10 times as long"),
    ],
)
def test_what_cannot_be_shown_is_refused_by_its_name(client, draft, content, words):
    response = send(client, draft, content)

    assert words in response.content.decode()
    assert not draft.image


@pytest.mark.parametrize(
    "size", [(300, 200), (900, 5000), (3000, 400), (4000, 3000), (7, 50)]
)
def test_the_page_keeps_the_proportions_and_enlarges_nothing(client, draft, size):
    send(client, draft, saved(plain(size), "PNG"))
    page = client.get(reverse("stocktaking:project-preview", args=[draft.pk]))
    tag = tag_of(page)
    width, height = int(attribute(tag, "width")), int(attribute(tag, "height"))
    large, small = served(client, draft), served(client, draft, "?size=small")
    said = re.findall(r"(\d+)w", attribute(tag, "srcset"))

    assert abs(width / height - size[0] / size[1]) < 0.05 * size[0] / size[1]
    assert (width, height) <= large.size
    assert width <= 640
    assert height <= 720
    assert "size=small" not in attribute(tag, "src")
    assert [int(n) for n in said] == [small.width, large.width]


def test_a_picture_without_its_description_need_not_be_chosen_again(client, draft):
    refused = send(client, draft, saved(plain((60, 40)), "PNG"), alt="")
    page = refused.content.decode()
    name = re.search(r'name="kept_image" value="([^"]+)"', page)[1]
    seen = client.get(re.search(r'src="(/[^"]*kept/[^"]+)"', page)[1])
    before = draft.image.name

    send(client, draft, None, alt="A teal field", kept_image=name)

    assert "The image that you chose is kept." in page
    assert "Choose the image again" not in page
    assert Image.open(io.BytesIO(seen.content)).size == (60, 40)
    assert before == ""
    assert draft.image_alt == "A teal field"
    assert near(served(client, draft).getpixel((9, 9)), (0, 128, 128, 255))


def test_a_document_without_a_title_need_not_be_chosen_again(client, draft):
    address = reverse("stocktaking:project-step", args=[draft.pk, "evidence"])
    photo = SimpleUploadedFile("صورة.png", saved(plain((60, 40)), "PNG"))
    versions = versions_of(client, address)
    refused = client.post(address, {"file": photo, "attach": "1", "versions": versions})
    name = re.search(r'name="kept_file" value="([^"]+)"', refused.content.decode())[1]

    client.post(
        address,
        {
            "kept_file": name,
            "file_alt": "A teal field",
            "attach": "1",
            "versions": versions_of(client, address),
        },
    )

    draft.refresh_from_db()
    assert [item["alt"] for item in draft.attachments] == ["A teal field"]


@pytest.mark.parametrize("name", ["", "x", "../../etc", "a" * 500, "é", "%00"])
def test_a_made_up_name_keeps_nothing(client, draft, name):
    send(client, draft, None, alt="", kept_image=name)

    assert Project.objects.get(pk=draft.pk).image == ""
