"""Releases: what the public reads, what changed, and that each stays as it was."""

import datetime

import pytest

from common.moves.workflow import MoveRefused
from common.records.models import Change
from forum.agenda.models import AgendaRelease, ReleasedSession
from forum.agenda.releasing import NothingToRelease, release_agenda
from forum.people.models import Person
from forum.session.models import Session
from forum.session.workflow import SessionStatus
from tests.forum.records import (
    EditionFactory,
    PersonFactory,
    SessionFactory,
    at,
    officer,
    release,
    released,
    scheduled,
)

pytestmark = pytest.mark.django_db


def ids(found):
    return {
        kind: [row["id"] for row in rows]
        for kind, rows in found.changes.items()
        if rows
    }


def test_scheduled_sessions_become_public_and_drafts_do_not():
    waiting, draft, desk = scheduled(), SessionFactory(), officer()

    made = release_agenda(EditionFactory(), desk, "First agenda", "Welcome.")

    waiting.refresh_from_db()
    draft.refresh_from_db()
    assert (made.number, made.name, made.note, made.by) == (
        1,
        "First agenda",
        "Welcome.",
        desk,
    )
    assert ids(made) == {"added": [waiting.pk]}
    assert list(ReleasedSession.objects.values_list("pk", flat=True)) == [waiting.pk]
    assert (waiting.status, draft.status) == (
        SessionStatus.RELEASED,
        SessionStatus.DRAFT,
    )


def test_what_the_desk_changes_is_public_with_the_next_release_only():
    session = released(title="As it was")
    Session.objects.filter(pk=session.pk).update(title="As it will be")

    before = ReleasedSession.objects.get().title
    made = release()

    after = ReleasedSession.objects.get()
    assert (before, after.title, after.sequence) == ("As it was", "As it will be", 1)
    assert made.changes["changed"] == [
        {
            "id": session.pk,
            "title": "As it will be",
            "fields": ["title"],
            "old": {"title": "As it was"},
            "new": {"title": "As it will be"},
        }
    ]
    first = AgendaRelease.objects.get(number=1)
    assert [row["title"] for row in first.content] == ["As it was"]


def test_a_session_that_is_moved_stays_in_the_agenda_and_says_so_with_the_next_release():
    session = released()
    session.move("postpone", officer(), "The speaker is ill.")
    before = ReleasedSession.objects.get().status

    made = release()

    public = ReleasedSession.objects.get()
    assert ids(made) == {"moved": [session.pk]}
    assert (before, public.status, public.reason) == (
        "released",
        "moved",
        "The speaker is ill.",
    )


def test_a_cancellation_is_public_at_once_and_nothing_else_is():
    desk, session, other = (
        officer(),
        released(title="As it was"),
        released(title="Other"),
    )
    Session.objects.filter(pk__in=[session.pk, other.pk]).update(title="Secret")
    waiting = scheduled()

    session.move("cancel", desk, "The speaker is ill.")

    rows = ReleasedSession.objects.order_by("pk").values_list(
        "title", "status", "reason"
    )
    made = AgendaRelease.objects.order_by("number").last()
    assert list(rows) == [
        ("As it was", "cancelled", "The speaker is ill."),
        ("Other", "released", ""),
    ]
    assert (str(made), made.note, made.by) == (
        f"{made.number}. Cancelled: As it was",
        "The speaker is ill.",
        desk,
    )
    assert ids(made) == {"cancelled": [session.pk]}
    assert (waiting.status, ReleasedSession.objects.get(pk=session.pk).sequence) == (
        "scheduled",
        1,
    )
    log = Change.objects.filter(record_kind="forum.session", record_id=str(session.pk))
    assert list(log.order_by("pk").values_list("version", flat=True)) == [1, 2]


def test_after_a_cancellation_the_next_release_has_no_news_of_it():
    session = released()
    session.move("cancel", officer(), "The speaker is ill.")

    with pytest.raises(NothingToRelease):
        release()

    session.move("restore", officer(), "She is well again.")
    made, public = release(), ReleasedSession.objects.get()
    assert ids(made) == {"restored": [session.pk]}
    assert (public.status, public.reason, public.sequence) == ("released", "", 2)


def test_what_else_was_changed_follows_a_cancellation_as_a_change():
    session = released(title="As it was")
    session.move("cancel", officer(), "The speaker is ill.")
    Session.objects.filter(pk=session.pk).update(title="As it would have been")

    made, public = release(), ReleasedSession.objects.get()

    assert ids(made) == {"changed": [session.pk]}
    assert (public.status, public.reason) == ("cancelled", "The speaker is ill.")


def test_a_session_cancelled_before_anybody_read_of_it_stays_unread():
    scheduled().move("cancel", officer(), "No room.")
    other = scheduled()

    before = AgendaRelease.objects.count()
    made = release()

    assert before == 0
    assert ids(made) == {"added": [other.pk]}


def test_a_release_without_news_is_refused():
    released()

    with pytest.raises(NothingToRelease):
        release()

    assert AgendaRelease.objects.count() == 1


def test_a_released_session_that_lost_its_room_holds_up_the_release():
    session = released(title="Villages")
    Session.objects.filter(pk=session.pk).update(room=None)

    with pytest.raises(MoveRefused) as refused:
        release()

    assert (
        str(refused.value.message)
        == "“Villages” has no room: choose one, or hold it remotely."
    )
    assert AgendaRelease.objects.count() == 1


def test_two_people_at_once_hold_up_the_release():
    person = PersonFactory(name="Amara")
    first = released(title="First", speakers=[person])
    second = released(title="Second", start=at(14), end=at(15))
    second.participations.create(person=person, role="panellist")
    Session.objects.filter(pk=second.pk).update(start=at(10, 30), end=at(11, 30))

    with pytest.raises(MoveRefused) as refused:
        release()

    assert str(refused.value.message).startswith("Amara is in “")
    assert ReleasedSession.objects.get(pk=first.pk).sequence == 0


def test_each_released_change_is_in_the_log_of_public_changes():
    session = released()
    Session.objects.filter(pk=session.pk).update(title="New")
    release()

    rows = Change.objects.filter(record_kind="forum.session").order_by("pk")
    assert list(rows.values_list("kind", "record_id", "version")) == [
        ("create", str(session.pk), 1),
        ("update", str(session.pk), 2),
    ]
    assert rows.last().content_hash == ReleasedSession.objects.get().content_hash


def test_people_become_public_with_their_session():
    person, hidden = PersonFactory(), PersonFactory()
    SessionFactory(speakers=[hidden])

    released(speakers=[person])

    assert list(Person.objects.public()) == [person]


def test_editions_are_numbered_and_released_by_themselves():
    released(edition=EditionFactory(slug="2027"))
    other = scheduled(edition=EditionFactory(slug="2028"))
    waiting = scheduled(edition=EditionFactory(slug="2027"))

    made = release(other.edition)

    waiting.refresh_from_db()
    assert (made.number, waiting.status) == (1, SessionStatus.SCHEDULED)


def test_the_edition_of_today_comes_before_the_next():
    today = datetime.datetime.now(datetime.UTC).date()
    week = datetime.timedelta(days=7)
    EditionFactory(slug="past", start_date=today - 2 * week, end_date=today - week)
    EditionFactory(slug="later", start_date=today + 2 * week, end_date=today + 3 * week)
    coming = EditionFactory(slug="next", start_date=today + week, end_date=today + week)
    manager = type(coming).objects

    before = manager.current_or_next()
    live = EditionFactory(slug="live", start_date=today, end_date=today + week)

    assert (before, manager.current_or_next(), live.is_live) == (coming, live, True)
