"""Those who wait: their place and date, reminders, the conversation, the mark of the review."""

from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from accounts.role.roles import Role
from common.dates.zones import geneva
from common.mail.models import OutgoingMail
from stocktaking.base.workflow import Status
from stocktaking.message.models import Message
from stocktaking.project.models import Project
from stocktaking.reminder.models import Reminder
from stocktaking.reminder.tasks import remind_of_returned, remind_staff
from stocktaking.review.models import Reason, ReasonText
from stocktaking.submission.duration import expected_answer
from tests.factories import ProjectFactory, UserFactory

pytestmark = pytest.mark.django_db


def returned(days, **fields):
    project = ProjectFactory(status=Status.SUBMITTED, **fields)
    project.move("send_back", UserFactory(role=Role.SECRETARIAT), "Name the partners.")
    Project.objects.filter(pk=project.pk).update(
        returned_at=timezone.now() - timedelta(days=days)
    )
    OutgoingMail.objects.all().delete()
    return project


@pytest.mark.parametrize(
    ("days", "mails"), [(6, 0), (7, 1), (20, 1), (21, 1), (400, 1)]
)
def test_the_first_look_at_a_returned_project_sends_one_reminder_however_late_it_is(
    days, mails
):
    returned(days)

    assert (remind_of_returned(), remind_of_returned()) == (mails, 0)
    assert OutgoingMail.objects.count() == Reminder.objects.count() == mails


def test_the_owner_of_a_returned_project_is_reminded_after_one_and_three_weeks():
    returned(7)

    sent = []
    for days in (
        0,
        13,
        1,
        1,
        400,
    ):  # which pass before the next look; the database has its clock
        passed = timedelta(days=days)
        Project.objects.update(returned_at=F("returned_at") - passed)
        Reminder.objects.update(about=F("about") - passed)
        sent.append(remind_of_returned())

    assert sent == [1, 0, 1, 0, 0]
    assert OutgoingMail.objects.count() == Reminder.objects.count() == 2


def test_reminder_says_what_was_asked_and_a_new_return_is_reminded_anew():
    project = returned(8)
    remind_of_returned()
    assert "Name the partners." in OutgoingMail.objects.get().body

    Project.objects.filter(pk=project.pk).update(
        returned_at=timezone.now() - timedelta(days=7.5)
    )

    assert remind_of_returned() == 1


def test_nobody_is_reminded_of_what_has_no_owner_or_is_submitted_again():
    returned(8, owner=None)
    project = returned(8)
    project.move("submit", project.owner)
    OutgoingMail.objects.all().delete()

    assert remind_of_returned() == 0


def decided(count, days):
    officer = UserFactory(role=Role.SECRETARIAT)
    for _ in range(count):
        since = timezone.now() - timedelta(days=days)
        ProjectFactory(status=Status.SUBMITTED, submitted_at=since).move(
            "publish", officer
        )


@pytest.mark.parametrize(("decisions", "known"), [(4, False), (5, True)])
def test_expected_date_follows_the_median_or_is_honestly_unknown(decisions, known):
    decided(decisions, days=4)
    waiting = ProjectFactory(status=Status.SUBMITTED, submitted_at=timezone.now())

    expected = expected_answer(waiting)

    assert (expected is not None) == known
    if known:
        assert abs(expected - waiting.submitted_at - timedelta(days=4)) < timedelta(
            minutes=1
        )


def test_expected_date_is_never_in_the_past():
    decided(5, days=1)
    late = ProjectFactory(
        status=Status.SUBMITTED, submitted_at=timezone.now() - timedelta(days=9)
    )

    assert expected_answer(late) > timezone.now()


def test_owner_sees_place_and_date(client):
    project = ProjectFactory(status=Status.SUBMITTED)
    client.force_login(project.owner)
    url = reverse("stocktaking:project-done", args=[project.pk])

    assert "We cannot yet estimate" in client.get(url).content.decode()
    decided(5, days=4)
    page = client.get(url)

    assert page.context["place"] == 1
    assert "You may expect an answer by" in page.content.decode()


def test_reviewed_mark_stands_on_page_and_api(client):
    reviewed = ProjectFactory(status=Status.SUBMITTED)
    with time_machine.travel("2026-03-04T10:00:00Z", tick=False):
        reviewed.move("publish", UserFactory(role=Role.SECRETARIAT))
    imported = ProjectFactory(source="A list")

    page = client.get(reviewed.get_absolute_url()).content.decode()
    assert "Reviewed by the secretariat" in page
    assert (
        "Reviewed by the secretariat"
        not in client.get(imported.get_absolute_url()).content.decode()
    )
    answer = client.get(f"/api/v1/projects/{reviewed.pk}/").json()
    assert answer["reviewed_at"].startswith("2026-03-04T10:00")
    assert client.get(f"/api/v1/projects/{imported.pk}/").json()["reviewed_at"] is None


@pytest.mark.parametrize("who", ["owner", "staff"])
def test_a_message_reaches_the_other_side(client, settings, who):
    settings.CONTACT_EMAIL = "desk@example.org"
    project = ProjectFactory(status=Status.SUBMITTED)
    officer = UserFactory(role=Role.SECRETARIAT)
    client.force_login(project.owner if who == "owner" else officer)
    url = reverse("stocktaking:project-messages", args=[project.pk])

    client.post(url, {"text": "A <b>word</b> & more"})

    mail = OutgoingMail.objects.get()
    assert mail.to == ("desk@example.org" if who == "owner" else project.owner.email)
    assert "A <b>word</b> & more" in mail.body
    assert "A &lt;b&gt;word&lt;/b&gt; &amp; more" in client.get(url).content.decode()
    assert Message.objects.get().from_staff == (who == "staff")


@pytest.mark.parametrize("text", ["", "  ", "x" * 2001, "a\ufffdb"])
def test_bad_messages_get_a_sentence_and_are_not_kept(client, text):
    project = ProjectFactory(status=Status.SUBMITTED)
    client.force_login(project.owner)

    answer = client.post(
        reverse("stocktaking:project-messages", args=[project.pk]), {"text": text}
    )

    assert (answer.status_code, Message.objects.count()) == (400, 0)


def test_conversation_is_never_public(client):
    project = ProjectFactory()
    Message.objects.create(
        project=project, by=project.owner, from_staff=False, text="Secret word"
    )

    assert "Secret word" not in client.get(project.get_absolute_url()).content.decode()
    assert (
        "Secret word"
        not in client.get(f"/api/v1/projects/{project.pk}/").content.decode()
    )


@pytest.mark.parametrize("rows", [1, 10])
def test_conversation_asks_the_same_questions(client, rows, django_assert_num_queries):
    project = ProjectFactory()
    for _ in range(rows):
        Message.objects.create(
            project=project, by=UserFactory(), from_staff=True, text="Word"
        )
    client.force_login(project.owner)

    with django_assert_num_queries(8):
        client.get(reverse("stocktaking:project-messages", args=[project.pk]))


def test_reasons_come_in_six_languages_and_staffs_wording_stays():
    call_command("load_reasons", verbosity=0)
    codes = set(Reason.objects.values_list("code", flat=True))
    assert {r.texts.count() for r in Reason.objects.all()} == {6}
    assert {"duplicate", "personal-data", "not-wsis", "ask-facilitator"} <= codes

    ReasonText.objects.filter(language="en", reason="duplicate").update(text="Ours:")
    call_command("load_reasons", verbosity=0)

    assert ReasonText.objects.get(language="en", reason="duplicate").text == "Ours:"


def test_a_date_to_be_reminded_at_is_set_once_and_struck_by_its_officer_alone(client):
    project, officer = ProjectFactory(), UserFactory(role=Role.SECRETARIAT)
    client.force_login(officer)
    url = reverse("admin:stocktaking_project_remind", args=[project.pk])
    day = (timezone.now() + timedelta(days=2)).date().isoformat()

    for about in ("", "x", "2020-01-01", "2999-01-01", day, day):
        client.post(url, {"about": about, "note": "Ask ITU."})
    row = Reminder.objects.get()
    assert (row.to, row.note, f"{row.about.astimezone(geneva()):%Y-%m-%d}") == (
        officer,
        "Ask ITU.",
        day,
    )
    page = reverse("admin:stocktaking_project_item", args=[project.pk])
    assert "Ask ITU." in client.get(page).content.decode()

    client.force_login(UserFactory(role=Role.SECRETARIAT))
    client.post(url, {"cancel": row.pk})
    assert Reminder.objects.count() == 1
    client.force_login(officer)
    client.post(url, {"cancel": row.pk})
    assert not Reminder.objects.exists()


def test_the_date_sends_one_mail_to_the_officer():
    officer = UserFactory(role=Role.SECRETARIAT)
    row = Reminder.objects.create(
        project=ProjectFactory(),
        kind="staff",
        to=officer,
        note="Ask ITU.",
        about=timezone.now(),
    )
    Reminder.objects.create(
        project=row.project,
        kind="staff",
        to=officer,
        about=timezone.now() + timedelta(hours=1),
    )

    assert (remind_staff(), remind_staff()) == (1, 0)

    mail = OutgoingMail.objects.get()
    assert (mail.to, "Ask ITU." in mail.body) == (officer.email, True)
