"""The ways into the reader's own calendar, from a session and from one's own agenda."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from django.urls import reverse

from common.typesetting.qr import qr_code
from forum.agenda.models import CalendarKey
from tests.factories import UserFactory
from tests.forum.records import RoomFactory, officer, released

pytestmark = pytest.mark.django_db


def links(client, address):
    """Name of the program → its address."""
    html = client.get(address).content.decode()
    part = html.partition('class="calendar-links"')[2].partition("</details>")[0]
    found = re.findall(r'href="([^"]+)"[^>]*>([^<]+)</a>', part)
    return {name: unescape(link) for link, name in found}, part


def test_a_session_goes_into_each_calendar_with_its_hours_and_room(client):
    session = released(
        title="Trust & data", room=RoomFactory(name="Popov", building="")
    )

    found, part = links(client, session.get_absolute_url())

    host = urlsplit(settings.SITE_URL).netloc
    file = reverse("forum:session-calendar", args=[session.pk])
    assert found["Calendar program (webcal)"] == f"webcal://{host}{file}"
    assert found["Calendar file (iCalendar)"] == file
    google = parse_qs(urlsplit(found["Google Calendar"]).query)
    assert google["text"] == ["Trust & data"]
    assert google["dates"] == ["20270705T100000/20270705T110000"]
    assert google["ctz"] == ["Europe/Zurich"]
    assert google["location"] == ["Popov"]
    outlook = parse_qs(urlsplit(found["Outlook"]).query)
    assert outlook["startdt"] == ["2027-07-05T08:00:00+00:00"]
    assert outlook["enddt"] == ["2027-07-05T09:00:00+00:00"]
    assert "<svg" in part


def test_a_cancelled_session_offers_its_file_alone(client):
    session = released()
    session.move("cancel", officer(), "Because.")

    found, _part = links(client, session.get_absolute_url())

    assert list(found) == ["Calendar file (iCalendar)"]


def test_ones_own_agenda_is_subscribed_to_with_the_secret_address(client):
    user = UserFactory()
    client.force_login(user)
    before, _part = links(client, reverse("forum:my-agenda"))
    key = CalendarKey.objects.create(user=user)

    found, part = links(client, reverse("forum:my-agenda"))

    address = f"webcal://{urlsplit(settings.SITE_URL).netloc}{key.get_absolute_url()}"
    assert before == {}
    assert found["Calendar program (webcal)"] == address
    assert parse_qs(urlsplit(found["Google Calendar"]).query)["cid"] == [address]
    assert parse_qs(urlsplit(found["Outlook"]).query)["url"] == [address]
    assert part.count('rel="noreferrer"') == 3
    assert "<svg" in part


def test_the_picture_of_an_address_is_drawn_once():
    address = "https://portal.example/en/forum/sessions/1/"

    assert qr_code(address) is qr_code(address)
