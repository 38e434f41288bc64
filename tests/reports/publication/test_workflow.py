"""The move table of publications: every move × status × role, and what the moves leave."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.role.roles import STAFF_ROLES, Role
from common.moves.workflow import MoveRefused, NotYourMove
from common.records.models import Change
from reports.build.models import WORKER, Build
from reports.publication.models import Publication
from reports.publication.workflow import CLOCK, PUBLICATION_WORKFLOW, Status
from tests.factories import UserFactory
from tests.moves import everybody, expected_of, tried
from tests.reports.records import frozen, requested, secretariat

pytestmark = pytest.mark.django_db


def at(status):
    """A publication in that status; something of it is public, so that it can be withdrawn; it has
    a reviewer and a time of publication."""
    publication = frozen()
    publication.reviewers.create(version=1, user=UserFactory())
    tomorrow = timezone.now() + timedelta(days=1)
    Publication.objects.filter(pk=publication.pk).update(
        status=status, publish_at=tomorrow
    )
    publication.refresh_from_db()
    return publication


@pytest.mark.parametrize("status", Status.values)
def test_moves_by_role_and_status(status):
    people = everybody(UserFactory())  # nobody owns a report
    people |= {WORKER.role: WORKER, CLOCK.role: CLOCK}
    publication = at(status)

    def time_has_come(move):
        if move.name in ("release", "hold"):
            Publication.objects.update(publish_at=timezone.now())

    found = tried(PUBLICATION_WORKFLOW, publication, people, prepare=time_has_come)

    assert found == expected_of(PUBLICATION_WORKFLOW, status, people)


def test_anonymous_people_are_not_the_worker():
    publication = requested()

    with pytest.raises(NotYourMove):
        publication.move("finish", AnonymousUser())


def test_one_live_build_per_publication():
    publication = requested()

    with pytest.raises(IntegrityError), transaction.atomic():
        Build.objects.create(publication=publication, version=2)


def test_cancelling_leaves_nothing_of_the_version():
    publication = requested(secretariat())

    publication.move("cancel", secretariat())

    build = publication.build()
    assert (build.state, build.token) == ("cancelled", None)
    assert list(publication.artefacts.all()) == list(publication.snapshots.all()) == []


def test_the_public_keeps_the_old_version_while_a_new_one_is_made():
    publication = frozen()

    amended = publication.move(
        "amend", secretariat(), "Two entries were counted twice."
    )

    assert (amended.version, amended.published_version) == (2, 1)
    assert list(Publication.objects.online()) == [publication]


def test_publishing_and_withdrawing_are_in_the_change_log():
    publication = frozen()

    publication.move("withdraw", secretariat(), "Wrong period.")

    rows = Change.objects.filter(record_kind="reports.publication")
    snapshot = publication.snapshots.get()
    assert [(c.kind, c.version, c.content_hash) for c in rows] == [
        ("publish", 1, snapshot.content_hash),
        ("delete", 1, snapshot.content_hash),
    ]


def test_only_what_is_public_can_be_withdrawn():
    publication = frozen(status=Status.READY)

    with pytest.raises(MoveRefused, match="No version of this report is public"):
        publication.move("withdraw", secretariat(), "why")


def test_the_requester_gets_a_mail_when_it_is_ready(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        publication = frozen(status=Status.READY)

    assert [(m.to, m.subject) for m in mail.outbox] == [
        ([publication.requested_by.email], f"Your report is ready: {publication.title}")
    ]
    assert f"/reports/{publication.pk}/" in mail.outbox[0].body


@pytest.mark.parametrize("role", Role.values)
@pytest.mark.parametrize("status", [Status.READY, Status.PUBLISHED])
def test_who_may_read(role, status):
    publication = frozen(status=status)
    reader = UserFactory(role=Role(role))

    visible = list(Publication.objects.visible_to(reader)) == [publication]

    assert visible == (status == Status.PUBLISHED or Role(role) in STAFF_ROLES)
