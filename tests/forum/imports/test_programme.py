"""A programme in one sheet, brought in as drafts: people, organizations and rooms come with it,
and who may be somebody known is decided on the page of the check."""

import re
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.role.roles import Role
from common.imports.models import ImportJob
from forum.imports.importer import DraftSessionImporter
from forum.people.models import Participation, Person
from forum.room.models import Room
from forum.session.models import Organizer, Session
from stocktaking.organization.models import Organization
from tests.common.imports.sheets import as_csv
from tests.factories import OrganizationFactory, UserFactory
from tests.forum.records import (
    EditionFactory,
    PersonFactory,
    RoomFactory,
    SessionTypeFactory,
)

pytestmark = pytest.mark.django_db
KIND = "session-drafts"


@pytest.fixture(autouse=True)
def edition():
    SessionTypeFactory(code="HLD", name="High-Level Dialogue")
    return EditionFactory(slug="2027")


@pytest.fixture
def staff(client, settings):
    settings.REQUIRE_STAFF_MFA = False
    client.force_login(UserFactory(role=Role.SECRETARIAT))
    return client


def row(title, **cells):
    return {
        "edition": "2027",
        "session_no": "",
        "title": title,
        "session_type": "HLD",
        "organizers": "",
        "date": "2027-07-05",
        "start": "09:00",
        "end": "10:00",
        "action_lines": "C1",
        "sdgs": "9",
        "source": "",
        "room": "",
        "building": "",
        "speakers": "",
    } | cells


@pytest.fixture
def upload(staff):
    def upload(*rows):
        sheet = SimpleUploadedFile("programme.csv", as_csv(rows).getvalue())
        staff.post(reverse("imports:list", args=[KIND]), {"file": sheet})
        return ImportJob.objects.latest("pk")

    return upload


@pytest.fixture
def press(staff, django_capture_on_commit_callbacks):
    def press(job, act, **answers):
        data = {f"column-{name}": place for name, place in job.mapping.items()}
        with django_capture_on_commit_callbacks(execute=True):
            response = staff.post(
                reverse("imports:act", args=[job.kind, job.pk]),
                data | {"act": act} | answers,
            )
        job.refresh_from_db()
        if response.status_code != 302:
            return response.content.decode()
        return staff.get(job.get_absolute_url()).content.decode()

    return press


def asked(page):
    """Sentence → field and its answers, words → value."""
    questions = {}
    for fieldset in re.findall(r"<fieldset>(.*?)</fieldset>", page, re.DOTALL):
        sentence = unescape(re.search(r"<legend[^>]*>(.*?)</legend>", fieldset)[1])
        field = re.search(r'name="(question-[^"]+)"', fieldset)[1]
        values = re.findall(r'value="([^"]+)"', fieldset)
        words = re.findall(r"<label[^>]*>(.*?)</label>", fieldset, re.DOTALL)
        answers = {
            unescape(word.strip()): v for word, v in zip(words, values, strict=True)
        }
        questions[re.sub("[\u2068\u2069]", "", sentence)] = (field, answers)
    return questions


def answer(page, *choices):
    """The values to send for the answers that begin with these words, question by question."""
    sent = {}
    for (field, answers), choice in zip(asked(page).values(), choices, strict=True):
        sent[field] = next(v for word, v in answers.items() if word.startswith(choice))
    return sent


def speakers_of(title):
    parts = Participation.objects.filter(session__title=title)
    return list(
        parts.values_list(
            "person__name", "person__organization", "role", "person__email"
        )
    )


def everything():
    kinds = (Session, Participation, Person, Room, Organizer, Organization)
    return [list(kind.objects.order_by("pk").values()) for kind in kinds]


def test_a_programme_comes_with_people_organizations_and_rooms_and_goes_again(
    upload, press
):
    ours = OrganizationFactory(name="UNESCO")
    kept = PersonFactory(name="Awa Diop", organization="ITU", email="")
    popov = RoomFactory(name="Popov", building="ITU Tower")
    before = everything()
    job = upload(
        row(
            "Masts",
            organizers="UNESCO; Villages Online",
            room="popov",
            speakers="Amina Otieno (Ministry of ICT) [moderator] <Amina@ICT.example>; "
            "Awa Diop (ITU) <awa@itu.example>",
        ),
        row("Cables", start="11:00", end="12:00", speakers="李伟 (CAICT) [主持人]"),
    )

    checked = press(job, "check")
    assert asked(checked) == {}
    assert everything() == before
    press(job, "import")

    assert speakers_of("Masts") == [
        ("Amina Otieno", "Ministry of ICT", "moderator", "amina@ict.example"),
        ("Awa Diop", "ITU", "panellist", "awa@itu.example"),
    ]
    assert speakers_of("Cables") == [("李伟", "CAICT", "moderator", "")]
    masts = Session.objects.get(title="Masts")
    assert (masts.status, masts.room) == ("draft", popov)
    named = dict(masts.organizers.values_list("name", "organization__name"))
    assert named == {"UNESCO": ours.name, "Villages Online": "Villages Online"}
    assert Organization.objects.get(name="Villages Online").confirmed_at is None

    page = press(job, "undo")

    assert "Everything is as it was before the import." in page
    assert everything() == before
    assert kept.email == ""


def test_rooms_that_the_edition_does_not_have_are_added_or_their_rows_refused(
    upload, press
):
    RoomFactory(name="Popov", building="ITU Tower")
    rows = [
        row("Masts", room="Room X", building="CICG"),
        row("Cables", room="Popov", start="11:00", end="12:00"),
    ]
    job = upload(*rows)
    page = press(job, "check")
    sentence = "1 room is not a room of Forum 2027: Room X, CICG."
    assert list(asked(page)) == [sentence]

    unanswered = press(job, "import")
    assert "1 question about the file is not answered yet." in unanswered
    assert Session.objects.count() == 0
    refused = press(job, "import", **answer(page, "Reject"))

    assert "Forum 2027 has no room “Room X, CICG”." in unescape(refused)
    assert list(Session.objects.values_list("title", flat=True)) == ["Cables"]
    assert Room.objects.count() == 1
    other = upload(*rows)
    press(other, "import", **answer(press(other, "check"), "Add"))
    assert str(Session.objects.get(title="Masts").room) == "Room X, CICG"


@pytest.mark.parametrize(
    ("known", "in_file", "is_asked"),
    [
        ("Łukasz Kąkol (NASK)", "Lukasz Kakol (NASK PIB)", True),
        ("Łukasz Kąkol (NASK)", "KĄKOL, Łukasz (NASK)", False),  # the same at once
        ("Łukasz Kąkol", "Lukasz Kakol (NASK PIB)", False),  # nothing speaks against it
        ("Mohamed Ali Farah (ICT)", "Mohammed Ali Farah (ICT)", True),
        ("María García López (UPM)", "Maria Garcia (UPM)", True),
        ("محمد علي (الوزارة)", "محمد علي (الجامعة)", True),
        ("李伟 (CAICT)", "李伟 (CAS)", True),
        ("李伟 (CAICT)", "李明 (CAICT)", False),
        ("Maria Garcia (UPM)", "Maria Lopez (UPM)", False),
        ("Jean Roy (ITU)", "Joan Roy (ITU)", False),  # short names differ by a letter
    ],
)
def test_somebody_who_may_be_known_is_asked_about(
    upload, press, known, in_file, is_asked
):
    name, _sep, organization = known.rstrip(")").partition(" (")
    PersonFactory(name=name, organization=organization)

    page = press(upload(row("Masts", speakers=in_file)), "check")

    found = asked(page)
    assert bool(found) == is_asked
    if is_asked:
        ((sentence, (_field, answers)),) = found.items()
        assert sentence == f"Row 2 names {in_file}. Is this someone else?"
        assert list(answers) == [f"The same person: {known}", "Someone else, new"]


def test_what_is_decided_is_done_and_kept_while_other_questions_are_open(upload, press):
    known = PersonFactory(name="Łukasz Kąkol", organization="NASK")
    other = PersonFactory(name="Amina Otieno", organization="KICTANet")
    job = upload(
        row("Masts", speakers="Lukasz Kakol (NASK PIB) <kakol@nask.example>"),
        row("Cables", speakers="Amina Otieno (Ministry)", start="11:00", end="12:00"),
    )
    page = press(job, "check")
    first, second = answer(page, "The same", "Someone").items()

    half = press(job, "import", **dict([first]))
    assert "1 question about the file is not answered yet." in half
    assert re.search(rf'value="{known.pk}"\s+checked', half)
    press(job, "import", **dict([second]))

    assert speakers_of("Masts") == [
        ("Łukasz Kąkol", "NASK", "panellist", "kakol@nask.example")
    ]
    assert speakers_of("Cables") == [("Amina Otieno", "Ministry", "panellist", "")]
    assert Person.objects.filter(name_key=other.name_key).count() == 2


def test_two_of_one_file_may_be_one(upload, press):
    job = upload(
        row("Masts", speakers="Amina Otieno (ICT)"),
        row("Cables", speakers="Amina Otieno (Ministry)", start="11:00", end="12:00"),
    )

    press(job, "import", **answer(press(job, "check"), "The same"))

    assert speakers_of("Cables") == speakers_of("Masts")
    assert Person.objects.get().organization == "ICT"


def test_an_answer_that_was_not_offered_decides_nothing(upload, press):
    stranger = PersonFactory(name="Someone Different")
    PersonFactory(name="Amina Otieno", organization="KICTANet")
    job = upload(row("Masts", speakers="Amina Otieno (Ministry)"))
    ((field, _answers),) = asked(press(job, "check")).values()

    page = press(job, "import", **{field: str(stranger.pk)})

    assert "1 question about the file is not answered yet." in page
    assert not Session.objects.exists()


def test_what_came_up_after_the_check_is_not_decided_by_the_portal(upload, press):
    job = upload(row("Masts", speakers="Amina Otieno (Ministry)"))
    press(job, "check")
    PersonFactory(name="Amina Otieno", organization="KICTANet")

    page = press(job, "import")

    assert "Records have changed since the file was checked" in page
    assert not Session.objects.exists()


def test_people_who_changed_their_record_since_stay_at_an_undo(upload, press):
    job = upload(row("Masts", speakers="Amina Otieno (ICT); Bao Le (ICT)"))
    press(job, "check")
    press(job, "import")
    Person.objects.filter(name="Bao Le").update(bio="I build masts.")

    press(job, "undo")

    assert list(Person.objects.values_list("name", flat=True)) == ["Bao Le"]


@pytest.mark.parametrize(
    ("speakers", "sentence"),
    [
        ("Amina (ICT) <amina>", "Enter a valid e-mail address."),
        ("Amina <a@b.example> (ICT)", "“Amina <a@b.example> (ICT)” is not understood."),
        ("; ".join(f"Person{n} Name" for n in range(61)), "At most 60 people."),
        (
            "Amina <a@un.example>; Amina <b@un.example>",
            "Amina has two e-mail addresses: a@un.example, b@un.example.",
        ),
    ],
)
def test_a_bad_cell_of_people_gets_its_sentence(upload, press, speakers, sentence):
    page = press(upload(row("Masts", speakers=speakers)), "check")

    assert sentence in unescape(page)
    assert "<strong>1</strong> rejected" in page


def test_nothing_is_made_for_a_refused_row():
    taken = row("Masts", room="Room X", speakers="Amina Otieno", organizers="ITU 2")
    file = as_csv([taken, taken | {"speakers": "Bao Le", "room": "Room Y"}])

    result = DraftSessionImporter.import_file(file)

    assert (result.created, result.failed) == (1, 1)
    assert list(Person.objects.values_list("name", flat=True)) == ["Amina Otieno"]
    assert list(Room.objects.values_list("name", flat=True)) == ["Room X"]
