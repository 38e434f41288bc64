"""Automatic checks: each finding on an entry that has it and on none that has not."""

import dataclasses
import socket

import pytest
from django.urls import reverse

from stocktaking.base.workflow import Status
from stocktaking.organization.trust import OrganizationTrust
from stocktaking.project.models import Project
from stocktaking.screening.checks import examine, screen
from stocktaking.screening.models import Screening, WebsiteCheck
from stocktaking.screening.tasks import screen_waiting, visit_website, visit_websites
from stocktaking.screening.websites import is_public, problem_of
from tests.factories import CountryFactory, OrganizationFactory, ProjectFactory

pytestmark = pytest.mark.django_db
LONG = (
    "Community centres bring broadband, devices and training to the remote villages of a region"
    " that had none of these before."
)


def entry(**fields):
    return ProjectFactory(**{"summary": LONG, "status": Status.SUBMITTED} | fields)


def names(project, among=None):
    known = Project.objects.none() if among is None else among
    return [(finding.check, finding.level) for finding in examine(project, known)]


def test_a_good_entry_has_no_findings():
    assert names(entry()) == []


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"coverage": None}, ("incomplete", "error")),
        ({"summary": "word " * 201}, ("incomplete", "error")),
        ({"summary": "Little."}, ("short", "info")),
        ({"language": "ru"}, ("language", "warning")),
        (
            {"title": "قرى رقمية", "summary": "مراكز في القرى البعيدة " * 6},
            ("language", "warning"),
        ),
        ({"results": "Ask amina.otieno@ministry.example"}, ("personal", "error")),
        ({"partners": "Call +254 20 123 4567 today"}, ("personal", "error")),
        ({"start_year": 1995}, ("years_old", "info")),
        ({"start_year": 2040}, ("years_ahead", "warning")),
        ({"timescale": "completed", "end_year": 2040}, ("years_over", "warning")),
        ({"website": "https://example.org/"}, ("website_unchecked", "none")),
    ],
)
def test_what_a_check_notices(fields, found):
    assert names(entry(**fields)) == [found]


@pytest.mark.parametrize(
    "text",
    [
        "In 2019–2023, 12 500 people, 3.5 million",
        "ISBN 978-92-61-12345-6",
        "10.1000/182",
        "CO2 @ home",
    ],
)
def test_numbers_are_no_telephone_numbers(text):
    assert names(entry(results=text)) == []


def test_new_and_blocked_organizations_are_told():
    new = entry(organization=OrganizationFactory(confirmed_at=None))
    blocked = entry()
    OrganizationTrust.objects.create(
        organization=blocked.organization, status="blocked"
    )

    assert names(new) == [("organization_new", "warning")]
    assert names(blocked) == [("organization_blocked", "error")]


def test_twins_of_the_same_organization_are_much_alike():
    project = entry(title="Digital villages of Kenya")
    twin = entry(
        title="Digital villages in Kenya",
        organization=project.organization,
        summary="Another.",
    )
    uganda = CountryFactory(code="UG")
    entry(title="Digital villages of Africa", summary="Other words.", country=uganda)
    entry(
        title="Telemedicine",
        organization=project.organization,
        summary="Doctors by radio.",
    )

    findings = examine(project, Project.objects.all())

    assert [(f.check, f.values["id"]) for f in findings] == [("twin", twin.pk)]
    assert twin.number in findings[0].sentence


def test_writer_hears_nothing_of_what_others_wait_for(client):
    draft = entry(title="Digital villages", status=Status.DRAFT)
    entry(title="Digital villages", organization=draft.organization)
    client.force_login(draft.owner)

    page = client.get(reverse("stocktaking:project-check", args=[draft.pk]))

    assert (page.context["findings"], page.context["similar"]) == ([], [])


def test_check_page_tells_what_was_noticed(client):
    draft = entry(summary="Write to me@example.org", status=Status.DRAFT)
    client.force_login(draft.owner)

    page = client.get(reverse("stocktaking:project-check", args=[draft.pk]))

    assert (
        "contains an e-mail address or telephone number: me@example.org"
        in page.content.decode()
    )


def test_screening_is_kept_and_made_anew_after_a_change():
    project = entry(website="https://example.org/")
    assert (screen_waiting(), screen_waiting()) == (1, 0)
    kept = Screening.objects.get()
    assert (kept.worst, [f["check"] for f in kept.findings]) == (
        0,
        ["website_unchecked"],
    )

    WebsiteCheck.objects.create(url=project.website, alive=False, problem="Gone.")
    project.results = "New"
    project.save()

    assert screen_waiting() == 1
    assert Screening.objects.get().worst == 2


def test_a_new_submission_keeps_what_the_one_before_said():
    project = entry(title="Before")
    screen(project)
    project.title = "After"
    project.submitted_at = project.submitted_at.replace(year=2026)
    project.save()

    kept = screen(project)

    assert (kept.before["title"], kept.content["title"]) == ("Before", "After")


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "0.0.0.1",
        "100.64.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "fe80::1%eth0",
        "fc00::1",
        "::",
        "::ffff:10.0.0.1",
        "64:ff9b::a00:1",
        "2002:a00:1::",
        "240.0.0.1",
    ],
)
def test_private_addresses_are_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "156.106.202.5", "2606:4700::1111"])
def test_public_addresses_are(address):
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://localhost/",
        "http://[::1]/",
        "https://10.0.0.1/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://127.1/",
        "ftp://example.org/",
        "file:///etc/passwd",
        "gopher://x/",
        "http://example.org:22/",
        "http://",
        "http://\x00/",
        "http://169.254.169.254/latest/meta-data/",
        "https://user@127.0.0.1/",
        "http://[::1",
        "http://" + "a" * 300,
        "http://a..b/",
        "http://127.0.0.1:99999/",
    ],
)
def test_the_inside_is_never_asked(url, live_listener):
    assert problem_of(url) != ""
    assert live_listener.asked == []


@pytest.fixture
def live_listener(monkeypatch):
    """Whoever would be called: nobody may be."""

    @dataclasses.dataclass
    class Listener:
        asked: list

    listener = Listener([])

    def refuse(address, timeout=None):
        listener.asked.append(address)
        raise OSError("no network in this test")

    monkeypatch.setattr(socket, "create_connection", refuse)
    return listener


def test_visits_are_made_once_a_month_and_written_down(live_listener):
    entry(website="http://127.0.0.1/")
    entry(website="http://127.0.0.1/")

    assert (visit_websites(), visit_websites()) == (1, 0)

    visit = WebsiteCheck.objects.get()
    assert (visit.alive, visit.url) == (False, "http://127.0.0.1/")
    assert visit_website("http://127.0.0.1/") is False
