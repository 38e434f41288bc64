"""An ownership request: the owner is asked, no drafts are opened, the decision can be undone."""

import re
from contextlib import suppress

import pytest
from django.urls import reverse

from accounts.role.roles import Role
from common.mail.models import OutgoingMail
from common.moves.workflow import MoveRefused
from privacy.erasure import erase
from privacy.tasks import leave_closed_accounts
from stocktaking.base.workflow import Status
from stocktaking.coeditor.models import CoEditor
from stocktaking.message.models import Message
from stocktaking.ownership.models import OwnershipRequest
from stocktaking.ownership.workflow import OwnershipStatus
from stocktaking.project.models import Project
from stocktaking.revision.models import Revision
from tests.factories import (
    MemberFactory,
    OrganizationFactory,
    ProjectFactory,
    UserFactory,
)
from tests.stocktaking.records import (
    attached,
    ownership_request_for,
    revision_of,
    text_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return UserFactory(role=Role.SECRETARIAT, email="officer@example.org")


@pytest.fixture
def project():
    owner = UserFactory(
        first_name="Elena", last_name="Zweifel", email="elena@example.org"
    )
    MemberFactory(user=owner, organization=OrganizationFactory(name="Solar Union"))
    return ProjectFactory(
        owner=owner,
        title="Solar clinics",
        contact_name="Kontakt Zweifel",
        contact_email="kontakt@example.org",
    )


def ask(client, project, by=None):
    by = by or UserFactory(
        first_name="Frank", last_name="Neu", email="frank@example.org"
    )
    client.force_login(by)
    client.post(
        reverse("stocktaking:ownership-request-new", args=[project.pk]),
        {"reason": "I lead it now."},
    )
    return OwnershipRequest.objects.latest("pk")


def mails_to(address):
    return list(OutgoingMail.objects.filter(to=address).order_by("pk"))


def test_owner_and_staff_get_a_mail_and_see_it_waiting(client, officer, project):
    ask(client, project)

    (to_owner,), (to_staff,) = (
        mails_to("elena@example.org"),
        mails_to("officer@example.org"),
    )
    client.force_login(project.owner)
    own_page = client.get(reverse("stocktaking:my-projects")).content.decode()
    client.force_login(officer)
    desk = client.get(reverse("admin:stocktaking_project_desk")).content.decode()

    assert "Frank Neu" in to_owner.body
    assert "I lead it now." in to_owner.body
    assert "/ownership/" in to_owner.body
    assert "ownership request waits" in to_staff.subject
    assert "Frank Neu" in own_page
    assert "Solar clinics" in own_page
    assert "Ownership requests" in desk
    assert "Solar clinics" in desk
    assert "claim" not in (to_owner.body + to_staff.body).lower().replace(
        "/ownership-requests/", ""
    )


def test_the_contact_address_gets_it_where_one_is_set(client, settings, project):
    settings.CONTACT_EMAIL = "secretariat@example.org"

    ask(client, project)

    assert len(mails_to("secretariat@example.org")) == 1


def test_owner_answers_by_the_link_without_signing_in(client, officer, project):
    ownership_request = ask(client, project)
    body = mails_to("elena@example.org")[0].body
    link = re.search(r"https?://[^/]+(/\S+/ownership/\S+)", body)[1]
    client.logout()

    page = client.get(link).content.decode()
    empty = client.post(link, {"text": "x"})
    client.post(link, {"answer": "objected", "text": "He left in 2020."})
    client.force_login(officer)
    decision = client.get(ownership_request.get_absolute_url()).content.decode()

    assert "frank@example.org" not in page
    assert "Frank Neu" in page
    assert empty.status_code == 400
    assert "The owner objects" in decision
    assert "He left in 2020." in decision
    assert [m.subject for m in mails_to("officer@example.org")][-1].endswith(
        "the owner has answered an ownership request"
    )


def test_link_is_over_once_decided_forged_or_of_another_owner(client, officer, project):
    ownership_request = ask(client, project)
    link = ownership_request.answer_url()
    client.logout()
    forged = client.get(
        reverse("stocktaking:ownership-answer", args=["x:y:z"])
    ).status_code
    ownership_request.move("refuse", officer, "Not you.")

    assert (forged, client.get(link).status_code) == (410, 410)
    assert client.post(link, {"answer": "agreed"}).status_code == 410


def test_decision_page_says_who_owns_now(client, officer, project):
    ownership_request = ask(client, project)
    client.force_login(officer)

    page = client.get(ownership_request.get_absolute_url()).content.decode()

    for said in (
        "Elena Zweifel",
        "elena@example.org",
        "Solar Union (Kenya)",
        "None yet",
        "Has never signed in",
    ):
        assert said in page
    client.force_login(ownership_request.by)
    assert (
        "elena@example.org"
        not in client.get(ownership_request.get_absolute_url()).content.decode()
    )


def test_granted_request_opens_nothing_of_the_former_owner(client, officer, project):
    elena = project.owner
    revision = revision_of(project, title="Secret draft")
    text = text_of(project)
    Message.objects.create(
        project=project, by=elena, from_staff=False, text="Between us"
    )
    hidden = attached(revision, title="Not public")
    friend = CoEditor.objects.create(
        project=project,
        email="f@example.org",
        user=UserFactory(),
        by=elena,
        token="t",
        expires_at="2030-01-01T00:00Z",
    )
    ownership_request = ask(client, project)

    ownership_request.move("grant", officer, "Confirmed by the ministry.")

    project.refresh_from_db()
    frank = ownership_request.by
    client.force_login(frank)
    pages = [
        client.get(reverse("stocktaking:revision", args=[revision.pk])),
        client.get(reverse("stocktaking:revision-edit", args=[revision.pk])),
        client.get(reverse("stocktaking:text", args=[text.pk])),
        client.get(hidden.get_absolute_url()),
    ]
    letters = client.get(reverse("stocktaking:project-messages", args=[project.pk]))
    client.post(reverse("stocktaking:revise", args=[project.pk]))
    begun = Revision.objects.latest("pk")
    who = client.get(reverse("stocktaking:revision-step", args=[begun.pk, "who"]))
    record = client.get(f"/api/v1/projects/{project.pk}/").json()
    assert [page.status_code for page in pages] == [404] * 4
    assert "Between us" not in letters.content.decode()
    assert "Zweifel" not in who.content.decode()
    assert (record["contact_name"], record["contact_email"]) == (
        "Frank Neu",
        "frank@example.org",
    )
    assert begun.pk != revision.pk
    assert project.owner == frank
    friend.refresh_from_db()
    assert friend.revoked_at is not None
    assert "has a new owner" in mails_to("elena@example.org")[-1].subject
    assert "Confirmed by the ministry." in mails_to("elena@example.org")[-1].body


def test_decision_is_undone_and_all_is_as_it_was(client, officer, project):
    elena = project.owner
    revision = revision_of(project, title="Secret draft")
    Message.objects.create(
        project=project, by=elena, from_staff=False, text="Between us"
    )
    ownership_request = ask(client, project)
    ownership_request.move("grant", officer, "Confirmed.")
    Message.objects.create(
        project=project, by=ownership_request.by, from_staff=False, text="From Frank"
    )
    client.force_login(officer)

    page = client.get(ownership_request.get_absolute_url()).content.decode()
    client.post(
        reverse("stocktaking:ownership-request-move", args=[ownership_request.pk]),
        {"move": "undo", "note": "A mistake."},
    )

    project.refresh_from_db()
    ownership_request.refresh_from_db()
    revision.refresh_from_db()
    assert "Undo the decision" in page
    assert (ownership_request.status, project.owner) == (OwnershipStatus.OPEN, elena)
    assert (project.contact_name, project.contact_email) == (
        "Kontakt Zweifel",
        "kontakt@example.org",
    )
    client.force_login(elena)
    letters = client.get(reverse("stocktaking:project-messages", args=[project.pk]))
    assert (
        client.get(reverse("stocktaking:revision-edit", args=[revision.pk])).status_code
        == 200
    )
    assert "Between us" in letters.content.decode()
    assert "From Frank" not in letters.content.decode()
    assert "yours again" in mails_to("elena@example.org")[-1].subject
    assert "open again" in mails_to("frank@example.org")[-1].subject


@pytest.mark.parametrize("end", ["erased", "closed"])
def test_request_of_a_person_who_left_cannot_be_granted(client, officer, project, end):
    ownership_request = ask(client, project)
    if end == "erased":
        erase(ownership_request.by)
    else:
        ownership_request.by.is_active = False
        ownership_request.by.save()
        client.force_login(officer)
        with pytest.raises(MoveRefused, match="closed"):
            ownership_request.move("grant", officer, "Yes.")
        assert list(OwnershipRequest.objects.queue()) == []
        leave_closed_accounts()

    ownership_request.refresh_from_db()
    assert ownership_request.status == OwnershipStatus.WITHDRAWN
    with suppress(MoveRefused):
        ownership_request.move("grant", officer, "Yes.")
    assert Project.objects.get(pk=project.pk).owner == project.owner


def test_officer_does_not_decide_about_a_project_of_their_own(officer):
    ownership_request = ownership_request_for(
        ProjectFactory(owner=officer, status=Status.PUBLISHED)
    )

    with pytest.raises(MoveRefused):
        ownership_request.move("refuse", officer, "Mine.")


def test_owner_who_left_gets_no_mail(client, officer, project):
    project.owner.is_active = False
    project.owner.save()

    ownership_request = ask(client, project)
    ownership_request.move("grant", officer, "Gone.")

    assert mails_to("elena@example.org") == []
