"""Hours of the Forum go by the clock of its place, which is named wherever one is shown."""

import datetime
import zoneinfo

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.role.roles import Role
from common.dates.zones import zone_label
from common.mail.models import OutgoingMail
from forum.agenda.models import Star
from forum.announcement.tasks import tell_of_releases
from forum.edition.models import Edition
from forum.session.models import Session
from tests.factories import UserFactory
from tests.forum.records import (
    EditionFactory,
    RoomFactory,
    SessionFactory,
    officer,
    release,
)
from tests.forum.session.test_admin import change, posted

pytestmark = pytest.mark.django_db
ZONES = ["Europe/Zurich", "Asia/Kathmandu", "America/St_Johns"]


@pytest.fixture
def clerk(client):
    user = UserFactory(role=Role.SECRETARIAT, time_zone="America/New_York")
    client.force_login(user)
    return user


@pytest.mark.parametrize("zone", ZONES)
def test_the_window_of_registration_is_typed_and_shown_by_the_editions_clock(
    client, clerk, zone
):
    address = reverse("admin:forum_edition_add")
    empty = {}
    for inline in client.get(address).context["inline_admin_formsets"]:
        prefix = inline.formset.prefix
        empty |= {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0}

    answer = client.post(
        address,
        {
            "slug": "2040",
            "kind": "forum",
            "title": "Forum 2040",
            "first_year": "2040",
            "last_year": "2040",
            "time_zone": zone,
            "registration_opens_at_0": "2040-03-29",
            "registration_opens_at_1": "09:00",
            "registration_closes_at_0": "2040-04-14",
            "registration_closes_at_1": "23:00",
            **empty,
        },
    )
    assert answer.status_code == 302, answer.context["errors"]
    edition = Edition.objects.get(slug="2040")

    page = client.get(reverse("forum:register", args=["2040"])).content.decode()

    at = datetime.datetime(2040, 4, 14, 23, tzinfo=zoneinfo.ZoneInfo(zone))
    assert edition.registration_closes_at == at
    assert "Registration opens on <time" in page
    assert f"29 March 2040, 09:00 ({zone_label(zone)})" in page
    past = timezone.now() - datetime.timedelta(hours=1)
    Edition.objects.update(
        registration_opens_at=past - datetime.timedelta(days=1),
        registration_closes_at=past,
    )
    closed = client.get(reverse("forum:register", args=["2040"])).content.decode()
    assert "Registration closed on <time" in closed
    assert (
        f"{past.astimezone(zoneinfo.ZoneInfo(zone)):%H:%M} ({zone_label(zone)})"
        in closed
    )


@pytest.mark.parametrize("zone", ZONES)
def test_release_page_mail_and_list_of_the_desk_say_the_same_hour(client, clerk, zone):
    edition = EditionFactory(time_zone=zone)
    start = datetime.datetime(2027, 7, 5, 9, 30, tzinfo=zoneinfo.ZoneInfo(zone))
    session = SessionFactory(
        edition=edition,
        room=RoomFactory(),
        start=start,
        end=start + datetime.timedelta(hours=1),
    )
    session.move("schedule", officer())
    release(edition)
    tell_of_releases()
    reader = UserFactory(time_zone="America/New_York")
    Star.objects.create(user=reader, session=session)
    Session.objects.filter(pk=session.pk).update(title="Renamed")
    made = release(edition)
    tell_of_releases()

    page = client.get(made.get_absolute_url()).content.decode()
    desk = client.get(
        reverse("admin:forum_session_change", args=[session.pk])
    ).content.decode()
    agenda = client.get(reverse("forum:agenda", args=[edition.slug])).content.decode()

    assert f"5 July 2027, 09:30 ({zone_label(zone)})" in page
    assert "UTC" not in page
    assert 'value="09:30:00"' in desk
    assert f'id="id_start_zone">{zone_label(zone)}<' in desk
    assert "+00:00" not in desk
    assert f"Times are in the time zone of the venue ({zone_label(zone)})." in agenda
    own = start.astimezone(zoneinfo.ZoneInfo("America/New_York"))
    body = OutgoingMail.objects.get(to=reader.email).body
    assert f"09:30–10:30 ({zone_label(zone)}); {own:%H:%M}–" in body
    assert "(time of New York)" in body


def test_no_second_clock_is_shown_from_a_profile(client, clerk):
    session = SessionFactory(edition=EditionFactory(), room=RoomFactory())
    session.move("schedule", clerk)
    release()

    page = client.get(reverse("forum:session", args=[session.pk])).content.decode()
    chosen = client.get(
        reverse("forum:agenda", args=["2027"]), {"tz": "Africa/Nairobi"}
    )

    assert "New York" not in page
    assert (
        'data-offset="120"' in page
    )  # what a script compares with the browser's own clock
    assert "time of Nairobi" in chosen.content.decode()


@pytest.mark.parametrize(
    ("start", "end", "field", "sentence"),
    [
        (
            ("2027-08-09", "10:00"),
            ("2027-08-09", "11:00"),
            "start",
            "9 August 2027 is far from the edition, which lasts from 5 July 2027 to 9 July 2027.",
        ),
        (
            ("2027-07-05", "06:00"),
            ("2027-07-06", "05:00"),
            "end",
            "The session would last 23 hours.",
        ),
    ],
)
def test_an_unusual_time_is_asked_once_more(client, clerk, start, end, field, sentence):
    session = SessionFactory()
    sent = {"start_0": start[0], "start_1": start[1], "end_0": end[0], "end_1": end[1]}

    asked = change(client, session, **posted(session, **sent))
    confirmed = change(client, session, **posted(session, is_time_meant="on", **sent))

    errors = asked.context["adminform"].form.errors
    assert errors[field] == [
        f"{sentence} If this is right, tick “The unusual time is right” and save again."
    ]
    session.refresh_from_db()
    assert confirmed.status_code == 302
    assert f"{session.start.astimezone(session.edition.zone):%H:%M}" == start[1]


@pytest.mark.parametrize(
    ("language", "date"),
    [("ar", "\u206806\u200f/07\u200f/2027\u2069"), ("fr", "06/07/2027")],
)
def test_a_second_clock_on_another_day_reads_its_date_in_its_own_direction(
    client, language, date
):
    """Inside the hours, which run from left to right, an Arabic date was read “302026/11/”."""
    late = datetime.datetime(2027, 7, 5, 20, tzinfo=datetime.UTC)
    session = SessionFactory(
        room=RoomFactory(), start=late, end=late + datetime.timedelta(hours=1)
    )
    session.move("schedule", officer())
    release()

    page = client.get(f"/{language}/forum/2027/agenda/?tz=Asia/Tokyo").content.decode()

    assert f'<bdi dir="ltr">05:00–06:00 ({date})</bdi>' in page
