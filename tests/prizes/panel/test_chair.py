"""What a chair does with the reviews of an entry, the table of scores, and which entry is next."""

import csv
import io

import pytest
from django.urls import reverse

from accounts.role.roles import Role
from common.mail.models import OutgoingMail
from prizes.entry.workflow import Status
from prizes.panel.decision import Assignment
from prizes.panel.forwarding import Forwarding
from prizes.panel.models import Conflict, Panel, Review, Score
from tests.factories import UserFactory
from tests.prizes.records import ContestFactory, EntryFactory, expert, set_phases

pytestmark = pytest.mark.django_db


@pytest.fixture
def contest():
    return ContestFactory(now="nomination", slug="2044", title="WSIS Prizes 2044")


@pytest.fixture
def category(contest):
    return contest.categories.get(action_line="C4")


@pytest.fixture
def chair(category):
    return expert(category, chair=True, first_name="Rokhaya")


def entry_of(contest, title="Health kiosks", line="C4"):
    return EntryFactory(contest=contest, line=line, title=title, status=Status.ACCEPTED)


def review(entry, judge, value=None, comment="", state="done"):
    """`value`: of both criteria, in tenths of the highest score."""
    row = Review.objects.create(
        entry=entry, reviewer=judge, state=state, comment=comment
    )
    for criterion in entry.contest.criteria.all() if value is not None else ():
        Score.objects.create(
            review=row, criterion=criterion, value=criterion.scale * value // 10
        )
    Assignment.objects.get_or_create(entry=entry, expert=judge)
    return row


def address(name, contest, *more):
    return reverse(f"prizes:{name}", args=[contest.slug, "C4", *more])


# --- the table ---


@pytest.fixture
def scored(contest, category):
    judges = [expert(category), expert(category)]
    low, high, none = (entry_of(contest, title) for title in "BCA")
    for judge, values in zip(judges, ((2, 10), (10, 10)), strict=True):
        review(low, judge, values[0])
        review(high, judge, values[1])
    return low, high, none


@pytest.mark.parametrize(
    ("asked", "titles"),
    [
        ("", "CBA"),
        ("?sort=mean", "BCA"),
        ("?sort=-spread", "BCA"),
        ("?sort=title", "ABC"),
        ("?sort=-title", "CBA"),
        ("?sort=scores", "ABC"),
        ("?sort=-median", "CBA"),
        ("?sort=nonsense", "CBA"),
    ],
)
def test_the_table_is_sorted_by_any_column(
    client, contest, chair, scored, asked, titles
):
    client.force_login(chair)

    context = client.get(address("panel", contest) + asked).context

    assert "".join(line.entry.title for line in context["lines"]) == titles


def test_the_heading_says_the_order_and_turns_it_around(client, contest, chair, scored):
    client.force_login(chair)

    page = client.get(address("panel", contest) + "?sort=-mean").content.decode()

    assert page.count("aria-sort=") == 1
    assert 'aria-sort="descending"' in page
    assert 'href="?sort=mean"' in page
    assert 'href="?sort=title"' in page
    assert "disputed" in page


def test_the_table_as_csv(client, contest, chair, scored):
    low, high, none = scored
    type(low).objects.filter(pk=none.pk).update(title="=cmd()")
    client.force_login(chair)

    text = client.get(address("panel-scores", contest)).content.decode("utf-8-sig")

    head, *rows = csv.reader(io.StringIO(text))
    assert head[0] == "Entry"
    assert rows[0][:6] == [str(high.pk), "C", "Accepted for review", "2", "2", "0"]
    assert rows[0][6:] == ["100.0", "100.0", "0.0", "0"]
    assert rows[1][6:] == ["60.0", "60.0", "80.0", "1"]
    assert rows[2][1] == "'=cmd()"
    assert rows[2][6:9] == ["", "", ""]


def test_the_table_asks_as_often_for_ten_entries_as_for_one(
    client,
    contest,
    chair,
    category,
    django_assert_num_queries,
    django_assert_max_num_queries,
):
    judge = expert(category)
    review(entry_of(contest), judge, 5)
    client.force_login(chair)
    client.get(address("panel", contest))
    with django_assert_max_num_queries(20) as first:
        client.get(address("panel", contest))
    for _n in range(9):
        review(entry_of(contest), judge, 5)

    with django_assert_num_queries(len(first)):
        client.get(address("panel", contest))


# --- the reviews of an entry ---


def test_the_chair_reads_each_score_and_who_has_not_reviewed(
    client, contest, chair, category
):
    one, two = expert(category, first_name="Done"), expert(category, first_name="Late")
    entry = entry_of(contest)
    review(entry, one, 10, "Good for <villages>.")
    review(entry, two, comment="Half a thought", state="draft")
    client.force_login(chair)

    page = client.get(address("entry-reviews", contest, entry.pk)).content.decode()

    assert "Good for &lt;villages&gt;." in page
    assert "5 / 5" in page
    assert "10 / 10" in page
    assert str(two) in page
    assert "Half a thought" not in page


def no_chair(contest, entry):
    return expert(entry.category)


def chair_elsewhere(contest, entry):
    return expert(contest.categories.get(action_line="C1"), chair=True)


def conflicted_chair(contest, entry):
    person = expert(entry.category, chair=True)
    Conflict.objects.create(entry=entry, expert=person)
    return person


def officer_with_own_entry(contest, entry):
    person = UserFactory(role=Role.SECRETARIAT)
    entry.owner = person
    entry.save()
    return person


@pytest.mark.parametrize(
    "who", [no_chair, chair_elsewhere, conflicted_chair, officer_with_own_entry]
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_else_learns_who_reviews_an_entry(
    client, settings, contest, category, who, method
):
    settings.REQUIRE_STAFF_MFA = False
    entry = entry_of(contest)
    judge = expert(category)
    review(entry, judge, 10, "A secret of the panel")
    client.force_login(who(contest, entry))

    answer = getattr(client, method)(
        address("entry-reviews", contest, entry.pk),
        {"recuse": "1", "expert": judge.pk, "reason": "No"},
    )

    assert answer.status_code == 404
    assert "A secret of the panel" not in answer.content.decode()
    assert Review.objects.exists()


def test_a_recused_expert_is_replaced_at_once(client, contest, chair, category):
    one, two = expert(category), expert(category)
    Panel.objects.update(reviews_per_entry=1)
    entry = entry_of(contest)
    review(entry, one, 10)
    client.force_login(chair)
    page = address("entry-reviews", contest, entry.pk)

    empty = client.post(page, {"recuse": "1", "expert": one.pk}).content.decode()
    stranger = client.post(page, {"recuse": "1", "expert": two.pk, "reason": "x"})
    told = client.post(
        page, {"recuse": "1", "expert": one.pk, "reason": "Advised it"}, follow=True
    ).content.decode()

    assert "This field is required" in empty
    assert stranger.status_code == 400  # does not review this entry
    recusal = Conflict.objects.get()
    assert (recusal.expert, recusal.by, recusal.reason) == (one, chair, "Advised it")
    assert "is recused from this entry." in told
    held = set(entry.assignments.values_list("expert", flat=True))
    assert one.pk not in held
    assert len(held) == 1


def test_the_chair_reminds_the_experts_of_the_panel_only(
    client, contest, chair, category
):
    late = expert(category)
    elsewhere = expert(contest.categories.get(action_line="C1"))
    Assignment.objects.create(entry=entry_of(contest), expert=late)
    Assignment.objects.create(entry=entry_of(contest, line="C1"), expert=elsewhere)
    client.force_login(chair)

    told = client.post(address("panel-remind", contest), follow=True).content.decode()
    again = client.post(address("panel-remind", contest), follow=True).content.decode()

    assert [mail.to for mail in OutgoingMail.objects.all()] == [late.email]
    assert "1 expert is reminded by e-mail." in told
    assert "Nobody is reminded" in again


# --- forwarding ---


@pytest.fixture
def officer(settings):
    settings.REQUIRE_STAFF_MFA = False
    return UserFactory(role=Role.SECRETARIAT)


def decide(client, officer, action):
    client.force_login(officer)
    data = {"action": action, "_selected_action": [Forwarding.objects.get().pk]}
    page = reverse("admin:prizes_forwarding_changelist")
    return client.post(page, data, follow=True).content.decode()


def send_on(client, contest, chair, entry, line="C7-EHEA", why="About health"):
    client.force_login(chair)
    target = contest.categories.get(action_line=line)
    return client.post(
        address("entry-reviews", contest, entry.pk),
        {"forward": "1", "target": target.pk, "why": why},
        follow=True,
    ).content.decode()


def test_a_forwarded_entry_moves_once_the_secretariat_confirms(
    client, contest, chair, category, officer
):
    entry, judge = entry_of(contest), expert(category)
    other = expert(contest.categories.get(action_line="C7-EHEA"))
    Assignment.objects.create(entry=entry_of(contest, line="C7-EHEA"), expert=other)
    Assignment.objects.create(entry=entry, expert=judge)

    told = send_on(client, contest, chair, entry)
    twice = send_on(client, contest, chair, entry)
    entry.refresh_from_db()
    before = entry.category
    desk = decide(client, officer, "confirm")

    assert "The secretariat confirms or declines." in told
    assert "waits for the secretariat" in told
    assert "proposed already" in twice
    assert before == category
    entry.refresh_from_db()
    assert entry.category.action_line_id == "C7-EHEA"
    assert [row.expert for row in entry.assignments.all()] == [other]
    assert "is now in the category" in desk
    again = decide(client, officer, "decline")
    assert "decided already" in again
    assert Forwarding.objects.get().confirmed is True


def test_a_declined_entry_stays(client, contest, chair, officer):
    entry = entry_of(contest)
    send_on(client, contest, chair, entry)

    said = decide(client, officer, "decline")

    entry.refresh_from_db()
    assert entry.category.action_line_id == "C4"
    assert "stays in its category" in said


@pytest.mark.parametrize("when", ["proposed", "confirmed"])
def test_nothing_is_forwarded_once_people_vote(client, contest, chair, officer, when):
    entry = entry_of(contest)
    if when == "confirmed":
        send_on(client, contest, chair, entry)
    set_phases(contest, "voting")

    said = (
        send_on(client, contest, chair, entry)
        if when == "proposed"
        else decide(client, officer, "confirm")
    )

    assert "Voting has begun" in said
    entry.refresh_from_db()
    assert entry.category.action_line_id == "C4"


def test_an_organization_has_one_entry_in_the_other_category_too(
    client, contest, chair, officer
):
    entry = entry_of(contest)
    there = entry_of(contest, line="C7-EHEA")
    type(entry).objects.filter(pk=there.pk).update(organization=entry.organization)
    send_on(client, contest, chair, entry)

    said = decide(client, officer, "confirm")

    assert "one is allowed" in said
    entry.refresh_from_db()
    assert entry.category.action_line_id == "C4"


@pytest.mark.parametrize("line", ["C4", "C7-EHEA"])
def test_nobody_decides_where_an_entry_of_their_own_competes(
    client, contest, chair, officer, line
):
    entry = entry_of(contest)
    EntryFactory(contest=contest, line=line, owner=officer, status=Status.ACCEPTED)
    send_on(client, contest, chair, entry)

    said = decide(client, officer, "confirm")

    assert "another officer has to decide" in said
    assert Forwarding.objects.open().exists()
    entry.refresh_from_db()
    assert entry.category.action_line_id == "C4"


def test_nobody_confirms_their_own_proposal(client, contest, chair, officer):
    entry = entry_of(contest)
    send_on(client, contest, officer, entry)

    said = decide(client, officer, "confirm")

    assert "Another person has to decide" in said


# --- next ---


def test_the_next_entry_is_one_with_the_fewest_reviews_and_not_this_one(
    client, contest, category
):
    judge, other = expert(category), expert(category)
    done, read, unread, also = (entry_of(contest, f"Entry {n}") for n in range(4))
    for entry in (done, read, unread, also):
        Assignment.objects.create(entry=entry, expert=judge)
    review(done, judge, 5)
    review(read, other, 5)
    client.force_login(judge)
    page = address("next-entry", contest)

    first = client.get(page)["Location"]
    again = client.get(page)["Location"]
    number = int(first.split("/entries/")[1].split("/")[0])
    second = client.get(page, {"after": number})["Location"]

    assert first == again
    assert {first, second} == {
        reverse("prizes:review", args=[contest.slug, entry.pk])
        for entry in (unread, also)
    }
    assert f'href="{page}"' in client.get(address("panel", contest)).content.decode()


def test_the_order_differs_between_experts(client, contest, category):
    for n in range(12):
        entry_of(contest, f"Entry {n}")
    first = set()
    for _n in range(6):
        client.force_login(expert(category))
        first.add(client.get(address("next-entry", contest))["Location"])

    assert len(first) > 1


def test_when_all_is_reviewed_the_page_says_so(client, contest, category):
    judge = expert(category)
    review(entry_of(contest), judge, 5)
    client.force_login(judge)

    page = client.get(address("next-entry", contest), follow=True).content.decode()

    assert "You have reviewed all your entries of this panel." in page
    assert "Next entry" not in page
