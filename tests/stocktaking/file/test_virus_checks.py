"""The virus check of files that wait for it: what it says is told, and what is infected goes."""

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse

from common.mail.models import OutgoingMail
from stocktaking.base.workflow import Status
from stocktaking.file.models import Attachment
from stocktaking.file.tasks import scan_files
from tests.factories import ProjectFactory, UserFactory
from tests.stocktaking.file.test_attachments import add, path_of
from tests.stocktaking.hostile import GOOD, pdf
from tests.stocktaking.records import attached
from tests.stocktaking.scanner import EICAR, Clamd, nobody_listens

pytestmark = pytest.mark.django_db
DESK = "admin:stocktaking_project_item"


@pytest.mark.parametrize(
    ("content", "scan"), [(GOOD, "clean"), (pdf(EICAR), "infected")]
)
def test_held_file_is_judged_when_the_scanner_is_back(
    client, settings, published, content, scan, django_capture_on_commit_callbacks
):
    there = scan == "clean"
    one = attached(published, content=content, scan="held")
    settings.CLAMD_URL = nobody_listens()
    waited = scan_files()
    server = Clamd()
    settings.CLAMD_URL = server.url

    with django_capture_on_commit_callbacks(execute=True):
        judged = [scan_files(), scan_files()]
    server.stop()

    one.refresh_from_db()
    assert (waited, judged, one.scan) == (0, [1, 0], scan)
    assert default_storage.exists(path_of(one)) == there
    assert client.get(one.get_absolute_url()).status_code == (200 if there else 404)


@pytest.mark.django_db(transaction=True)
def test_whoever_added_an_infected_file_is_told(settings):
    owner = UserFactory(language="en")
    project = ProjectFactory(status=Status.PUBLISHED, owner=owner)
    one = attached(project, title="Evaluation", content=pdf(EICAR), scan="held")
    Attachment.objects.update(by=owner)
    server = Clamd()
    settings.CLAMD_URL = server.url

    scan_files()
    server.stop()

    one.refresh_from_db()
    told = OutgoingMail.objects.get()
    assert (one.scan, told.to) == ("infected", owner.email)
    assert "The file: Evaluation" in told.body
    assert one.virus in told.body


def test_files_of_an_hour_are_limited(client, draft, settings):
    settings.LIMITS = settings.LIMITS | {"upload": (1, 3600)}
    client.force_login(draft.owner)
    add(client, draft)

    second = add(client, draft)

    assert second.context["files"].errors["file"] == [
        "You can add at most 1 files per hour. Add this one later."
    ]
    assert Attachment.objects.count() == 1


def test_held_file_is_told_to_its_owner_and_at_the_desk(client, staff):
    project = ProjectFactory(status=Status.SUBMITTED)
    attached(project, title="Evaluation", scan="held")
    pages = []

    for person, name in ((project.owner, "stocktaking:project"), (staff, DESK)):
        client.force_login(person)
        pages.append(client.get(reverse(name, args=[project.pk])).content.decode())

    assert [page.count("awaiting the virus check") for page in pages] == [1, 1]
    assert [page.count("/files/") for page in pages] == [0, 0]


def test_held_file_is_not_on_the_public_page(client, published):
    attached(published, title="Evaluation", scan="held")

    assert (
        client.get(published.get_absolute_url()).content.decode().count("Evaluation")
        == 0
    )


def test_admin_lists_the_files(client, staff, published):
    attached(published, scan="held")
    client.force_login(staff)

    response = client.get(
        reverse("admin:stocktaking_attachment_changelist"), {"scan": "held"}
    )

    assert len(response.context["cl"].result_list) == 1
