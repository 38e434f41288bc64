"""A member submits, the secretariat publishes, anybody finds and reads it: over HTTP only."""

import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from accounts.roles import Role
from stocktaking.models import Project
from tests.factories import PASSWORD, UserFactory
from tests.stocktaking.entry import COMPLETE, upload

WORD = "telecentres"


@pytest.fixture(autouse=True)
def _without_second_factor(settings):
    settings.REQUIRE_STAFF_MFA = False


def signed_in(user):
    client = Client()
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    return client


def hidden(response, name):
    return re.search(f'name="{name}" value="(.*?)"', response.content.decode())[1]


@pytest.mark.django_db
def test_from_draft_to_register(django_capture_on_commit_callbacks):
    member, officer = UserFactory(), UserFactory(role=Role.SECRETARIAT)
    writer, desk, reader = signed_in(member), signed_in(officer), Client()

    # the member begins, saves half of it, goes on and submits
    edit = writer.post(reverse("stocktaking:project-new")).url
    form = writer.get(edit)
    half = {"title": COMPLETE["title"], "language": "en", "save": "1", "website": "broken"}
    answer = writer.post(edit, half | {"stamp": hidden(form, "stamp")})
    assert "Enter a valid URL." in answer.content.decode()
    whole = COMPLETE | {"check": "1", "stamp": hidden(answer, "stamp")}
    check = writer.post(edit, whole | {"image": upload(), "image_alt": "A mast"}).url
    with django_capture_on_commit_callbacks(execute=True):
        done = writer.get(writer.post(check).url)
    number = re.search(r"WSIS-\d{4}-\d{6}", done.content.decode())[0]
    page = reverse("stocktaking:project", args=[int(number[-6:])])
    assert [(m.to, m.subject) for m in mail.outbox] == [
        ([member.email], f"{number}: we have received your project")
    ]
    assert reader.get(page).status_code == 404

    # the secretariat finds it in the queue, returns it, and publishes what comes back
    queue = desk.get(reverse("admin:stocktaking_project_changelist")).content.decode()
    assert number in queue
    moves = reverse("admin:stocktaking_project_moves")
    ids = str(int(number[-6:]))
    with django_capture_on_commit_callbacks(execute=True):
        desk.post(moves, {"ids": ids, "move": "send_back", "note": "Name the partners."})
    assert "Name the partners." in mail.outbox[1].body
    form = writer.get(edit)
    again = COMPLETE | {"partners": "Fisher folk", "check": "1", "stamp": hidden(form, "stamp")}
    with django_capture_on_commit_callbacks(execute=True):
        writer.post(writer.post(edit, again | {"image_alt": "A mast"}).url)
        desk.post(moves, {"ids": ids, "move": "publish", "note": ""})
    assert mail.outbox[-1].subject == f"{number}: your project is published"

    # anybody finds it by word and number, reads it, sees the image, and reads it over the API
    for query in (WORD, number):
        found = reader.get(reverse("stocktaking:projects"), {"q": query}).content.decode()
        assert f'href="{page}"' in found
    record = reader.get(page).content.decode()
    assert escape(COMPLETE["summary"]) in record
    assert COMPLETE["contact_email"] not in record
    image = reader.get(Project.objects.get().image_url)
    assert (image.status_code, b"".join(image.streaming_content)[8:12]) == (200, b"WEBP")
    row = reader.get(f"/api/v1/projects/{ids}/").json()
    assert (row["title"], row["status"], row["partners"]) == (
        COMPLETE["title"], "published", "Fisher folk",
    )  # fmt: skip
    assert "contact_email" not in row

    # archived, it leaves the register and says so at its address
    with django_capture_on_commit_callbacks(execute=True):
        desk.post(moves, {"ids": ids, "move": "archive", "note": "Ended."})
    assert reader.get(page).status_code == 410
    assert reader.get(reverse("stocktaking:projects"), {"q": WORD}).context["search"].total == 0
