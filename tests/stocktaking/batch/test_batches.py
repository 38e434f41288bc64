"""Bulk decisions by query: frozen ids, one reason in each owner's language, refusals, undo."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.role.roles import Role
from common.mail.models import OutgoingMail
from stocktaking.base.workflow import Status
from stocktaking.batch.models import Batch
from stocktaking.batch.tasks import work_on_batches
from stocktaking.project.models import Project
from stocktaking.review.models import DeskAssignment
from tests.factories import ProjectFactory, UserFactory
from tests.stocktaking.review.test_queue import reason, waiting

pytestmark = pytest.mark.django_db
PREVIEW = reverse("admin:stocktaking_project_preview")


@pytest.fixture
def officer(client):
    user = UserFactory(role=Role.SECRETARIAT)
    client.force_login(user)
    return user


def previewed(client, move="publish", query=""):
    """The form of the preview as a browser sends it back, everything ticked."""
    page = client.get(PREVIEW, {"move": move, "query": query})
    token = re.search(r'name="token" value="(.*?)"', page.content.decode())[1]
    return {
        "token": token,
        "move": move,
        "ids": [row.pk for row in page.context["rows"]],
    }


def statuses():
    return list(Project.objects.order_by("pk").values_list("status", flat=True))


def page_of(batch):
    return reverse("admin:stocktaking_project_batch", args=[batch.pk])


def test_what_appears_after_the_preview_is_never_touched(client, officer):
    waiting(3)
    form = previewed(client)
    late = waiting()

    client.post(PREVIEW, form | {"ids": [*form["ids"], late.pk]})
    work_on_batches()

    assert statuses() == [Status.PUBLISHED] * 3 + [Status.SUBMITTED]
    assert Batch.objects.get().progress() == {
        "total": 3,
        "done": 3,
        "percent": 100,
        "made": 3,
        "refused": 0,
        "undone": 0,
    }


def test_what_is_not_ticked_is_left_alone(client, officer):
    first, second, _third = waiting(3)
    form = previewed(client)

    client.post(PREVIEW, form | {"ids": [second.pk]})
    work_on_batches()

    assert statuses() == ["submitted", "published", "submitted"]
    assert first.history().count() == 0


def test_filters_choose_what_is_previewed(client, officer):
    waiting(title="Fishing")
    waiting(title="Farming")
    DeskAssignment.objects.assign(
        UserFactory(), Project.objects.filter(pk=waiting(title="Fishing 2").pk)
    )

    assert len(previewed(client, query="q=fishing")["ids"]) == 1


def test_each_owner_reads_the_reason_in_her_language(client, officer):
    reason()
    for language in ("fr", "en"):
        waiting(owner=UserFactory(language=language))
    form = previewed(client, "send_back")

    client.post(PREVIEW, form | {"reasons": ["unclear"], "line": "§4"})
    work_on_batches()

    notes = [p.history().get().note for p in Project.objects.order_by("pk")]
    assert notes == ["unclear fr\n§4", "unclear en\n§4"]


def test_entries_that_changed_hands_since_are_refused_with_a_sentence(client, officer):
    taken, anew, decided, fine = waiting(4)
    form = previewed(client)
    DeskAssignment.objects.assign(UserFactory(), Project.objects.filter(pk=taken.pk))
    Project.objects.filter(pk=anew.pk).update(
        submitted_at=timezone.now() + timedelta(seconds=1)
    )
    decided.move("refuse", officer, "No.")

    client.post(PREVIEW, form)
    work_on_batches()

    assert statuses() == ["submitted", "submitted", "refused", "published"]
    sentences = (
        Batch.objects.get()
        .items.exclude(sentence="")
        .values_list("project", "sentence")
    )
    assert {pk: bool(text) for pk, text in sentences} == {
        taken.pk: True,
        anew.pk: True,
        decided.pk: True,
    }
    assert fine.history().get().by == officer


def test_whole_batch_is_undone_within_a_minute(client, officer):
    waiting(3)
    client.post(PREVIEW, previewed(client))
    work_on_batches()
    batch = Batch.objects.get()

    answer = client.post(page_of(batch))
    work_on_batches()

    assert answer.url == page_of(batch)
    assert statuses() == [Status.SUBMITTED] * 3
    assert batch.progress()["undone"] == 3
    assert OutgoingMail.objects.filter(withdrawn_at=None).count() == 0
    assert client.get(page_of(batch)).status_code == 200


@pytest.mark.parametrize("who", ["late", "other"])
def test_batch_is_not_undone_late_or_by_another(client, officer, who):
    waiting(2)
    client.post(PREVIEW, previewed(client))
    work_on_batches()
    if who == "late":
        Batch.objects.update(finished_at=timezone.now() - timedelta(seconds=61))
    else:
        client.force_login(UserFactory(role=Role.SECRETARIAT))

    client.post(page_of(Batch.objects.get()))
    work_on_batches()

    assert statuses() == [Status.PUBLISHED] * 2


def test_working_twice_makes_each_move_once(client, officer):
    waiting(2)
    client.post(PREVIEW, previewed(client))
    work_on_batches()
    work_on_batches()

    assert [p.history().count() for p in Project.objects.all()] == [1, 1]


def test_a_batch_that_is_stopped_leaves_the_others_alone(client, officer, monkeypatch):
    """The officer sees on the page of jobs that it runs, and stops it after the first project."""
    waiting(3)
    client.post(PREVIEW, previewed(client))
    batch = Batch.objects.get()
    jobs = reverse("admin:jobs")
    advance = Batch.advance

    def advance_and_stop(self, percent, step=""):
        advance(self, percent, step)
        page = client.get(jobs).content.decode()
        assert f'href="{page_of(batch)}"' in page
        assert "running, 33 %" in page
        client.post(jobs, {"kind": "batches", "job": batch.pk, "act": "cancel"})

    monkeypatch.setattr(Batch, "advance", advance_and_stop)
    work_on_batches()
    monkeypatch.undo()
    work_on_batches()

    assert statuses() == [Status.PUBLISHED, Status.SUBMITTED, Status.SUBMITTED]
    page = client.get(page_of(batch)).content.decode()
    assert "The work was stopped." in page
    assert "1 of 3 processed" in page


def test_a_batch_whose_worker_was_lost_is_taken_up_by_the_next(client, officer):
    waiting(2)
    client.post(PREVIEW, previewed(client))
    batch = Batch.objects.acquire(Batch.objects.get().pk)
    batch._next("waiting")  # and then the worker is gone

    work_on_batches()
    held = statuses()
    Batch.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    work_on_batches()

    assert held == [Status.PUBLISHED, Status.SUBMITTED]
    assert statuses() == [Status.PUBLISHED] * 2
    assert [p.history().count() for p in Project.objects.all()] == [1, 1]


def test_a_batch_that_no_worker_lives_through_ends_with_a_sentence(client, officer):
    waiting(2)
    client.post(PREVIEW, previewed(client))
    Batch.objects.update(attempts=Batch.MAX_ATTEMPTS)
    batch = Batch.objects.get()

    work_on_batches()
    page = client.get(page_of(batch)).content.decode()
    client.post(
        reverse("admin:jobs"), {"kind": "batches", "job": batch.pk, "act": "retry"}
    )
    work_on_batches()

    assert "The work broke off several times." in page
    assert statuses() == [Status.PUBLISHED] * 2


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"token": "x"}, 404),
        ({"ids": []}, 400),
        ({"ids": ["x", "-1", "9" * 30]}, 400),
        ({"line": "x" * 501}, 400),
        ({"reasons": ["none"]}, 400),
    ],
)
def test_hostile_forms_change_nothing(client, officer, change, status):
    waiting()
    form = previewed(client)

    assert client.post(PREVIEW, form | change).status_code == status
    assert not Batch.objects.exists()


def test_batch_that_needs_a_reason_asks_for_it(client, officer):
    waiting()

    assert client.post(PREVIEW, previewed(client, "refuse")).status_code == 400
    assert client.get(PREVIEW, {"move": "archive"}).status_code == 404
    assert client.get(PREVIEW).status_code == 404


@pytest.mark.parametrize("rows", [1, 10])
def test_preview_asks_the_same_questions(
    client, officer, rows, django_assert_num_queries
):
    waiting(rows)
    ProjectFactory()
    client.get(PREVIEW, {"move": "publish"})

    with django_assert_num_queries(5):
        client.get(PREVIEW, {"move": "publish"})
