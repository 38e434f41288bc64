"""The year of a contest: what is missing before each phase, and one button for the next step."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.role.roles import Role
from prizes.certificate.models import CertificateJob
from prizes.contest.models import Contest
from prizes.entry.workflow import Status
from prizes.invitation.models import Invitation
from prizes.panel.models import Panel
from prizes.year.agenda import Year
from tests.factories import UserFactory
from tests.prizes.records import ContestFactory, EntryFactory, expert

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def desk(client, settings):
    settings.REQUIRE_STAFF_MFA = False
    client.force_login(UserFactory(role=Role.SECRETARIAT))


def year_of(contest):
    return Year(Contest.objects.get(pk=contest.pk), timezone.now())


def lacks(contest):
    """Phase → the sentences about what is missing before it."""
    return {
        row.kind: [lack.sentence for lack in row.lacks]
        for row in year_of(contest).rows
        if row.lacks
    }


def complete(now="submission"):
    """Nothing is missing: every category has a panel with a chair and two more experts."""
    contest = ContestFactory(now=now)
    contest.champions_at = contest.winners_at = timezone.now()
    contest.save()
    for category in contest.categories.all():
        expert(category, chair=True)
        expert(category)
        expert(category)
    return contest


def page_of(contest):
    return reverse("admin:prizes_contest_year", args=[contest.pk])


def test_nothing_is_missing_from_a_complete_contest(client):
    contest = complete()

    page = client.get(page_of(contest)).content.decode()

    assert lacks(contest) == {}
    assert year_of(contest).next_step is None
    assert "Nothing is missing at present." in page
    assert "Open now" in page


def test_each_phase_says_what_is_missing_before_it(client):
    contest = complete()
    contest.questions.all().delete()
    contest.criteria.all().delete()
    one, two, three = contest.categories.order_by("number")[:3]
    for category in (one, two):
        category.panel.seats.filter(is_chair=True).update(is_chair=False)
    three.panel.seats.first().delete()
    Invitation.objects.create(panel=three.panel, expert=UserFactory())
    Invitation.objects.create(
        panel=two.panel, expert=UserFactory(), asked_at=timezone.now()
    )
    last = contest.categories.order_by("number").last()
    last.panel.seats.all().delete()
    last.panel.delete()
    Contest.objects.filter(pk=contest.pk).update(champions_at=None)

    page = client.get(page_of(contest)).content.decode()

    assert lacks(contest) == {
        "submission": ["There are no questions of eligibility."],
        "nomination": [
            "There are no criteria for the reviews.",
            "1 category has no panel.",
            f"Panels without a chair: {one.code}, {two.code}, {three.code}.",
            f"Panels with fewer experts than reviews of each entry: {three.code}.",
            "Invitations of experts that were not sent yet: 1.",
            "Invitations without an answer: 1.",
        ],
        "announcement": ["It is not said when champions and winners become public."],
    }
    assert year_of(contest).next_step.button == "Enter the questions"
    assert "1 category has no panel." in page


def test_dates_that_are_missing_or_overlap(client):
    contest = complete()
    nomination = contest.phases.get(kind="nomination")
    contest.phases.filter(kind="voting").update(
        opens_at=nomination.closes_at - datetime.timedelta(days=2)
    )
    contest.phases.filter(kind="selection").update(closes_at=None)
    contest.phases.filter(kind="announcement").delete()

    found = lacks(contest)

    assert found["voting"][0].startswith(
        "It opens before “Nomination by expert groups” closes on"
    )
    assert "(Geneva time)" in found["voting"][0]
    assert found["selection"] == ["Its beginning or its end is missing."]
    assert found["announcement"] == ["Its beginning or its end is missing."]
    page = client.get(page_of(contest)).content.decode()
    assert "Announcement" in page
    assert page.count("Its beginning or its end is missing.") >= 2


def test_entries_wait_for_screening_and_experts_once_submission_is_over(client):
    contest = complete(now="nomination")
    EntryFactory(contest=contest, status=Status.SUBMITTED, submitted_at=timezone.now())
    EntryFactory(contest=contest, status=Status.ACCEPTED)

    assert lacks(contest) == {
        "nomination": [
            "Entries that wait to be screened: 1.",
            "Entries that are assigned to no expert: 1.",
        ],
        "voting": ["Entries that are neither nominated nor passed over: 1."],
    }


def test_votes_are_counted_after_voting_and_winners_chosen_after_the_count(client):
    contest = complete(now="selection")
    EntryFactory(contest=contest, status=Status.CHAMPION)

    before = year_of(contest).next_step
    Contest.objects.filter(pk=contest.pk).update(counted_at=timezone.now())

    assert before.sentence == "The votes are not counted."
    assert before.url == reverse("admin:prizes_contest_count", args=[contest.pk])
    assert lacks(contest) == {"announcement": ["Categories without a winner: 1."]}


def announced(now="announcement"):
    """Winners are public, and nothing else is missing; one of two entries was recognized."""
    contest = complete(now=now)
    entry = EntryFactory(contest=contest, line="C4", status=Status.WINNER)
    past = timezone.now() - datetime.timedelta(hours=1)
    Contest.objects.filter(pk=contest.pk).update(
        counted_at=past, champions_at=past, winners_at=past
    )
    return contest, entry


@pytest.mark.parametrize("over", [False, True])
def test_certificates_are_a_step_until_they_are_made(client, over):
    contest, _entry = announced()
    if over:
        contest.phases.filter(kind="announcement").update(
            closes_at=timezone.now() - datetime.timedelta(minutes=1)
        )
    address = reverse("admin:prizes_contest_certificates", args=[contest.pk])

    step = year_of(contest).next_step
    before = client.get(page_of(contest)).content.decode()
    CertificateJob.objects.create(contest=contest)
    begun = year_of(contest).next_step
    CertificateJob.objects.update(state="done", finished_at=timezone.now())
    after = client.get(page_of(contest)).content.decode()

    assert step == begun
    assert step.sentence == "The certificate of 1 entry is not made yet."
    assert (step.button, step.url) == ("Make the certificates", address)
    assert "Certificates made:" not in before
    assert "Certificates made:" in after
    assert "Geneva time" in after.split("Certificates made:")[1][:80]
    assert address in after
    assert lacks(contest) == {}


def test_no_certificates_are_asked_for_before_winners_are_public(client):
    contest, _entry = announced()
    later = timezone.now() + datetime.timedelta(hours=1)
    Contest.objects.filter(pk=contest.pk).update(winners_at=later)

    assert lacks(contest) == {}


def test_every_button_opens_a_page(client):
    contest = ContestFactory(now="nomination")
    Panel.objects.create(category=contest.categories.first())
    Invitation.objects.create(panel=Panel.objects.get(), expert=UserFactory())
    contest.criteria.all().delete()
    EntryFactory(contest=contest, status=Status.SUBMITTED, submitted_at=timezone.now())
    EntryFactory(contest=contest, status=Status.ACCEPTED)

    buttons = [lack for row in year_of(contest).rows for lack in row.lacks]

    assert len(buttons) >= 8
    for lack in buttons:
        assert lack.button in client.get(page_of(contest)).content.decode()
        assert client.get(lack.url).status_code == 200, lack


def test_the_line_shows_phases_in_their_order_and_today(client):
    contest = complete(now="voting")

    year = year_of(contest)

    places = [row.x for row in year.rows]
    assert places == sorted(places)
    assert (places[0], round(places[-1] + year.rows[-1].width)) == (0, 100)
    voting = next(row for row in year.rows if row.kind == "voting")
    assert voting.x < year.today < voting.x + voting.width


def test_the_page_asks_as_often_for_more_entries(client, django_assert_max_num_queries):
    contest = complete(now="nomination")
    for _n in range(3):
        EntryFactory(contest=contest, status=Status.ACCEPTED)

    with django_assert_max_num_queries(17):
        client.get(page_of(contest))


def test_the_form_of_a_contest_leads_to_its_year(client):
    contest = complete()
    form = client.get(reverse("admin:prizes_contest_change", args=[contest.pk]))

    assert page_of(contest) in form.content.decode()


def test_only_staff_see_the_year(client):
    contest = complete()
    client.force_login(UserFactory())

    for name in ("year", "panels"):
        page = reverse(f"admin:prizes_contest_{name}", args=[contest.pk])
        assert client.get(page).status_code == 403
