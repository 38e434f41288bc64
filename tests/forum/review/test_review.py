"""Review of proposals: who sees what in which phase, scores, the table of staff, the balance."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from forum.review.models import Review, Reviewer, ReviewPhase, reviewable_by
from stocktaking.member.models import Member
from stocktaking.organization.models import Organization
from tests.factories import CountryFactory, StakeholderTypeFactory, UserFactory
from tests.forum.records import (
    EditionFactory,
    SubmissionFactory,
    TrackFactory,
    named,
    officer,
    reviewed,
    reviewing,
)

pytestmark = pytest.mark.django_db
LIST = "/en/forum/2027/review/"
TABLE = "/en/forum/2027/reviews/"


def proposal(**fields):
    return SubmissionFactory(**{"status": "submitted"} | fields)


def page_of(submission):
    return reverse("forum:review", args=[submission.pk])


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def scores(edition, *values):
    criteria = edition.review_criteria.order_by("order", "pk")
    return {
        f"score_{one.pk}": value for one, value in zip(criteria, values, strict=True)
    }


# --- who reviews what -----------------------------------------------------------------------


def test_reviewers_see_the_proposals_of_their_track_only():
    youth, health = TrackFactory(), TrackFactory(code="HEALTH", name="Health")
    mine, other = proposal(track=youth), proposal(track=health)
    without = proposal()
    of_track = reviewing(track=youth)
    of_all = reviewing()

    assert list(reviewable_by(of_track, mine.edition)) == [mine]
    assert set(reviewable_by(of_all, mine.edition)) == {mine, other, without}
    assert not reviewable_by(UserFactory(), mine.edition).exists()


def test_reviewers_never_see_what_is_their_own_or_of_their_house():
    user = reviewing(
        user=UserFactory(
            email="amina@itu.example", first_name="Amina", last_name="Otieno"
        )
    )
    house = Organization.objects.create(name="Union of Masts", aliases=["UM"])
    Member.objects.update_or_create(user=user, defaults={"organization": house})
    user = type(user).objects.get(pk=user.pk)
    colleague = UserFactory()
    Member.objects.update_or_create(user=colleague, defaults={"organization": house})
    fair = proposal()
    proposal(owner=user)
    proposal(owner=colleague)
    proposal(organization_name="union of masts")
    proposal(organization_name="um")
    proposal(owner=UserFactory(email="li@mail.itu.example"))
    named(proposal(), "Dr OTIENO, Amina")

    shown = list(reviewable_by(user, fair.edition))

    assert shown == [fair]


def test_drafts_and_what_has_a_disposition_is_not_reviewed():
    user = reviewing()
    SubmissionFactory()
    proposal(kind="comment")
    proposal(status="noted")
    accepted = proposal(status="accepted")

    assert list(reviewable_by(user, accepted.edition)) == [accepted]


def test_a_reviewer_finds_what_is_to_be_done():
    user = reviewing()
    done, _todo = proposal(title="Masts"), proposal(title="Cables")
    reviewed(done, user, 5, 10)

    page = signed_in(user).get(LIST)

    rows = [
        (one.title, review and review.state) for one, review in page.context["rows"]
    ]
    assert rows == [("Masts", "done"), ("Cables", None)]
    assert "Phase: Scoring, until" in page.content.decode()


def test_without_a_phase_reviewers_read_nothing_and_learn_when_the_next_one_begins():
    user = reviewing()
    one = proposal(title="Masts")
    first = timezone.now().date() + datetime.timedelta(days=9)
    ReviewPhase.objects.update(
        opens_on=first, closes_on=first + datetime.timedelta(days=9)
    )
    client = signed_in(user)

    page = client.get(LIST).content.decode()

    assert "No review phase is open today." in page
    assert "The next one, Scoring, begins on" in page
    assert "Masts" not in page
    assert client.get(page_of(one)).url == LIST


def queries(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        client.get(address)
    return len(asked)


def test_the_list_asks_the_same_number_of_queries_for_one_row_and_ten():
    user = reviewing()
    client = signed_in(user)
    reviewed(proposal(), user, 3, 3)
    for_one = queries(client, LIST)

    for _row in range(9):
        reviewed(proposal(), user, 3, 3)

    assert queries(client, LIST) == for_one < 15


# --- what a phase shows ---------------------------------------------------------------------


@pytest.mark.parametrize("shows_names", [True, False])
def test_a_phase_says_whether_names_are_shown(shows_names):
    user = reviewing(shows_names=shows_names)
    one = proposal(organization_name="Ministry of Masts", people="Li Wei, engineer")
    named(one, "Ana Souza")

    page = signed_in(user).get(page_of(one)).content.decode()

    for text in ("Ministry of Masts", "Ana Souza", "Li Wei"):
        assert (text in page) is shows_names
    assert str(one.owner) not in page


@pytest.mark.parametrize(
    ("others", "before", "after"),
    [("none", False, False), ("after", False, True), ("all", True, True)],
)
def test_a_phase_says_when_reviews_of_others_are_read(others, before, after):
    user = reviewing(others=others)
    colleague = reviewing()
    one = proposal()
    reviewed(one, colleague, 5, 10, comment="Strong on masts.")
    reviewed(one, reviewing(), 1, 1, state="draft", comment="Half a thought.")
    client = signed_in(user)

    first = client.get(page_of(one)).content.decode()
    client.post(
        page_of(one),
        {**scores(one.edition, 4, 5), "comment": "", "hand_in": "1"},
    )
    then = client.get(page_of(one)).content.decode()

    assert ("Strong on masts." in first) is before
    assert ("Strong on masts." in then) is after
    assert "Half a thought." not in first + then


# --- scores ---------------------------------------------------------------------------------


def test_a_review_is_weighted_and_kept_with_its_phase():
    user = reviewing()
    one = proposal()

    signed_in(user).post(
        page_of(one),
        {**scores(one.edition, 4, 5), "comment": "Fine.", "hand_in": "1"},
    )

    review = Review.objects.get()
    assert (review.state, review.phase.name, review.comment) == (
        "done",
        "Scoring",
        "Fine.",
    )
    assert review.total == pytest.approx((3 * 80 + 50) / 4)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        (("6", "5"), "Ensure this value is less than or equal to 5."),
        (("-1", "5"), "Ensure this value is greater than or equal to 0."),
        (("", "5"), "Enter a score, or abstain."),
        (("x", "5"), "Enter a whole number."),
    ],
)
def test_bad_scores_are_named_and_nothing_is_kept(values, sentence):
    user = reviewing()
    one = proposal()

    page = signed_in(user).post(
        page_of(one), {**scores(one.edition, *values), "comment": "", "hand_in": "1"}
    )

    assert page.status_code == 400
    assert sentence in page.content.decode()
    assert not Review.objects.exists()


def test_a_phase_that_only_reads_takes_no_review():
    user = reviewing(takes_reviews=False)
    one = proposal()
    client = signed_in(user)

    page = client.post(
        page_of(one), {**scores(one.edition, 4, 5), "comment": "", "hand_in": "1"}
    )

    assert page.status_code == 409
    assert "This phase takes no reviews" in page.content.decode()
    assert not Review.objects.exists()


def test_nobody_reviews_what_is_not_theirs():
    one = proposal()
    reviewing()

    answer = signed_in(UserFactory()).post(page_of(one), {"save": "1", "comment": ""})

    assert answer.status_code == 404
    assert not Review.objects.exists()


# --- rules of the rows ----------------------------------------------------------------------


def test_one_phase_at_a_time_and_one_seat_for_a_person_and_track():
    user = reviewing()
    phase = ReviewPhase.objects.get()
    second = ReviewPhase(
        edition=phase.edition,
        name="Selection",
        opens_on=phase.closes_on,
        closes_on=phase.closes_on,
    )

    with pytest.raises(ValidationError, match="Another phase overlaps"):
        second.full_clean()
    with pytest.raises(ValidationError, match="reviews this track already"):
        Reviewer(edition=phase.edition, user=user).full_clean()


def test_a_scale_stays_above_the_scores_that_were_given():
    user = reviewing()
    one = proposal()
    reviewed(one, user, 5, 10)
    criterion = one.edition.review_criteria.get(text="Clarity")
    criterion.scale = 9

    with pytest.raises(ValidationError, match="higher scores already"):
        criterion.full_clean()


# --- the secretariat ------------------------------------------------------------------------


@pytest.fixture
def desk(client):
    user = officer()
    client.force_login(user)
    return client


def three_scored():
    reviewers = [reviewing() for _one in range(3)]
    first, second, third = (proposal(title=title) for title in ("A", "B", "C"))
    for reviewer, low in zip(reviewers, (5, 5, 0), strict=True):
        reviewed(first, reviewer, low, 2 * low)
        reviewed(second, reviewer, 4, 8)
    reviewed(third, reviewers[0], 0, 0)
    reviewed(third, reviewers[1], state="abstained")
    proposal(title="D")
    return first


@pytest.mark.parametrize(
    ("order", "titles"),
    [
        ("median", "ABCD"),
        ("mean", "BACD"),
        ("spread", "ABCD"),
        ("reviews", "DCAB"),
        ("number", "ABCD"),
        ("no-such", "ABCD"),
    ],
)
def test_proposals_are_sorted_by_what_their_reviews_say(desk, order, titles):
    three_scored()

    page = desk.get(TABLE, {"order": order})

    assert "".join(line.submission.title for line in page.context["lines"]) == titles


def test_the_table_and_the_file_say_median_mean_spread_and_disagreement(desk):
    three_scored()

    lines = desk.get(TABLE).context["lines"]
    sheet = desk.get("/en/forum/2027/reviews.csv").content.decode("utf-8-sig")

    totals = [(line.totals, line.totals.disputed, line.abstained) for line in lines]
    assert totals == [
        ((3, pytest.approx(200 / 3), 100.0, 100.0), True, 0),
        ((3, pytest.approx(80.0), 80.0, 0.0), False, 0),
        ((1, 0.0, 0.0, None), False, 1),
        ((0, None, None, None), False, 0),
    ]
    rows = sheet.splitlines()
    assert rows[1].endswith(",submitted,KE,GOV,3,0,100.0,66.7,100.0,yes")
    assert rows[4].endswith(",0,0,,,,no")


def test_the_table_is_read_page_by_page(desk):
    for _row in range(30):
        proposal()

    first = desk.get(TABLE, {"order": "number"})
    second = desk.get(TABLE + first.context["page"]["next"])
    back = desk.get(TABLE + second.context["page"]["previous"])

    numbers = [
        line.submission.pk for page in (first, second) for line in page.context["lines"]
    ]
    assert len(numbers) == len(set(numbers)) == 30
    assert back.context["lines"] == first.context["lines"]


def test_the_balance_counts_the_chosen_against_all(desk):
    brazil = CountryFactory(code="BR")
    civil = StakeholderTypeFactory(code="CIVIL")
    chosen = proposal(status="accepted")
    other = proposal(country=brazil, stakeholder_type=civil)
    named(chosen, "Ana Souza", gender="woman", is_youth=True)
    named(other, "Li Wei", gender="man")
    named(other, "Somebody")

    groups = {
        group.label: {share.label: share[1:] for share in group.shares}
        for group in desk.get(TABLE).context["balance"]
    }

    assert groups["Proposals"] == {"All": (1, 2)}
    assert groups["Region"] == {"Africa": (1, 1), "Americas": (0, 1)}
    assert groups["Stakeholder type"] == {"Government": (1, 1), "Civil Society": (0, 1)}
    assert groups["Inclusion"] == {
        "Least developed countries": (0, 0),
        "With a speaker younger than 30": (1, 1),
    }
    assert groups["Gender of the speakers"] == {
        "Woman": (1, 1),
        "Man": (0, 1),
        "Not stated": (0, 1),
    }


def test_the_table_asks_the_same_number_of_queries_for_one_row_and_ten(desk):
    user = reviewing()
    reviewed(proposal(), user, 3, 3)
    for_one = queries(desk, TABLE)

    for _row in range(9):
        reviewed(proposal(), user, 3, 3)

    assert queries(desk, TABLE) == for_one < 20


def test_reviewers_read_neither_table_nor_file():
    client = signed_in(reviewing())
    EditionFactory()

    assert client.get(TABLE).status_code == 403
    assert client.get("/en/forum/2027/reviews.csv").status_code == 403
