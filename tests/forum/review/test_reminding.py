"""Reviewers whose reviews are missing are reminded: by staff, and before a phase ends."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from common.mail.models import OutgoingMail
from forum.review.models import Reviewer, ReviewPhase
from forum.review.tasks import remind_reviewers
from tests.factories import UserFactory
from tests.forum.records import (
    SubmissionFactory,
    TrackFactory,
    officer,
    reviewed,
    reviewing,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client):
    client.force_login(officer())
    return client


def proposal(**fields):
    return SubmissionFactory(**{"status": "submitted"} | fields)


def remind(client):
    address = reverse("forum:reviewers-remind", args=["2027"])
    return client.post(address, follow=True).content.decode()


def days_ago(days):
    return timezone.now() - datetime.timedelta(days=days)


def ends_in(days):
    today = timezone.now().date()
    ReviewPhase.objects.update(
        opens_on=today - datetime.timedelta(days=9),
        closes_on=today + datetime.timedelta(days=days),
    )


def test_staff_remind_all_whose_reviews_are_missing_and_nobody_else(desk):
    late, half, done = reviewing(), reviewing(), reviewing()
    reviewing(track=TrackFactory())  # has no proposals
    one, two = proposal(), proposal()
    proposal(owner=late)  # nobody is asked about their own, or about one of a colleague
    proposal(status="noted")
    for reviewer in (done, half):
        reviewed(one, reviewer, 3, 3)
    reviewed(two, done, state="abstained")
    reviewed(two, half, 3, 3, state="draft")

    said = remind(desk)

    mails = dict(OutgoingMail.objects.values_list("to", "body"))
    assert set(mails) == {late.email, half.email}
    assert "2 of the proposals for Forum 2027 that you review" in mails[late.email]
    assert "1 of the proposals for Forum 2027" in mails[half.email]
    assert "The phase “Scoring” ends on" in mails[half.email]
    assert "2 reviewers are reminded by e-mail." in said


def test_nobody_is_reminded_twice_within_three_days(desk):
    user = reviewing()
    Reviewer.objects.create(
        edition=ReviewPhase.objects.get().edition, user=user, track=TrackFactory()
    )
    proposal()

    first, second = remind(desk), remind(desk)
    Reviewer.objects.update(reminded_at=days_ago(4))
    third = remind(desk)

    assert "1 reviewer is reminded by e-mail." in first
    assert "0 reviewers are reminded by e-mail." in second
    assert "1 reviewer is reminded by e-mail." in third
    assert OutgoingMail.objects.count() == 2


@pytest.mark.parametrize(("days", "mails"), [(5, 0), (4, 1), (0, 1), (-1, 0)])
def test_the_portal_reminds_once_in_the_last_four_days_of_a_phase(days, mails):
    reviewing()
    proposal()
    ends_in(days)

    remind_reviewers()
    remind_reviewers()

    assert OutgoingMail.objects.count() == mails


def test_who_has_not_accepted_or_has_left_is_not_reminded():
    open_seat, gone = reviewing(), reviewing(user=UserFactory(is_active=False))
    Reviewer.objects.filter(user=open_seat).update(accepted=None)
    proposal()
    ends_in(1)

    assert (remind_reviewers(), gone.is_active) == (0, False)
    assert not OutgoingMail.objects.exists()


def test_a_phase_that_only_reads_reminds_nobody(desk):
    reviewing(takes_reviews=False)
    proposal()
    ends_in(1)

    said = remind(desk)

    assert "No phase takes reviews today: nobody is reminded." in said
    assert "Remind all whose reviews are missing" not in said
    assert remind_reviewers() == 0
    assert not OutgoingMail.objects.exists()


def test_the_table_says_how_many_review_and_when_they_were_reminded(desk):
    reviewing(), reviewing()
    waits = reviewing()
    Reviewer.objects.filter(user=waits).update(accepted=None)
    Reviewer.objects.update(
        reminded_at=datetime.datetime(2027, 3, 1, 9, tzinfo=datetime.UTC)
    )

    html = desk.get(reverse("forum:reviews", args=["2027"])).content.decode()
    page = " ".join(html.split())

    assert "2 people review" in page
    assert "1 has not accepted" in page
    assert "1 March 2027, 10:00 (Geneva time)" in page
