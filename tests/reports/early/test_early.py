"""The pre-release list: a link of one's own, in its time only, and the list that is published."""

import datetime
import re

import pytest
from django.core import mail
from django.utils import timezone

from common.mail.models import OutgoingMail
from reports.early.models import EarlyReader
from tests.factories import ActionLineFactory, ProjectFactory, UserFactory
from tests.reports.records import approved, built, invited_early, requested, secretariat

pytestmark = pytest.mark.django_db
HOUR = datetime.timedelta(hours=1)
LINK = re.compile(r"/en/reports/early/[\w-]{40,}/")


def page(publication):
    return f"/en/reports/{publication.pk}/clearance/"


FORM = {
    "do": "invite",
    "name": "Amina Diallo",
    "organization": "League of Arab States",
    "email": "amina@example.org",
    "language": "en",
    "begins_at": "2020-01-01T10:00",
    "ends_at": "2099-01-02T10:00",
}


@pytest.mark.django_db(transaction=True)
def test_a_link_is_sent_and_opens_the_page_and_its_files(
    client, django_capture_on_commit_callbacks
):
    ProjectFactory(title="Village radio", main_action_line=ActionLineFactory(code="C1"))
    publication = built(requested()).move("approve", secretariat())
    client.force_login(secretariat())
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(page(publication), FORM, follow=True)
    client.logout()

    assert "League of Arab States" in answer.content.decode()
    sent = next(m for m in mail.outbox if m.to == ["amina@example.org"])
    assert OutgoingMail.objects.get(to="amina@example.org").body == ""
    link = LINK.search(sent.body)[0]
    stored = EarlyReader.objects.get()
    assert stored.token not in link
    assert link.split("/")[-2] != stored.token
    shown = client.get(link)
    text = shown.content.decode()
    assert "DRAFT" in text
    assert "For Amina Diallo, League of Arab States" in text
    assert "no-store" in shown["Cache-Control"]
    assert "noindex" in shown["X-Robots-Tag"]
    assert shown["Referrer-Policy"] == "no-referrer"
    file = client.get(f"{link}report.pdf")
    assert b"".join(file.streaming_content).startswith(b"%PDF")
    assert "no-store" in file["Cache-Control"]
    readings = stored.readings.order_by("pk")
    assert list(readings.values_list("what", flat=True)) == ["page", "pdf"]
    addresses = re.findall(r'href="(/en/reports/[^"]+)"', text)
    assert [a for a in addresses if client.get(a).status_code != 200] == []


def test_strangers_find_nothing(client):
    invited_early(approved())

    assert client.get("/en/reports/early/no-such-token/").status_code == 404
    assert client.get("/en/reports/early/no-such-token/report.pdf").status_code == 404
    reader = EarlyReader.objects.get()
    assert client.get(f"/en/reports/early/{reader.token}/").status_code == 404


@pytest.mark.parametrize(
    "ended",
    ["before", "after", "removed", "withdrawn", "rebuilt"],
)
def test_a_link_is_closed_outside_its_time(client, ended):
    publication = approved()
    now = timezone.now()
    times = {
        "before": {"begins_at": now + HOUR, "ends_at": now + 2 * HOUR},
        "after": {"begins_at": now - 2 * HOUR, "ends_at": now - HOUR},
    }
    reader, token = invited_early(publication, **times.get(ended, {}))
    if ended == "removed":
        client.force_login(secretariat())
        client.post(page(publication), {"do": "remove", "reader": reader.pk})
        client.logout()
    if ended == "withdrawn":
        type(publication).objects.filter(pk=publication.pk).update(status="withdrawn")
    if ended == "rebuilt":
        publication.move("rebuild", secretariat())

    for path in ("", "report.pdf", "pictures/1/"):
        assert client.get(f"/en/reports/early/{token}/{path}").status_code == 404
    assert not reader.readings.exists()


def test_after_the_publication_everybody_sees_who_could_read_it(client):
    publication = approved()
    _reader, token = invited_early(publication)
    invited_early(
        publication,
        name="Too late",
        email="late@example.org",
        begins_at=timezone.now() + HOUR,
    )
    removed, _token = invited_early(
        publication, name="Ended early", email="ended@example.org"
    )
    removed.remove()

    publication = publication.move("publish", secretariat())
    text = client.get(publication.get_absolute_url()).content.decode()
    link = client.get(f"/en/reports/early/{token}/")

    assert "Who could read this version before its publication" in text
    assert "Amina Diallo" in text
    assert "Ended early" in text
    assert "Too late" not in text
    assert "@example.org" not in text
    assert link["Location"] == publication.get_absolute_url()
    assert "DRAFT" not in text


def test_the_api_says_the_same_after_the_publication_only(client):
    publication = approved()
    reader, _token = invited_early(publication)
    later = {"begins_at": timezone.now() + HOUR, "ends_at": timezone.now() + 2 * HOUR}
    invited_early(publication, name="Too late", email="late@example.org", **later)
    address = f"/api/v1/reports/{publication.pk}/"

    assert client.get(address).status_code == 404
    publication = publication.move("publish", secretariat())
    answer = client.get(address)

    (row,) = answer.json()["early_readers"]
    assert row["name"] == "Amina Diallo"
    assert row["organization"] == "League of Arab States"
    begins_at, ends_at = map(
        datetime.datetime.fromisoformat, (row["begins_at"], row["ends_at"])
    )
    assert begins_at == reader.begins_at
    assert ends_at == publication.snapshots.get().published_at
    assert set(row) == {"name", "organization", "begins_at", "ends_at"}
    assert "@example.org" not in answer.content.decode()
    listed = client.get("/api/v1/reports/").json()["results"]
    assert "early_readers" not in listed[0]


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"name": ""}, "This field is required."),
        ({"email": "amina"}, "Enter a valid e-mail address."),
        ({"ends_at": "2020-01-01T09:00"}, "Enter a time in the future."),
        ({"begins_at": "2099-02-01T10:00"}, "The end lies before the beginning."),
        ({"name": "x" * 151}, "150"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(client, values, sentence):
    publication = approved()
    client.force_login(secretariat())

    answer = client.post(page(publication), FORM | values)

    assert answer.status_code == 400
    assert sentence in answer.content.decode()
    assert not EarlyReader.objects.exists()


def test_one_address_is_on_the_list_once(client):
    publication = approved()
    invited_early(publication)
    client.force_login(secretariat())

    answer = client.post(page(publication), FORM)

    assert answer.status_code == 400
    assert "This address is on the list already." in answer.content.decode()


def test_only_the_secretariat_keeps_the_list(client):
    publication = approved()
    client.force_login(UserFactory())

    assert client.post(page(publication), FORM).status_code == 403
    assert not EarlyReader.objects.exists()
