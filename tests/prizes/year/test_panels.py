"""The control room: how far each panel and each expert is, the missing reviews, reminders."""

import csv
import datetime
import io

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.role.roles import Role
from common.mail.models import OutgoingMail
from prizes.entry.workflow import Status
from prizes.panel.assigning import remind
from prizes.panel.decision import Assignment
from prizes.panel.models import PanelMember, Review
from tests.factories import UserFactory
from tests.prizes.records import ContestFactory, EntryFactory, expert

pytestmark = pytest.mark.django_db


@pytest.fixture
def contest(db):
    return ContestFactory(now="nomination", title="WSIS Prizes 2044", slug="2044")


@pytest.fixture(autouse=True)
def officer(client, settings):
    settings.REQUIRE_STAFF_MFA = False
    person = UserFactory(role=Role.SECRETARIAT)
    client.force_login(person)
    return person


def assigned(contest, *experts, title="Health kiosks", line="C7-EGOV"):
    entry = EntryFactory(
        contest=contest, status=Status.ACCEPTED, line=line, title=title
    )
    for person in experts:
        Assignment.objects.create(entry=entry, expert=person)
    return entry


def page_of(contest, name="panels", *more):
    return reverse(f"admin:prizes_contest_{name}", args=[contest.pk, *more])


def egov(contest):
    return contest.categories.get(action_line="C7-EGOV")


def test_panels_and_experts_with_what_is_submitted_and_missing(client, contest):
    one, two = expert(egov(contest), chair=True), expert(egov(contest))
    first = assigned(contest, one, two)
    assigned(contest, one)
    Review.objects.create(entry=first, reviewer=one, state="done")
    Review.objects.create(entry=first, reviewer=two, state="draft")

    context = client.get(page_of(contest)).context

    panel = context["panels"][0]
    assert (panel.chair, panel.experts, panel.entries) == (one, 2, 2)
    assert (panel.expected, panel.handed_in, panel.missing) == (3, 1, 2)
    assert panel.short == 2  # three reviews of each entry are wanted
    people = {
        row.name: (row.lines, row.expected, row.missing) for row in context["experts"]
    }
    assert people == {str(one): ("C7-EGOV", 2, 1), str(two): ("C7-EGOV", 1, 1)}


def test_an_abstention_is_not_missing(client, contest):
    person = expert(egov(contest))
    Review.objects.create(
        entry=assigned(contest, person), reviewer=person, state="abstained"
    )

    assert client.get(page_of(contest)).context["panels"][0].missing == 0


def test_the_sheet_names_whose_review_of_which_entry_is_missing(client, contest):
    one, two = expert(egov(contest)), expert(egov(contest))
    entry = assigned(contest, one, two, title="=SUM(1)")
    Review.objects.create(entry=entry, reviewer=one, state="done")
    Review.objects.create(entry=entry, reviewer=two, state="draft")
    at = datetime.datetime(2044, 7, 1, 22, 30, tzinfo=datetime.UTC)
    Assignment.objects.update(at=at)

    text = client.get(page_of(contest, "missing", "csv")).content.decode("utf-8-sig")
    book = client.get(page_of(contest, "missing", "xlsx")).content

    head, row = csv.reader(io.StringIO(text))
    assert head[5] == "Assigned at (Geneva time)"
    assert row == [
        "C7-EGOV",
        str(entry.pk),
        "'=SUM(1)",
        two.get_full_name(),
        two.email,
        "2044-07-02 00:30",
        "1",
    ]
    cells = [cell.value for cell in openpyxl.load_workbook(io.BytesIO(book)).active[2]]
    assert cells[:2] == ["C7-EGOV", entry.pk]
    assert client.get(page_of(contest, "missing", "pdf")).status_code == 404


def test_no_officer_sees_who_reviews_their_own_entry(client, contest, officer):
    person = expert(egov(contest))
    own = assigned(contest, person, title="My own kiosk")
    own.owner = officer
    own.save()

    page = client.get(page_of(contest))
    sheet = client.get(page_of(contest, "missing", "csv")).content.decode()

    assert page.context["panels"][0].entries == 0
    assert [row.expected for row in page.context["experts"]] == [0]
    assert "My own kiosk" not in sheet


def test_one_reminder_for_all_panels_of_a_person(client, contest):
    person, done = expert(egov(contest), language="es"), expert(egov(contest))
    PanelMember.objects.create(
        panel=expert(contest.categories.get(action_line="C4")).panel_seats.get().panel,
        expert=person,
    )
    assigned(contest, person)
    assigned(contest, person, line="C4")
    Review.objects.create(entry=assigned(contest, done), reviewer=done, state="done")

    told = client.post(page_of(contest), {"remind": "1"}, follow=True)

    mail = OutgoingMail.objects.get()
    assert mail.to == person.email
    assert "2 de las candidaturas" in mail.body
    assert "/es/prizes/2044/panels/" in mail.body
    assert "1 expert is reminded by e-mail." in told.content.decode()


def test_nobody_is_reminded_twice_in_three_days(client, contest):
    person = expert(egov(contest))
    assigned(contest, person)
    client.post(page_of(contest), {"expert": person.pk})

    told = client.post(page_of(contest), {"remind": "1"}, follow=True)
    long_ago = timezone.now() - datetime.timedelta(days=3, minutes=1)
    PanelMember.objects.filter(expert=person).update(reminded_at=long_ago)

    assert "Nobody is reminded" in told.content.decode()
    assert OutgoingMail.objects.count() == 1
    assert remind(contest) == 1


@pytest.mark.parametrize("typed", ["", "x", "999999999999999999999", "-1"])
def test_an_unknown_expert_reminds_nobody(client, contest, typed):
    assigned(contest, expert(egov(contest)))

    told = client.post(page_of(contest), {"expert": typed}, follow=True)

    assert "Nobody is reminded" in told.content.decode()
    assert not OutgoingMail.objects.exists()


def test_closed_accounts_and_contests_whose_experts_are_done_are_left_alone(contest):
    gone = expert(egov(contest))
    assigned(contest, gone)
    gone.is_active = False
    gone.save()
    later = ContestFactory(now="voting")
    assigned(later, expert(egov(later)))

    assert (remind(contest), remind(later)) == (0, 0)


def test_entries_of_all_panels_are_assigned_by_one_button(client, contest):
    for _n in range(3):
        expert(egov(contest))
    other = contest.categories.get(action_line="C4")
    expert(other)
    entry = assigned(contest)
    assigned(contest, line="C4")

    told = client.post(page_of(contest), {"assign": "1"}, follow=True)

    assert entry.assignments.count() == 3
    assert "Assignments made: 4; taken back: 0; entries without enough experts: 1." in (
        told.content.decode()
    )


def test_the_room_asks_as_often_for_ten_entries_as_for_one(
    client, contest, django_assert_num_queries, django_assert_max_num_queries
):
    person = expert(egov(contest))
    assigned(contest, person)
    client.get(page_of(contest))
    with django_assert_max_num_queries(15) as first:
        client.get(page_of(contest))
    for _n in range(9):
        assigned(contest, expert(egov(contest)))
    expert(contest.categories.get(action_line="C4"))

    with django_assert_num_queries(len(first)):
        client.get(page_of(contest))


def test_without_panels_the_room_says_so(client, contest):
    page = client.get(page_of(contest)).content.decode()

    assert "There are no panels yet." in page
    assert "There are no experts yet." in page
