"""The schedule drafts what is due, once, whoever asks and how often."""

import datetime

import pytest
import time_machine
from django.core import mail
from django.core.management import call_command
from django.db import IntegrityError, connections, transaction
from django.urls import reverse

from accounts.role.roles import Role
from common.mail.models import OutgoingMail
from reference.country.models import Region
from reports.management.commands.load_schedules import first_due
from reports.publication.models import Publication
from reports.schedule.models import Schedule, months_later
from reports.schedule.tasks import schedule
from tests.factories import UserFactory
from tests.reports.records import awarded_contest
from tests.reports.threads import at_once

pytestmark = pytest.mark.django_db
MAY = datetime.date(2026, 5, 4)


@pytest.fixture
def regions():
    """The six regions of ITU, and International."""
    codes = ("AFR", "AMS", "ARB", "ASP", "CIS", "EUR", "INTL")
    Region.objects.bulk_create(
        (Region(code=c, name=c) for c in codes), ignore_conflicts=True
    )
    return codes


def yearly(**fields):
    values = {"series": "global", "every_months": 12, "next_on": MAY} | fields
    return Schedule.objects.create(**values)


def drafts():
    return [
        (
            p.series,
            p.region_id,
            p.from_year,
            p.to_year,
            p.status,
            p.requested_by,
            p.version,
        )
        for p in Publication.objects.order_by("pk")
    ]


@time_machine.travel("2026-05-03 23:00")
def test_nothing_is_drafted_before_its_day():
    yearly()

    assert (schedule(), drafts()) == (0, [])


@time_machine.travel("2026-05-04 00:10")
def test_a_global_report_is_drafted_and_nobody_has_asked_for_it():
    row = yearly()

    assert schedule() == 1

    row.refresh_from_db()
    assert drafts() == [("global", None, None, 2026, "draft", None, 0)]
    assert row.next_on == datetime.date(2027, 5, 4)
    assert Publication.objects.get().title == "Global stocktaking report 2026"


@time_machine.travel("2026-05-04 12:00")
def test_each_region_and_international_has_its_report(regions):
    yearly(series="regional", every_region=True, every_months=24, years_covered=2)

    assert schedule() == 7

    assert drafts() == [("regional", c, 2025, 2026, "draft", None, 0) for c in regions]
    assert Schedule.objects.get().next_on == datetime.date(2028, 5, 4)


@time_machine.travel("2026-05-04 12:00")
def test_asking_twice_drafts_once(regions):
    yearly(series="regional", every_region=True)

    assert [schedule(), schedule()] == [7, 0]


@time_machine.travel("2026-05-04 12:00")
def test_a_date_that_is_set_back_drafts_nothing_twice():
    row = yearly()
    schedule()
    Schedule.objects.filter(pk=row.pk).update(next_on=MAY)

    assert schedule() == 0
    assert len(drafts()) == 1


@time_machine.travel("2030-01-01 12:00")
def test_dates_that_were_missed_are_not_made_up_for():
    yearly()

    assert schedule() == 1
    assert [draft[3] for draft in drafts()] == [2029]
    assert Schedule.objects.get().next_on == datetime.date(2030, 5, 4)


@time_machine.travel("2026-05-04 12:00")
def test_a_row_that_rests_drafts_nothing():
    yearly(is_active=False)

    assert schedule() == 0


@time_machine.travel("2026-05-04 12:00")
def test_the_secretariat_gets_one_mail_with_all_drafts(
    regions, django_capture_on_commit_callbacks
):
    person = UserFactory(role=Role.SECRETARIAT)
    UserFactory()
    yearly(series="regional", every_region=True)

    with django_capture_on_commit_callbacks(execute=True):
        schedule()

    (letter,) = mail.outbox
    assert (letter.to, letter.subject) == ([person.email], "7 reports are due")
    assert letter.body.count("/reports/") == 7


@time_machine.travel("2026-05-04 12:00")
def test_who_builds_a_draft_is_told_of_its_end():
    yearly()
    schedule()
    person = UserFactory(role=Role.SECRETARIAT)

    draft = Publication.objects.get().move("build", person)

    assert (draft.requested_by, draft.version) == (person, 1)


@pytest.mark.django_db(transaction=True)
def test_of_eight_beats_one_drafts():
    row = yearly()
    UserFactory(role=Role.SECRETARIAT)

    def follow(_number):
        try:
            return len(Schedule.follow(row.pk, MAY))
        finally:
            connections.close_all()

    assert sorted(at_once(follow, 8)) == [0] * 7 + [1]
    assert len(drafts()) == 1


def test_the_database_keeps_a_second_draft_out():
    row = yearly()
    fields = {"series": "global", "to_year": 2026, "due_on": MAY, "schedule": row}
    Publication.objects.create(**fields)

    with pytest.raises(IntegrityError), transaction.atomic():
        Publication.objects.create(**fields)


@pytest.mark.parametrize(
    "fields",
    [
        {"series": "regional"},
        {"series": "global", "every_region": True},
        {"series": "roadmap_state", "years_covered": 2},
        {"series": "success_stories", "years_covered": 2},
        {"series": "custom", "query": "q=solar"},
        {"series": "global", "query": "q=solar", "title": "Sun"},
    ],
)
def test_rows_that_make_no_sense_are_refused(fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        yearly(**fields)


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        ("2026-05-04", 12, "2027-05-04"),
        ("2026-12-28", 1, "2027-01-28"),
        ("2026-01-28", 120, "2036-01-28"),
    ],
)
def test_months_later(day, months, later):
    assert months_later(datetime.date.fromisoformat(day), months).isoformat() == later


def test_the_rhythm_that_ships_is_loaded_once():
    call_command("load_schedules")
    Schedule.objects.filter(series="global").update(every_months=6)
    call_command("load_schedules")

    rows = Schedule.objects.order_by("series").values_list(
        "series", "every_region", "every_months", "years_covered"
    )
    assert list(rows) == [("global", False, 6, None), ("regional", True, 24, 2)]
    assert "" not in Schedule.objects.values_list("source", flat=True)


@time_machine.travel("2026-11-28 10:00")
def test_a_new_site_drafts_nothing_unasked_on_its_first_day():
    call_command("load_schedules")

    assert (schedule(), drafts()) == (0, [])
    assert list(
        Schedule.objects.order_by("series").values_list("next_on", flat=True)
    ) == [
        datetime.date(2027, 5, 4),
        datetime.date(2028, 5, 4),
    ]


@pytest.mark.parametrize("now", ["2026-05-04", "2026-05-03", "2031-01-01"])
def test_the_first_draft_of_a_new_site_lies_ahead(now):
    with time_machine.travel(now):
        day = first_due(MAY, 12)

    assert (
        datetime.date.fromisoformat(now)
        < day
        <= months_later(max(MAY, datetime.date.fromisoformat(now)), 12)
    )


@time_machine.travel("2026-05-04 12:00")
def test_a_report_on_a_search_keeps_its_search_and_its_title():
    yearly(series="custom", title="Sun in Africa", query="q=solar&region=AFR")
    yearly(series="custom", title="Wind in Africa", query="q=wind&region=AFR")

    assert schedule() == 2

    assert list(Publication.objects.values_list("title", "query").order_by("pk")) == [
        ("Sun in Africa", "q=solar&region=AFR"),
        ("Wind in Africa", "q=wind&region=AFR"),
    ]
    Schedule.objects.update(next_on=MAY)
    Publication.objects.update(title="A better title")
    assert schedule() == 0


@time_machine.travel("2026-05-04 12:00")
def test_who_wrote_the_last_edition_writes_the_next(client):
    person, closed = UserFactory(), UserFactory(is_active=False)
    last = Publication.objects.create(series="global", to_year=2025).report
    for user in (person, closed):
        last.editorships.create(user=user)
    yearly()

    assert schedule() == 1

    report = Publication.objects.get(schedule__isnull=False).report
    assert report != last
    assert list(report.editors.all()) == [person]
    (letter,) = OutgoingMail.objects.filter(to=person.email)
    assert report.get_absolute_url() in letter.body
    client.force_login(person)
    page = client.get(report.get_absolute_url()).content.decode()
    assert "The date of the next edition" not in page
    assert report.next_on == datetime.date(2027, 5, 4)


@time_machine.travel("2026-05-04 12:00")
def test_success_stories_wait_for_winners_and_are_drafted_once():
    row = yearly(series="success_stories")

    assert schedule() == 0
    row.refresh_from_db()
    assert row.next_on == MAY

    contest = awarded_contest()
    assert [schedule(), schedule()] == [1, 0]

    publication = Publication.objects.get()
    assert publication.contest == contest
    assert publication.title == "WSIS Prizes 2019: success stories"
    row.refresh_from_db()
    assert row.next_on == datetime.date(2027, 5, 4)
    Schedule.objects.update(next_on=MAY)
    assert schedule() == 0


ROW = {
    "series": "custom",
    "title": "Sun in Africa",
    "query": "https://wsis.example/en/projects/?q=solar&sort=title",
    "language": "en",
    "every_months": 12,
    "next_on": "2027-05-04",
    "is_active": "on",
}


def test_the_admin_takes_the_address_of_a_search_and_the_page_tells_its_date(client):
    client.force_login(UserFactory(role=Role.ADMINISTRATOR))

    answer = client.post(reverse("admin:reports_schedule_add"), ROW)

    assert answer.status_code == 302
    assert Schedule.objects.get().query == "q=solar"
    page = client.get(reverse("reports:publications")).content.decode()
    part = page.split('id="next"')[1].split("</section>")[0]
    assert "Stocktaking report on a search · Sun in Africa" in part


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"query": ""}, "Enter a search, such as region=AFR&amp;year=2024."),
        ({"title": ""}, "Enter a title."),
        ({"query": "region=NOWHERE"}, "NOWHERE"),
        ({"query": "q=solar&utm_source=" + "ш" * 400}, "has at most 2000 characters"),
        (
            {"years_covered": "2"},
            "Only global, regional and WSIS+20 reports have years.",
        ),
        ({"series": "global"}, "A report on a search needs a title and the search"),
    ],
)
def test_the_admin_says_what_is_wrong_with_a_search(client, values, sentence):
    client.force_login(UserFactory(role=Role.ADMINISTRATOR))

    page = client.post(reverse("admin:reports_schedule_add"), ROW | values)

    assert sentence in page.content.decode()
    assert not Schedule.objects.exists()
