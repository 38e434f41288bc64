"""The figures of a contest: for whom when, exact for staff, small numbers put together."""

import csv
import datetime
import io
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.role.roles import Role
from prizes.ballot.models import cast
from prizes.contest.models import Contest
from prizes.entry.workflow import Status
from prizes.result.models import Result
from prizes.statistics.figures import OTHER, Row, together
from reference.names import vocabulary
from tests.factories import CountryFactory, UserFactory
from tests.prizes.records import ContestFactory, EntryFactory, set_phases, voter

pytestmark = pytest.mark.django_db
HOUR = datetime.timedelta(hours=1)


@pytest.fixture(autouse=True)
def no_second_factor(settings):
    settings.REQUIRE_STAFF_MFA = False


@pytest.fixture
def contest(db):
    return ContestFactory(now="nomination", title="WSIS Prizes 2044", slug="2044")


@pytest.fixture
def staff(db):
    browser = Client()
    browser.force_login(UserFactory(role=Role.SECRETARIAT))
    return browser


def entered(contest, number, country, line="C4", status=Status.ACCEPTED):
    return [
        EntryFactory(
            contest=contest,
            line=line,
            status=status,
            country=country,
            submitted_at=timezone.now(),
        )
        for _n in range(number)
    ]


def counted(contest, embargo=False):
    set_phases(contest, "none")
    at = timezone.now() + (HOUR if embargo else -HOUR)
    Contest.objects.filter(pk=contest.pk).update(
        counted_at=timezone.now(), champions_at=at, winners_at=at
    )


def page(client, name="statistics"):
    return client.get(reverse(f"prizes:{name}", args=["2044"]))


def rows_of(client, table):
    text = page(client, "statistics-csv").content.decode("utf-8-sig")
    found = csv.DictReader(io.StringIO(text))
    return {row["label"]: int(row["count"]) for row in found if row["table"] == table}


def test_nobody_reads_them_before_the_champions_are_public_but_staff(
    client, staff, contest
):
    entered(contest, 2, CountryFactory(code="KE", name_en="Kenya"))

    for name in ("statistics", "statistics-csv"):
        assert page(client, name).status_code == 404
    assert rows_of(staff, "entries_by_country") == {"Kenya": 2}
    assert "Only the secretariat reads this page" in page(staff).content.decode()
    counted(contest, embargo=True)
    assert page(client).status_code == 404
    address = reverse("api:prize-contest-statistics", args=["2044"])
    assert client.get(address).json()["tables"] == []

    counted(contest)
    assert page(client).status_code == 200
    assert client.get(address).status_code == 200


def test_while_entries_are_sealed_staff_read_nothing(staff, contest):
    entered(contest, 2, CountryFactory(code="KE"))
    set_phases(contest, "submission")

    assert page(staff).status_code == 404


def test_drafts_and_what_was_withdrawn_is_not_counted(staff, contest):
    kenya = CountryFactory(code="KE", name_en="Kenya")
    entered(contest, 1, kenya)
    entered(contest, 2, kenya, status=Status.DRAFT)
    entered(contest, 3, kenya, status=Status.WITHDRAWN)
    entered(contest, 4, kenya, status=Status.REFUSED)

    assert rows_of(staff, "entries_by_country") == {"Kenya": 5}


def test_small_numbers_are_put_together_for_the_public(client, staff, contest):
    for code, name, number in (
        ("KE", "Kenya", 8),
        ("PE", "Peru", 6),
        ("TV", "Tuvalu", 1),
    ):
        entered(contest, number, CountryFactory(code=code, name_en=name))
    counted(contest)

    public = rows_of(client, "entries_by_country")
    others = "Others, too few to be shown one by one"
    assert public == {"Kenya": 8, others: 7}
    assert "Tuvalu" not in page(client).content.decode()
    assert rows_of(staff, "entries_by_country")["Tuvalu"] == 1
    api = client.get(reverse("api:prize-contest-statistics", args=["2044"])).json()
    (table,) = [one for one in api["tables"] if one["name"] == "entries_by_country"]
    assert [(row["code"], row["count"]) for row in table["rows"]] == [
        ("KE", 8),
        (OTHER, 7),
    ]


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ([9, 8], [9, 8]),
        ([9, 8, 1], [9, 9]),
        ([9, 4, 4], [9, 8]),
        ([9, 2, 2], [13]),
        ([3, 1], []),
        ([], []),
    ],
)
def test_no_row_below_the_limit_can_be_told_from_the_others(counts, shown):
    rows = [Row(str(n), str(n), count) for n, count in enumerate(counts)]

    assert [row.count for row in together(rows, 5)] == shown


def test_votes_are_counted_by_category_and_by_the_day_of_the_contest(
    staff, client, contest
):
    Contest.objects.filter(pk=contest.pk).update(time_zone="Pacific/Auckland")
    set_phases(contest, "voting")
    contest.refresh_from_db()
    entry = EntryFactory(contest=contest, line="C4")
    people = [voter() for _n in range(10)]
    for person in people:
        cast(entry, person)
    assert rows_of(staff, "votes_by_day") == {}  # nothing before the count
    Result.objects.create(
        category=entry.category,
        entry=entry,
        rank=1,
        votes=10,
        champion=True,
        frozen_at=timezone.now(),
    )
    counted(contest)

    days = rows_of(client, "votes_by_day")
    today = timezone.now().astimezone(ZoneInfo("Pacific/Auckland")).date()
    assert list(days.values()) == [10]
    assert str(today.year) in next(iter(days))
    (by_category,) = rows_of(client, "votes_by_category").items()
    assert by_category[0].startswith("C4 ")
    assert by_category[1] == 10


def test_the_page_is_light_and_asks_little(
    client, contest, django_assert_max_num_queries
):
    for number in range(12):
        entered(contest, 1, CountryFactory(), line=f"C{1 + number % 6}")
    counted(contest)
    client.get("/en/")
    page(client)

    with django_assert_max_num_queries(15):
        answer = page(client)
    assert len(answer.content) < 60_000


def test_a_name_that_looks_like_a_formula_is_text_in_the_sheet(
    staff, contest, monkeypatch
):
    monkeypatch.setattr(vocabulary, "labels", lambda _kind: {"KE": "=SUM(1)"})
    entered(contest, 1, CountryFactory(code="KE"))

    text = page(staff, "statistics-csv").content.decode("utf-8-sig")
    assert ",KE,'=SUM(1),1" in text
