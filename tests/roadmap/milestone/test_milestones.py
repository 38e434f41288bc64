"""Milestones: baseline, changed dates, circles, moves."""

import itertools
import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from accounts.role.roles import Role
from roadmap.milestone.date_changes import DateChange
from roadmap.milestone.dependencies import Dependency
from roadmap.milestone.models import Milestone
from roadmap.milestone.workflow import MILESTONE_WORKFLOW, Status
from tests.factories import UserFactory
from tests.moves import everybody, expected_of, tried
from tests.roadmap.records import MilestoneFactory


@pytest.mark.django_db
@pytest.mark.parametrize("status", Status.values)
def test_moves_by_role_and_status(status):
    milestone = MilestoneFactory(status=Status.DRAFT)
    milestone.freeze_baseline()
    Milestone.objects.filter(pk=milestone.pk).update(status=status)
    milestone.refresh_from_db()
    people = everybody(UserFactory())  # nobody owns a milestone

    found = tried(MILESTONE_WORKFLOW, milestone, people)

    assert found == expected_of(MILESTONE_WORKFLOW, status, people)


@pytest.mark.django_db
def test_first_publication_freezes_the_dates():
    milestone = MilestoneFactory(status=Status.DRAFT, start="2025-07", end="")
    officer = UserFactory(role=Role.SECRETARIAT)
    milestone.move("publish", officer)

    Milestone.objects.get().revise(
        {"start": "2025-09"}, {}, officer, "The room was not free."
    )

    found = Milestone.objects.get()
    assert (found.baseline_start, found.start, found.has_moved, found.slip) == (
        "2025-07",
        "2025-09",
        True,
        61,
    )
    change = DateChange.objects.get()
    assert (change.old_start, change.new_start, change.by) == (
        "2025-07",
        "2025-09",
        officer,
    )


@pytest.mark.django_db
def test_a_public_date_changes_only_with_a_reason():
    milestone = MilestoneFactory()

    with pytest.raises(
        ValidationError, match="Enter the reason for the change of date"
    ):
        milestone.revise({"start": "2026"}, {}, None, "  ")

    assert (Milestone.objects.get().start, DateChange.objects.count()) == (
        "2025-07-07",
        0,
    )


@pytest.mark.django_db
def test_each_change_is_kept_as_a_version():
    milestone = MilestoneFactory(title="Before")

    milestone.revise({"title": "After"}, {}, None)
    milestone.revise({"title": "After"}, {}, None)

    assert [v.content["title"] for v in milestone.versions] == ["After", "Before"]


@pytest.mark.django_db
@pytest.mark.parametrize("steps", [1, 2, 5])
def test_a_circle_is_refused_with_a_sentence(steps):
    chain = MilestoneFactory.create_batch(steps + 1)
    for one, other in itertools.pairwise(chain):
        Dependency.objects.create(milestone=one, needs=other)

    closing = Dependency(milestone=chain[-1], needs=chain[0])
    with (
        pytest.raises(ValidationError, match="This would be circular"),
        transaction.atomic(),
    ):
        closing.save()
    with pytest.raises(ValidationError, match="This would be circular"):
        closing.full_clean()

    assert Dependency.objects.count() == steps


@pytest.mark.django_db
def test_a_milestone_does_not_wait_for_itself():
    milestone = MilestoneFactory()

    with pytest.raises(ValidationError), transaction.atomic():
        Dependency.objects.create(milestone=milestone, needs=milestone)


@pytest.mark.django_db(transaction=True)
def test_two_halves_of_a_circle_at_once_and_one_is_refused():
    one, other = MilestoneFactory.create_batch(2)
    start, outcomes = threading.Barrier(2), []

    def wait_for(milestone, needs):
        start.wait()
        try:
            Dependency.objects.create(milestone=milestone, needs=needs)
            outcomes.append("made")
        except ValidationError:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [
        threading.Thread(target=wait_for, args=p) for p in ((one, other), (other, one))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["made", "refused"]


@pytest.mark.django_db
def test_drafts_are_for_the_secretariat():
    MilestoneFactory(status=Status.DRAFT)
    public = MilestoneFactory()

    assert list(Milestone.objects.visible_to(UserFactory())) == [public]
    assert Milestone.objects.visible_to(UserFactory(role=Role.SECRETARIAT)).count() == 2


@pytest.mark.django_db
def test_milestones_are_found_by_their_words():
    wanted = MilestoneFactory(title="Zero draft published")
    MilestoneFactory(title="Elements paper")

    assert list(Milestone.objects.search("drafts")) == [wanted]
