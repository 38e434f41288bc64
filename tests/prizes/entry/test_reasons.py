"""Reasons of the panel are for the panel and the secretariat; the entrant is told the outcome."""

import pytest
from django.urls import reverse

from accounts.role.roles import Role
from common.mail.models import OutgoingMail
from prizes.entry.announcing import announce
from prizes.entry.models import Entry
from stocktaking.coeditor.models import CoEditor
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
    _made, token = CoEditor.objects.invite(
        entry.project, expert.email, entry.project.owner
    )
    assert Entry.objects.without_conflict(expert).exists()

    CoEditor.objects.accept(token, expert)

    assert not Entry.objects.without_conflict(expert).exists()


def press(client, officer, entry, **form):
    client.force_login(officer)
    address = reverse("prizes:entry-move", args=[entry.contest.slug, entry.pk])
    return client.post(address, form, follow=True)


def read_by(client, person, entry):
    client.force_login(person)
    return client.get(entry.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    "text", ["Confidential: Ms X", "سري: السيدة س", "保密：某女士"]
)
def test_each_decision_has_a_text_for_the_entrant_and_one_for_the_file(client, text):
    contest = ContestFactory(now="nomination")
    entry = EntryFactory(contest=contest, status="accepted")
    officer = UserFactory(role=Role.SECRETARIAT)

    press(
        client,
        officer,
        entry,
        move="pass_over",
        note="Show more results.",
        file_note=text,
    )
    set_phases(contest, "voting")
    announce()

    for_owner, for_officer = (
        read_by(client, who, entry) for who in (entry.owner, officer)
    )
    letter = OutgoingMail.objects.get(to=entry.owner.email).body
    read = (for_owner, for_officer, letter)
    assert ["Show more results." in shown for shown in read] == [True, True, True]
    assert [text in shown for shown in read] == [False, True, False]


@pytest.mark.parametrize("move", ["send_back", "refuse"])
def test_the_file_of_a_screening_is_not_shown_or_sent_to_the_entrant(client, move):
    contest = ContestFactory(now="nomination")
    entry = EntryFactory(contest=contest, status="submitted")
    officer = UserFactory(role=Role.SECRETARIAT)

    press(
        client,
        officer,
        entry,
        move=move,
        note="No ICT.",
        file_note="Third try of this firm.",
    )

    for_owner, for_officer = (
        read_by(client, who, entry) for who in (entry.owner, officer)
    )
    letter = OutgoingMail.objects.get(to=entry.owner.email).body
    desk = client.get(
        reverse("admin:prizes_entry_change", args=[entry.pk])
    ).content.decode()
    read = (for_owner, for_officer, letter)
    assert ["No ICT." in shown for shown in read] == [True, True, True]
    assert "Third try" not in for_owner + letter
    assert "Third try" in for_officer
    assert "Third try" in desk


def test_a_decision_of_the_panel_needs_a_reason_for_the_file(client):
    contest = ContestFactory(now="nomination")
    entry = EntryFactory(contest=contest, status="accepted")

    page = press(client, UserFactory(role=Role.SECRETARIAT), entry, move="pass_over")

    assert "Enter a reason for the file" in page.content.decode()
    assert "it is sent to the person concerned" not in page.content.decode()


def test_many_moves_are_told_in_one_sentence(client):
    contest = ContestFactory(now="nomination")
    entries = EntryFactory.create_batch(12, contest=contest, status="submitted")
    decided = EntryFactory.create_batch(7, contest=contest, status="nominated")
    client.force_login(UserFactory(role=Role.SECRETARIAT))
    chosen = {
        "action": "accept",
        "_selected_action": [e.pk for e in (*entries, *decided)],
    }

    every = f"{reverse('admin:prizes_entry_changelist')}?status=all"
    page = client.post(every, chosen, follow=True)

    said = [str(message) for message in page.context["messages"]]
    assert said[0] == "Accept for review: 12 entries."
    assert len(said) == 2
    assert "(7: " in said[1]
    assert {Entry.objects.get(pk=e.pk).status for e in entries} == {"accepted"}


def test_what_a_source_tells_does_not_wait_in_the_queue(client):
    contest = ContestFactory(now="submission")
    EntryFactory(
        contest=contest, status="submitted", source="A list", title="Saytu Mbeund"
    )
    client.force_login(UserFactory(role=Role.SECRETARIAT))

    queue = client.get(reverse("admin:prizes_entry_changelist")).content.decode()
    desk = client.get(reverse("admin:index")).content.decode()

    assert "Saytu Mbeund" not in queue
    assert "Saytu Mbeund" not in desk
