"""The pages of the Forum's desk, of reviewers, writers and participants, used by everybody: axe,
width, both scripts. SCREENSHOTS=folder keeps the pictures."""

import pytest
from django.utils import timezone

from forum.checkin.models import Gate
from forum.decision.models import Dispatch, Letter, PendingDisposition
from forum.letter.models import IssuedLetter
from forum.review.asking import context_of
from forum.review.models import Reviewer
from tests.browser.test_pages import sign_in
from tests.browser.walking import walked
from tests.factories import UserFactory
from tests.forum.records import (
    ChairSummaryFactory,
    EditionFactory,
    MailingFactory,
    MinutesFactory,
    OutcomeFactory,
    PersonFactory,
    PhaseFactory,
    PollFactory,
    ReportCallFactory,
    RoomFactory,
    SessionFactory,
    SubmissionFactory,
    TrackFactory,
    approved,
    asked_to_join,
    badged,
    grouped_inputs,
    hours,
    named,
    offered,
    officer,
    released,
    reviewed,
    reviewing,
    screened,
    template_of,
)

pytestmark = pytest.mark.django_db(transaction=True)
LONG = "Wirtschaftlichkeitsuntersuchungen " * 3
LANGUAGES = pytest.mark.parametrize("language", ["en", "ar"])


@pytest.fixture(autouse=True)
def _without_second_factor(settings):
    settings.REQUIRE_STAFF_MFA = False


@pytest.fixture
def edition():
    return EditionFactory(title="WSIS Forum 2027", venue="Palexpo, Geneva")


def proposal(title, **fields):
    return SubmissionFactory(title=title, **{"status": "submitted"} | fields)


@LANGUAGES
def test_pages_about_proposals(page, live_server, edition, language):
    reviewer = reviewing(edition, track=TrackFactory())
    waits = reviewing(edition)
    Reviewer.objects.filter(user=waits).update(accepted=None, asked_at=timezone.now())
    screened("speakers", 3, edition=edition, is_hard=True)
    one = proposal("Masts for fishing villages", people="Li Wei, engineer")
    two = proposal("قرى الصيادين", language="ar")
    proposal("Masts for the fishing villages"), proposal(LONG)
    named(one, "Ana Souza", "欧阳娜娜")
    reviewed(one, reviewer, 4, 9, comment="Strong on masts.")
    PendingDisposition.objects.create(submission=two, move="decline", by=officer())
    Letter.objects.create(edition=edition, move="decline", text="Not {title}.")
    dispatch = Dispatch.objects.create(edition=edition, by=officer())
    dispatch.items.create(submission=two, move="decline", note="No room.")
    group = grouped_inputs(proposal("Poles", kind="theme"), proposal(LONG))
    group.ask()
    member = group.members.first()
    member.object(None, "Mine is about boats.")
    joining = asked_to_join()
    sign_in(page, live_server, officer())
    slug = [edition.slug]

    found = walked(
        page,
        live_server,
        language,
        "forum",
        {
            "screening": slug,
            "reviews": slug,
            "decisions": slug,
            "dispatch": [dispatch.pk],
            "input-groups": slug,
            "input-group": [edition.slug, group.pk],
            "submission-screening": [one.pk],
            "joining-propose": [one.pk],
            "joining": [joining.pk],
            "group-by-link": [member.add_link()],
            "joining-by-link": [joining.consents.first().add_link()],
            "reviewer-answer": [
                context_of(edition, waits, list(waits.forum_reviewing.all()))["token"]
            ],
        },
    )

    assert found == []


@LANGUAGES
def test_pages_of_authors_and_reviewers(page, live_server, edition, language):
    user = reviewing(edition)
    PhaseFactory(edition=edition)
    other = proposal("Cables", organization_name="O" * 90)
    reviewed(other, reviewing(edition), 2, 3, comment="تعليق طويل")
    mine = SubmissionFactory(owner=user, title="Masts")
    named(mine, "Ana Souza", organization=LONG)
    grouped = proposal("Poles", owner=user)
    grouped_inputs(grouped, proposal(LONG)).ask()
    sign_in(page, live_server, user)

    found = walked(
        page,
        live_server,
        language,
        "forum",
        {
            "review-list": [edition.slug],
            "review": [other.pk],
            "submission-edit": [mine.pk],
            "submission-speakers": [mine.pk],
            "own-group": [grouped.pk],
            "submission": [grouped.pk],
        },
    )

    assert found == []


@LANGUAGES
def test_pages_of_who_writes_about_a_session(page, live_server, edition, language):
    user = UserFactory()
    person = PersonFactory(name="Amina Otieno", user=user)
    session = released(edition=edition, owner=user, speakers=[person], title=LONG)
    ReportCallFactory(edition=edition, guidance="Two pages at most.")
    ChairSummaryFactory(edition=edition)
    OutcomeFactory(session=session, published_at=None)
    MinutesFactory(session=session)
    poll = PollFactory(session=session, by=user)
    waiting = SessionFactory(
        edition=edition, owner=user, room=None, start=None, end=None
    )
    place = RoomFactory(edition=edition, name="Room L")
    hours(place)
    offered(place)
    guest = PersonFactory(name="欧阳娜娜", email="guest@example.org")
    sign_in(page, live_server, user)

    found = walked(
        page,
        live_server,
        language,
        "forum",
        {
            "session-texts": [session.pk],
            "session-text": [session.pk, "fr"],
            "outcome-edit": [session.pk],
            "outcome": [session.pk],
            "minutes-edit": [session.pk],
            "minutes": [session.pk],
            "minutes-versions": [session.pk],
            "poll-new": [session.pk],
            "poll": [poll.pk],
            "session-slot": [waiting.pk],
            "own-record": [],
            "claim": [guest.invite()],
        },
    )

    assert found == []


@LANGUAGES
def test_pages_of_participants(page, live_server, edition, language):
    template_of(edition)
    template_of(edition, "participation")
    user = UserFactory()
    badge = badged(edition, user, name=LONG[:100])
    registration = badge.registration
    poll = PollFactory(session=released(edition=edition))
    IssuedLetter.objects.issue([registration], "visa")
    letter = IssuedLetter.objects.get()
    sign_in(page, live_server, user)

    found = walked(
        page,
        live_server,
        language,
        "forum",
        {
            "badge": [registration.pk],
            "letters": [registration.pk],
            "letter-check": [letter.code],
            "poll": [poll.pk],
        },
    )

    assert found == []


@LANGUAGES
def test_pages_of_the_desk_for_the_days_of_the_forum(
    page, live_server, edition, language
):
    Gate.objects.create(edition=edition, name="North")
    registration = approved(edition, name="Amina Otieno")
    template_of(edition)
    released(edition=edition, title=LONG)
    ReportCallFactory(edition=edition)
    mailing = MailingFactory(edition=edition)
    sending = MailingFactory(edition=edition, state="running")
    sending.recipients.create(address=registration.user.email, user=registration.user)
    sign_in(page, live_server, officer())
    slug = [edition.slug]

    found = walked(
        page,
        live_server,
        language,
        "forum",
        {
            "mailings": slug,
            "mailing-new": slug,
            "mailing": [edition.slug, mailing.pk],
            "mailing sending": [edition.slug, sending.pk],
            "printing": slug,
            "check-in": slug,
            "check-in-log": slug,
            "letters": [registration.pk],
            "reports": slug,
            "suggestions": slug,
        },
    )

    assert found == []
