"""Panels: entries shared out evenly, and the winner that more than half of a panel chooses."""

from collections import Counter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.role.roles import Role
from common.moves.workflow import MoveRefused
from prizes.contest.models import Contest
from prizes.entry.models import Entry
from prizes.entry.workflow import Status
from prizes.panel.assigning import assign
from prizes.panel.decision import Assignment, Choice, choose
from prizes.panel.models import Conflict, Panel, Review, decided
from tests.factories import UserFactory
from tests.prizes.records import ContestFactory, EntryFactory, expert, set_phases

pytestmark = pytest.mark.django_db


@pytest.fixture
def contest():
    return ContestFactory()


def entries_of(contest, number, status=Status.ACCEPTED):
    return EntryFactory.create_batch(number, contest=contest, status=status)


# --- who reviews what ---


def test_entries_are_shared_out_evenly_and_once(contest):
    entries = entries_of(contest, 8)
    judges = [expert(entries[0].category) for _n in range(4)]

    shared = [assign(contest), assign(contest)]

    assert [(len(one.made), one.replaced, one.short) for one in shared] == [
        (24, 0, 0),
        (0, 0, 0),
    ]
    loads = Counter(Assignment.objects.values_list("expert", flat=True))
    assert loads == {judge.pk: 6 for judge in judges}


def test_conflicts_and_the_cap_are_kept(contest):
    entries = entries_of(contest, 4)
    judges = [expert(entries[0].category) for _n in range(2)]
    Conflict.objects.create(entry=entries[0], expert=judges[0])
    Panel.objects.update(reviews_per_entry=2, load_cap=3)

    shared = assign(contest)

    assert not Assignment.objects.filter(entry=entries[0], expert=judges[0]).exists()
    loads = Counter(Assignment.objects.values_list("expert", flat=True))
    assert loads == {judge.pk: 3 for judge in judges}
    # one is barred, another finds both experts busy or one missing
    assert (len(shared.made), shared.replaced, shared.short) == (6, 0, 2)


def test_reviews_that_exist_count_and_stay(contest):
    (entry,) = entries_of(contest, 1)
    busy, _idle = expert(entry.category), expert(entry.category)
    Review.objects.create(entry=entry, reviewer=busy, state=Review.State.DONE)
    Panel.objects.update(reviews_per_entry=1)

    assign(contest)

    assert list(Assignment.objects.values_list("expert", flat=True)) == [busy.pk]


def test_experts_see_what_is_given_to_them_and_the_chair_all(contest):
    entries = entries_of(contest, 3)
    judge, chair = expert(entries[0].category), expert(entries[0].category, chair=True)
    before = Entry.objects.reviewable_by(judge).count()

    Assignment.objects.create(entry=entries[1], expert=judge)

    assert before == 3
    assert list(Entry.objects.reviewable_by(judge)) == [entries[1]]
    assert Entry.objects.reviewable_by(chair).count() == 3


def test_progress_is_counted(client, contest):
    set_phases(contest, "nomination")
    entries = entries_of(contest, 2)
    judge, chair = expert(entries[0].category), expert(entries[0].category, chair=True)
    Panel.objects.update(reviews_per_entry=2)
    assign(contest)
    Review.objects.create(
        entry=entries[0], reviewer=judge, state=Review.State.ABSTAINED
    )

    said = []
    for user in (judge, chair):
        client.force_login(user)
        page = client.get(reverse("prizes:panel", args=[contest.slug, "C7-EGOV"]))
        said.append((page.context["done"], page.context["expected"]))

    assert said == [(1, 2), (1, 4)]


def test_desk_shares_out(client, contest):
    (entry,) = entries_of(contest, 1)
    expert(entry.category)
    client.force_login(UserFactory(role=Role.SECRETARIAT))

    page = client.post(
        reverse("admin:prizes_panel_changelist"),
        {"action": "share_out", "_selected_action": [Panel.objects.get().pk]},
        follow=True,
    )

    assert (
        "1 assignments made; entries without enough experts: 1."
        in page.content.decode()
    )


# --- the winner ---

A, B = 101, 102


@pytest.mark.parametrize(
    ("voices", "entitled", "chair", "expected"),
    [
        ({1: A, 2: A}, 3, 1, A),  # more than half
        ({1: A, 2: B}, 3, 1, None),  # one is missing
        ({1: A, 2: A, 3: B}, 3, 3, A),  # the chair has one voice
        ({1: A, 2: A, 3: B, 4: B}, 4, 3, B),  # half and half: the chair decides
        ({1: A, 2: A, 3: B, 4: B}, 4, None, None),  # without a chair nobody does
        ({1: A, 2: A}, 4, 1, A),  # half with the chair: nobody can outvote it any more
        ({1: A, 2: B, 3: A + B}, 3, 1, None),
        ({1: A}, 1, None, A),
        ({}, 0, None, None),
    ],
)
def test_rule_of_the_decision(voices, entitled, chair, expected):
    assert decided(voices, entitled, chair) == expected


@pytest.fixture
def champions(contest):
    set_phases(contest, "selection")
    Contest.objects.update(counted_at=contest.phases.get(kind="voting").closes_at)
    return entries_of(contest, 2, Status.CHAMPION)


def confirm(entry):
    Entry.objects.get(pk=entry.pk).move(
        "choose", UserFactory(role=Role.SECRETARIAT), "Best."
    )


def test_secretariat_confirms_only_what_the_panel_decided(champions):
    first, second = champions
    one, two, three = (expert(first.category) for _n in range(3))
    choose(first, one, "Reach")
    with pytest.raises(MoveRefused, match="has not decided"):
        confirm(first)
    choose(second, two, "Cost")
    choose(second, three, "Cost")

    with pytest.raises(MoveRefused, match="has not decided"):
        confirm(first)
    confirm(second)

    second.refresh_from_db()
    assert second.status == Status.WINNER
    with pytest.raises(MoveRefused, match="already has a winner"):
        choose(first, two, "Late")


def test_choice_may_change_and_every_one_is_kept(champions):
    first, second = champions
    judge = expert(first.category)

    for entry, reason in ((first, "Reach"), (first, "Reach"), (second, "Cost")):
        choose(entry, judge, reason)

    kept = Choice.objects.order_by("pk").values_list("entry", "reason", "standing")
    assert list(kept) == [(first.pk, "Reach", False), (second.pk, "Cost", True)]


def test_whoever_has_to_do_with_a_champion_has_no_voice(client, champions):
    first, second = champions
    judge, other = expert(first.category), expert(first.category)
    Conflict.objects.create(entry=first, expert=judge)
    client.force_login(judge)
    address = reverse("prizes:decision", args=[first.contest.slug, "C7-EGOV"])

    page = client.get(address)
    refused = client.post(address, {"entry": second.pk, "reason": "Best"})

    assert (page.context["champions"], refused.status_code) == ([], 409)
    assert str(first) not in page.content.decode()
    assert Panel.objects.get().entitled() == {other.pk}
    with pytest.raises(MoveRefused, match="conflict of interest"):
        choose(second, judge, "Best")


def test_only_champions_can_be_chosen(champions):
    other = EntryFactory(contest=champions[0].contest)
    judge = expert(other.category)

    with pytest.raises(MoveRefused, match="Only a champion"):
        choose(other, judge, "Best")


def test_panel_chooses_on_its_page_and_the_secretariat_reads_who(client, champions):
    first, second = champions
    judge, chair = expert(first.category), expert(first.category, chair=True)
    address = reverse("prizes:decision", args=[first.contest.slug, "C7-EGOV"])
    steps = []
    for user, entry in ((judge, first), (chair, second)):
        client.force_login(user)
        empty = client.post(address, {"entry": entry.pk, "reason": ""})
        before = client.get(address)
        sent = client.post(address, {"entry": entry.pk, "reason": "Clear results"})
        steps.append((empty.status_code, before.context["counts"], sent.status_code))
    with CaptureQueriesContext(connection) as asked:
        after = client.get(address)
    client.force_login(UserFactory(role=Role.SECRETARIAT))
    table = client.get(address).content.decode()

    assert len(asked) <= 15
    assert steps == [(400, False, 302)] * 2
    assert after.context["chosen"] == second  # one each: the chair's
    assert "The panel has decided for" in after.content.decode()
    assert "Who chose what" not in after.content.decode()
    assert (str(judge) in table, table.count("Clear results")) == (True, 2)


def test_before_the_count_there_is_nothing_to_choose(client, contest):
    entry = EntryFactory(contest=contest)
    client.force_login(expert(entry.category))

    page = client.get(reverse("prizes:decision", args=[contest.slug, "C7-EGOV"]))

    assert "The champions are not known yet." in page.content.decode()
