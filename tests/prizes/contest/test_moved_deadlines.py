"""A changed deadline is a public event: on the page, in the feed, by mail to people with drafts."""

import datetime

import pytest
from django.urls import reverse

from accounts.role.roles import Role
from common.mail.models import OutgoingMail
from prizes.contest.models import Extension
from prizes.entry.announcing import tell_of_deadlines
from prizes.entry.workflow import Status
from tests.factories import UserFactory
from tests.prizes.records import (
    ContestFactory,
    EntryFactory,
    coeditor,
    deadline_changed,
)

pytestmark = pytest.mark.django_db


def page_of(client, contest):
    return client.get(contest.get_absolute_url()).content.decode()


def test_a_phase_is_shortened_while_its_new_end_is_to_come(client, settings):
    settings.REQUIRE_STAFF_MFA = False
    contest = ContestFactory(now="voting", time_zone="Asia/Tokyo")
    phase = contest.phases.get(kind="voting")
    officer = UserFactory(role=Role.SECRETARIAT)
    client.force_login(officer)
    end = (phase.closes_at - datetime.timedelta(days=2)).astimezone(contest.zone)
    data = {
        "phase": phase.pk,
        "new_end_0": f"{end:%Y-%m-%d}",
        "new_end_1": f"{end:%H:%M:%S}",
        "reason": "The hall is taken",
    }
    add = reverse("admin:prizes_extension_add")

    form = client.get(f"{add}?contest={contest.pk}&phase={phase.pk}").content.decode()
    client.post(add, data)

    phase.refresh_from_db()
    extension = Extension.objects.get()
    assert "Tokyo" in form
    assert (phase.closes_at, extension.by) == (extension.new_end, officer)
    assert abs(extension.new_end - end) < datetime.timedelta(seconds=1)
    page = page_of(client, contest)
    assert "Shortened: the deadline was" in page
    assert "The hall is taken" in page


def test_an_end_that_is_moved_there_and_back_is_told_each_time(client):
    made = deadline_changed(hours=24, reason="A storm")
    phase = made["extension"].phase
    first = phase.closes_at

    phase.refresh_from_db()
    phase.extend(first - datetime.timedelta(hours=24), "No storm", None)
    phase.refresh_from_db()
    phase.extend(first, "A storm after all", None)

    page = page_of(client, made["contest"])
    assert page.count("Extended: the deadline was") == 2
    assert page.count("Shortened: the deadline was") == 1


def test_the_feed_says_the_new_end_by_the_clock_of_the_contest(client):
    made = deadline_changed(reason="A storm <b>")

    feed = client.get(reverse("prizes:feed")).content.decode()

    assert "Submission now closes on" in feed
    assert "Geneva time" in feed
    assert "A storm &lt;b&gt;" in feed
    assert f"/{made['extension'].pk}</id>" in feed


def test_people_with_drafts_are_told_once_and_others_are_not(client):
    contest = ContestFactory(now="submission")
    draft = EntryFactory(contest=contest, status=Status.DRAFT)
    helper = coeditor(draft.project)
    former = coeditor(draft.project)
    draft.project.coeditors.get(user=former).revoke()
    sent = EntryFactory(contest=contest, status=Status.SUBMITTED)
    phase = contest.phases.get(kind="submission")
    phase.extend(phase.closes_at + datetime.timedelta(days=1), "A storm", None)
    OutgoingMail.objects.all().delete()

    counts = [tell_of_deadlines(), tell_of_deadlines()]

    mails = OutgoingMail.objects.all()
    assert counts == [2, 0]
    assert {row.to for row in mails} == {draft.owner.email, helper.email}
    assert sent.owner.email not in {row.to for row in mails}
    assert "A storm" in mails[0].body
    assert "Geneva time" in mails[0].body


def test_other_phases_write_to_nobody(client):
    contest = ContestFactory(now="voting")
    EntryFactory(contest=contest, status=Status.DRAFT)
    phase = contest.phases.get(kind="voting")
    phase.extend(phase.closes_at + datetime.timedelta(hours=1), "A storm", None)

    assert tell_of_deadlines() == 0
