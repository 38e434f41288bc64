"""Every page of the prizes keeps to its budget of queries and bytes, however much there is."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.role.roles import Role
from prizes.ballot.models import cast
from prizes.contest.models import Contest
from prizes.entry.models import Entry
from prizes.entry.workflow import Status
from tests.factories import ProjectFactory, UserFactory
from tests.prizes.records import ContestFactory, EntryFactory, expert, set_phases
from tests.test_look import weight

pytestmark = pytest.mark.django_db
MOST = 15
KB = 1024
LINES = ("C1", "C4", "C7-EGOV")


def world(rows):
    """A contest with so many nominees in each of three categories, and a voter who has voted."""
    contest = ContestFactory(officials_barred=False)
    entries = [
        EntryFactory(contest=contest, line=line) for line in LINES for _n in range(rows)
    ]
    user = expert(entries[-1].category, chair=True)
    for entry in entries[::rows]:
        cast(entry, user)
    for _n in range(rows):
        EntryFactory(contest=contest, owner=user, status=Status.DRAFT)
    return contest, entries[-1], user


def addresses(contest, entry):
    named = {
        "contests": [],
        "my-entries": [],
        "contest": [contest.slug],
        "results": [contest.slug],
        "ballot": [contest.slug],
        "my-votes": [contest.slug],
        "enter": [contest.slug],
        "panels": [contest.slug],
        "panel": [contest.slug, "C7-EGOV"],
        "decision": [contest.slug, "C7-EGOV"],
        "category": [contest.slug, "C7-EGOV"],
        "compare": [contest.slug, "C7-EGOV"],
        "verify": [contest.slug],
        "ballot-category": [contest.slug, "C7-EGOV"],
        "nominee": [contest.slug, entry.pk],
        "review": [contest.slug, entry.pk],
        "feed": [],
    }
    return {name: reverse(f"prizes:{name}", args=rest) for name, rest in named.items()}


def counts(client, contest, entry):
    found = {}
    for name, address in addresses(contest, entry).items():
        client.get(address)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert client.get(address).status_code == 200
        found[name] = len(asked)
    return found


def test_pages_ask_the_same_few_questions_however_much_there_is(client):
    seen = []
    for rows in (1, 10):
        contest, entry, user = world(rows)
        client.force_login(user)
        seen.append(counts(client, contest, entry))

    assert {n: q for n, q in seen[1].items() if q > MOST} == {}
    assert seen[0] == seen[1]


@pytest.mark.parametrize(
    "name", ["contests", "contest", "category", "results", "nominee"]
)
def test_pages_are_light(client, name):
    call_command("load_contests", verbosity=0)
    contest, entry, _user = world(20)

    html = client.get(addresses(contest, entry)[name]).content

    assert weight(html) <= 14 * KB


def test_review_after_the_close_is_refused(client):
    contest = ContestFactory()
    entry = EntryFactory(contest=contest)
    client.force_login(expert(entry.category))

    page = client.post(
        reverse("prizes:review", args=[contest.slug, entry.pk]),
        {"abstain": "1", "comment": "Late"},
    )

    assert (page.status_code, "Late" in page.content.decode()) == (409, True)


def test_an_agency_may_chair_a_panel(client):
    contest = ContestFactory()
    set_phases(contest, "nomination")
    entry = EntryFactory(contest=contest, status=Status.ACCEPTED)
    chair = expert(entry.category, chair=True)
    chair.groups.clear()
    chair.grant(Role.AGENCY)
    client.force_login(chair)

    client.post(
        reverse("prizes:entry-move", args=[contest.slug, entry.pk]),
        {"move": "nominate"},
    )

    entry.refresh_from_db()
    assert entry.status == Status.NOMINATED


def test_demonstration_says_so_and_is_made_once(client, settings):
    settings.DEMO = False
    with pytest.raises(CommandError):
        call_command("demo_contest", verbosity=0)
    settings.DEMO = True
    UserFactory(email="expert@demo.example", role=Role.EXPERT)
    ProjectFactory(title="Digital villages")

    call_command("demo_contest")
    call_command("demo_contest")

    contest = Contest.objects.get()
    assert (contest.is_demonstration, Entry.objects.count()) == (True, 1)
    assert list(Contest.objects.real()) == []
    for address in (contest.get_absolute_url(), reverse("prizes:contests")):
        assert "Demonstration." in client.get(address).content.decode()
    assert "demonstration" not in client.get(reverse("prizes:feed")).content.decode()
