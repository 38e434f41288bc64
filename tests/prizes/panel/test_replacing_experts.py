"""An expert who may not or can no longer review is replaced by the next share-out; the rubric
stands once a review was submitted by it."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from accounts.role.roles import Role
from prizes.entry.workflow import Status
from prizes.panel.decision import Assignment
from prizes.panel.models import Conflict, PanelMember, Review, Score
from tests.factories import MemberFactory, UserFactory
from tests.prizes.records import ContestFactory, EntryFactory, expert

pytestmark = pytest.mark.django_db


@pytest.fixture
def contest():
    return ContestFactory(now="nomination")


@pytest.fixture
def officer():
    return UserFactory(role=Role.SECRETARIAT)


@pytest.fixture
def entries(contest):
    return EntryFactory.create_batch(2, contest=contest, status=Status.ACCEPTED)


@pytest.fixture
def judges(entries):
    """Four experts, of whom three review each entry."""
    return [expert(entries[0].category) for _n in range(4)]


def share_out(client, officer, category):
    client.force_login(officer)
    data = {"action": "share_out", "_selected_action": [category.panel.pk]}
    address = reverse("admin:prizes_panel_changelist")
    return client.post(address, data, follow=True).content.decode()


def holders(entry):
    return set(Assignment.objects.filter(entry=entry).values_list("expert", flat=True))


def declare(client, judge, entry):
    client.force_login(judge)
    address = reverse("prizes:conflict", args=[entry.contest.slug, entry.pk])
    client.post(address, {"reason": "A cousin"})


def leave(client, judge, entry):
    PanelMember.objects.filter(expert=judge).delete()


def join(client, judge, entry):
    MemberFactory(user=judge, organization=entry.organization)


def close_account(client, judge, entry):
    type(judge).objects.filter(pk=judge.pk).update(is_active=False)


@pytest.mark.parametrize("event", [declare, leave, join, close_account])
def test_an_expert_who_is_barred_or_gone_is_replaced(
    client, officer, entries, judges, event
):
    share_out(client, officer, entries[0].category)
    entry = entries[0]
    gone = next(judge for judge in judges if judge.pk in holders(entry))
    event(client, gone, entry)

    said = share_out(client, officer, entry.category)

    assert gone.pk not in holders(entry)
    assert len(holders(entry)) == 3
    assert "entries without enough experts: 0" in said
    taken_back = "taken back because the expert has left the panel or has a conflict"
    assert (taken_back in said) == (event is not declare)  # replaced at once
    again = share_out(client, officer, entry.category)
    assert ": 0 assignments made" in again
    assert "taken back" not in again


def test_a_submitted_review_of_an_expert_who_left_still_counts(
    client, officer, entries, judges
):
    share_out(client, officer, entries[0].category)
    gone = next(judge for judge in judges if judge.pk in holders(entries[0]))
    Review.objects.create(entry=entries[0], reviewer=gone, state=Review.State.DONE)
    leave(client, gone, entries[0])

    share_out(client, officer, entries[0].category)

    assert gone.pk in holders(entries[0])
    assert len(holders(entries[0])) == 3


def test_a_review_from_before_the_conflict_is_not_in_the_scores(
    client, officer, entries, judges
):
    share_out(client, officer, entries[0].category)
    entry = entries[0]
    gone = next(judge for judge in judges if judge.pk in holders(entry))
    review = Review.objects.create(entry=entry, reviewer=gone, state=Review.State.DONE)
    for criterion in entry.contest.criteria.all():
        Score.objects.create(review=review, criterion=criterion, value=criterion.scale)
    address = reverse("prizes:panel", args=[entry.contest.slug, entry.category.code])
    client.force_login(officer)
    before = client.get(address).content.decode()
    join(client, gone, entry)

    after = client.get(address).content.decode()
    share_out(client, officer, entry.category)

    assert "100.0" in before
    assert "100.0" not in after
    assert len(holders(entry) - {gone.pk}) == 3


# --- the rubric ---


def form_of(client, contest, entry, judge):
    client.force_login(judge)
    address = reverse("prizes:review", args=[contest.slug, entry.pk])
    fields = client.get(address).context["form"].fields
    return address, {"opened_with": fields["opened_with"].initial, "comment": "Fine."}


def test_nothing_is_submitted_without_criteria(client, contest, entries, judges):
    contest.criteria.all().delete()
    address, form = form_of(client, contest, entries[0], judges[0])

    page = client.post(address, form | {"hand_in": "1"}).content.decode()
    address, form = form_of(client, contest, entries[0], judges[0])
    client.post(address, form | {"save": "1"})

    assert "The contest has no criteria yet" in page
    assert Review.objects.get().state == Review.State.DRAFT
    assert Review.objects.get().comment == "Fine."


def test_criteria_can_change_until_the_first_review_is_submitted(
    client, officer, contest, entries, judges
):
    client.force_login(officer)
    page = reverse("admin:prizes_contest_change", args=[contest.pk])
    before = client.get(page).content.decode()
    address, form = form_of(client, contest, entries[0], judges[0])
    scores = {f"score_{criterion.pk}": 3 for criterion in contest.criteria.all()}
    client.post(address, form | scores | {"hand_in": "1"})

    client.force_login(officer)
    after = client.get(page).content.decode()
    alone = reverse("admin:prizes_criterion_change", args=[contest.criteria.first().pk])
    own_page = client.get(alone).content.decode()
    add = {"contest": contest.pk, "order": 9, "text": "Late", "weight": 9, "scale": 5}
    added = client.post(reverse("admin:prizes_criterion_add"), add).content.decode()

    assert Review.objects.get().state == Review.State.DONE
    assert 'name="criteria-0-weight"' in before
    assert 'name="criteria-0-weight"' not in after
    assert 'name="weight"' not in own_page
    assert "they can no longer change" in added
    assert contest.criteria.count() == 2


@pytest.mark.parametrize(
    "sql",
    [
        'INSERT INTO prizes_criterion (contest_id, "order", text, guidance, weight, scale)'
        " SELECT id, 9, 'Late', '', 1, 5 FROM prizes_contest",
        "UPDATE prizes_criterion SET weight = 50",
        "DELETE FROM prizes_criterion",
    ],
)
def test_the_database_keeps_the_rubric(contest, entries, judges, sql):
    Review.objects.create(entry=entries[0], reviewer=judges[0], state=Review.State.DONE)
    refused = pytest.raises(IntegrityError, match="criteria_in_use")

    with connection.cursor() as cursor, refused, transaction.atomic():
        cursor.execute(sql)

    assert contest.criteria.count() == 2


def test_a_tie_that_cannot_be_read_is_refused_beside_its_field(client, entries, judges):
    """And what was typed is still there."""
    entry, judge = entries[0], judges[0]
    client.force_login(judge)
    address = reverse("prizes:conflict", args=[entry.contest.slug, entry.pk])

    long = client.post(address, {"reason": "My cousin " * 40})
    broken = client.post(address, {"reason": "My cousin \ufffd"})

    assert (long.status_code, broken.status_code) == (400, 400)
    assert "My cousin My cousin" in long.content.decode()
    assert "Some characters could not be read" in broken.content.decode()
    assert 'aria-invalid="true"' in broken.content.decode()
    assert not Conflict.objects.exists()
