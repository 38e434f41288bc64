"""Who is asked for a report, when, how often; and the list of what is missing."""

import datetime
import io
import re
from html import unescape

import openpyxl
import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.notification.models import MailChoice
from common.mail.models import OutgoingMail
from forum.outcome.tasks import remind_of_reports
from tests.factories import UserFactory
from tests.forum.records import (
    DAY,
    OutcomeFactory,
    PersonFactory,
    ReportCallFactory,
    RoomFactory,
    SessionTypeFactory,
    at,
    officer,
    released,
)

pytestmark = pytest.mark.django_db
AFTER = at(8, day=DAY + datetime.timedelta(days=1))
SOON = at(8, day=DAY + datetime.timedelta(days=8))
LATE = at(8, day=DAY + datetime.timedelta(days=10))


@pytest.fixture(autouse=True)
def no_second_factor(settings):
    settings.REQUIRE_STAFF_MFA = False


def mails_at(*moments):
    """The mails that are written when the task runs twice at each of these times."""
    OutgoingMail.objects.all().delete()
    for moment in moments:
        with time_machine.travel(moment):
            remind_of_reports()
            remind_of_reports()
    return [(mail.to, mail.subject) for mail in OutgoingMail.objects.order_by("pk")]


def test_an_organizer_is_asked_three_times_and_never_twice_for_the_same():
    owner = UserFactory(email="a@example.org")
    released(owner=owner)
    ReportCallFactory()

    mails = mails_at(at(10, 30), at(12), AFTER, SOON, LATE, LATE)

    assert mails == [
        ("a@example.org", "Forum 2027: please write the report of your session"),
        ("a@example.org", "Forum 2027: please write the report of your session"),
        ("a@example.org", "Forum 2027: the report of your session was due"),
    ]


def test_one_mail_names_all_sessions_with_the_due_date_by_the_clock_of_the_forum():
    owner = UserFactory(language="en", time_zone="Asia/Tokyo")
    for hour, title in ((9, "Masts"), (11, "كابلات")):
        released(owner=owner, title=title, start=at(hour), end=at(hour + 1))
    ReportCallFactory(guidance="Two pages at most.")

    ((_to, subject),) = mails_at(AFTER)

    body = OutgoingMail.objects.get().body
    assert subject == "Forum 2027: please write the reports of 2 of your sessions"
    assert ("Masts" in body, "كابلات" in body) == (True, True)
    assert "Reports are due on 14 July 2027, 18:00 (Geneva time)." in body
    assert "Two pages at most." in body
    assert len(re.findall(r"/outcome/edit/", body)) == 2


def test_nobody_is_asked_who_has_handed_in_or_switched_it_off_or_whose_type_owes_none():
    done, silent, lunch = (UserFactory() for _one in range(3))
    OutcomeFactory(session=released(owner=done), published_at=None)
    MailChoice.objects.create(user=silent, kind="session_reports", delivery="off")
    released(owner=silent, start=at(12), end=at(13))
    other = SessionTypeFactory(code="LUNCH", name="Lunch")
    released(owner=lunch, type=other, start=at(14), end=at(15))
    ReportCallFactory().session_types.add(SessionTypeFactory())

    assert mails_at(AFTER, SOON, LATE) == []


def test_rapporteurs_are_asked_and_a_draft_alone_is_not_enough():
    session, rapporteur = released(), UserFactory(email="r@example.org")
    session.participations.create(
        role="rapporteur", person=PersonFactory(user=rapporteur)
    )
    OutcomeFactory(session=session, published_at=None, handed_in_at=None)
    ReportCallFactory()

    assert [to for to, _subject in mails_at(AFTER)] == ["r@example.org"]


def test_without_a_call_or_long_after_it_nobody_is_asked():
    session = released(owner=UserFactory())
    without = mails_at(AFTER)
    ReportCallFactory(edition=session.edition)

    assert without == mails_at(at(8, day=DAY + datetime.timedelta(days=30))) == []


def listed(client, query=""):
    url = reverse("forum:reports", args=["2027"]) + query
    html = client.get(url).content.decode()
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def test_staff_see_what_is_missing_as_a_list_and_as_a_sheet_without_formulas():
    desk = Client()
    desk.force_login(officer())
    owner = UserFactory(email="o@example.org")
    released(title="=cmd|' /C calc'!A0", owner=owner, start=at(9), end=at(10))
    OutcomeFactory(session=released(title="Told", start=at(11), end=at(12)))
    ReportCallFactory()
    mails_at(AFTER)

    page = listed(desk, "?state=missing")
    sheet_url = reverse("forum:reports-sheet", args=["2027"]) + "?state=missing"
    content = b"".join(desk.get(sheet_url))
    book = openpyxl.load_workbook(io.BytesIO(content))
    head, row = book.active.iter_rows(values_only=True)

    assert "Not begun (1)" in page
    assert "Published (1)" in page
    assert ("=cmd" in page, "Told" in page) == (True, False)
    assert row[1] == "'=cmd|' /C calc'!A0"
    assert row[2:] == (
        "5 July 2027, 09:00–10:00",
        "ITU",
        "o@example.org",
        "Not begun",
        1,
    )
    assert head[1] == "Session"


def test_the_list_asks_the_same_for_one_session_and_for_ten(
    client, django_assert_max_num_queries
):
    client.force_login(officer())
    listed(client)  # fills what the process keeps
    counts = []
    for rooms in (1, 9):
        for number in range(rooms):
            released(room=RoomFactory(name=f"{rooms}-{number}"))
        with django_assert_max_num_queries(30) as asked:
            listed(client)
        counts.append(len(asked))

    assert counts[0] == counts[1]


def test_the_list_of_an_edition_without_sessions_says_so(client):
    ReportCallFactory()
    client.force_login(officer())

    assert "No session of the programme is in this state." in listed(client)


def test_staff_call_for_reports_by_the_clock_of_the_edition(client):
    session = released()
    session.edition.time_zone = "Asia/Tokyo"
    session.edition.save()
    client.force_login(officer())

    answer = client.post(
        reverse("admin:forum_reportcall_add"),
        {
            "edition": session.edition_id,
            "due_at_0": "2027-07-12",
            "due_at_1": "18:00",
            "asked": ["challenges", "numbers"],
            "required": ["numbers"],
            "guidance": "",
        },
    )

    assert answer.status_code == 302
    call = session.edition.report_call
    assert call.due_at == datetime.datetime(2027, 7, 12, 9, tzinfo=datetime.UTC)
    assert "12 July 2027, 18:00" in listed(client)
