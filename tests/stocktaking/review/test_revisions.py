"""New versions of public entries at the desk: one queue, the same decisions, undo and batches."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.role.roles import Role
from common.mail.models import OutgoingMail
from common.moves.workflow import MoveRefused
from common.records.models import Change
from stocktaking.base.workflow import Status
from stocktaking.batch.models import Batch
from stocktaking.batch.tasks import work_on_batches
from stocktaking.project.models import Project
from stocktaking.review.models import DeskAssignment
from stocktaking.revision.models import Revision
from stocktaking.screening.models import Screening, WebsiteCheck
from stocktaking.screening.tasks import screen_waiting, visit_websites
from tests.factories import ProjectFactory, UserFactory
from tests.stocktaking.batch.test_batches import PREVIEW, previewed
from tests.stocktaking.records import revision_of
from tests.stocktaking.review.test_queue import (
    ASSIGN,
    DESK,
    UNDO,
    item,
    reason,
    waiting,
)

pytestmark = pytest.mark.django_db


def version_of(days=0, status="submitted", **changes):
    """A new version that has waited so long."""
    revision = revision_of(status=status, **changes)
    since = timezone.now() - timedelta(days=days)
    Revision.objects.filter(pk=revision.pk).update(submitted_at=since)
    return revision


@pytest.fixture
def officer(client):
    user = UserFactory(role=Role.SECRETARIAT)
    client.force_login(user)
    return user


@pytest.fixture
def mine(officer):
    """A new version that is assigned to one."""
    revision = version_of(title="Second phase")
    DeskAssignment.objects.assign(officer, Project.objects.at_desk())
    return revision


def test_entries_and_new_versions_stand_in_one_queue_by_age(client, officer):
    middle = waiting(submitted_at=timezone.now() - timedelta(days=2))
    young, old = version_of(1), version_of(3)
    version_of(9, "draft")
    held = version_of(9, "on_hold")

    def shown(**query):
        return [row.pk for row in client.get(DESK, query).context["page"].object_list]

    assert shown() == [old.project_id, middle.pk, young.project_id]
    assert shown(kind="version") == [old.project_id, young.project_id]
    assert shown(kind="project") == [middle.pk]
    assert shown(status="on_hold") == [held.project_id]
    assert shown(waiting="1", kind="version") == [old.project_id, young.project_id]


def test_version_of_an_entry_that_waits_itself_shows_once_as_the_entry(client, officer):
    revision = version_of()
    Project.objects.filter(pk=revision.project_id).update(status=Status.SUBMITTED)

    rows = client.get(DESK).context["page"].object_list

    assert [(row.pk, row.revision_id) for row in rows] == [(revision.project_id, None)]


def test_item_shows_what_the_new_version_changes(client, mine):
    Project.objects.filter(pk=mine.project_id).update(title="Fist phase")

    page = client.get(item(mine.project))

    assert [d.field for d in page.context["differences"]] == ["title"]
    assert [d.new for d in page.context["overtaken"]] == ["Fist phase"]
    assert "<ins>Second</ins>" in page.content.decode()
    assert [key for key, _move, _form in page.context["forms"]] == ["r", "f", "h"]


@pytest.mark.parametrize(
    ("move", "status"),
    [
        ("publish", "approved"),
        ("send_back", "returned"),
        ("refuse", "refused"),
        ("hold", "on_hold"),
    ],
)
def test_decision_and_its_undo(client, officer, mine, move, status):
    before = Project.objects.get(pk=mine.project_id).public_content()
    data = {"move": move, "line": "Because."}

    answer = client.post(item(mine.project), data)

    mine.refresh_from_db()
    change = mine.history().get()
    assert (answer.url, mine.status) == (DESK, status)
    assert (change.move, change.by, change.note) == (move, officer, "Because.")
    assert not DeskAssignment.objects.exists()
    assert OutgoingMail.objects.get().not_before > timezone.now() + timedelta(
        seconds=150
    )
    assert Project.objects.get(pk=mine.project_id).title == (
        "Second phase" if move == "publish" else before["title"]
    )

    answer = client.post(UNDO, {"change": change.pk})

    mine.refresh_from_db()
    assert (answer.url, mine.status) == (item(mine.project), "submitted")
    assert Project.objects.get(pk=mine.project_id).public_content() == before
    assert OutgoingMail.objects.get().withdrawn_at is not None
    kinds = Change.objects.filter(record_id=str(mine.project_id)).values_list(
        "kind", flat=True
    )
    assert list(kinds)[1:] == (["update", "update"] if move == "publish" else [])
    assert [d.field for d in mine.differences()] == ["title"]


def test_undo_is_refused_when_the_text_was_changed_since(client, officer, mine):
    mine.move("publish", officer)
    Project.objects.filter(pk=mine.project_id).update(title="Third phase")

    with pytest.raises(MoveRefused, match="changed again"):
        mine.move("undo", officer)

    assert Project.objects.get(pk=mine.project_id).title == "Third phase"


def test_undo_is_refused_when_another_version_was_begun(officer, mine):
    mine.move("publish", officer)
    revision_of(Project.objects.get(pk=mine.project_id))

    with pytest.raises(MoveRefused, match="started since"):
        mine.move("undo", officer)


def test_duplicate_is_no_decision_about_a_version(client, mine):
    data = {"move": "duplicate", "line": "No.", "record": ProjectFactory().number}
    answer = client.post(item(mine.project), data)

    assert (answer.status_code, mine.history().count()) == (404, 0)


def test_reason_is_written_in_the_language_of_the_owner(client, mine):
    reason()
    mine.project.owner.language = "fr"
    mine.project.owner.save()

    client.post(item(mine.project), {"move": "send_back", "reasons": ["unclear"]})

    assert mine.history().get().note == "unclear fr"


def test_version_is_assigned_and_a_colleague_kept_out(client, officer):
    revision = version_of()
    client.post(ASSIGN, {"start": "1", "query": "kind=version"})
    assert [row.pk for row in Project.objects.assigned_to(officer)] == [
        revision.project_id
    ]

    client.force_login(UserFactory(role=Role.SECRETARIAT))
    answer = client.post(item(revision.project), {"move": "publish"})

    assert (answer.status_code, revision.history().count()) == (409, 0)


def test_batch_by_query_takes_entries_and_versions_and_is_undone(client, officer):
    entry, revision = waiting(), version_of(title="Second phase")
    form = previewed(client)
    late = version_of()

    client.post(PREVIEW, form | {"ids": [*form["ids"], late.project_id]})
    work_on_batches()

    entry.refresh_from_db()
    revision.refresh_from_db()
    late.refresh_from_db()
    assert (entry.status, revision.status, late.status) == (
        "published",
        "approved",
        "submitted",
    )

    client.post(
        reverse("admin:stocktaking_project_batch", args=[Batch.objects.get().pk])
    )
    work_on_batches()

    entry.refresh_from_db()
    revision.refresh_from_db()
    assert (entry.status, revision.status) == ("submitted", "submitted")
    assert Project.objects.get(pk=revision.project_id).title != "Second phase"


def test_version_submitted_anew_after_the_preview_is_refused(client, officer):
    revision = version_of()
    form = previewed(client)
    Revision.objects.update(submitted_at=timezone.now() + timedelta(seconds=1))

    client.post(PREVIEW, form)
    work_on_batches()

    revision.refresh_from_db()
    assert (revision.status, Batch.objects.get().progress()["refused"]) == (
        "submitted",
        1,
    )


def test_checks_look_at_the_proposed_text():
    revision = version_of(
        summary="Write to me@example.org", website="https://new.example/"
    )

    assert (screen_waiting(), screen_waiting()) == (1, 0)
    kept = Screening.objects.get()
    assert [f["check"] for f in kept.findings if f["severity"] > 1] == ["personal"]
    assert kept.seen == Revision.objects.get(pk=revision.pk).updated_at
    assert kept.content["summary"] == "Write to me@example.org"


@pytest.mark.parametrize("rows", [1, 10])
def test_queue_of_versions_asks_the_same_questions(
    client, officer, rows, django_assert_num_queries
):
    for _ in range(rows):
        version_of()
    client.get(DESK)

    with django_assert_num_queries(17):  # as many as the queue of projects
        client.get(DESK)


def test_website_of_a_new_version_is_visited_and_its_checks_made_anew():
    version_of(website="http://127.0.0.1/")  # no public address: nobody is called
    screen_waiting()

    assert (visit_websites(), visit_websites()) == (1, 0)

    assert (WebsiteCheck.objects.get().url, screen_waiting()) == (
        "http://127.0.0.1/",
        1,
    )
