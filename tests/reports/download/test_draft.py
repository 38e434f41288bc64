"""The mark of a draft: on each page of what is not public, never on what is."""

import hashlib
import io

import pikepdf
import pytest
from docx import Document
from pptx import Presentation
from pypdf import PdfReader

from reports.download.draft import draft_word, mark, marked_pdf
from tests.factories import ActionLineFactory, ProjectFactory
from tests.reports.records import built, requested, secretariat


def bytes_of(answer):
    return b"".join(answer.streaming_content)


def files_of(client, publication, name):
    return bytes_of(client.get(f"/en/reports/{publication.pk}/v1/report.{name}"))


def words(content):
    reader = PdfReader(io.BytesIO(content))
    return [page.extract_text() for page in reader.pages]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_page_is_marked_until_the_version_is_public(client, language):
    ProjectFactory(title="Village radio", main_action_line=ActionLineFactory(code="C1"))
    publication = built(requested(language=language))
    stored = publication.artefacts.get(format="pdf")
    with stored.file.open() as file:
        content = file.read()
    client.force_login(secretariat())
    draft = files_of(client, publication, "pdf")

    with pikepdf.open(io.BytesIO(draft)) as pdf:
        for page in pdf.pages:
            assert "/DraftMark" in page.Resources.XObject
            assert b"/Watermark>> BDC" in page.Contents[0].read_bytes()
        assert pdf.Root.MarkInfo.Marked
        assert pdf.Root.Lang == language
        assert "/StructTreeRoot" in pdf.Root
    assert words(draft) == words(content)
    build = publication.snapshots.get().build_id
    assert all(build in page for page in words(content)[1:])

    publication.move("approve", secretariat()).move("publish", secretariat())
    client.logout()
    public = files_of(client, publication, "pdf")
    assert public == content
    assert hashlib.sha256(public).hexdigest() == stored.sha256


def test_the_mark_is_drawn_in_its_language_and_holds_no_text():
    for language in ("en", "ar", "zh-hans"):
        assert draft_word(language)
        assert words(mark(language)) == [""]


def test_a_mark_does_not_disturb_a_file_whose_pages_share_their_resources():
    with pikepdf.new() as pdf:
        shared = pdf.make_indirect(pikepdf.Dictionary())
        for _n in range(3):
            page = pdf.add_blank_page()
            page.Resources = shared
        target = io.BytesIO()
        pdf.save(target)

    with pikepdf.open(io.BytesIO(marked_pdf(target.getvalue(), "en"))) as marked:
        assert ["/DraftMark" in p.Resources.XObject for p in marked.pages] == [True] * 3


def first_lines(content):
    """The last text put on each slide."""
    slides = Presentation(io.BytesIO(content)).slides
    return {
        [shape for shape in slide.shapes if shape.has_text_frame][-1].text_frame.text
        for slide in slides
    }


@pytest.mark.django_db(transaction=True)
def test_word_slides_and_page_are_marked_too(client):
    publication = built(requested())
    client.force_login(secretariat())

    document = Document(io.BytesIO(files_of(client, publication, "docx")))
    slides = first_lines(files_of(client, publication, "pptx"))
    page = client.get(publication.get_absolute_url()).content.decode()
    publication.move("approve", secretariat()).move("publish", secretariat())
    public = Document(io.BytesIO(files_of(client, publication, "docx")))
    public_slides = first_lines(files_of(client, publication, "pptx"))

    def headers(one):
        section = one.sections[0]
        return [
            p.text
            for header in (section.first_page_header, section.header)
            for p in header.paragraphs
        ]

    assert slides == {"DRAFT"}
    assert "DRAFT" not in public_slides
    build = publication.snapshots.get().build_id
    assert headers(document).count("DRAFT") == 2
    assert "DRAFT" not in headers(public)
    assert any(build in text for text in headers(public))
    assert "DRAFT" in page
    assert build in page
