"""Badges: the page on the phone, the code and its replacement, what is printed."""

import io
import re

import pypdfium2
import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation
from PIL import Image
from pypdf import PdfReader

from forum.badge.drawing import data_of, pdf_of
from forum.badge.models import Badge, BadgeRole, digest, read_token
from forum.printing.models import PrintJob
from forum.printing.work import work_at
from tests.factories import CountryFactory, UserFactory
from tests.forum.records import (
    CapacityFactory,
    EditionFactory,
    PersonFactory,
    approved,
    badged,
    officer,
    registered,
    scheduled,
)

pytestmark = pytest.mark.django_db
MILLIMETRE = 72 / 25.4
CHOSEN = {
    "layout": "a4",
    "attendance": "on_site",
    "which": "new",
    "language": "en",
}


@pytest.fixture(autouse=True)
def _without_second_factor(settings):
    settings.REQUIRE_STAFF_MFA = False


def page_of(client, badge):
    return client.get(badge.get_absolute_url())


def text_of(content):
    return "\n".join(page.extract_text() for page in PdfReader(content).pages)


def printed(edition, **changes):
    """A job that a worker has done, and its file."""
    job = PrintJob.objects.create(
        edition=edition, kind="badges", by=officer(), options=CHOSEN | changes
    )
    word = work_at(job.pk)
    job.refresh_from_db()
    file = default_storage.open(job.file).read() if job.file else b""
    return word, job, file


def test_the_page_shows_the_person_and_a_code_without_personal_data(client):
    person = UserFactory()
    badge = badged(user=person, name="Amina Otieno", organization_name="ITU")
    client.force_login(person)

    answer = page_of(client, badge)

    page = answer.content.decode()
    assert "Amina Otieno" in page
    assert badge.grouped in page
    assert page.count("<svg") == 1
    assert "no-store" in answer["Cache-Control"]
    assert re.fullmatch(r"[2-9A-Z]{20}", badge.token)
    assert data_of([badge], "a6")["badges"][0]["qr"].count("Amina") == 0


def test_there_is_no_badge_before_the_approval_nor_after_a_withdrawal(client):
    CapacityFactory()
    person = UserFactory()
    registration = registered(user=person)
    client.force_login(person)
    address = reverse("forum:badge", args=[registration.pk])

    before = client.get(address).content.decode()
    moved = registration.move("approve", officer())
    ready = client.get(address).content.decode()
    moved.move("cancel", person)
    after = client.get(address).content.decode()

    code = Badge.objects.get().grouped
    assert "There is a badge once the registration is approved." in before
    assert code in ready
    assert code not in after
    file = reverse("forum:badge-file", args=[registration.pk, "pdf"])
    assert client.get(file).status_code == 404


def test_a_lost_badge_gets_a_new_code_and_the_log_says_why(client):
    person = UserFactory()
    old = badged(user=person)
    client.force_login(person)

    refused = client.post(old.get_absolute_url(), {"reason": " "})
    done = client.post(
        old.get_absolute_url(), {"reason": "Left in the tram"}, follow=True
    )

    new = Badge.objects.current().get()
    old.refresh_from_db()
    assert refused.status_code == 400
    assert "This field is required." in refused.content.decode()
    assert new.token != old.token
    assert new.grouped in done.content.decode()
    assert (old.revoked_by, old.reason) == (person, "Left in the tram")
    assert old.revoked_at is not None


def test_a_replacement_asked_twice_makes_one_new_code():
    badge = badged()

    first = badge.replace(badge.registration.user, "Lost")
    second = badge.replace(badge.registration.user, "Lost")

    assert first.pk == second.pk
    assert Badge.objects.count() == 2


def test_the_database_keeps_one_current_badge():
    badge = badged()

    with pytest.raises(IntegrityError), transaction.atomic():
        Badge.new(badge.registration, BadgeRole.PRESS).save()


def test_speakers_get_the_badge_of_speakers():
    speaker, guest = UserFactory(), UserFactory()
    session = scheduled(speakers=[PersonFactory(user=speaker)])

    roles = [
        badged(session.edition, user=speaker).role,
        badged(session.edition, user=guest).role,
    ]

    assert roles == [BadgeRole.SPEAKER, BadgeRole.PARTICIPANT]


def test_strangers_see_no_badge_and_no_file(client):
    badge = badged(name="Secret Name")
    client.force_login(UserFactory())

    answers = [
        page_of(client, badge),
        client.post(badge.get_absolute_url(), {"reason": "x"}),
        client.get(reverse("forum:badge-file", args=[badge.registration_id, "png"])),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert Badge.objects.count() == 1


def test_the_picture_and_the_pdf_of_one_badge_are_of_the_size_of_a_badge(client):
    person = UserFactory()
    badge = badged(user=person, name="欧阳娜娜", organization_name="工业和信息化部")
    client.force_login(person)
    files = [
        client.get(reverse("forum:badge-file", args=[badge.registration_id, kind]))
        for kind in ("png", "pdf")
    ]

    picture = Image.open(io.BytesIO(files[0].content))
    document = PdfReader(io.BytesIO(files[1].content))

    box = document.pages[0].mediabox
    assert picture.width / picture.height == pytest.approx(105 / 148, abs=0.01)
    assert len(document.pages) == 1
    assert (box.width / MILLIMETRE, box.height / MILLIMETRE) == pytest.approx(
        (105, 148), abs=0.2
    )
    assert "欧阳娜娜" in document.pages[0].extract_text()
    assert badge.grouped in document.pages[0].extract_text()
    assert "attachment" in files[1]["Content-Disposition"]


@pytest.mark.parametrize(
    ("name", "organization"),
    [
        ("عبد الرحمن بن عبد العزيز آل سعود", "وزارة الاتصالات وتقنية المعلومات"),
        (
            "Maria-Theresia Wolfeschlegelsteinhausenbergerdorff von und zu Hohenzollern",
            "Inter-American Association of Telecommunications Enterprises " * 4,
        ),
        ("W" * 150, "M" * 250),
        ("欧阳" * 75, "信息化" * 80),
    ],
)
def test_every_name_fits_on_its_badge(name, organization):
    """Nothing is cut: each letter of the name stands within the page."""
    badge = badged(name=name, organization_name=organization[:250].strip())

    document = pypdfium2.PdfDocument(pdf_of([badge]))

    words = document[0].get_textpage()
    boxes = [words.get_charbox(place) for place in range(words.count_chars())]
    width, height = document[0].get_size()
    assert len(document) == 1
    assert min(box[0] for box in boxes) >= 0
    assert max(box[2] for box in boxes) <= width
    assert max(box[3] for box in boxes) <= height
    letters = set("".join(name.split())) - set("\u0622")  # drawn as two glyphs
    assert letters <= set(words.get_text_bounded())


def test_labels_are_in_the_language_that_is_chosen():
    badge = badged(country=CountryFactory())

    with translation.override("fr"):
        text = text_of(io.BytesIO(pdf_of([badge])))

    assert "5 juillet 2027" in text
    assert "Sur place" in text


def test_four_badges_stand_on_a_page_and_only_new_ones_are_printed_again():
    edition = EditionFactory()
    for number in range(5):
        badged(edition, name=f"Person {number}")
    registered(edition, name="Not approved")
    approved(edition, name="Far away", attendance="remote")

    word, job, file = printed(edition)
    document = PdfReader(io.BytesIO(file))
    again, empty, nothing = printed(edition)
    late = badged(edition, name="Comes late")
    _word, _job, rest = printed(edition)
    _word, everybody, _file = printed(edition, which="all", layout="a6")

    assert (word, job.printed, len(document.pages)) == ("done", 5, 2)
    assert document.pages[0].extract_text().count("Person") == 4
    assert "Not approved" not in text_of(io.BytesIO(file))
    assert "Far away" not in text_of(io.BytesIO(file))
    assert (again, nothing) == ("empty", b"")
    assert empty.error == "There is nobody for whom this can be printed."
    assert late.registration.name in text_of(io.BytesIO(rest))
    assert "Person 1" not in text_of(io.BytesIO(rest))
    assert everybody.printed == 6


def test_documents_of_many_people_are_joined_in_order(monkeypatch):
    edition = EditionFactory()
    for number in range(5):
        badged(edition, name=f"Person {number}")
    monkeypatch.setattr("forum.badge.printing.BadgePrint.size", 2)

    _word, job, file = printed(edition, layout="a6")

    pages = PdfReader(io.BytesIO(file)).pages
    names = [re.search(r"Person \d", page.extract_text())[0] for page in pages]
    assert names == [f"Person {number}" for number in range(5)]
    assert job.percent == 100


@pytest.mark.parametrize("text", ["ab cd-ef", "ABCDEF", " abcdef\n"])
def test_a_code_is_read_however_it_is_typed(text):
    assert read_token(text) == "ABCDEF"


def test_what_a_device_knows_of_a_code_is_half_of_its_sha_256():
    known = "e9c0f8b575cbfcb42ab3b78ecc87efa3b011d9a5d10b09fa4e96f240bf6a82f5"

    assert digest("ABCDEF") == known[:32]
