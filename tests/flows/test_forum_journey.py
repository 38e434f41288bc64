"""A session from proposal to outcome: proposed, reviewed, scheduled, starred, reported: by HTTP."""

import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from accounts.role.roles import Role
from forum.release.tasks import release_agendas
from tests.factories import (
    PASSWORD,
    CountryFactory,
    StakeholderTypeFactory,
    UserFactory,
)
from tests.forum.records import (
    DAY,
    EditionFactory,
    PhaseFactory,
    RoomFactory,
    SessionTypeFactory,
)

PROPOSAL = {
    "kind": "workshop",
    "title": "Telecentres in fishing villages",
    "language": "en",
    "text": "How boats come online.",
    "organization_name": "Fisheries Board",
    "stakeholder_type": "GOV",
    "country": "KE",
    "session_type": "WORKSHOP",
    "action_lines": ["C2"],
    "sdgs": ["14"],
    "submit": "1",
}


@pytest.fixture(autouse=True)
def _without_second_factor(settings):
    settings.REQUIRE_STAFF_MFA = False


def signed_in(user):
    client = Client()
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    return client


class Journey:
    """Three people, the edition they prepare, and the session that comes of it."""

    def __init__(self, run_tasks):
        self.author = UserFactory()
        self.writer = signed_in(self.author)
        self.desk = signed_in(UserFactory(role=Role.SECRETARIAT))
        self.fan, self.reader = signed_in(UserFactory()), Client()
        self.run_tasks = run_tasks
        self.submission = self.session = ""

    def propose(self):
        with self.run_tasks(execute=True):
            self.submission = self.writer.post(
                reverse("forum:submission-new", args=["2027"]), PROPOSAL
            ).url

    def accept(self):
        """The secretariat accepts the request and makes a draft session of it."""
        with self.run_tasks(execute=True):
            self.desk.post(
                f"{self.submission}move/", {"move": "accept", "note": "Welcome."}
            )
            self.session = self.desk.post(f"{self.submission}session/").url

    @property
    def pk(self):
        return int(re.search(r"/sessions/(\d+)/", self.session)[1])

    def plan(self, room):
        """Time and room at the desk, then scheduled."""
        address = reverse("admin:forum_session_change", args=[self.pk])
        form = self.desk.get(address).context["adminform"].form
        data = {name: form[name].value() for name in form.fields}
        data = {
            name: value for name, value in data.items() if value not in (None, False)
        }
        data |= {
            "start_0": DAY.isoformat(),
            "start_1": "09:34",
            "end_0": DAY.isoformat(),
            "end_1": "10:30",
            "room": room.pk,
            "mode": "both",
        }
        for inline in ("participations", "organizers"):
            data |= {f"{inline}-TOTAL_FORMS": 0, f"{inline}-INITIAL_FORMS": 0}
        assert self.desk.post(address, data).status_code == 302
        self.desk.post(
            reverse("admin:forum_session_move", args=[self.pk]), {"move": "schedule"}
        )

    def release(self, name, edition):
        address = reverse("admin:forum_session_release")
        assert (
            self.desk.post(address, {"edition": edition.pk, "name": name}).status_code
            == 302
        )
        release_agendas()

    def calendar(self):
        """The fan's own calendar, read as a calendar program does: signed in nowhere."""
        page = self.fan.get(reverse("forum:my-agenda")).content.decode()
        path = re.search(r"/en/forum/calendar/[\w-]+\.ics", page)[0]
        return list(Calendar.from_ical(self.reader.get(path).content).walk("VEVENT"))

    def status(self):
        return self.reader.get(self.session).status_code


@pytest.fixture
def edition(db):
    StakeholderTypeFactory()
    CountryFactory()
    SessionTypeFactory()
    edition = EditionFactory()
    PhaseFactory(edition=edition)
    return edition


@pytest.fixture
def journey(edition, django_capture_on_commit_callbacks):
    return Journey(django_capture_on_commit_callbacks)


def test_a_proposal_becomes_a_session_with_an_outcome(journey, edition):
    journey.propose()
    journey.accept()
    before_release = journey.status()
    journey.plan(RoomFactory(name="Popov", building="ITU"))
    journey.release("First agenda", edition)
    agenda = journey.reader.get(reverse("forum:agenda", args=["2027"])).content.decode()

    journey.fan.post(f"{journey.session}star/", {"star": "1"})
    journey.fan.post(reverse("forum:calendar-key"))
    (event,) = journey.calendar()

    report = {
        "language": "en",
        "summary": "Boats agreed.",
        "outcomes": "",
        "outlook": "",
    }
    journey.writer.post(f"{journey.session}outcome/edit/", report)
    unpublished = journey.reader.get(f"{journey.session}outcome/").status_code
    journey.desk.post(f"{journey.session}outcome/edit/", report | {"publish": "1"})
    outcome = journey.reader.get(f"{journey.session}outcome/").content.decode()

    assert (before_release, journey.status(), unpublished) == (404, 200, 404)
    assert ("Telecentres in fishing villages" in agenda, "Popov, ITU" in agenda) == (
        True,
        True,
    )
    assert "09:34–10:30" in agenda
    assert str(event["summary"]) == "Telecentres in fishing villages"
    assert f"{event.start:%Y-%m-%d %H:%M %Z}" == "2027-07-05 09:34 CEST"
    assert "Boats agreed." in outcome


def test_the_author_hears_of_each_step(journey):
    journey.propose()
    journey.accept()

    page = journey.writer.get(journey.submission).content.decode()
    said = [(m.to, m.subject.partition(": ")[2]) for m in mail.outbox]
    assert said == [
        ([journey.author.email], "we have received your submission"),
        ([journey.author.email], "Accepted"),
        ([journey.author.email], "Used in a session"),
    ]
    assert "Welcome." in page
    assert journey.session in page


def test_a_cancelled_session_reaches_the_calendar_at_once(journey, edition):
    journey.propose()
    journey.accept()
    journey.plan(RoomFactory())
    journey.release("First agenda", edition)
    journey.fan.post(f"{journey.session}star/", {"star": "1"})
    journey.fan.post(reverse("forum:calendar-key"))
    seen = journey.calendar()
    journey.desk.post(
        reverse("admin:forum_session_move", args=[journey.pk]),
        {"move": "cancel", "note": "The boats are out."},
    )
    seen += journey.calendar()  # no release was made

    assert [(str(e["status"]), int(e["sequence"])) for e in seen] == [
        ("CONFIRMED", 0),
        ("CANCELLED", 1),
    ]
    assert len({str(e["uid"]) for e in seen}) == 1
