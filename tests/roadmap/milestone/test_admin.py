"""The desk of the roadmap: moves with a reason that somebody wrote, links to action lines."""

import pytest
from django.urls import reverse

from accounts.role.roles import Role
from roadmap.milestone.models import Milestone
from roadmap.milestone.workflow import Status
from tests.factories import UserFactory
from tests.roadmap.records import MilestoneFactory, RoadmapFactory

pytestmark = pytest.mark.django_db
LIST, MOVES = "admin:roadmap_milestone_changelist", "admin:roadmap_milestone_moves"


@pytest.fixture
def officer(client):
    user = UserFactory(role=Role.SECRETARIAT)
    client.force_login(user)
    return user


def test_ticked_milestones_are_withdrawn_and_published_again_with_their_reason(
    client, officer
):
    milestones = MilestoneFactory.create_batch(2)
    ids = [milestone.pk for milestone in milestones]
    for move, reason in (("withdraw", "Entered twice."), ("restore", "It was not.")):
        page = client.post(
            reverse(LIST), {"action": f"move_{move}", "_selected_action": ids}
        )
        confirm = client.get(page.url)
        data = {"ids": confirm.context["ids"], "move": move, "note": reason}
        assert client.post(reverse(MOVES), data).url == reverse(LIST)

    for milestone in milestones:
        found = milestone.history().order_by("pk").values_list("move", "note", "by")
        assert list(found) == [
            ("withdraw", "Entered twice.", officer.pk),
            ("restore", "It was not.", officer.pk),
        ]


@pytest.mark.parametrize("note", ["", "   ", "x" * 2001])
def test_without_a_reason_nothing_is_withdrawn(client, officer, note):
    milestone = MilestoneFactory()

    response = client.post(
        reverse(MOVES), {"ids": str(milestone.pk), "move": "withdraw", "note": note}
    )

    milestone.refresh_from_db()
    assert (response.status_code, milestone.status) == (
        409 if len(note) < 4 else 400,
        "published",
    )
    assert note.strip() in response.content.decode()


@pytest.mark.parametrize(
    ("status", "moves"),
    [
        (Status.DRAFT, ["publish"]),
        (Status.PUBLISHED, ["withdraw"]),
        (Status.WITHDRAWN, ["restore"]),
    ],
)
def test_a_record_leads_to_the_moves_that_are_open(client, officer, status, moves):
    milestone = MilestoneFactory()
    Milestone.objects.update(status=status)

    page = client.get(reverse("admin:roadmap_milestone_change", args=[milestone.pk]))

    assert [move.name for move in page.context["moves"]] == moves
    for move in moves:
        address = f"{reverse(MOVES)}?move={move}&amp;ids={milestone.pk}"
        assert address in page.content.decode()


def test_the_desk_links_a_milestone_to_several_action_lines(client, officer):
    milestone = MilestoneFactory(status=Status.DRAFT)
    data = {
        "roadmap": RoadmapFactory().pk,
        "title": milestone.title,
        "kind": "event",
        "progress": "done",
        "source": "A page",
        "start": "2025",
        "body": milestone.body_id,
        "action_lines": ["C2", "C7-EGOV"],
    }
    for inline in ("partnerships", "dependencies", "documents"):
        data |= {f"{inline}-TOTAL_FORMS": "0", f"{inline}-INITIAL_FORMS": "0"}

    response = client.post(
        reverse("admin:roadmap_milestone_change", args=[milestone.pk]), data
    )

    assert response.status_code == 302
    assert sorted(milestone.action_lines.values_list("pk", flat=True)) == [
        "C2",
        "C7-EGOV",
    ]
