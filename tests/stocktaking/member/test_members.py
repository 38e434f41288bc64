"""Members: the profile, the directory by consent, figures; quick with very many."""

import io

import pytest
from django.contrib.admin.templatetags.admin_list import result_headers
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.urls import reverse

from accounts.role.roles import Role
from accounts.user.models import User
from stocktaking.member import models as member_module
from stocktaking.member.models import Member
from stocktaking.organization.models import Organization
from tests.factories import (
    ActionLineFactory,
    CountryFactory,
    MemberFactory,
    OrganizationFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
DIRECTORY = "/en/projects/members/"


@pytest.fixture
def reader(client):
    client.force_login(UserFactory())
    return client


def listed(response):
    return [row.pk for row in response.context["page"].object_list]


def test_only_those_who_agreed_are_listed_and_search_engines_are_kept_out(reader):
    agreed, silent = MemberFactory(listed=True), MemberFactory()
    MemberFactory(listed=True, user__is_active=False)

    page = reader.get(DIRECTORY)
    known, unknown = (reader.get(one.get_absolute_url()) for one in (agreed, silent))

    assert listed(page) == [agreed.pk]
    assert (known.status_code, unknown.status_code) == (200, 404)
    assert {page["X-Robots-Tag"], known["X-Robots-Tag"]} == {
        "noindex, nofollow, noarchive"
    }
    assert agreed.user.email not in page.content.decode() + known.content.decode()


def test_the_directory_is_for_members(client):
    assert client.get(DIRECTORY).status_code == 302


@pytest.mark.parametrize("name", ["country", "stakeholder_type", "action_line"])
def test_filters(reader, name):
    line = ActionLineFactory(code="C2", number=2)
    here = MemberFactory(listed=True, country=CountryFactory(code="CH"))
    here.interests.add(line)
    MemberFactory(listed=True, stakeholder_type=None, country=CountryFactory(code="BR"))
    values = {"country": "CH", "stakeholder_type": "GOV", "action_line": "C2"}

    assert listed(reader.get(DIRECTORY, {name: values[name]})) == [here.pk]


@pytest.mark.parametrize("count", [1, 10])
def test_queries_of_the_directory(reader, django_assert_max_num_queries, count):
    MemberFactory.create_batch(count, listed=True)

    with django_assert_max_num_queries(10):
        reader.get(DIRECTORY)


def test_profile_is_saved_and_ties_to_the_authority_list(client):
    user = UserFactory()
    client.force_login(user)
    answers = {
        "country": "KE",
        "organization_name": "  New   Ministry ",
        "languages": ["en", "ar"],
        "bio": "I build networks.",
        "listed": "on",
        "interests": ["C2"],
    }

    saved = client.post(reverse("stocktaking:my-profile"), answers)
    member = Member.objects.get(user=user)

    assert saved.status_code == 302
    assert (member.organization.name, member.languages, member.listed) == (
        "New Ministry",
        ["en", "ar"],
        True,
    )
    assert Organization.objects.get(name="New Ministry").confirmed_at is None


def test_a_bio_has_at_most_100_words(client):
    client.force_login(UserFactory())
    address = reverse("stocktaking:my-profile")

    refused = client.post(address, {"bio": "word " * 101})
    taken = client.post(address, {"bio": "word " * 100})

    assert (refused.status_code, list(refused.context["form"].errors)) == (400, ["bio"])
    assert taken.status_code == 302


def test_figures_by_region_type_and_line(client):
    line = ActionLineFactory(code="C2", number=2)
    for _number in range(2):
        MemberFactory().interests.add(line)
    MemberFactory(country=None, stakeholder_type=None)

    shown = client.get(reverse("stocktaking:member-figures")).context

    assert (shown["total"], shown["estimated"]) == (3, False)
    counts = {
        kind: [(row.code, row.count) for row in rows]
        for kind, rows in shown["by"].items()
    }
    assert counts == {
        "region": [("AFR", 2)],
        "stakeholder_type": [("GOV", 2)],
        "action_line": [("C2", 2)],
    }


def test_very_many_are_estimated_and_the_admin_counts_no_further_than_it_shows(
    client, monkeypatch, django_assert_max_num_queries
):
    call_command("seed", scale=0, members=60, yes=True, stdout=io.StringIO())
    monkeypatch.setattr(member_module, "COUNTED_UP_TO", 50)
    client.force_login(UserFactory(role=Role.SECRETARIAT))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE stocktaking_member")

    with django_assert_max_num_queries(15):
        page = client.get(reverse("admin:stocktaking_member_changelist"))
    found = client.get(
        reverse("admin:stocktaking_member_changelist"), {"q": "member7@seed"}
    )

    assert Member.objects.estimated() == (60, True)
    assert "About 60 members" in page.content.decode()
    assert [one.user.email for one in found.context["cl"].result_list] == [
        "member7@seed.example"
    ]


def figures(client):
    cache.clear()
    return client.get(reverse("stocktaking:member-figures")).context


def test_every_account_is_a_member_and_closed_ones_are_not_counted(client):
    MemberFactory(country=CountryFactory(code="KE"))
    MemberFactory(country=CountryFactory(code="KE"), user__is_active=False)
    UserFactory()  # who never opened the page of the profile
    before = figures(client)

    User.objects.filter(member__country="KE").update(is_active=False)
    after = figures(client)

    assert (before["total"], after["total"]) == (2, 1)
    assert [row.count for row in before["by"]["region"]] == [1]
    assert after["by"]["region"] == []


def test_interests_of_closed_accounts_are_not_counted(client):
    line = ActionLineFactory(code="C3", number=3)
    for active in (True, False):
        MemberFactory(user__is_active=active).interests.add(line)

    assert [(row.code, row.count) for row in figures(client)["by"]["action_line"]] == [
        ("C3", 1)
    ]


def test_looking_at_the_profile_writes_nothing(client):
    user = UserFactory()
    client.force_login(user)

    for name in ("stocktaking:my-profile", "stocktaking:my-roles"):
        assert client.get(reverse(name)).status_code == 200
    client.get(reverse("stocktaking:role-ask", args=[OrganizationFactory().pk]))

    assert Member.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_whoever_opens_an_account_is_a_member_at_once():
    made = [
        User.objects.create_user("page@example.org", "x"),
        User.objects.create_superuser("shell@example.org", "x"),
        *User.objects.bulk_create([User(email="sheet@example.org")]),
    ]

    assert set(Member.objects.values_list("user", flat=True)) == {
        user.pk for user in made
    }


def test_the_admin_offers_to_sort_members_by_what_an_index_holds_only(client):
    """Half a million rows are sorted in a second by an index; by a joined name in ten."""
    client.force_login(UserFactory(role=Role.SECRETARIAT))
    MemberFactory()

    page = client.get(reverse("admin:stocktaking_member_changelist"))

    heads = {
        head["text"]: head["sortable"] for head in result_headers(page.context["cl"])
    }
    offered = {str(text) for text, sortable in heads.items() if sortable}
    assert offered == {"account", "list me in the directory of members", "created at"}
