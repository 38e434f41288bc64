"""Entries of all panels are shared out at once: evenly, never against a conflict of interest, and
anew when somebody drops out."""

import random
from collections import Counter

import pytest
from django.urls import reverse

from accounts.role.roles import Role
from common.mail.models import OutgoingMail
from prizes.entry.workflow import Status
from prizes.panel.assigning import assign
from prizes.panel.balance import Balance
from prizes.panel.decision import Assignment
from prizes.panel.models import Conflict, Panel, PanelMember, Review
from tests.factories import UserFactory
from tests.prizes.records import ContestFactory, EntryFactory, expert


def balanced(wanted, fit, caps=None, fixed=None):
    people = {person for those in fit.values() for person in those}
    balance = Balance(wanted, fit, caps or dict.fromkeys(people, 999), fixed or {})
    balance.share_out()
    return balance


def test_945_entries_of_18_panels_are_shared_out_evenly_in_spite_of_conflicts():
    chance = random.Random(14)  # noqa: S311  (repeatable, not secret)
    panels = [
        range(panel * 6, panel * 6 + 7) for panel in range(18)
    ]  # neighbours share one
    fit = {
        entry: {person for person in panels[entry % 18] if chance.random() > 0.1}
        for entry in range(945)
    }
    fit = {entry: those for entry, those in fit.items() if len(those) >= 3}

    balance = balanced(dict.fromkeys(fit, 3), fit)

    assert all(len(balance.holders[entry]) == 3 for entry in fit)
    assert all(balance.holders[entry] <= fit[entry] for entry in fit)
    assert not balance.short
    loads = [balance.load[person] for person in range(109)]
    assert max(loads) - min(loads) <= 1
    assert sum(loads) == 3 * len(fit)


def test_a_chain_of_moves_evens_out_what_no_single_move_can():
    """One has what only they can review; the others are linked to them by a third."""
    fit = {1: {10, 11}, 2: {10, 11}, 3: {11, 12}, 4: {11, 12}, 5: {10}, 6: {10}}

    balance = balanced(dict.fromkeys(fit, 1), fit)

    assert sorted(balance.load.values()) == [2, 2, 2]


def test_whoever_is_full_passes_an_entry_on_to_make_room():
    fit = {1: {10, 11}, 2: {10}}

    balance = balanced({1: 1, 2: 1}, fit, caps={10: 1, 11: 1})

    assert balance.holders == {1: {11}, 2: {10}}
    assert not balance.short


def test_what_is_fixed_is_never_moved_and_caps_hold():
    fit = {entry: {10, 11} for entry in range(6)}
    fixed = {entry: {10} for entry in range(4)}

    balance = balanced(dict.fromkeys(fit, 1), fit, {10: 9, 11: 1}, fixed)

    assert all(balance.holders[entry] == {10} for entry in range(4))
    assert balance.load == {10: 5, 11: 1}


# --- with the database ---


@pytest.fixture
def contest(db):
    return ContestFactory(now="nomination", title="WSIS Prizes 2044", slug="2044")


@pytest.fixture
def officer(db, client, settings):
    settings.REQUIRE_STAFF_MFA = False
    person = UserFactory(role=Role.SECRETARIAT)
    client.force_login(person)
    return person


def category(contest, line):
    return contest.categories.get(action_line=line)


def entries_of(contest, line, count):
    return EntryFactory.create_batch(
        count, contest=contest, line=line, status=Status.ACCEPTED
    )


def loads():
    return Counter(Assignment.objects.values_list("expert", flat=True))


def test_an_expert_on_two_panels_has_one_load_and_the_smaller_cap(contest):
    both, one = expert(category(contest, "C4")), expert(category(contest, "C4"))
    other = expert(category(contest, "C1"))
    PanelMember.objects.create(panel=category(contest, "C1").panel, expert=both)
    Panel.objects.update(reviews_per_entry=1, load_cap=30)
    entries_of(contest, "C4", 3)
    entries_of(contest, "C1", 3)

    assign(contest)

    assert loads() == {both.pk: 2, one.pk: 2, other.pk: 2}
    Assignment.objects.all().delete()
    Panel.objects.filter(category__action_line="C1").update(load_cap=1)
    assert assign(contest).short == 1  # C1: one each for two people, of three
    assert loads()[both.pk] == 1


def test_an_expert_who_declares_a_conflict_is_replaced_in_the_same_request(
    client, contest
):
    judges = [expert(category(contest, "C4")) for _n in range(4)]
    entries_of(contest, "C4", 8)
    assign(contest)
    given = Assignment.objects.filter(expert=judges[0]).first().entry
    others = {row.expert_id for row in given.assignments.all()} - {judges[0].pk}
    spare = next(judge for judge in judges if judge.pk not in {*others, judges[0].pk})
    Review.objects.create(entry=given, reviewer=judges[0], comment="A draft")
    client.force_login(judges[0])

    client.post(
        reverse("prizes:conflict", args=[contest.slug, given.pk]),
        {"reason": "A cousin"},
    )

    held = {row.expert_id for row in given.assignments.all()}
    assert held == {*others, spare.pk}
    assert not Review.objects.exists()
    page = reverse("prizes:panel", args=[contest.slug, "C4"])
    assert str(given) not in client.get(page).content.decode()
    client.force_login(spare)
    assert str(given) in client.get(page).content.decode()


def test_staff_who_record_a_conflict_replace_the_expert_too(client, officer, contest):
    judges = [expert(category(contest, "C4")) for _n in range(4)]
    (entry,) = entries_of(contest, "C4", 1)
    assign(contest)
    gone = entry.assignments.first().expert

    client.post(
        reverse("admin:prizes_conflict_add"),
        {"entry": entry.pk, "expert": gone.pk, "reason": "Told by telephone"},
    )

    assert Conflict.objects.get().by == officer
    held = {row.expert_id for row in entry.assignments.all()}
    assert held == {judge.pk for judge in judges} - {gone.pk}


def test_an_expert_who_drops_out_hands_over_after_a_preview(client, officer, contest):
    judges = [expert(category(contest, "C4")) for _n in range(4)]
    entries_of(contest, "C4", 4)
    assign(contest)
    gone = judges[0]
    done, *missing = [row.entry for row in Assignment.objects.filter(expert=gone)]
    Review.objects.create(entry=done, reviewer=gone, state="done")
    address = reverse("admin:prizes_contest_dropping_out", args=[contest.pk, gone.pk])

    shown = client.get(address)
    before = loads()
    room = client.post(address, follow=True)

    assert before[gone.pk] == 3
    assert {row.entry for row in shown.context["rows"]} == {*missing}
    assert all(row.to not in (None, gone) for row in shown.context["rows"])
    for row in shown.context["rows"]:
        assert Assignment.objects.filter(entry=row.entry, expert=row.to).exists()
    assert loads()[gone.pk] == 1
    assert all(entry.assignments.count() == 3 for entry in [done, *missing])
    assert "Handed over: 2; entries without enough experts: 0." in room.content.decode()
    assert "is given no more entries" in room.content.decode()
    assert not assign(contest).made  # the seat stays, and gets nothing


def test_nobody_but_an_expert_of_the_contest_drops_out(client, officer, contest):
    stranger = UserFactory(role=Role.EXPERT)
    address = reverse(
        "admin:prizes_contest_dropping_out", args=[contest.pk, stranger.pk]
    )

    answer = client.get(address)

    assert answer.status_code == 404
    assert stranger.email not in answer.content.decode()


def test_the_preview_does_not_name_entries_that_concern_the_officer(
    client, officer, contest
):
    judges = [expert(category(contest, "C4")) for _n in range(4)]
    own, other = entries_of(contest, "C4", 2)
    own.owner = officer
    own.save()
    gone = judges[0]
    for entry in (own, other):
        Assignment.objects.create(entry=entry, expert=gone)

    page = client.get(
        reverse("admin:prizes_contest_dropping_out", args=[contest.pk, gone.pk])
    )

    assert [row.entry for row in page.context["rows"]] == [other]


def test_all_missing_panels_are_created_in_one_step(client, officer, contest):
    Panel.objects.create(category=category(contest, "C4"), reviews_per_entry=5)
    address = reverse("admin:prizes_contest_panels", args=[contest.pk])
    assert "categories have no panel" in client.get(address).content.decode()

    refused = client.post(
        address, {"create": "1", "reviews_per_entry": "0", "load_cap": "x"}
    ).content.decode()
    assert Panel.objects.count() == 1
    told = client.post(
        address,
        {"create": "1", "reviews_per_entry": "2", "load_cap": "40"},
        follow=True,
    ).content.decode()

    assert "greater than or equal to 1" in refused
    assert Panel.objects.count() == contest.categories.count()
    assert Panel.objects.get(category__action_line="C4").reviews_per_entry == 5
    assert Panel.objects.get(category__action_line="C1").load_cap == 40
    assert f"{contest.categories.count() - 1} panels created." in told
    assert 'name="create"' not in told


# --- feedback for the entrant ---


def test_feedback_is_for_the_entrant_once_the_secretariat_has_approved_it(
    client, officer, contest
):
    judge = expert(category(contest, "C4"))
    (entry,) = entries_of(contest, "C4", 1)
    client.force_login(judge)
    address = reverse("prizes:review", args=[contest.slug, entry.pk])
    words = "Show how many people the kiosks reach."

    def send(text):
        fields = client.get(address).context["form"].fields
        scores = {f"score_{one.pk}": 3 for one in contest.criteria.all()}
        data = {"opened_with": fields["opened_with"].initial, "feedback": text}
        client.post(address, scores | data | {"hand_in": "1"})

    def act(action):
        client.force_login(officer)
        data = {"action": action, "_selected_action": [Review.objects.get().pk]}
        page = reverse("admin:prizes_review_changelist")
        return client.post(page, data, follow=True).content.decode()

    send(words)
    assert not Review.objects.feedback_for(entry).exists()
    told = act("approve_feedback")
    assert [one.feedback for one in Review.objects.feedback_for(entry)] == [words]
    assert "1 text of feedback changed." in told
    client.force_login(judge)
    send(f"{words} Name them.")
    assert not Review.objects.feedback_for(entry).exists()
    act("approve_feedback")
    act("withdraw_feedback")
    assert not Review.objects.feedback_for(entry).exists()
    assert not OutgoingMail.objects.exists()
