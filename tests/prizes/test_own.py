"""Reasons of the panel are for the panel and the secretariat; the entrant is told the outcome."""

import pytest

from accounts.roles import Role
from prizes.models import Entry
from stocktaking.models import CoEditor
from tests.factories import UserFactory
from tests.prizes.records import ContestFactory, EntryFactory, set_phases

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("move", ["pass_over", "reconsider"])
def test_the_panels_reason_is_not_shown_to_the_entrant(client, move):
    contest = ContestFactory(now="nomination")
    entry = EntryFactory(contest=contest, status="accepted")
    officer = UserFactory(role=Role.SECRETARIAT)
    entry.move("pass_over", officer, "INTERNAL: too much like last year's")
    if move == "reconsider":
        entry.move("reconsider", officer, "INTERNAL: the chair disagrees")
    set_phases(contest, "voting")

    client.force_login(entry.owner)
    for_owner = client.get(entry.get_absolute_url()).content.decode()
    client.force_login(officer)
    for_officer = client.get(entry.get_absolute_url()).content.decode()

    assert "INTERNAL" not in for_owner
    assert "INTERNAL" in for_officer


@pytest.mark.parametrize(
    ("judge", "owner", "free"),
    [
        ("a@org2.example", "b@org2.example", False),
        ("a@mail.org2.example", "b@org2.example", False),
        ("a@org2.example", "b@MAIL.org2.example", False),
        ("a@org2.example", "b@otherorg2.example", True),
        ("a@one.example", "b@two.example", True),
    ],
)
def test_another_domain_of_the_same_house_is_a_conflict(judge, owner, free):
    expert = UserFactory(role=Role.EXPERT, email=judge)
    entry = EntryFactory(contest=ContestFactory(), owner=UserFactory(email=owner))

    assert Entry.objects.without_conflict(expert).filter(pk=entry.pk).exists() == free


def test_a_coeditor_of_the_project_does_not_judge_its_entry():
    expert = UserFactory(role=Role.EXPERT, email="judge@house.example")
    entry = EntryFactory(contest=ContestFactory())
    _made, token = CoEditor.objects.invite(entry.project, expert.email, entry.project.owner)
    assert Entry.objects.without_conflict(expert).exists()

    CoEditor.objects.accept(token, expert)

    assert not Entry.objects.without_conflict(expert).exists()
