"""Every move of a table, in every status, by everybody: tried for real and undone."""

from contextlib import contextmanager

from django.db import transaction

from accounts.role.roles import OWNER, Role
from common.moves.models import StatusChange
from common.moves.workflow import MoveRefused, NotYourMove
from tests.factories import UserFactory


@contextmanager
def undone():
    """What is written inside is rolled back at the end; what follows finds the rows of before."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def outcomes(record, move, users, holds=None):
    """Name → "made", "not theirs" or "not now", for each of the people (name → user).

    Only a move that is made changes the status, and it is logged once. After each of them
    `holds` is called, if given.
    """
    found, status, logged = {}, record.status, StatusChange.objects.count()
    for name, user in users.items():
        with undone():
            tried = type(record).objects.get(pk=record.pk)
            try:
                tried.move(move.name, user, "Because.")
                found[name] = "made"
            except NotYourMove:
                found[name] = "not theirs"
            except MoveRefused:
                found[name] = "not now"
            tried.refresh_from_db()
            assert tried.status == (move.target if found[name] == "made" else status)
            assert StatusChange.objects.count() == logged + (found[name] == "made")
            if holds:
                holds()
    return found


def tried(workflow, record, users, prepare=None, holds=None):
    """Each move with its outcomes; what `prepare(move)` writes before is undone after it."""
    found = []
    for move in workflow:
        with undone():
            if prepare:
                prepare(move)
            found.append((move.name, outcomes(record, move, users, holds)))
    return found


def everybody(owner):
    """Name → user: the record's owner, somebody without a role, and one person for each role."""
    return {OWNER: owner, "stranger": UserFactory()} | {
        r.value: UserFactory(role=r) for r in Role
    }


def expected(move, status, names, roles=None):
    """What the table says of each of the people, whose names are their roles but for `roles`."""
    possible = "made" if status in move.sources else "not now"
    has = {name: {name} for name in names} | (roles or {})
    return {name: possible if move.by & has[name] else "not theirs" for name in names}


def expected_of(workflow, status, names, roles=None):
    """The same of each move, as `tried` gives it."""
    return [(move.name, expected(move, status, names, roles)) for move in workflow]
