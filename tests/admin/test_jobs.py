"""Work in the background, as staff see it: what runs, what failed, stop and try again."""

import html
import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts.personal_data.models import DataExport
from accounts.role.roles import Role
from common.imports.models import ImportJob
from reports.build.models import Build
from reports.publication.workflow import Status
from tests.factories import UserFactory
from tests.reports.records import requested

pytestmark = pytest.mark.django_db
PAGE = "/en/admin/jobs/"


def signed_in(role):
    client = Client()
    client.force_login(UserFactory(role=role))
    return client


def read(client, state=""):
    answer = client.get(PAGE, {"state": state} if state else {})
    return re.sub(r"\s+", " ", html.unescape(answer.content.decode()))


def press(client, button, kind, job):
    data = {"act": button, "kind": kind, "job": job.pk}
    answer = client.post(PAGE, data, follow=True)
    return html.unescape(answer.content.decode())


def failed_import():
    return ImportJob.objects.create(
        kind="projects",
        by=UserFactory(),
        name="villages.csv",
        mode="import",
        state="failed",
        error="The file is not there.",
    )


def test_the_desk_leads_to_all_work_and_the_page_says_how_far_it_is():
    officer = signed_in(Role.SECRETARIAT)
    publication = requested()
    Build.objects.update(percent=40)
    failed_import()

    desk = officer.get(reverse("admin:index")).content.decode()
    page = read(officer)

    assert f'href="{reverse("admin:jobs")}"' in desk
    assert f"<bdi>{publication.build()}</bdi>" in page
    assert "waiting for a worker, 40 %" in page
    assert "villages.csv" in page
    assert "The file is not there." in page
    assert "(Geneva time)" in page


def test_a_build_is_stopped_and_tried_again():
    officer = signed_in(Role.SECRETARIAT)
    publication = requested()

    stopped = press(officer, "cancel", "reports", publication.build())
    publication.refresh_from_db()
    first = (publication.status, publication.build().state)
    again = press(officer, "cancel", "reports", publication.build())

    assert "The work was stopped." in stopped
    assert first[1] == "cancelled"
    assert first[0] != Status.BUILDING
    assert "This is not possible now." in again


def test_a_failed_import_is_taken_up_again():
    officer = signed_in(Role.SECRETARIAT)
    job = failed_import()

    said = press(officer, "retry", "imports", job)
    job.refresh_from_db()

    assert "The work begins again within a minute." in said
    assert (job.state, job.error, job.attempts) == ("queued", "", 0)


@pytest.mark.parametrize("button", ["retry", "", "nonsense"])
def test_an_import_that_is_done_is_not_done_again(button):
    job = failed_import()
    ImportJob.objects.update(state="done")

    said = press(signed_in(Role.SECRETARIAT), button, "imports", job)
    job.refresh_from_db()

    assert "This is not possible now." in said
    assert job.state == "done"


def test_the_state_narrows_the_page():
    officer = signed_in(Role.SECRETARIAT)
    publication = requested()
    failed_import()

    page = read(officer, "failed")

    assert "villages.csv" in page
    assert str(publication.build()) not in page
    assert "No work in this state." in read(officer, "done")
    assert officer.get(PAGE, {"state": "nonsense"}).status_code == 404


def test_copies_of_personal_data_are_for_administrators():
    person = UserFactory(first_name="Zeynep")
    copy = DataExport.objects.create(user=person, state="running")

    officer, administrator = signed_in(Role.SECRETARIAT), signed_in(Role.ADMINISTRATOR)

    assert "Zeynep" not in read(officer)
    assert "Zeynep" in read(administrator)
    answer = officer.post(PAGE, {"act": "cancel", "kind": "copies", "job": copy.pk})
    assert answer.status_code == 403
    press(administrator, "cancel", "copies", copy)
    copy.refresh_from_db()
    assert copy.state == "cancelled"


@pytest.mark.parametrize("job", ["", "-1", "x", "9" * 40, "\u0664"])
def test_a_job_that_is_not_there_is_not_found(job):
    officer = signed_in(Role.SECRETARIAT)

    answer = officer.post(PAGE, {"act": "cancel", "kind": "reports", "job": job})

    assert answer.status_code == 404
    assert "Page not found" in answer.content.decode()
