"""The secretariat seats experts, shares out by hand, and is offered what belongs together."""

import pytest
from django.urls import reverse

from accounts.role.roles import Role
from prizes.contest.models import Category
from prizes.entry.workflow import Status
from prizes.panel.decision import Assignment
from prizes.panel.models import Panel, PanelMember, Review
from tests.factories import ActionLineFactory, UserFactory
from tests.prizes.records import ContestFactory, EntryFactory, expert, set_phases

pytestmark = pytest.mark.django_db


@pytest.fixture
def contest():
    ActionLineFactory(code="C7-EGOV")
    contest = ContestFactory()
    set_phases(contest, "nomination")
    return contest


@pytest.fixture
def officer(client):
    user = UserFactory(role=Role.SECRETARIAT)
    client.force_login(user)
    return user


def seats(*people):
    data = {"seats-TOTAL_FORMS": len(people), "seats-INITIAL_FORMS": 0}
    for place, person in enumerate(people):
        data |= {f"seats-{place}-expert": person.pk}
    return data


def test_a_plain_member_becomes_an_expert_by_being_seated(client, officer, contest):
    member = UserFactory(first_name="Rokhaya", email="rokhaya@un.example")
    category = Category.objects.get(contest=contest, action_line="C7-EGOV")
    data = {"category": category.pk, "reviews_per_entry": 3, "load_cap": 30} | seats(
        member
    )

    page = client.post(
        reverse("admin:prizes_panel_add"), data, follow=True
    ).content.decode()

    assert PanelMember.objects.get().expert == member
    assert Role.EXPERT in type(member).objects.get(pk=member.pk).roles
    assert "(rokhaya@un.example) now has the role of expert." in page
    client.force_login(member)
    assert client.get(reverse("prizes:panels", args=[contest.slug])).status_code == 200


def test_a_panel_is_offered_the_free_categories_of_contests_at_hand(
    client, officer, contest
):
    Panel.objects.create(
        category=Category.objects.get(contest=contest, action_line="C7-EGOV")
    )
    counted = ContestFactory(counted_at="2024-05-01T00:00:00Z")
    address = reverse("admin:prizes_panel_add")

    offered = client.get(address).context["adminform"].form.fields["category"].queryset
    of_counted = client.get(f"{address}?contest={counted.pk}")

    assert not offered.filter(action_line="C7-EGOV", contest=contest).exists()
    assert not offered.filter(contest=counted).exists()
    rows = of_counted.context["adminform"].form.fields["category"].queryset
    assert set(rows.values_list("contest", flat=True)) == {counted.pk}


def test_an_extension_is_offered_phases_by_contest_with_their_end(
    client, officer, contest
):
    over = ContestFactory(counted_at="2024-05-01T00:00:00Z")

    page = client.get(reverse("admin:prizes_extension_add")).content.decode()

    assert f"{contest}: Public voting (" in page
    assert f"{over}: Public voting" not in page


def test_an_entry_goes_only_to_experts_of_its_panel(client, officer, contest):
    entry = EntryFactory(contest=contest, status=Status.ACCEPTED)
    judge, stranger = expert(entry.category), UserFactory(role=Role.EXPERT)
    address = reverse("admin:prizes_assignment_add")

    refused = client.post(
        address, {"entry": entry.pk, "expert": stranger.pk}
    ).content.decode()
    client.post(address, {"entry": entry.pk, "expert": judge.pk})

    assert "has no seat on the panel of" in refused
    assert Assignment.objects.get().expert == judge


def test_an_expert_in_two_windows_loses_no_review(client, contest):
    entry = EntryFactory(contest=contest, status=Status.ACCEPTED)
    judge = expert(entry.category)
    client.force_login(judge)
    address = reverse("prizes:review", args=[contest.slug, entry.pk])
    opened = client.get(address).context["form"].fields["opened_with"].initial
    form = {"opened_with": opened, "save": "1"}

    client.post(address, form | {"comment": "Words of the first window"})
    answer = client.post(address, form | {"comment": "Words of the second window"})

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Words of the first window" in page
    assert "Words of the second window" in page
    assert Review.objects.get().comment == "Words of the first window"
