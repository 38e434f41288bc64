"""Winners of imported contests: staff say which projects they are, and can take it back."""

import pytest
from django.urls import reverse

from accounts.role.roles import Role
from common.records.models import Change
from prizes.entry.models import Entry
from prizes.entry.winners import WinnerAnswer
from prizes.entry.workflow import Status
from tests.factories import ProjectFactory, UserFactory
from tests.prizes.records import ContestFactory

pytestmark = pytest.mark.django_db
PAGE = "admin:prizes_entry_winners"


@pytest.fixture(autouse=True)
def officer(client, settings):
    settings.REQUIRE_STAFF_MFA = False
    person = UserFactory(role=Role.SECRETARIAT)
    client.force_login(person)
    return person


def winner(title="Solar schools of the north", **more):
    return Entry.objects.create(
        contest=ContestFactory(),
        status=Status.WINNER,
        source="A list",
        title=title,
        organization_name="Solar Trust",
        announced="winner",
        **more,
    )


def page(client):
    return client.get(reverse(PAGE)).content.decode()


def press(client, name, value):
    return client.post(reverse(PAGE), {name: value}, follow=True).content.decode()


def test_similar_titles_are_offered_and_others_are_not(client):
    winner()
    ProjectFactory(title="Solar schools in the north")
    ProjectFactory(title="Health kiosks")
    ProjectFactory(title="Solar schools of the north!", status="draft")

    shown = page(client)

    assert "Solar schools of the north" in shown
    assert "Solar schools in the north" in shown
    assert "Health kiosks" not in shown
    assert "north!" not in shown


def test_yes_bars_the_project_and_undo_frees_it(client, officer):
    entry = winner()
    project = ProjectFactory(title="Solar schools in the north")

    said = press(client, "yes", f"{entry.pk}-{project.pk}")
    barred = Entry.objects.has_won(project)
    logged = Change.objects.filter(
        record_kind="prizes.entry", record_id=str(entry.pk)
    ).count()
    given = WinnerAnswer.objects.get()
    back = press(client, "undo", given.pk)

    assert "No winner waits for an answer." in said
    assert barred
    assert logged == 1
    assert given.by == officer
    assert not Entry.objects.has_won(project)
    assert "Solar schools in the north" in back
    assert not WinnerAnswer.objects.exists()


def test_no_hides_that_project_only(client):
    entry = winner()
    near = ProjectFactory(title="Solar schools in the north")
    nearer = ProjectFactory(title="Solar schools of the north 2")

    press(client, "no", f"{entry.pk}-{near.pk}")

    candidates = client.get(reverse(PAGE)).context["winners"]
    assert candidates == [(entry, [nearer])]
    assert not Entry.objects.has_won(near)


def test_the_first_answer_stands(client):
    entry = winner()
    first, second = (
        ProjectFactory(title=f"Solar schools of the north {n}") for n in range(2)
    )

    press(client, "yes", f"{entry.pk}-{first.pk}")
    late = press(client, "yes", f"{entry.pk}-{second.pk}")

    entry.refresh_from_db()
    assert entry.project == first
    assert "This winner has its project already." in late


@pytest.mark.parametrize("value", ["", "x-y", "1", "999999-999999", "1-2-3"])
def test_nonsense_is_not_found_and_changes_nothing(client, value):
    winner()

    answer = client.post(reverse(PAGE), {"yes": value})

    assert answer.status_code == 404
    assert not WinnerAnswer.objects.exists()


def test_members_do_not_get_in(client):
    entry = winner()
    project = ProjectFactory(title="Solar schools in the north")
    client.force_login(UserFactory())

    client.post(reverse(PAGE), {"yes": f"{entry.pk}-{project.pk}"})

    assert not WinnerAnswer.objects.exists()


def test_queries_do_not_grow_with_winners(client, django_assert_max_num_queries):
    winner()
    ProjectFactory(title="Solar schools in the north")
    client.get(reverse(PAGE))
    with django_assert_max_num_queries(20) as one:
        client.get(reverse(PAGE))
    for n in range(9):
        winner(f"Solar schools of the north {n}")
    with django_assert_max_num_queries(len(one.captured_queries)):
        client.get(reverse(PAGE))
