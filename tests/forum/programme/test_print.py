"""The programme in print: what is read out of the files, and when they are made."""

import datetime
import io
import re

import pdfua
import pikepdf
import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import translation
from pypdf import PdfReader

from forum.programme import printing
from forum.programme.models import Printout
from forum.programme.tasks import print_programme
from forum.session.models import Session
from tests.forum.records import (
    DAY,
    EditionFactory,
    PersonFactory,
    RoomFactory,
    SessionFactory,
    TrackFactory,
    at,
    officer,
    release,
    scheduled,
)
from tests.reports.output.test_pdf import (
    TORN_AT_MOST,
    read_by_pdfium,
    read_by_pypdf,
    words_of,
)

pytestmark = pytest.mark.django_db
LANGUAGES = [code for code, _name in settings.LANGUAGES]
TUESDAY = datetime.date(2027, 7, 6)
TITLES = {
    "en": "Villages & <masts> come online: #1 *not* $x$ @you",
    "fr": "L’école numérique à Pâques",
    "es": "Niños y señales en línea",
    "ru": "Цифровые деревни и школы",
    "ar": "القرى الرقمية ورؤية الأطفال",
    "zh-hans": "数字乡村与学校",
}
TEXTS = {
    "ar": "جلسة عن 3 قرى في المنطقة.",
    "ru": "Сессия о трёх деревнях.",
    "zh-hans": "关于三个村庄的会议。",
}
WORD = re.compile(r"[^\W_]{2,}")
LATIN = re.compile(r"[A-Za-zÀ-ÿА-яё0-9]{3,}")


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def programme():
    """Two rooms on Monday, one on Tuesday, a session in each language."""
    edition = EditionFactory(title="WSIS Forum 2027", theme="For all", venue="CICG")
    hall = RoomFactory(name="Popov", building="ITU Tower")
    studio = RoomFactory(name="Salle “Ω”", building="")
    slots = [
        (hall, at(9), at(10)),
        (hall, at(10), at(11)),
        (hall, at(14), at(15)),
        (studio, at(9), at(10)),
        (studio, at(16), at(17)),
        (hall, at(9, day=TUESDAY), at(10, day=TUESDAY)),
    ]
    made = {}
    for (language, title), (room, start, end) in zip(
        TITLES.items(), slots, strict=True
    ):
        made[language] = scheduled(
            edition=edition,
            title=title,
            language=language,
            description=TEXTS.get(
                language, "A session about three villages.\n\nAnd more."
            ),
            room=room,
            start=start,
            end=end,
            track=TrackFactory(),
            audience="Regulators",
            interpretation=["fr", "ar"],
            speakers=[PersonFactory(name="Łucja Żółć")],
            organised_by="Ministry of ICT",
        )
    gone = scheduled(title="Gone away", room=studio, start=at(12), end=at(13))
    SessionFactory(title="Only planned", room=studio, start=at(13), end=at(14))
    release(edition, name="May")
    gone.move("cancel", officer(), "The speaker is ill.")
    return made


def ask(client, name, language="en", slug="2027"):
    path = reverse("forum:printout", args=[slug, name]).replace("/en/", f"/{language}/")
    return client.get(path)


def made(client, callbacks, name, language="en"):
    """The file as a reader gets it who asks, waits and asks again."""
    with callbacks(execute=True):
        assert ask(client, name, language).status_code == 302
    answer = ask(client, name, language)
    assert answer["Content-Type"] == "application/pdf"
    return b"".join(answer.streaming_content)


def page_list(client, language="en"):
    path = reverse("forum:print", args=["2027"]).replace("/en/", f"/{language}/")
    return client.get(path).content.decode()


def document_of(name, language):
    kind, _hyphen, day = name.partition("-")
    job = Printout.objects.get(kind=kind, day=day or None, language=language)
    with translation.override(language):
        return printing.document(job)


def texts_in(value):
    """Every text that is printed, of the plain document; not addresses and names of fonts."""
    if isinstance(value, dict):
        if "runs" in value:
            return [value["text"]]
        kept = [
            v
            for k, v in value.items()
            if k not in ("fonts", "language", "site", "labels")
        ]
        return [text for one in kept for text in texts_in(one)]
    if isinstance(value, list):
        return [text for one in value for text in texts_in(one)]
    return [value] if isinstance(value, str) else []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["programme", "day-2027-07-05", "doors-2027-07-05"])
def test_what_is_read_out_of_the_file_is_what_the_release_says(
    client, programme, django_capture_on_commit_callbacks, tmp_path, name, language
):
    pdf = made(client, django_capture_on_commit_callbacks, name, language)

    plain = document_of(name, language)
    for read in (read_by_pypdf, read_by_pdfium):
        text = read(pdf)
        words = {w for t in texts_in(plain) for w in LATIN.findall(t)}
        assert {word for word in words if word not in text} == set(), read
        squeezed = re.sub(r"\s", "", text)
        if TITLES["zh-hans"] in " ".join(texts_in(plain)):
            assert TITLES["zh-hans"] in squeezed
    arabic = words_of(plain)
    lost = {word for word in arabic if word not in read_by_pdfium(pdf)}
    assert len(lost) <= TORN_AT_MOST * max(len(arabic), 1), lost
    path = tmp_path / "file.pdf"
    path.write_bytes(pdf)
    assert [str(one) for one in pdfua.validate(path).findings] == []
    with pikepdf.open(io.BytesIO(pdf)) as document:
        root = document.Root
        assert str(root.Lang).lower().split("-")[0] == language.split("-")[0]
        direction = root.ViewerPreferences.get("/Direction", "/L2R")
        assert direction == ("/R2L" if language == "ar" else "/L2R")
        with document.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"


def test_the_programme_has_bookmarks_contents_and_every_session(
    client, programme, django_capture_on_commit_callbacks
):
    pdf = made(client, django_capture_on_commit_callbacks, "programme")

    reader = PdfReader(io.BytesIO(pdf))
    days, sessions = [], []
    for item in reader.outline:
        if isinstance(item, list):
            sessions += [one.title for one in item]
        else:
            days.append(item.title)
    text = read_by_pypdf(pdf)
    assert "Monday, 5 July 2027" in days
    assert "Tuesday, 6 July 2027" in days
    assert {*TITLES.values(), "Gone away"} == set(sessions)
    contents = reader.pages[1].extract_text()
    assert "Contents" in contents
    assert "Monday, 5 July 2027" in contents
    assert "Only planned" not in text
    assert "Cancelled" in text
    assert "The speaker is ill." in text
    assert "Times are in the time zone of the venue (Geneva time)." in text
    assert "Interpretation: Français, عربي" in text or "Français" in text


def sizes(page, wanted):
    """The sizes in which the words of a text stand on a page."""
    found = []

    def visit(text, _cm, tm, _font, size):
        if len(text.strip()) > 2 and text.strip() in wanted:
            found.append(abs(size * (tm[3] or tm[0])))

    page.extract_text(visitor_text=visit)
    return found


def test_a_door_shows_one_session_in_large_letters_and_what_is_next(
    client, programme, django_capture_on_commit_callbacks
):
    pdf = made(client, django_capture_on_commit_callbacks, "doors-2027-07-05")

    reader = PdfReader(io.BytesIO(pdf))
    pages = [" ".join(page.extract_text().split()) for page in reader.pages]
    assert len(pages) == 5  # the sessions of Monday that are held in a room
    first = pages[0]
    assert "Popov" in first
    assert "Monday, 5 July 2027" in first
    assert "09:00–10:00" in first
    assert re.search("Next in this room 10:00–11:00 L’école numérique", first)
    assert "The last session of the day in this room" in pages[2]
    assert "14:00–15:00" in pages[1]
    assert not [page for page in pages if "Gone away" in page]
    page = reader.pages[0]
    assert page.mediabox.width > page.mediabox.height
    # 28 points of Noto Sans are capitals of 7 mm, 54 points are 13.6 mm
    assert min(sizes(page, TITLES["en"])) >= 32
    assert min(sizes(page, "09:00–10:00")) >= 54
    assert min(sizes(page, TITLES["fr"])) >= 28


def test_a_long_title_still_fits_its_door(client, django_capture_on_commit_callbacks):
    title = " ".join(["Interoperability"] * 17)  # 288 characters
    for hour in (9, 10):
        scheduled(title=title, room=RoomFactory(), start=at(hour), end=at(hour + 1))
    release()

    pdf = made(client, django_capture_on_commit_callbacks, "doors-2027-07-05")

    reader = PdfReader(io.BytesIO(pdf))
    assert len(reader.pages) == 2
    for page in reader.pages:
        assert page.extract_text().count("Interoperability") == 17


def test_a_day_sheet_is_the_day_and_no_other(
    client, programme, django_capture_on_commit_callbacks
):
    pdf = made(client, django_capture_on_commit_callbacks, "day-2027-07-06")

    text = " ".join(read_by_pypdf(pdf).split())
    assert "Tuesday, 6 July 2027" in text
    assert "09:00–10:00" in text
    assert "Popov, ITU Tower" in text
    assert len(PdfReader(io.BytesIO(pdf)).pages) == 1
    assert TITLES["fr"] not in text


def test_a_file_is_made_once_for_a_release_and_language(
    client, programme, django_capture_on_commit_callbacks, monkeypatch
):
    typeset = []
    real = printing.pdf
    monkeypatch.setattr(
        printing,
        "pdf",
        lambda job, data: typeset.append(job.language) or real(job, data),
    )
    for _time in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            ask(client, "day-2027-07-05")
    with django_capture_on_commit_callbacks(execute=True):
        ask(client, "day-2027-07-05", "fr")

    tag = ask(client, "day-2027-07-05")["ETag"]
    again = client.get(
        reverse("forum:printout", args=["2027", "day-2027-07-05"]),
        headers={"If-None-Match": tag},
    )

    assert typeset == ["en", "fr"]
    assert again.status_code == 304
    job = Printout.objects.get(language="en")
    assert print_programme(job.pk) == "over"
    assert typeset == ["en", "fr"]


def test_the_next_release_has_a_file_of_its_own_and_the_old_one_goes(
    client, programme, django_capture_on_commit_callbacks
):
    before = made(client, django_capture_on_commit_callbacks, "day-2027-07-05")
    old = Printout.objects.get()
    Session.objects.filter(pk=programme["fr"].pk).update(title="Renamed at the desk")
    same = b"".join(ask(client, "day-2027-07-05").streaming_content)
    release()

    after = made(client, django_capture_on_commit_callbacks, "day-2027-07-05")

    assert same == before
    assert "Renamed at the desk" in read_by_pypdf(after)
    assert not Printout.objects.filter(pk=old.pk).exists()
    assert not default_storage.exists(old.file)
    assert default_storage.exists(Printout.objects.get().file)


def test_the_page_says_what_is_made_and_what_is_being_made(
    client, programme, django_capture_on_commit_callbacks
):
    agenda = client.get(reverse("forum:agenda", args=["2027"])).content.decode()
    assert 'href="/en/forum/2027/print/"' in agenda
    before = page_list(client)
    ask(client, "programme")
    waiting = page_list(client)
    Printout.objects.update(state="queued")
    with django_capture_on_commit_callbacks(execute=True):
        ask(client, "programme")
    after = page_list(client)

    assert before.count("PDF, made when you ask for it") == 5
    assert "hx-trigger" not in before
    assert "is being made" in waiting
    assert 'hx-trigger="every 2s"' in waiting
    assert "is being made" not in after
    assert re.search(r"PDF, \d+(\.\d)?\s(KB|bytes)", after)
    assert "Tue, 6 July: Door sheets" in after
    assert "is being made" not in page_list(client, "fr")


def test_what_cannot_be_made_says_so_and_can_be_asked_for_again(
    client, programme, django_capture_on_commit_callbacks, monkeypatch
):
    def broken(job, data):
        raise RuntimeError("no room on the disk")

    with monkeypatch.context() as patch:
        patch.setattr(printing, "pdf", broken)
        with django_capture_on_commit_callbacks(execute=True):
            ask(client, "programme")
        told = page_list(client)

    assert "The file could not be made. Ask for it again." in told
    assert "no room on the disk" not in told
    assert made(client, django_capture_on_commit_callbacks, "programme")[:4] == b"%PDF"


@pytest.mark.parametrize(
    "name",
    [
        "day-2027-07-09",
        "day",
        "doors",
        "programme-2027-07-05",
        "day-2027-13-45",
        "x",
        "day-",
    ],
)
def test_what_does_not_exist_is_not_made(client, programme, name):
    assert ask(client, name).status_code == 404
    assert not Printout.objects.exists()


def test_an_edition_without_a_release_has_nothing_to_print(client):
    scheduled()

    assert client.get(reverse("forum:print", args=["2027"])).status_code == 404
    assert ask(client, "programme").status_code == 404


@pytest.mark.parametrize("rows", [1, 10])
def test_print_page_queries(client, django_assert_num_queries, rows):
    for _row in range(rows):
        scheduled(start=at(9), end=at(10))
    release()
    client.get(reverse("forum:print", args=["2027"]))

    with django_assert_num_queries(3):  # last release, its days, its files
        page = client.get(reverse("forum:print", args=["2027"]))

    assert DAY.isoformat() in page.content.decode()
