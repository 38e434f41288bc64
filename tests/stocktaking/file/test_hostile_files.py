"""Hostile files on the evidence step: refused with a sentence, or kept once they are harmless."""

from contextlib import nullcontext
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image

from common.files.images import MAX_MEMORY, MAX_PIXELS
from common.files.pdf import NOTHING_RUNS, check_pdf
from stocktaking.base.workflow import Status
from stocktaking.file.forms import judge
from stocktaking.file.models import Attachment
from stocktaking.submission.drafts import step_named
from tests.factories import ProjectFactory
from tests.stocktaking.hostile import (
    HARMLESS,
    MARK,
    REFUSED,
    SCRIPT,
    packed,
    pdf,
    picture,
)
from tests.stocktaking.project_form import draft_of, versions
from tests.stocktaking.scanner import EICAR, Clamd, nobody_listens

BOUNDARY = "two--windows"
PROC = Path("/proc/self")


@pytest.fixture
def draft():
    return ProjectFactory(status=Status.DRAFT)


@pytest.fixture
def owner(client, draft):
    client.force_login(draft.owner)
    return client


@pytest.fixture
def clamd(settings):
    server = Clamd()
    settings.CLAMD_URL = server.url
    yield server
    server.stop()


def send(client, draft, name, content, **words):
    """Press “Add the file” as a browser would, the file's name byte for byte as it is given."""
    fields = {
        "versions": versions(draft, "evidence"),
        "image_alt": "",
        "attach": "1",
        "file_title": "Report",
        "file_alt": "A picture",
    } | words
    parts = [f'name="{key}"\r\n\r\n{value}'.encode() for key, value in fields.items()]
    parts.append(
        f'name="file"; filename="{name}"\r\nContent-Type: text/html\r\n\r\n'.encode()
        + content
    )
    start = f"--{BOUNDARY}\r\nContent-Disposition: form-data; ".encode()
    body = (
        b"".join(start + part + b"\r\n" for part in parts)
        + f"--{BOUNDARY}--\r\n".encode()
    )
    where = draft_of(draft).step_url(step_named("evidence"))
    return client.post(
        where, body, content_type=f"multipart/form-data; boundary={BOUNDARY}"
    )


def made(case):
    name, content = case
    return name, content() if callable(content) else content


def stored():
    return (
        [
            name
            for folder in default_storage.listdir("attachments")[0]
            for name in default_storage.listdir(f"attachments/{folder}")[1]
        ]
        if default_storage.exists("attachments")
        else []
    )


def test_there_are_more_than_thirty():
    assert len(REFUSED) + len(HARMLESS) == 48


@pytest.mark.django_db
@pytest.mark.parametrize("case", REFUSED)
def test_hostile_file_is_refused_with_a_sentence(owner, draft, case):
    before = stored()

    response = send(owner, draft, *made(REFUSED[case]))

    sentences = response.context["files"].errors["file"]
    assert (response.status_code, [s[-1] for s in sentences]) == (
        200,
        ["."] * len(sentences),
    )
    assert (Attachment.objects.count(), stored()) == (0, before)
    draft.refresh_from_db()
    assert draft.attachments == []


@pytest.mark.django_db
@pytest.mark.parametrize("case", HARMLESS)
def test_hostile_file_is_made_harmless(owner, draft, case):
    response = send(owner, draft, *made(HARMLESS[case]))

    assert response.status_code == 302
    kept = Attachment.objects.get()
    served = owner.get(kept.get_absolute_url())
    content = b"".join(served.streaming_content)
    inline = served.headers.get("Content-Disposition", "").startswith("inline")
    assert served["Content-Security-Policy"] == NOTHING_RUNS
    assert served["X-Content-Type-Options"] == "nosniff"
    if kept.is_image:
        assert served["Content-Type"] == "image/webp"
        assert [secret in content for secret in (SCRIPT, MARK, EICAR)] == [False] * 3
        assert Image.open(ContentFile(content)).size == (64, 48)
    else:
        assert not inline
        assert served["Content-Type"] == "application/pdf"
        name = f"WSIS-{draft.pk:06d}-{kept.pk}.pdf"
        assert served["Content-Disposition"] == f'attachment; filename="{name}"'
    assert kept.file.name.rpartition(".")[2] == ("webp" if kept.is_image else "pdf")
    assert len(kept.file.name) == len("attachments/00/") + 30 + len(".webp") - (
        not kept.is_image
    )


@pytest.mark.parametrize(
    "content",
    [
        pdf(
            b"<</Type /Annot /Subtype /Link /A <</S /URI /URI (https://example.org)>>>>"
        ),
        packed(b"9 0 <</Type /Font>>"),
        packed(b"9 0 <</Type /Font>>", b"", b"9 0 <</Type /Font>>"),
        pdf(b"<</OpenAction [3 0 R /Fit] /Names (about JavaScript and Launch)>>"),
    ],
    ids=["links", "packed", "packed and plain", "words that only look dangerous"],
)
def test_honest_document_passes(content):
    assert check_pdf(ContentFile(content)) == content


def test_the_names_are_found_across_pieces():
    """A packed name may lie where one piece that is unpacked ends and the next begins."""
    for offset in range(65536 - 12, 65536):
        content = packed(b" " * offset + b"/JavaScript (x)")
        with pytest.raises(ValidationError) as refused:
            check_pdf(ContentFile(content))
        assert refused.value.code == "active"


# --- the virus check --------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "content"), [("report.pdf", pdf(EICAR)), ("photo.png", picture() + EICAR)]
)
def test_infected_file_is_refused(owner, draft, clamd, name, content):
    response = send(owner, draft, name, content)

    assert response.context["files"].errors["file"] == [
        "The virus check found “Eicar-Signature” in this file. It was not kept."
    ]
    assert (Attachment.objects.count(), clamd.seen) == (0, [content])


@pytest.mark.django_db
def test_clean_file_is_kept(owner, draft, clamd):
    send(owner, draft, "report.pdf", pdf())

    assert [(a.scan, a.is_served) for a in Attachment.objects.all()] == [
        ("clean", True)
    ]


@pytest.mark.django_db
def test_without_a_scanner_files_are_accepted(owner, draft):
    send(owner, draft, "report.pdf", pdf())

    assert [(a.scan, a.is_served) for a in Attachment.objects.all()] == [
        ("unscanned", True)
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address", ["nobody", "unix:///nowhere/clamd.ctl", "too small"]
)
def test_without_an_answer_the_file_is_held(owner, draft, settings, address):
    server = Clamd(limit=10)  # answers that the file is too large for it
    settings.CLAMD_URL = {"nobody": nobody_listens(), "too small": server.url}.get(
        address, address
    )

    response = send(owner, draft, "report.pdf", pdf())
    server.stop()

    kept = Attachment.objects.get()
    page = owner.get(response.url).content.decode()
    assert (kept.scan, owner.get(kept.get_absolute_url()).status_code) == ("held", 404)
    assert page.count("awaiting the virus check") == 1


# --- memory -----------------------------------------------------------------------------------


def side_of(pixels):
    return int(pixels**0.5)


WORST = {
    "transparent png": lambda: picture(
        size=(side_of(MAX_MEMORY / 12),) * 2, mode="RGBA"
    ),
    "grey png with transparency": lambda: picture(
        size=(side_of(MAX_MEMORY / 12),) * 2, mode="LA"
    ),
    "webp": lambda: picture(
        "WEBP", size=(side_of(MAX_MEMORY / 24),) * 2, mode="RGBA", quality=1
    ),
    "jpeg": lambda: picture("JPEG", size=(side_of(MAX_PIXELS),) * 2),
    "jpeg in passes": lambda: picture(
        "JPEG", size=(side_of(MAX_MEMORY / 7),) * 2, progressive=True, subsampling=0
    ),
    "pdf bomb": lambda: packed(b"\0" * 70_000_000),
}


@pytest.mark.skipif(
    not (PROC / "clear_refs").exists(), reason="only Linux tells a process' peak"
)
@pytest.mark.parametrize("case", WORST)
def test_no_check_needs_more_than_200_megabytes(case):
    file = ContentFile(WORST[case](), name="worst")
    (PROC / "clear_refs").write_text("5")  # the peak begins anew
    before = peak()

    with pytest.raises(ValidationError) if case == "pdf bomb" else nullcontext():
        judge(file)

    assert peak() - before <= 200


def peak():
    """The most memory this process has held since the peak began anew, in megabytes."""
    line = next(
        x for x in (PROC / "status").read_text().splitlines() if x.startswith("VmHWM")
    )
    return int(line.split()[1]) // 1024
