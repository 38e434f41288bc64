"""The first page of the staff: what waits, by the door that a clerk takes."""

import datetime
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from accounts.role.roles import Role
from common.dates.zones import geneva
from common.imports.models import ImportJob
from common.mail.models import OutgoingMail
from forum.consultation.workflow import SubmissionStatus
from prizes.entry.workflow import Status as PrizeStatus
from prizes.panel.decision import Assignment
from roadmap.milestone.models import Milestone
from stocktaking.base.workflow import Status
from stocktaking.message.models import Message
from stocktaking.organization.roles import OrganizationRole
from tests.factories import (
    MemberFactory,
    OrganizationFactory,
    ProjectFactory,
    UserFactory,
)
from tests.forum import records as forum
from tests.prizes.records import ContestFactory, EntryFactory, expert, set_phases
from tests.reports.records import from_source, requested
from tests.roadmap import records as roadmap
from tests.stocktaking.records import (
    attached,
    ownership_request_for,
    revision_of,
    text_of,
)

pytestmark = pytest.mark.django_db
ROW = re.compile(
    r'<li><a href="([^"]+)"><span class="number">([\d,]+)</span> ([^<]+)</a>'
)
LATE = datetime.timedelta(days=40)


def signed_in(role):
    client = Client()
    client.force_login(UserFactory(role=role))
    return client


def desk(client):
    return client.get(reverse("admin:index")).content.decode()


def rows(page):
    return {
        text.strip(): (url.replace("&amp;", "&"), int(number.replace(",", "")))
        for url, number, text in ROW.findall(page)
    }


def found_at(client, url):
    """How many rows the list behind a count holds."""
    context = client.get(url).context
    return context["cl"].result_count if "cl" in context else context["page"].count


@pytest.fixture
def work():
    """Some work of each kind, and beside it what waits for nobody."""
    ProjectFactory.create_batch(
        2, status=Status.SUBMITTED, submitted_at=timezone.now() - LATE
    )
    published = ProjectFactory()
    revision_of(published, status="submitted")
    ProjectFactory(status=Status.ON_HOLD, submitted_at=timezone.now())
    ProjectFactory(
        status=Status.APPROVED,
        submitted_at=timezone.now(),
        title="Villages of tomorrow",
        public_from=timezone.now() + datetime.timedelta(days=9),
    )
    text_of(published, "submitted")
    ownership_request_for(published)
    attached(published, "Evaluation", scan="held")
    for from_staff in (False, True, False):
        Message.objects.create(
            project=published, by=published.owner, from_staff=from_staff, text="When?"
        )
    answered = ProjectFactory()
    Message.objects.create(
        project=answered, by=answered.owner, from_staff=False, text="?"
    )
    Message.objects.create(
        project=answered, by=answered.owner, from_staff=True, text="!"
    )
    OrganizationFactory(confirmed_at=None)
    OrganizationRole.objects.create(
        member=MemberFactory(), organization=OrganizationFactory(), title="Director"
    )
    _of_the_upper_apps()


def _of_the_upper_apps():
    contest = ContestFactory()
    set_phases(contest, "nomination")
    EntryFactory.create_batch(
        3, contest=contest, status=PrizeStatus.SUBMITTED, submitted_at=timezone.now()
    )
    from_source(contest, "submitted")
    entry = EntryFactory(contest=contest, status=PrizeStatus.ACCEPTED)
    Assignment.objects.create(entry=entry, expert=expert(entry.category))
    phase = forum.PhaseFactory()
    forum.SubmissionFactory(
        edition=phase.edition,
        status=SubmissionStatus.SUBMITTED,
        submitted_at=timezone.now(),
    )
    forum.CapacityFactory(edition=phase.edition)
    forum.registered(phase.edition)
    forum.OutcomeFactory(published_at=None)
    roadmap.MilestoneFactory(start="2024-02")
    roadmap.MilestoneFactory(start="2024-02", progress=Milestone.Progress.DONE)
    roadmap.state(roadmap.MilestoneFactory(start="2040"), roadmap.focal_point("ITU"))
    requested()
    ImportJob.objects.create(
        kind="projects",
        by=UserFactory(),
        name="projects-of-2026.csv",
        state=ImportJob.State.RUNNING,
        percent=40,
    )
    OutgoingMail.objects.create(to="a@b.example", subject="S", body="B", tries=3)
    OutgoingMail.objects.create(to="c@d.example", subject="S", body="B")


def test_entries_of_each_contest_are_screened_in_their_own_list():
    contests = [ContestFactory(now="nomination") for _n in range(2)]
    for number, contest in enumerate(contests, start=1):
        EntryFactory.create_batch(number, contest=contest, status=PrizeStatus.SUBMITTED)
    ContestFactory(now="nomination")
    client = signed_in(Role.ADMINISTRATOR)

    shown = rows(desk(client))

    for number, contest in enumerate(contests, start=1):
        address = reverse("admin:prizes_contest_screening", args=[contest.pk])
        assert shown[f"Prize entries to screen: {contest.title}"] == (address, number)
        assert found_at(client, address) == number
    assert len([text for text in shown if "entries to screen" in text]) == 2


def test_each_count_of_the_desk_leads_to_a_list_of_exactly_those(work):
    client = signed_in(Role.ADMINISTRATOR)
    shown = rows(desk(client))

    lists = {text: found_at(client, url) for text, (url, _number) in shown.items()}

    assert lists == {text: number for text, (_url, number) in shown.items()}
    assert {
        text: shown[text][1]
        for text in ("Projects submitted", "Prize entries to screen")
    } == {
        "Projects submitted": 2,
        "Prize entries to screen": 3,
    }
    assert set(shown) >= {
        "Revisions of published projects",
        "On hold",
        "Approved, public from a later date",
        "Texts in other languages",
        "Ownership requests",
        "Messages without an answer",
        "Roles in organizations to verify",
        "Organizations to confirm",
        "Files held until the virus check answers",
        "Reviews that experts have not submitted",
        "Proposals and inputs",
        "Registrations to approve",
        "Outcome reports to publish",
        "Milestones that are past their date and not done",
        "Positions in draft at an agency",
        "E-mails that could not be delivered",
    }
    assert shown["Messages without an answer"][1] == 1
    assert shown["E-mails that could not be delivered"][1] == 1


def test_the_oldest_date_stands_beside_the_count(work):
    page = desk(signed_in(Role.SECRETARIAT))

    oldest = timezone.localtime(timezone.now() - LATE, geneva())
    row = page[page.index("Projects submitted") :][:200]
    assert f"oldest: {oldest.day} {oldest:%B %Y}" in row


def test_menu_and_my_pages_lead_to_the_desk():
    client = signed_in(Role.SECRETARIAT)
    home = client.get("/en/").content.decode()
    mine = client.get(reverse("my-pages")).content.decode()

    assert f'<a href="{reverse("admin:index")}">Secretariat</a>' in home
    assert f'<a href="{reverse("admin:index")}">Open the desk</a>' in mine
    assert "<h1>Desk</h1>" in desk(client)


def test_all_tables_are_behind_one_link():
    client = signed_in(Role.SECRETARIAT)
    assert f'<a href="{reverse("admin:tables")}">All tables</a>' in desk(client)

    tables = client.get(reverse("admin:tables")).content.decode()

    assert reverse("admin:roadmap_paragraph_changelist") in tables
    assert reverse("admin:accounts_user_changelist") not in tables


def test_what_the_secretariat_may_not_open_is_not_on_its_desk(work):
    officer, administrator = (
        desk(signed_in(Role.SECRETARIAT)),
        desk(signed_in(Role.ADMINISTRATOR)),
    )

    assert "E-mails that could not be delivered" in administrator
    assert "E-mails that could not be delivered" not in officer
    assert reverse("admin:accounts_user_changelist") not in officer


def test_every_link_of_the_desk_opens(work):
    client = signed_in(Role.SECRETARIAT)
    page = desk(client)
    content = page[page.index("<h1>") :]
    links = {
        link.replace("&amp;", "&") for link in re.findall(r'href="(/[^"]+)"', content)
    }

    closed = {link: client.get(link).status_code for link in links}

    assert {link: status for link, status in closed.items() if status != 200} == {}
    assert len(links) > 30


def test_dates_of_four_weeks_stand_in_order_with_the_hour_of_their_place():
    contest = ContestFactory(time_zone="Asia/Kathmandu")
    closes = timezone.now() + datetime.timedelta(days=3)
    contest.phases.filter(kind="voting").update(closes_at=closes)
    contest.phases.exclude(kind="voting").update(opens_at=None, closes_at=None)
    today = timezone.now().date()
    edition = forum.EditionFactory(
        slug="2031",
        first_year=2031,
        last_year=2031,
        time_zone="America/St_Johns",
        registration_opens_at=timezone.now() + datetime.timedelta(days=5),
    )
    forum.PhaseFactory(edition=edition, closes_on=today + datetime.timedelta(days=10))
    roadmap.MeetingFactory(
        title="Stocktaking day", start=str(today + datetime.timedelta(days=20))
    )
    roadmap.MeetingFactory(
        title="Far away", start=str(today + datetime.timedelta(days=40))
    )

    page = desk(signed_in(Role.SECRETARIAT))

    local = closes.astimezone(contest.zone)
    begin = edition.registration_opens_at.astimezone(edition.zone)
    expected = [
        "Public voting ends",
        "Registration opens",
        "last day",
        "Stocktaking day",
    ]
    places = [page.index(text) for text in expected]
    assert places == sorted(places)
    assert f"{local:%H:%M} (time of Kathmandu)" in page
    assert f"{begin:%H:%M} (time of St Johns)" in page
    assert "Far away" not in page


def test_running_builds_and_imports_are_on_the_desk(work):
    page = desk(signed_in(Role.SECRETARIAT))

    running = page[page.index('id="running"') :]
    assert "Import of projects-of-2026.csv" in running
    assert "Running, 40 %" in running
    assert "Global stocktaking report" in running


def test_the_desk_asks_as_many_questions_for_much_work_as_for_none(work):
    client = signed_in(Role.SECRETARIAT)
    desk(client)
    with CaptureQueriesContext(
        connection,
    ) as few:
        desk(client)
    ProjectFactory.create_batch(9, status=Status.SUBMITTED, submitted_at=timezone.now())
    for _ in range(9):
        ownership_request_for()
        requested()
        forum.SubmissionFactory(
            status=SubmissionStatus.SUBMITTED, submitted_at=timezone.now()
        )
        roadmap.MeetingFactory(
            start=str(timezone.now().date() + datetime.timedelta(days=2))
        )
    with CaptureQueriesContext(connection) as many:
        desk(client)

    assert len(many) == len(few)
    assert len(few) < 40


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_the_desk_opens_in_other_languages(work, language):
    client = signed_in(Role.SECRETARIAT)
    with translation.override(language):
        response = client.get(reverse("admin:index"))

    page = response.content.decode()
    assert response.status_code == 200
    assert len(rows(page)) > 10


def test_experts_and_agencies_read_what_waits_for_them_on_their_pages():
    contest = ContestFactory()
    set_phases(contest, "nomination")
    entry = EntryFactory(contest=contest, status=PrizeStatus.ACCEPTED)
    judge = expert(entry.category)
    Assignment.objects.create(entry=entry, expert=judge)
    point = roadmap.focal_point("ITU")
    roadmap.state(roadmap.MilestoneFactory(), point)
    pages = {}
    for person in (judge, point, UserFactory()):
        client = Client()
        client.force_login(person)
        pages[person] = client.get(reverse("my-pages")).content.decode()
        assert client.get(reverse("admin:index")).status_code == 403

    assert f"Entries to review: {contest}" in pages[judge]
    assert "Positions in draft at my agency" in pages[point]
    assert [("Waiting for you" in page) for page in pages.values()] == [
        True,
        True,
        False,
    ]


def test_moderation_desk_lists_what_is_approved_and_waits_for_its_date(work):
    page = signed_in(Role.SECRETARIAT).get(reverse("admin:stocktaking_project_desk"))

    content = page.content.decode()
    assert "Approved, public from a later date" in content
    assert "Villages of tomorrow" in content


def test_people_are_found_by_name_or_address_and_nothing_else_is_told():
    client = signed_in(Role.SECRETARIAT)
    awa = UserFactory(first_name="Awa", last_name="Ndiaye", email="awa@un.example")
    UserFactory(
        first_name="Awa", last_name="Gone", email="gone@un.example", is_active=False
    )
    place = {"app_label": "prizes", "model_name": "panelmember", "field_name": "expert"}

    def found(term):
        return client.get(reverse("admin:autocomplete"), place | {"term": term}).json()[
            "results"
        ]

    assert found("ndia") == [{"id": str(awa.pk), "text": "Awa Ndiaye (awa@un.example)"}]
    assert found("Awa Ndiaye") == found("awa@un") == found("ndia")
    assert found("a") == found("") == found("gone@un") == []


def test_members_and_experts_cannot_look_anybody_up():
    place = {
        "app_label": "prizes",
        "model_name": "panelmember",
        "field_name": "expert",
        "term": "amina",
    }
    statuses = {
        role: signed_in(role).get(reverse("admin:autocomplete"), place).status_code
        for role in (None, Role.EXPERT, Role.AGENCY)
    }
    stranger = Client().get(reverse("admin:autocomplete"), place).status_code

    assert set(statuses.values()) == {403}
    assert stranger == 302


def test_secretariat_looks_up_people_only_for_records_that_it_writes():
    """Nobody leafs through accounts by naming a field of a table that is closed to them."""
    place = {
        "app_label": "accounts",
        "model_name": "apikey",
        "field_name": "user",
        "term": "amina",
    }

    answer = signed_in(Role.SECRETARIAT).get(reverse("admin:autocomplete"), place)

    assert answer.status_code == 403
