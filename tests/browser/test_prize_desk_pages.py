"""The pages of the Prizes' desk, of voters, experts, their colleagues and entrants, used by
everybody: axe, width, both scripts. SCREENSHOTS=folder keeps the pictures."""

import datetime

import pytest
from django.utils import timezone

from accounts.role.roles import Role
from prizes.ballot.group_void import GroupVoid
from prizes.ballot.models import cast
from prizes.certificate.models import CertificateJob
from prizes.checking.models import HeldDay
from prizes.contest.models import Contest
from prizes.entry.amendment import Amendment
from prizes.entry.models import Entry
from prizes.entry.workflow import Status
from prizes.invitation.models import Invitation, token_of
from prizes.letter.drafting import draft
from prizes.letter.models import LetterTemplate
from prizes.panel.assigning import assign
from prizes.panel.decision import Assignment, choose
from prizes.panel.delegation import Delegation, accept, hand_on
from prizes.panel.forwarding import propose
from prizes.panel.models import Panel, PanelMember, Review, Score
from prizes.public_record.tasks import publish_one
from prizes.result.verification import Verification
from prizes.screening.batch import ScreeningBatch
from prizes.screening.models import Screening
from prizes.screening.usual import add_usual
from tests.browser.test_pages import sign_in
from tests.browser.walking import walked
from tests.factories import MemberFactory, ProjectFactory, UserFactory
from tests.prizes.records import (
    ContestFactory,
    EntryFactory,
    count,
    expert,
    held_vote,
    set_phases,
    voter,
)

pytestmark = pytest.mark.django_db(transaction=True)
LONG = "Telekommunikationsinfrastrukturausbaubeschleunigung in the islands"
ARABIC = "قرى رقمية للتعليم عن بعد"
LINE = "C7-EGOV"
HOUR = datetime.timedelta(hours=1)
LANGUAGES = pytest.mark.parametrize("language", ["en", "ar"])


@pytest.fixture(autouse=True)
def _without_second_factor(settings):
    settings.REQUIRE_STAFF_MFA = False


def officer():
    return UserFactory(role=Role.SECRETARIAT, first_name="欧阳", last_name="娜娜")


def entries(contest, status, **more):
    """One with a long title, one in Arabic, one with a usual one."""
    titles = (LONG, ARABIC, "Digital villages")
    return [
        EntryFactory(
            contest=contest,
            status=status,
            project=ProjectFactory(title=title),
            submitted_at=timezone.now(),
            **more,
        )
        for title in titles
    ]


def reviewed(entry, person, state="done"):
    review = Review.objects.create(
        entry=entry,
        reviewer=person,
        state=state,
        comment="Strong on masts.",
        feedback="Add figures.",
    )
    for criterion in entry.contest.criteria.all():
        Score.objects.create(review=review, criterion=criterion, value=3)
    return review


@LANGUAGES
def test_pages_of_the_desk_before_the_vote(page, live_server, language):
    contest = ContestFactory(now="nomination", slug="2027", title="WSIS Prizes 2027")
    one = officer()
    add_usual(contest)
    waiting = entries(contest, Status.SUBMITTED)
    screening = Screening.objects.create(entry=waiting[0], screener=one)
    checks = list(contest.checks.all())
    screening.store_answers({checks[0].pk: ("no", "Too long by 40 words")})
    screening.save()
    EntryFactory(
        contest=contest, status=Status.ACCEPTED, title=waiting[1].title, line=LINE
    )
    accepted = EntryFactory(contest=contest, status=Status.ACCEPTED)
    accepted.move("reopen", one)
    judge = expert(accepted.category, chair=True)
    other = expert(accepted.category, first_name="ليلى", last_name="الحداد")
    Invitation.objects.create(panel=accepted.category.panel, expert=UserFactory())
    assign(contest)
    batch = ScreeningBatch.objects.create(
        contest=contest, move="accept", by=one, previewed_at=timezone.now()
    )
    batch.start([entry.pk for entry in waiting])
    batch.items.update(
        outcome="refused", sentence="Its answers were changed after the preview."
    )
    Entry.objects.create(
        contest=ContestFactory(),
        status=Status.WINNER,
        source="A list",
        title="Solar schools of the north",
        announced="winner",
    )
    ProjectFactory(title="Solar schools in the north")
    assert judge != other
    sign_in(page, live_server, one)
    pk = contest.pk

    found = walked(
        page,
        live_server,
        language,
        "admin",
        {
            "prizes_contest_change": [pk],
            "prizes_contest_year": [pk],
            "prizes_contest_panels": [pk],
            "prizes_contest_dropping_out": [pk, judge.pk],
            "prizes_contest_copy": [pk],
            "prizes_contest_screening": [pk],
            "prizes_contest_screening_entry": [pk, waiting[0].pk],
            "prizes_contest_screening_entry twin": [pk, waiting[1].pk],
            "prizes_contest_screening_entry history": [pk, accepted.pk],
            "prizes_contest_screening_accept": [pk],
            "prizes_contest_screening_batch": [pk, batch.pk],
            "prizes_entry_winners": [],
            "prizes_extension_add": [],
            "index": [],
        },
    )

    assert found == []


@LANGUAGES
def test_pages_of_the_desk_while_people_vote(page, live_server, language):
    contest = ContestFactory(slug="2027", title="WSIS Prizes 2027")
    nominees = entries(contest, Status.NOMINATED)
    for entry in nominees:
        cast(entry, voter())
    held_vote(nominees[0])
    pattern = held_vote(nominees[1], number=1).pattern
    proposed = held_vote(nominees[2], number=2).pattern
    GroupVoid.objects.create(
        pattern=proposed, reason="A robot", told="A program.", proposed_by=officer()
    )
    publish_one(contest)
    Verification.objects.create(
        contest=contest, state="done", problem="A missing event", place="chain 3"
    )
    sign_in(page, live_server, officer())
    pk = contest.pk

    found = walked(
        page,
        live_server,
        language,
        "admin",
        {
            "prizes_contest_year": [pk],
            "prizes_contest_exposure": [pk],
            "prizes_contest_verify": [pk],
            "prizes_contest_count": [pk],
            "prizes_pattern_group": [pattern.pk],
            "prizes_pattern_group proposed": [proposed.pk],
            "prizes_frameevent_changelist": [],
            "prizes_hold_changelist": [],
        },
    )

    assert found == []


@pytest.fixture
def counted():
    """A contest whose votes are counted and whose champions are public."""
    contest = ContestFactory(slug="2027", title="WSIS Prizes 2027")
    for number, entry in enumerate(entries(contest, Status.NOMINATED)):
        for _vote in range(number + 1):
            cast(entry, voter())
    EntryFactory.create_batch(2, contest=contest, line="C4")
    set_phases(contest, "selection")
    count(contest)
    past = timezone.now() - HOUR
    Contest.objects.filter(pk=contest.pk).update(champions_at=past, winners_at=past)
    contest.refresh_from_db()
    return contest


@LANGUAGES
def test_pages_of_the_desk_after_the_count(page, live_server, counted, language):
    one, two = officer(), officer()
    champions = list(counted.entries.filter(status=Status.CHAMPION).order_by("pk"))
    LetterTemplate.objects.create(
        contest=counted, outcome="champion", subject="{title}", text="Dear {name}"
    )
    batch = draft(counted, "champion", one)
    fields = {"note": "It had won before.", "reason": "A letter"}
    Amendment.objects.create(
        entry=champions[0], kind="disqualified", proposed_by=one, **fields
    ).confirm(two)
    Amendment.objects.create(
        entry=champions[1], kind="recognition", proposed_by=one, **fields
    )
    CertificateJob.objects.create(contest=counted)
    sign_in(page, live_server, two)
    pk, letter = counted.pk, batch.letters.first()

    found = walked(
        page,
        live_server,
        language,
        "admin",
        {
            "prizes_contest_year": [pk],
            "prizes_contest_letters": [pk],
            "prizes_contest_letter_batch": [pk, batch.pk],
            "prizes_contest_letter": [pk, batch.pk, letter.pk],
            "prizes_contest_amendments": [pk],
            f"prizes_contest_amendments?line={LINE}": [pk],
            "prizes_contest_certificates": [pk],
            "prizes_contest_verify": [pk],
            "prizes_contest_count": [pk],
            "prizes:statistics": [counted.slug],
        },
    )

    assert found == []


@LANGUAGES
def test_pages_that_everybody_reads_after_the_count(
    page, live_server, counted, language
):
    entry = counted.entries.filter(status=Status.CHAMPION).first()
    publish_one(counted)
    HeldDay.objects.create(
        contest=counted,
        category=entry.category,
        day=timezone.now().date(),
        counted=200,
        held=40,
        confirmed=20,
    )
    slug = [counted.slug]

    found = walked(
        page,
        live_server,
        language,
        "prizes",
        {
            "results": slug,
            "statistics": slug,
            "record": slug,
            "checking": slug,
            "verify": slug,
            "certificate": [entry.code],
            "nominee": [counted.slug, entry.pk],
        },
    )

    assert found == []


@LANGUAGES
def test_pages_of_experts(page, live_server, counted, language):
    contest = ContestFactory(now="nomination", slug="2028", title="WSIS Prizes 2028")
    mine = entries(contest, Status.ACCEPTED)
    chair = expert(mine[0].category, chair=True)
    other = expert(mine[0].category, first_name="ليلى", last_name="الحداد")
    for entry in mine:
        Assignment.objects.create(entry=entry, expert=chair)
        Assignment.objects.create(entry=entry, expert=other)
    reviewed(mine[0], chair)
    reviewed(mine[0], other)
    hand_on(mine[1], chair, "c@house.example", "You know kiosks.")
    target = contest.categories.exclude(pk=mine[0].category_id).first()
    propose(mine[0], target, chair, "It is about health.")
    nameless = ContestFactory(
        now="nomination",
        slug="2029",
        title="WSIS Prizes 2029",
        reviews_anonymous=True,
        review_mode="pass_fail",
    )
    blind = EntryFactory(contest=nameless, status=Status.ACCEPTED)
    PanelMember.objects.create(
        panel=Panel.objects.create(category=blind.category), expert=chair, is_chair=True
    )
    champion = counted.entries.filter(status=Status.CHAMPION).first()
    PanelMember.objects.create(
        panel=Panel.objects.create(category=champion.category),
        expert=chair,
        is_chair=True,
    )
    choose(champion, chair, "It reached the most people.")
    sign_in(page, live_server, chair)
    slug = contest.slug

    found = walked(
        page,
        live_server,
        language,
        "prizes",
        {
            "panels": [slug],
            "panel": [slug, LINE],
            "review": [slug, mine[0].pk],
            "review delegated": [slug, mine[1].pk],
            "delegate": [slug, mine[1].pk],
            "delegate new": [slug, mine[2].pk],
            "entry-reviews": [slug, LINE, mine[0].pk],
            "review blind": [nameless.slug, blind.pk],
            "nominee blind": [nameless.slug, blind.pk],
            "decision": [counted.slug, LINE],
        },
    )

    assert found == []


@LANGUAGES
def test_pages_behind_links_of_mails(page, live_server, language):
    contest = ContestFactory(now="nomination", slug="2028", title="WSIS Prizes 2028")
    mine = entries(contest, Status.ACCEPTED)
    judge = expert(mine[0].category)
    invited = UserFactory()
    Invitation.objects.create(
        panel=mine[0].category.panel, expert=invited, asked_at=timezone.now()
    )
    _row, waiting = hand_on(mine[0], judge, "c@house.example", "You know kiosks.")
    colleague = UserFactory(email="d@house.example")
    _row, token = hand_on(mine[1], judge, colleague.email, "")
    accept(token, colleague)
    voting = ContestFactory(slug="2029", title="WSIS Prizes 2029")
    held = held_vote(EntryFactory(contest=voting))
    sign_in(page, live_server, colleague)

    found = walked(
        page,
        live_server,
        language,
        "prizes",
        {
            "delegation": [waiting],
            "delegation over": ["not-a-link"],
            "delegated-review": [Delegation.objects.get(colleague=colleague).pk],
            "invitation": [token_of(contest.pk, invited.pk)],
            "held": [held.add_link()],
            "held over": ["not-a-link"],
        },
    )

    assert found == []


@LANGUAGES
def test_pages_of_entrants_and_voters(page, live_server, language):
    user = MemberFactory().user
    submitting = ContestFactory(now="submission", slug="2026", title="WSIS Prizes 2026")
    unfinished = EntryFactory(
        contest=submitting,
        status=Status.DRAFT,
        project=ProjectFactory(owner=user, status="draft", title=LONG),
    )
    returned = EntryFactory(
        contest=submitting,
        status=Status.RETURNED,
        line="C4",
        project=ProjectFactory(owner=user),
    )
    waiting = EntryFactory(
        contest=submitting,
        status=Status.DRAFT,
        line="C1",
        project=ProjectFactory(owner=user, status="submitted"),
    )
    voting = ContestFactory(slug="2027", title="WSIS Prizes 2027")
    own = EntryFactory(contest=voting, project=ProjectFactory(owner=user))
    first, second, _third = entries(voting, Status.NOMINATED, line="C4")
    held_vote(first, user)
    sign_in(page, live_server, user)

    found = walked(
        page,
        live_server,
        language,
        "prizes",
        {
            "enter": [submitting.slug],
            "entry": [submitting.slug, unfinished.pk],
            "entry returned": [submitting.slug, returned.pk],
            "stocktaking:project-done": [waiting.project_id],
            "my-entries": [],
            "kit": [voting.slug, own.pk],
            "nominee own": [voting.slug, own.pk],
            f"compare?first={first.pk}&second={second.pk}": [voting.slug, "C4"],
            "ballot": [voting.slug],
            f"ballot-category?choice={second.pk}": [voting.slug, "C4"],
            "my-votes": [voting.slug],
        },
    )

    assert found == []
