"""What is asked of a field of sessions that was added a moment ago: is it everywhere?

Run by test_new_field.py, in a copy of the portal that has the field `accessibility`; here there is
none, and the name of this file keeps it from being collected.
"""

import io
import json
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from icalendar import Calendar

from common.imports.models import ImportJob
from forum.agenda.models import ReleasedSession
from forum.agenda.serializers import SessionRow
from forum.imports.importer import SessionImporter
from forum.session.models import Session
from privacy.export import zipped
from privacy.unclassified import unclassified
from tests.api import demonstration
from tests.common.imports.sheets import as_csv, prepare, sessions
from tests.factories import UserFactory
from tests.forum.records import SessionFactory, officer, release, released
from tests.forum.session.test_admin import posted

pytestmark = pytest.mark.django_db
TEXT = "Zebrafinches sing in sign language."
CHANGE = "admin:forum_session_change"


@pytest.fixture
def staff(client, settings):
    settings.REQUIRE_STAFF_MFA = False
    client.force_login(officer())
    return client


def test_no_migration_is_missing_and_it_has_a_class():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)

    assert unclassified() == []


def test_staff_write_it_in_the_form(staff):
    session = SessionFactory()
    address = reverse(CHANGE, args=[session.pk])

    staff.post(address, posted(session, accessibility=TEXT))
    page = staff.get(address).content.decode()

    assert "Accessibility:" in page
    assert f"{TEXT}</textarea>" in page


def test_the_page_says_it_under_its_heading(client):
    session = released(accessibility=TEXT)

    page = client.get(reverse("forum:session", args=[session.pk])).content.decode()

    assert "<h2>Accessibility</h2>" in page
    assert f"<p>{TEXT}</p>" in page


def test_calendars_say_it(client):
    session = released(accessibility=TEXT)

    file = client.get(reverse("forum:session-calendar", args=[session.pk])).content
    (event,) = Calendar.from_ical(file).walk("VEVENT")

    assert f"Accessibility: {TEXT}" in event["description"]


def test_the_api_gives_it_as_it_is_described(client):
    session = released(accessibility=TEXT)

    row = client.get(f"/api/v1/forum/sessions/{session.pk}/").json()
    described = demonstration.description()["components"]["schemas"]
    properties = described[SessionRow.__name__]["properties"]

    assert row["accessibility"] == TEXT
    assert properties["accessibility"]["type"] == "string"


def test_a_file_brings_it_in_by_any_of_its_names(staff):
    prepare("sessions", 1)
    rows = [row | {"accessibility": TEXT} for row in sessions(1, "")]
    result = SessionImporter.import_file(as_csv(rows))
    names = "édition;título;ACCESIBILIDAD\n2025;A;x\n".encode()

    staff.post(
        reverse("imports:list", args=["sessions"]),
        {"file": SimpleUploadedFile("sessions.csv", names)},
    )
    page = staff.get(ImportJob.objects.get().get_absolute_url()).content.decode()
    columns = staff.get(reverse("imports:list", args=["sessions"])).content.decode()

    assert str(result) == "1 created, 0 updated, 0 unchanged, 0 failed"
    assert ReleasedSession.objects.get().accessibility == TEXT
    assert ImportJob.objects.get().mapping["accessibility"] == 2
    assert 'name="column-accessibility"' in page
    assert '<code dir="ltr">accessibility</code>' in columns


def test_a_release_tells_its_old_and_its_new_text(client):
    session = released(accessibility="Nobody sings.")
    Session.objects.filter(pk=session.pk).update(accessibility=TEXT)
    made = release(session.edition, name="More birds")

    page = client.get(made.get_absolute_url()).content.decode()
    feed = client.get(reverse("forum:feed")).content.decode()
    answer = client.get("/api/v1/forum/editions/2027/releases/").json()
    (change,) = answer["results"][-1]["changes"]

    assert "Accessibility: <bdi>Nobody sings.</bdi>" in page
    assert f"<strong><bdi>{TEXT}</bdi></strong>" in page
    assert f"accessibility: Nobody sings. → {TEXT}" in feed
    assert change["differences"] == [
        {
            "part": "accessibility",
            "name": "accessibility",
            "old": "Nobody sings.",
            "new": TEXT,
        }
    ]


def test_a_write_of_it_alone_is_a_change_of_what_is_served():
    session = released(accessibility="Before")
    ask = "SELECT content::text FROM served_forum_session(%s)"
    with connection.cursor() as cursor:
        cursor.execute(ask, [[str(session.pk)]])
        before = cursor.fetchone()
        ReleasedSession.objects.update(accessibility=TEXT)
        cursor.execute(ask, [[str(session.pk)]])
        after = cursor.fetchone()

    assert (TEXT in before[0], TEXT in after[0]) == (False, True)


def test_the_search_finds_its_words(client):
    released(title="Birds", accessibility=TEXT)
    released(title="Fish")

    page = client.get("/en/forum/2027/agenda/?q=zebrafinch").content.decode()

    assert ("Birds" in page, "Fish" in page) == (True, False)


def test_the_copy_of_my_data_holds_it():
    session = SessionFactory(owner=UserFactory(), accessibility=TEXT)
    archive = zipfile.ZipFile(io.BytesIO(zipped(session.owner, lambda percent: None)))

    data = json.loads(archive.read("data.json"))

    assert data["forum.session"][0]["accessibility"] == TEXT
    assert TEXT in archive.read("index.html").decode()
