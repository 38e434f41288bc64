"""Co-editors: invited once, for a while, revocably; they write, the owner submits."""

import datetime

import pytest
import time_machine
from django.urls import reverse

from common.mail.models import OutgoingMail
from common.moves.workflow import NotYourMove
from stocktaking.base.workflow import Status
from stocktaking.coeditor.models import CoEditor
from stocktaking.project.models import Project
from tests.factories import ProjectFactory, UserFactory
from tests.stocktaking.project_form import post_step

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft():
    return ProjectFactory(status=Status.DRAFT, title="Before")


def url(name, *args):
    return reverse(f"stocktaking:{name}", args=args)


def invite(client, draft, email="colleague@example.org"):
    """The address that the mail tells."""
    client.force_login(draft.owner)
    client.post(url("coeditors", draft.pk), {"email": email})
    body = OutgoingMail.objects.get(to=email).body
    (line,) = [line for line in body.splitlines() if "/invitations/" in line]
    return line[line.index("/en/") :]


def test_invited_accepts_writes_and_cannot_submit(client, draft):
    link, colleague = invite(client, draft), UserFactory()
    client.force_login(colleague)

    opened = client.get(link)
    assert not Project.objects.written_by(colleague).exists()
    accepted = client.post(link)
    post_step(client, draft, "what", title="By a colleague")

    assert (opened.status_code, accepted.url) == (200, url("project-edit", draft.pk))
    draft.refresh_from_db()
    assert draft.title == "By a colleague"
    with pytest.raises(NotYourMove):
        draft.move("submit", colleague)
    refused = client.post(url("project-check", draft.pk))
    assert refused.status_code == 403
    draft.refresh_from_db()
    assert draft.status == Status.DRAFT
    assert client.get(url("my-projects")).context["page"].object_list[0] == draft
    assert client.get(draft.get_absolute_url()).status_code == 200


def test_invitation_is_used_once(client, draft):
    link = invite(client, draft)
    for _n in range(2):
        client.force_login(UserFactory())
        last = client.post(link)

    assert last.status_code == 404
    assert CoEditor.objects.exclude(user=None).count() == 1


def test_invitation_ends_after_two_weeks(client, draft):
    link = invite(client, draft)
    later = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=15)

    with time_machine.travel(later):
        client.force_login(UserFactory())
        assert client.post(link).status_code == 404


def test_owner_takes_back_an_invitation_and_a_right(client, draft):
    first, second = invite(client, draft), invite(client, draft, "other@example.org")
    colleague = UserFactory()
    client.force_login(colleague)
    client.post(second)
    client.force_login(draft.owner)

    for row in CoEditor.objects.all():
        client.post(url("coeditor-revoke", row.pk))

    client.force_login(colleague)
    assert client.get(url("project-edit", draft.pk)).status_code == 404
    assert client.post(first).status_code == 404


def test_new_invitation_ends_the_old_one_of_the_same_address(draft):
    _old, token = CoEditor.objects.invite(draft, "a@example.org", draft.owner)
    CoEditor.objects.invite(draft, "a@example.org", draft.owner)

    assert not CoEditor.objects.waiting_with(token).exists()
    assert CoEditor.objects.count() == 1


def test_token_is_not_in_the_table(draft):
    made, token = CoEditor.objects.invite(draft, "a@example.org", draft.owner)

    assert token not in {str(getattr(made, f.attname)) for f in CoEditor._meta.fields}


@pytest.mark.parametrize(
    "email", ["", "nobody", "a@b", "x" * 400 + "@example.org", "a@b.c\n<x>"]
)
def test_bad_address_is_refused_beside_its_field(client, draft, email):
    client.force_login(draft.owner)

    response = client.post(url("coeditors", draft.pk), {"email": email})

    assert response.status_code == 400
    assert list(response.context["form"].errors) == ["email"]
    assert not CoEditor.objects.exists()


def test_at_most_ten(client, draft):
    for n in range(10):
        CoEditor.objects.invite(draft, f"a{n}@example.org", draft.owner)
    client.force_login(draft.owner)

    response = client.post(url("coeditors", draft.pk), {"email": "more@example.org"})

    assert response.status_code == 400
    assert CoEditor.objects.count() == 10


def test_coeditor_of_an_entry_writes_its_new_version(client):
    project, colleague = ProjectFactory(), UserFactory()
    _made, token = CoEditor.objects.invite(project, "a@example.org", project.owner)
    CoEditor.objects.accept(token, colleague)
    client.force_login(project.owner)
    steps = client.post(url("revise", project.pk)).url
    client.force_login(colleague)

    assert client.get(steps).status_code == 200
