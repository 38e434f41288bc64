"""Who with a part in a session can be told of a release: by their account, at the address that
staff know, or not at all."""

from collections import defaultdict
from typing import Any, NamedTuple

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.user.models import User
from forum.agenda.models import AgendaRelease
from forum.people.models import PRESENT, Person
from forum.session.workflow import SessionStatus

Rows = dict[int, dict[str, Any]]  # session → its change


class Unreached(models.TextChoices):
    NO_ADDRESS = "no_address", _("no account and no e-mail address")
    CLOSED = "closed", _("account closed, no e-mail address")
    SWITCHED_OFF = "off", _("has turned these e-mails off")


def people_of(rows: Rows) -> dict[Person, set[int]]:
    """Person → sessions in which they have a part by this release, or had one until it."""
    sessions_of: dict[int, set[int]] = defaultdict(set)
    for pk, row in rows.items():
        parts = list(row["session"].people)
        if "people" in row["fields"] and row["old"]:
            parts += row["old"]["people"]
        for part in parts:
            sessions_of[part["person"]].add(pk)
    people: dict[Person, set[int]] = defaultdict(set)
    for pk, person in survivors(set(sessions_of)).items():
        people[person] |= sessions_of[pk]
    return people


def speakers_of(rows: Rows) -> dict[Person, bool]:
    """People with an account who have to be in a session that takes place → whether one of these
    is not held online only."""
    sessions_of: dict[int, list[Any]] = defaultdict(list)
    for row in rows.values():
        session = row["session"]
        if session.status == SessionStatus.RELEASED:
            for part in session.people:
                if part["role"] in PRESENT:
                    sessions_of[part["person"]].append(session)
    speakers: dict[Person, bool] = {}
    for pk, person in survivors(set(sessions_of)).items():
        if person.user and person.user.is_active:
            in_place = any(not session.is_remote for session in sessions_of[pk])
            speakers[person] = speakers.get(person, False) or in_place
    return speakers


def survivors(ids: set[int]) -> dict[int, Person]:
    """Id as it was released → the record of today, where duplicates were merged since."""
    found: dict[int, Person] = {}
    wanted = {pk: pk for pk in ids}
    while wanted:
        rows = Person.objects.select_related("user").in_bulk(set(wanted.values()))
        known = {pk: rows[key] for pk, key in wanted.items() if key in rows}
        found |= {pk: one for pk, one in known.items() if not one.merged_into_id}
        wanted = {
            pk: one.merged_into_id for pk, one in known.items() if one.merged_into_id
        }
    return found


def accounts_of(people: dict[Person, set[int]]) -> dict[int, int]:
    """Person → account that gets their mails: their own, else the one of their address."""
    addresses = {one.email for one in people if one.email}
    accounts = User.objects.filter(is_active=True, email__in=addresses)
    by_address = dict(accounts.values_list("email", "pk"))
    found = {}
    for person in people:
        if person.user and person.user.is_active:
            found[person.pk] = person.user.pk
        elif person.email in by_address:
            found[person.pk] = by_address[person.email]
    return found


class Letter(NamedTuple):
    """One mail to an address without an account; several people may share it."""

    people: list[Person]
    sessions: set[int]

    @property
    def names(self) -> str:
        return ", ".join(dict.fromkeys(one.name for one in self.people))

    @property
    def language(self) -> str:
        return self.people[0].bio_language


def letters_to(people: dict[Person, set[int]]) -> dict[str, Letter]:
    """Address → what is written to it."""
    letters: dict[str, Letter] = {}
    for person, sessions in people.items():
        letter = letters.setdefault(person.email, Letter([], set()))
        letter.people.append(person)
        letter.sessions.update(sessions)
    return letters


def outcome(
    people: dict[Person, set[int]], accounts: dict[int, int], told: set[int]
) -> dict[str, Any]:
    """What a release keeps: how many were told in which way, and who could not be."""
    counted: dict[str, Any] = {"account": 0, "email": 0, "unreached": []}
    for person in people:
        account = accounts.get(person.pk)
        if account in told:
            counted["account"] += 1
        elif account:
            counted["unreached"].append([person.pk, Unreached.SWITCHED_OFF.value])
        elif person.email:
            counted["email"] += 1
        else:
            why = Unreached.CLOSED if person.user else Unreached.NO_ADDRESS
            counted["unreached"].append([person.pk, why.value])
    return counted


def in_words(release: AgendaRelease) -> dict[str, Any]:
    """The same for staff: people with the reason; those who were erased since are left out."""
    told = release.told
    if not told:
        return {}
    people = Person.objects.in_bulk([pk for pk, _why in told["unreached"]])
    unreached = [
        (people[pk], Unreached(why).label)
        for pk, why in told["unreached"]
        if pk in people
    ]
    return told | {"unreached": sorted(unreached, key=lambda row: row[0].name_key)}
