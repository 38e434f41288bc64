"""The list of attendees: by consent in three levels, changed at once, searched, page by page."""

import pytest
from django.urls import reverse

from forum.registration.models import Registration
from tests.factories import UserFactory
from tests.forum.records import (
    CapacityFactory,
    EditionFactory,
    delegation,
    officer,
    registered,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition():
    edition = EditionFactory()
    CapacityFactory(edition=edition, places=None)
    return edition


def approved(**fields):
    return registered(**fields).move("approve", officer())


def shown(client, user=None, **query):
    client.logout()
    if user:
        client.force_login(user)
    response = client.get(reverse("forum:attendees", args=["2027"]), query)
    assert response["Cache-Control"] == "private, no-store"
    names = {row.name for row in response.context["page"].object_list}
    page = response.content.decode()
    assert all(name in page for name in names)
    return names


def edit(client, one, **changes):
    client.force_login(one.user)
    values = {"attendance": "on_site", "name": one.name, "country": one.country_id}
    return client.post(
        reverse("forum:registration-edit", args=[one.pk]), values | changes
    )


def test_each_level_is_for_its_readers(client, edition):
    approved(name="Hidden")
    inside = approved(name="Inside", listed="attendees")
    approved(name="Public", listed="public")
    registered(name="Undecided", listed="public")
    asks = registered(name="Asks")

    assert shown(client) == {"Public"}
    assert shown(client, UserFactory()) == {"Public"}
    assert shown(client, inside.user) == {"Public", "Inside"}
    assert shown(client, asks.user) == {"Public", "Inside"}
    assert shown(client, officer()) == {"Public", "Inside"}


def test_people_of_another_edition_are_not_registered_here(client, edition):
    approved(name="Inside", listed="attendees")
    other = EditionFactory(slug="2026")
    CapacityFactory(edition=other)
    elsewhere = registered(other)

    assert shown(client, elsewhere.user) == set()


def test_a_change_and_a_withdrawal_take_effect_at_once(client, edition):
    one = approved(name="Ingrid", listed="public")
    before = shown(client)

    edit(client, one, listed="attendees")
    narrowed, to_registered = shown(client), shown(client, one.user)
    edit(client, one, listed="public")
    again = shown(client)
    one.move("cancel", one.user)

    one.refresh_from_db()
    assert (before, narrowed, to_registered, again) == (
        {"Ingrid"},
        set(),
        {"Ingrid"},
        {"Ingrid"},
    )
    assert shown(client) == set()
    assert one.status == "cancelled"


def test_a_change_of_the_consent_needs_no_new_approval(client, edition):
    one = approved(name="Ingrid")

    edit(client, one, listed="public")

    one.refresh_from_db()
    assert (one.status, one.listed) == ("approved", "public")


def test_who_chooses_nothing_is_hidden_and_nobody_else_chooses(client, edition):
    focal_point = UserFactory()
    mission = delegation(focal_point)
    client.force_login(focal_point)
    entry = {
        "email": "a@m.example",
        "attendance": "on_site",
        "name": "Member",
        "country": "KE",
        "agreed": "on",
        "listed": "public",
    }
    registered().country  # noqa: B018  (the country exists)
    client.post(reverse("forum:delegation", args=[mission.pk]), entry)
    user = UserFactory()
    client.force_login(user)
    client.post(reverse("forum:register", args=["2027"]), entry | {"listed": ""})
    one = Registration.objects.get(user=user)
    client.force_login(officer())
    client.post(
        reverse("admin:forum_registration_change", args=[one.pk]),
        entry | {"listed": "public"},
    )

    assert set(Registration.objects.values_list("listed", flat=True)) == {"hidden"}


def test_an_invented_level_is_refused(client, edition):
    one = approved(name="Ingrid")

    response = edit(client, one, listed="world")

    assert response.status_code == 400
    assert "Select a valid choice." in response.context["form"].errors["listed"][0]


def test_names_are_searched_without_accents_and_in_the_readers_order(client, edition):
    for name in ("Øyvind", "Ángela", "Zofia", "李伟"):
        approved(name=name, listed="public", organization_name="Société Générale")
    address = reverse("forum:attendees", args=["2027"])

    rows = [row.name for row in client.get(address).context["page"].object_list]

    assert shown(client, q="angela") == {"Ángela"}
    assert shown(client, q="societe 李") == {"李伟"}
    assert rows.index("Ángela") < rows.index("Zofia")
    empty = client.get(address, {"q": "nobody at all"}).content.decode()
    assert "No one matches." in empty


def test_an_unknown_filter_and_an_empty_list_say_so(client, edition):
    address = reverse("forum:attendees", args=["2027"])

    assert "Nobody is listed yet." in client.get(address).content.decode()
    wrong = client.get(address, {"listed": "hidden"})
    assert wrong.status_code == 400
    assert "There is no filter with this name." in wrong.content.decode()


def test_pages_begin_after_a_row_and_ask_as_much_for_twenty_as_for_one(
    client, edition, django_assert_max_num_queries
):
    address = reverse("forum:attendees", args=["2027"])
    approved(name="Person 00", listed="public")
    client.get(address)
    with django_assert_max_num_queries(30) as one:
        client.get(address)
    for number in range(1, 25):
        approved(name=f"Person {number:02d}", listed="public")
    with django_assert_max_num_queries(len(one)):
        first = client.get(address)
    second = client.get(address + first.context["page"].next)

    names = [
        row.name
        for response in (first, second)
        for row in response.context["page"].object_list
    ]
    assert names == [f"Person {number:02d}" for number in range(25)]
