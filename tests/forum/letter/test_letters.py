"""Letters and certificates: who may have which, what they say, the page that confirms one."""

import io
import re
import uuid
from contextlib import contextmanager

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from forum.checkin.models import CheckIn
from forum.follow_up.models import FollowUp
from forum.letter.models import IssuedLetter, LetterTemplate, entitled
from forum.page.copying import Copy
from forum.printing.models import PrintJob
from forum.printing.work import work_at
from privacy.retention import drop_follow_ups
from tests.factories import UserFactory
from tests.forum.records import (
    DAY,
    CapacityFactory,
    EditionFactory,
    PersonFactory,
    approved,
    officer,
    registered,
    scheduled,
    template_of,
)

pytestmark = pytest.mark.django_db
PASSPORT = {
    "kind": "visa",
    "passport_name": "OTIENO AMINA",
    "passport_number": "A1234567",
}
INVITATION = (
    "We invite {passport_name}, passport {passport_number}, of {country}, to {edition}.\n\n"
    "{venue}, {days}. Number {number}."
)
BEFORE, AFTER = "2027-06-01 12:00+02:00", "2027-07-12 12:00+02:00"


@pytest.fixture(autouse=True)
def _without_second_factor(settings):
    settings.REQUIRE_STAFF_MFA = False


@pytest.fixture
def invited(client):
    """An approved participant who is signed in, and the edition's invitation letter."""
    edition = EditionFactory(title="WSIS Forum 2027", venue="Palexpo, Geneva")
    template_of(edition, body_en=INVITATION)
    person = UserFactory()
    registration = approved(edition, person, name="Amina Otieno")
    client.force_login(person)
    return registration


def page_of(registration):
    return reverse("forum:letters", args=[registration.pk])


def file_of(registration, kind="visa"):
    return reverse("forum:letter-file", args=[registration.pk, kind])


def text_of(content):
    pages = PdfReader(io.BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def arrived(registration):
    CheckIn.objects.create(
        uid=uuid.uuid4(),
        edition=registration.edition,
        registration=registration,
        at=timezone.now(),
        is_arrival=True,
    )
    return registration


@contextmanager
def at(moment, client=None, user=None):
    """At that moment; whoever sends something has signed in not long before."""
    with time_machine.travel(moment, tick=False):
        if client:
            client.force_login(user)
        yield


def test_a_participant_asks_for_the_invitation_and_downloads_it(client, invited):
    with at(BEFORE, client, invited.user):
        client.post(page_of(invited), PASSPORT)
        client.post(page_of(invited), PASSPORT)
        letter = IssuedLetter.objects.get()
        page = client.get(page_of(invited)).content.decode()
        answer = client.get(file_of(invited))

    text = text_of(answer.content)
    assert letter.number in page
    assert "OTIENO AMINA, passport A1234567" in text
    assert "Palexpo, Geneva" in text
    assert "5 July 2027" in text
    assert letter.get_absolute_url() in text.replace(" ", "")
    assert "Jane Doe" in text
    assert "no-store" in answer["Cache-Control"]


def test_the_passport_comes_from_the_follow_up_form(client, invited):
    FollowUp.objects.create(
        registration=invited,
        visa_letter=True,
        passport_name="OTIENO A",
        passport_number="K 77",
    )

    with at(BEFORE, client, invited.user):
        page = client.get(page_of(invited)).content.decode()

    assert 'value="OTIENO A"' in page
    assert 'value="K 77"' in page


@pytest.mark.parametrize(
    ("bad", "sentence"),
    [
        ({"passport_name": ""}, "This field is required."),
        ({"passport_number": "x" * 21}, "at most 20 characters"),
        ({"passport_number": "№ 12"}, "Enter Latin letters, digits"),
        ({"passport_name": "\ufffd"}, "Some characters could not be read"),
    ],
)
def test_a_wrong_passport_is_refused_beside_its_field(client, invited, bad, sentence):
    with at(BEFORE, client, invited.user):
        answer = client.post(page_of(invited), PASSPORT | bad)

    assert answer.status_code == 400
    assert sentence in answer.content.decode()
    assert not IssuedLetter.objects.exists()
    assert not FollowUp.objects.exists()


def test_there_is_no_invitation_before_approval_nor_after_the_end(client, invited):
    CapacityFactory(edition=invited.edition)
    person = UserFactory()
    waits = registered(invited.edition, person)
    with at(AFTER, client, invited.user):
        late = client.post(page_of(invited), PASSPORT)
    with at(BEFORE, client, person):
        early = client.post(page_of(waits), PASSPORT)

    assert (late.status_code, early.status_code) == (404, 404)
    assert not IssuedLetter.objects.exists()


def test_certificates_are_for_those_who_were_there_and_only_after_the_end():
    edition = EditionFactory()
    came, stayed_away = arrived(approved(edition)), approved(edition)
    remote = approved(edition, attendance="remote")
    withdrawn = arrived(approved(edition))
    withdrawn.move("cancel", withdrawn.user)
    speaker = UserFactory()
    scheduled(edition=edition, speakers=[PersonFactory(user=speaker)])
    speaks = arrived(approved(edition, speaker))

    with at(BEFORE):
        early = set(entitled(edition, "participation"))
    with at(AFTER):
        late = set(entitled(edition, "participation"))
        speakers = set(entitled(edition, "speaker"))

    assert early == set()
    assert late == {came, remote, speaks}
    assert stayed_away not in late
    assert speakers == {speaks}


def test_the_end_is_that_of_the_place_of_the_edition():
    edition = EditionFactory(time_zone="Pacific/Auckland", end_date=DAY)
    registration = approved(edition, attendance="remote")

    with at("2027-07-05 12:30+00:00"):  # the sixth has begun in Auckland
        there = set(entitled(edition, "participation"))
    with at("2027-07-05 11:30+00:00"):
        before = set(entitled(edition, "participation"))

    assert (there, before) == ({registration}, set())


def test_everybody_can_check_a_letter_and_reads_no_more_than_the_name(client, invited):
    with at(BEFORE, client, invited.user):
        client.post(page_of(invited), PASSPORT)
    letter = IssuedLetter.objects.get()
    client.logout()

    page = client.get(letter.get_absolute_url())
    typed = client.get(reverse("forum:letter-check", args=[letter.code.lower()]))
    invited.move("cancel", invited.user)
    after = client.get(letter.get_absolute_url()).content.decode()

    text = page.content.decode()
    assert "This letter is valid." in text
    assert "Amina Otieno" in text
    assert "A1234567" not in text
    assert invited.user.email not in text
    assert "noindex" in page["X-Robots-Tag"]
    assert letter.number in typed.content.decode()
    assert "This letter was withdrawn." in after


def test_staff_withdraw_a_letter_and_its_person_cannot_issue_it_again(client, invited):
    staff = officer()
    with at(BEFORE, client, invited.user):
        client.post(page_of(invited), PASSPORT)
        by_owner = client.post(
            page_of(invited), {"withdraw": "visa", "reason": "I want to"}
        )
        client.force_login(staff)
        empty = client.post(page_of(invited), {"withdraw": "visa", "reason": ""})
        client.post(page_of(invited), {"withdraw": "visa", "reason": "Forged name"})
        client.force_login(invited.user)
        again = client.post(page_of(invited), PASSPORT)
        file = client.get(file_of(invited))

    letter = IssuedLetter.objects.get()
    check = client.get(letter.get_absolute_url()).content.decode()
    assert (by_owner.status_code, empty.status_code) == (403, 400)
    assert (letter.reason, letter.withdrawn_by) == ("Forged name", staff)
    assert (again.status_code, file.status_code) == (404, 404)
    assert "This letter was withdrawn." in check
    assert "Forged name" not in check


def test_strangers_get_no_letter(client, invited):
    with at(BEFORE, client, invited.user):
        client.post(page_of(invited), PASSPORT)
        client.force_login(UserFactory())
        answers = [
            client.get(page_of(invited)),
            client.post(page_of(invited), PASSPORT),
            client.get(file_of(invited)),
            client.get(reverse("forum:letter-check", args=["2" * 16])),
        ]

    assert [answer.status_code for answer in answers] == [404] * 4


@pytest.mark.parametrize(
    ("field", "text", "sentence"),
    [
        ("body_en", "Dear {nam},", "There is no placeholder {nam}."),
        ("body_fr", "Cher {passport}", "There is no placeholder {passport}."),
        ("title_ar", "{name", "A brace is not closed"),
        ("body_zh_hans", "name}", "A brace is not closed"),
    ],
)
def test_placeholders_are_checked_when_a_template_is_saved(
    client, field, text, sentence
):
    edition = EditionFactory()
    client.force_login(officer())
    form = {
        "edition": edition.pk,
        "kind": "visa",
        "title_en": "Invitation",
        "body_en": "Dear {name}",
        "signatory": "Jane Doe",
    }

    add = reverse("admin:forum_lettertemplate_add")
    refused = client.post(add, form | {field: text})
    client.post(add, form)

    errors = refused.context["adminform"].form.errors
    assert sentence in " ".join(errors[field])
    assert LetterTemplate.objects.get().body_en == "Dear {name}"


def test_a_certificate_cannot_print_a_passport(client):
    template = template_of(EditionFactory(), "speaker", body_en="{passport_number}")

    with pytest.raises(Exception, match="There is no placeholder"):
        template.full_clean()


def test_staff_see_a_template_as_pdf_in_the_language_of_the_page(client):
    edition = EditionFactory(venue="Palexpo")
    template_of(edition, body_ar="ندعو {name} إلى {venue}", title_ar="رسالة دعوة")
    client.force_login(officer())
    address = reverse("forum:letter-preview", args=[edition.slug, "visa"])

    english = client.get(address)
    arabic = client.get(address.replace("/en/", "/ar/"))

    assert "[name on the badge]" in text_of(english.content)
    assert re.search("Palexpo", text_of(arabic.content))
    assert "ندعو" in text_of(arabic.content)


def test_certificates_of_all_are_one_file(client):
    edition = EditionFactory()
    template_of(edition, "participation", body_en="{name} of {organization} took part.")
    for name in ("Amina", "José", "欧阳娜娜"):
        arrived(approved(edition, name=name, organization_name="ITU"))
    approved(edition, name="Stayed away")
    options = {"letter": "participation", "language": "en"}
    job = PrintJob.objects.create(
        edition=edition, kind="certificates", by=officer(), options=options
    )

    with at(AFTER):
        work_at(job.pk)
    job.refresh_from_db()
    text = text_of(default_storage.open(job.file).read())

    assert job.printed == 3
    assert "Amina of ITU took part." in text
    assert "欧阳娜娜" in text
    assert "Stayed away" not in text
    assert IssuedLetter.objects.count() == 3


def test_a_copy_of_an_edition_takes_the_templates_along():
    source = EditionFactory()
    template_of(source, body_fr="Nous invitons {name}")
    new = {"slug": "2028", "title": "Forum 2028", "start_date": DAY.replace(year=2028)}

    copy = Copy(source, new, ["certificates"]).save()

    twin = LetterTemplate.objects.get(edition=copy)
    assert (twin.kind, twin.body_fr) == ("visa", "Nous invitons {name}")
    assert LetterTemplate.objects.count() == 2


def test_the_passport_has_one_place_and_is_deleted_with_the_other_answers(
    client, invited
):
    FollowUp.objects.create(registration=invited, hotel="Hotel Example")
    with at(BEFORE, client, invited.user):
        client.post(page_of(invited), PASSPORT)
    kept = FollowUp.objects.get()
    with at("2027-08-01 12:00+02:00", client, invited.user):
        early = drop_follow_ups()
    with at("2027-08-20 12:00+02:00", client, invited.user):
        late = drop_follow_ups()

    assert (kept.hotel, kept.visa_letter, kept.filled_at) == (
        "Hotel Example",
        True,
        None,
    )
    assert (kept.passport_name, kept.passport_number) == ("OTIENO AMINA", "A1234567")
    assert (early, late) == (0, 1)
    assert IssuedLetter.objects.count() == 1
