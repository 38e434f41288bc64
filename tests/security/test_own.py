"""Staff act on nothing of their own: every move of every table, by its own person of the staff."""

import pytest
from django.urls import reverse

from accounts.role.roles import STAFF_ROLES, Role, is_own
from common.moves.models import Moved
from common.moves.workflow import CONCERNED, MoveRefused
from forum.consultation.workflow import SUBMISSION_WORKFLOW, SubmissionStatus
from forum.registration.workflow import REGISTRATION_WORKFLOW
from forum.session.workflow import SESSION_WORKFLOW
from prizes.entry.models import Entry
from prizes.entry.workflow import PRIZE_WORKFLOW
from prizes.entry.workflow import Status as EntryStatus
from stocktaking.base.workflow import Status
from stocktaking.coeditor.models import CoEditor
from stocktaking.organization.trust import OrganizationTrust
from stocktaking.organization.workflow import ROLE_WORKFLOW, TRUST_WORKFLOW
from stocktaking.ownership.workflow import OWNERSHIP_WORKFLOW
from stocktaking.project.models import Project
from stocktaking.project.workflow import PROJECT_WORKFLOW
from stocktaking.revision.workflow import REVISION_WORKFLOW
from stocktaking.text.workflow import TEXT_WORKFLOW
from tests.factories import MemberFactory, ProjectFactory, UserFactory
from tests.forum import records as forum_records
from tests.prizes.records import ContestFactory, EntryFactory
from tests.stocktaking.people import OrganizationRoleFactory
from tests.stocktaking.records import ownership_request_for, revision_of, text_of

pytestmark = pytest.mark.django_db


def officer():
    return UserFactory(role=Role.SECRETARIAT)


def coedited(project, user):
    _made, token = CoEditor.objects.invite(project, user.email, project.owner)
    CoEditor.objects.accept(token, user)
    return project


def of_organization(user):
    member = MemberFactory(user=user)
    return OrganizationTrust.objects.create(organization=member.organization)


def ownership_request_to_own(user):
    return ownership_request_for(ProjectFactory(owner=user))


def entry_by(user, **values):
    return EntryFactory(contest=ContestFactory(), owner=user, **values)


def entry_of_organization(user):
    member = MemberFactory(user=user)
    return entry_by(UserFactory(), organization=member.organization)


def entry_of_coedited(user):
    return entry_by(UserFactory(), project=coedited(ProjectFactory(), user))


def registration_of(user):
    forum_records.CapacityFactory()
    return forum_records.registered(user=user)


OWN = {
    "project": (
        PROJECT_WORKFLOW,
        lambda user: ProjectFactory(owner=user, status="submitted"),
    ),
    "co-edited project": (
        PROJECT_WORKFLOW,
        lambda user: coedited(ProjectFactory(), user),
    ),
    "revision": (
        REVISION_WORKFLOW,
        lambda u: revision_of(ProjectFactory(owner=u), "submitted"),
    ),
    "text": (
        TEXT_WORKFLOW,
        lambda user: text_of(ProjectFactory(owner=user), "submitted"),
    ),
    "ownership request of one's own": (
        OWNERSHIP_WORKFLOW,
        lambda user: ownership_request_for(ProjectFactory(), by=user),
    ),
    "ownership request for one's own": (OWNERSHIP_WORKFLOW, ownership_request_to_own),
    "role": (
        ROLE_WORKFLOW,
        lambda user: OrganizationRoleFactory(member=MemberFactory(user=user)),
    ),
    "trust": (TRUST_WORKFLOW, of_organization),
    "prize entry": (PRIZE_WORKFLOW, entry_by),
    "entry of one's organization": (PRIZE_WORKFLOW, entry_of_organization),
    "entry of a project one writes in": (PRIZE_WORKFLOW, entry_of_coedited),
    "session": (SESSION_WORKFLOW, lambda user: forum_records.scheduled(owner=user)),
    "submission": (
        SUBMISSION_WORKFLOW,
        lambda u: forum_records.SubmissionFactory(
            owner=u, status=SubmissionStatus.SUBMITTED
        ),
    ),
    "registration": (REGISTRATION_WORKFLOW, registration_of),
}


@pytest.mark.parametrize("kind", OWN)
def test_no_move_of_staff_is_open_on_what_is_ones_own(kind):
    workflow, make = OWN[kind]
    user = officer()
    record = make(user)
    staff_moves = [m for m in workflow if m.by & STAFF_ROLES and "owner" not in m.by]

    refusals = set()
    for move in staff_moves:
        with pytest.raises(MoveRefused) as refused:
            Moved.move(record, move.name, user, "because")
        refusals.add(str(refused.value.message))

    assert staff_moves
    assert refusals == {str(CONCERNED)}
    assert is_own(record, user)
    assert not is_own(record, officer())


def test_the_desk_the_admin_and_the_api_say_so(client):
    user = officer()
    mine = ProjectFactory(owner=user, status=Status.SUBMITTED)
    client.force_login(user)
    page = reverse("stocktaking:project", args=[mine.pk])

    by_page = client.post(page + "move/", {"move": "publish", "note": ""})
    by_list = client.post(
        reverse("admin:stocktaking_project_moves"),
        {"move": "publish", "ids": str(mine.pk), "note": "x"},
    )
    by_api = client.post(
        f"/api/v1/projects/{mine.pk}/moves/",
        {"move": "publish"},
        content_type="application/json",
    )
    in_admin = client.post(
        reverse("admin:stocktaking_project_change", args=[mine.pk]), {}
    )

    mine.refresh_from_db()
    assert mine.status == Status.SUBMITTED
    for answer in (by_page, by_list):
        assert str(CONCERNED) in answer.content.decode()
    assert (by_api.status_code, by_api.json()["detail"]) == (403, str(CONCERNED))
    assert in_admin.status_code == 403


def test_what_is_public_is_not_changed_by_its_owner_from_the_staff(client):
    user = officer()
    mine = ProjectFactory(owner=user)
    others = ProjectFactory()
    client.force_login(user)

    answers = [
        client.patch(
            f"/api/v1/projects/{project.pk}/",
            {"title": "New"},
            content_type="application/json",
        ).status_code
        for project in (mine, others)
    ]

    assert answers == [403, 200]
    assert Project.objects.filter(title="New").get() == others


def test_bulk_acceptance_leaves_out_ones_own_prize_entry(client):
    user = officer()
    mine = entry_by(user, status=EntryStatus.SUBMITTED)
    others = EntryFactory(contest=mine.contest, status=EntryStatus.SUBMITTED)
    client.force_login(user)

    answer = client.post(
        reverse("admin:prizes_entry_changelist"),
        {"action": "accept", "_selected_action": [mine.pk, others.pk], "note": ""},
        follow=True,
    )

    statuses = dict(Entry.objects.values_list("pk", "status"))
    assert statuses == {mine.pk: EntryStatus.SUBMITTED, others.pk: EntryStatus.ACCEPTED}
    assert str(CONCERNED) in answer.content.decode()
