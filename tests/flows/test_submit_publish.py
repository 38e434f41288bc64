"""A member submits, the secretariat publishes, anybody finds and reads it: over HTTP only."""

import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from accounts.role.roles import Role
from common.mail.models import OutgoingMail
from stocktaking.project.forms import STEPS
from stocktaking.project.models import Project
from tests.factories import PASSWORD, UserFactory
from tests.stocktaking.project_form import COMPLETE, upload

WORD = "telecentres"
NUMBER = re.compile(r"WSIS-\d{4}-\d{6}")


@pytest.fixture(autouse=True)
def _without_second_factor(settings):
    settings.REQUIRE_STAFF_MFA = False


def signed_in(user):
    client = Client()
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    return client


def hidden(response, name):
    return re.search(f'name="{name}" value="(.*?)"', response.content.decode())[1]


class Journey:
    """Three people and the entry that one of them writes."""

    def __init__(self, run_tasks):
        self.member, officer = UserFactory(), UserFactory(role=Role.SECRETARIAT)
        self.writer, self.desk, self.reader = (
            signed_in(self.member),
            signed_in(officer),
            Client(),
        )
        self.run_tasks = run_tasks
        self.edit = self.number = self.page = ""

    @property
    def pk(self):
        return int(self.number[-6:])

    def submit(self, **changes):
        """Fill in the form, check the answers, submit; the confirmation page."""
        whole = COMPLETE | {"image_alt": "A mast"} | changes
        for step in STEPS:
            answer = self.fill_in(step, whole)
        check = answer.url
        with self.run_tasks(execute=True):
            return self.writer.get(self.writer.post(check).url).content.decode()

    def fill_in(self, step, answers):
        """Write one step and press the button."""
        address = f"{self.edit}{step.slug}/"
        versions = hidden(self.writer.get(address), "versions")
        own = {name: answers[name] for name in step.fields if name in answers}
        return self.writer.post(address, own | {"versions": versions, "next": "1"})

    def decide(self, move, note=""):
        with self.run_tasks(execute=True):
            address = reverse("admin:stocktaking_project_moves")
            self.desk.post(address, {"ids": self.pk, "move": move, "note": note})

    def found_by(self, text):
        found = self.reader.get(
            reverse("stocktaking:projects"), {"q": text}
        ).content.decode()
        return f'href="{self.page}"' in found


@pytest.fixture
def journey(db, django_capture_on_commit_callbacks):
    """The entry is submitted: begun, half of it saved with a mistake, then completed."""
    journey = Journey(django_capture_on_commit_callbacks)
    journey.edit = journey.writer.post(reverse("stocktaking:project-new")).url
    half = {"title": COMPLETE["title"], "language": "en", "website": "broken"}
    answer = journey.fill_in(STEPS[0], half)
    assert "Enter a valid URL." in answer.content.decode()
    journey.number = NUMBER.search(journey.submit(image=upload()))[0]
    journey.page = reverse("stocktaking:project", args=[journey.pk])
    return journey


def test_submission_waits_for_the_secretariat(journey):
    queue = journey.desk.get(
        reverse("admin:stocktaking_project_changelist")
    ).content.decode()

    assert [(m.to, m.subject) for m in mail.outbox] == [
        ([journey.member.email], f"{journey.number}: we have received your project")
    ]
    assert journey.number in queue
    assert journey.reader.get(journey.page).status_code == 404
    assert not journey.found_by(WORD)


def test_returned_submission_comes_back_and_is_published(journey):
    journey.decide("send_back", "Name the partners.")
    journey.submit(partners="Fisher folk")
    journey.decide("publish")

    OutgoingMail.objects.update(
        not_before=None
    )  # the time in which a decision may be undone
    OutgoingMail.objects.deliver_waiting()
    record = journey.reader.get(journey.page).content.decode()
    row = journey.reader.get(f"/api/v1/projects/{journey.pk}/").json()
    assert [m.subject.partition(": ")[2] for m in mail.outbox] == [
        "we have received your project",
        "we have received your project",
        "please revise your project",
        "your project is published",
    ]
    assert journey.found_by(WORD)
    assert journey.found_by(journey.number)
    assert escape(COMPLETE["summary"]) in record
    assert COMPLETE["contact_email"] not in record
    assert (row["title"], row["status"], row["partners"]) == (
        COMPLETE["title"],
        "published",
        "Fisher folk",
    )
    assert "contact_email" not in row


def test_image_is_public_with_its_entry(journey):
    address = Project.objects.get().image_url
    before = journey.reader.get(address).status_code
    journey.decide("publish")

    after = journey.reader.get(address)

    assert (before, after.status_code) == (404, 200)
    assert b"".join(after.streaming_content)[8:12] == b"WEBP"


def test_archived_entry_leaves_the_register_and_says_so(journey):
    journey.decide("publish")
    journey.decide("archive", "Ended.")

    response = journey.reader.get(journey.page)

    assert response.status_code == 410
    assert "Ended." in response.content.decode()
    assert not journey.found_by(WORD)
