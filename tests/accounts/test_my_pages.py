"""My pages: every part of the portal a person has to do with, counted, in a fixed few queries."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

import accounts.my_pages
import forum.my_pages
import prizes.my_pages
import roadmap.my_pages
import stocktaking.my_pages
from accounts.role.roles import Role
from forum.agenda.models import Star
from prizes.ballot.models import cast
from prizes.entry.workflow import Status as EntryStatus
from roadmap.agency.models import AgencyMembership
from stocktaking.base.workflow import Status
from stocktaking.coeditor.models import CoEditor
from stocktaking.follow.models import Follow
from stocktaking.ownership.models import OwnershipRequest
from tests.factories import ProjectFactory, UserFactory
from tests.forum.records import (
    CapacityFactory,
    SessionFactory,
    SubmissionFactory,
    registered,
)
from tests.prizes.records import ContestFactory, EntryFactory, expert
from tests.roadmap.records import AgencyFactory
from tests.stocktaking.records import ownership_request_for

pytestmark = pytest.mark.django_db
MOST = 15
EARLY = datetime.datetime(2025, 2, 1, tzinfo=datetime.UTC)


def lines_of(section):
    return [(str(line.text), line.shown, str(line.note)) for line in section.lines]


def test_entries_with_their_state_and_place_in_the_queue():
    user = UserFactory()
    ProjectFactory(
        status=Status.SUBMITTED, submitted_at=EARLY
    )  # somebody else is first
    waiting = ProjectFactory(owner=user, title="Clinics", status=Status.SUBMITTED)
    draft = ProjectFactory(owner=user, title="Schools", status=Status.DRAFT)
    ProjectFactory(owner=user, status=Status.PUBLISHED)
    section = stocktaking.my_pages.section(user)

    assert lines_of(section)[:6] == [
        ("My projects", "3", ""),
        ("Draft", "1", ""),
        ("Submitted", "1", ""),
        ("Published", "1", ""),
        ("Schools", "", "Draft"),
        ("Clinics", "", "Submitted · number 2 in the queue"),
    ]
    assert [line.url for line in section.lines[4:6]] == [
        reverse("stocktaking:project-edit", args=[draft.pk]),
        reverse("stocktaking:project-done", args=[waiting.pk]),
    ]


def test_invitations_ownership_requests_and_follows():
    user, other = UserFactory(), UserFactory()
    project = ProjectFactory(title="Villages")
    CoEditor.objects.invite(project, user.email.upper(), other)
    CoEditor.objects.invite(project, "somebody@else.example", other)
    OwnershipRequest.objects.create(project=project, by=user, reason="I lead it.")
    Follow.objects.create(user=user, query="country=KE")

    assert lines_of(stocktaking.my_pages.section(user)) == [
        ("My projects", "0", ""),
        ("Invitations to co-edit", "1", "open the link in the e-mail that we sent you"),
        ("Ownership request: Villages", "", "Awaiting the secretariat"),
        ("My saved searches and follows", "1", ""),
        ("My roles in organizations", "0", ""),
        ("My profile in the directory of members", "", ""),
    ]


def test_ballot_says_how_many_votes_are_given():
    contest = ContestFactory(officials_barred=False)
    entries = [
        EntryFactory(contest=contest, line=line) for line in ("C1", "C4", "C7-EGOV")
    ]
    user = expert(entries[0].category)
    cast(entries[1], user)
    EntryFactory(contest=contest, owner=user, status=EntryStatus.DRAFT)

    assert lines_of(prizes.my_pages.section(user)) == [
        ("My prize entries", "1", "1 to finish"),
        (f"Ballot: {contest}", "1 of 3", ""),
        (f"Expert panels: {contest}", "1", ""),
    ]


def test_forum_roadmap_and_account():
    user = UserFactory(role=Role.AGENCY)
    SubmissionFactory(owner=user)
    capacity = CapacityFactory()
    registered(capacity.edition, user)
    Star.objects.create(user=user, session=SessionFactory())

    assert lines_of(forum.my_pages.section(user)) == [
        ("My proposals", "1", "1 to finish"),
        ("My registrations", "1", ""),
        ("Sessions on my agenda", "1", ""),
    ]
    assert lines_of(roadmap.my_pages.section(user)) == []
    AgencyMembership.objects.create(user=user, agency=AgencyFactory())
    assert lines_of(roadmap.my_pages.section(user)) == [
        ("Positions of my agency", "0", "")
    ]
    assert [line[0] for line in lines_of(accounts.my_pages.section(user))][
        -1
    ] == "My data"


def test_desk_is_for_the_secretariat():
    ProjectFactory(status=Status.SUBMITTED)
    ownership_request_for()
    officer = UserFactory(role=Role.SECRETARIAT)
    apps = (stocktaking.my_pages, prizes.my_pages, forum.my_pages)

    assert [
        (str(line.text), line.count)
        for app in apps
        for line in app.section(officer).desk
    ] == [
        ("Review queue", 1),
        ("Texts in other languages", 0),
        ("Ownership requests", 1),
        ("Roles to verify", 0),
        ("Prize entries waiting", 0),
        ("Proposals to the Forum", 0),
        ("Registrations to decide", 0),
    ]
    assert [app.section(UserFactory()).desk for app in apps] == [(), (), ()]


def test_queries_do_not_grow(client):
    """The officer who is an expert and an agency sees most; ten of each cost as much as one."""
    contest = ContestFactory()
    user = expert(EntryFactory(contest=contest).category)
    for role in (Role.SECRETARIAT, Role.AGENCY):
        user.grant(role)
    AgencyMembership.objects.create(user=user, agency=AgencyFactory())
    client.force_login(user)
    client.get(reverse("my-pages"))  # vocabularies, and the moment of the session
    found = []
    for rows in (1, 9):
        for _n in range(rows):
            ProjectFactory(
                owner=user, status=Status.SUBMITTED, submitted_at=timezone.now()
            )
            ProjectFactory(owner=user, status=Status.DRAFT)
            OwnershipRequest.objects.create(
                project=ProjectFactory(), by=user, reason="I lead it."
            )
            EntryFactory(contest=contest)
            SubmissionFactory(owner=user)
            Follow.objects.create(user=user, project=ProjectFactory())
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(reverse("my-pages")).status_code == 200
        found.append(len(queries))

    assert found[0] == found[1] <= MOST


def test_my_projects_of_one_status(client):
    user = UserFactory()
    client.force_login(user)
    ProjectFactory(owner=user, title="Schools", status=Status.DRAFT)
    ProjectFactory(owner=user, title="Clinics", status=Status.PUBLISHED)

    html = client.get(
        reverse("stocktaking:my-projects"), {"status": "draft"}
    ).content.decode()

    assert ("Schools" in html, "Clinics" in html) == (True, False)
