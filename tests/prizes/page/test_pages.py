"""The pages of the prizes: who sees what, bad input, what is counted and hidden."""

import re

import pytest
from django.urls import reverse

from accounts.role.roles import Role
from common.mail.models import OutgoingMail
from prizes.ballot.models import Vote
from prizes.contest.models import Category
from prizes.contest.rules import Figure
from prizes.entry.models import Entry
from prizes.entry.workflow import Status
from tests.factories import ProjectFactory, UserFactory
from tests.prizes.records import (
    WORDS,
    ContestFactory,
    EntryFactory,
    expert,
    set_phases,
    voter,
)

pytestmark = pytest.mark.django_db


def url(name, contest, *rest):
    return reverse(f"prizes:{name}", args=[contest.slug, *rest])


def read(client, *address):
    return client.get(url(*address)).content.decode()


@pytest.fixture
def contest():
    return ContestFactory()


@pytest.fixture
def member(client):
    user = voter()
    client.force_login(user)
    return user


# --- reading ---


@pytest.mark.parametrize(
    "phase", ["submission", "nomination", "voting", "selection", "none"]
)
def test_every_page_of_a_contest_opens_in_every_phase(client, contest, phase):
    entry = EntryFactory(contest=contest)
    Figure.objects.create(
        contest=contest, kind="votes", value="2 million", source="A", note="n"
    )
    set_phases(contest, phase)
    pages = [reverse("prizes:contests"), reverse("prizes:feed")]
    pages += [url(name, contest) for name in ("contest", "results", "results-csv")]
    pages += [url("category", contest, "C7-EGOV"), url("category", contest, "C1")]

    assert {page: client.get(page).status_code for page in pages} == dict.fromkeys(
        pages, 200
    )
    public = phase in {"voting", "selection", "none"}
    assert client.get(entry.get_absolute_url()).status_code == (200 if public else 404)


@pytest.mark.parametrize("query", ["?region=MOON", "?country=XX", "?q=" + "x" * 201])
def test_unknown_filters_are_said_and_nothing_breaks(client, contest, query):
    response = client.get(url("category", contest, "C7-EGOV") + query)

    assert (
        response.status_code,
        "There is a problem" in response.content.decode(),
    ) == (400, True)


def test_gallery_finds_by_word_country_and_stakeholder_type(client, contest):
    EntryFactory(contest=contest, project__title="Fishing ports online")
    EntryFactory(contest=contest, project__title="Other")

    found = client.get(url("category", contest, "C7-EGOV") + "?q=fishing&country=KE")

    assert [e.title for e in found.context["page"].object_list] == [
        "Fishing ports online"
    ]


def test_order_is_each_voters_own_and_stable(client, contest):
    EntryFactory.create_batch(8, contest=contest)
    orders = []
    for _n in range(3):
        client.force_login(voter())
        pages = [
            client.get(url("ballot-category", contest, "C7-EGOV")) for _m in range(2)
        ]
        orders += [tuple(e.pk for e in page.context["nominees"]) for page in pages]

    assert (orders[0], orders[2], orders[4]) == (orders[1], orders[3], orders[5])
    assert len(set(orders)) > 1


# --- entering ---


def test_gate_lets_through_and_the_draft_is_submitted(client, contest):
    set_phases(contest, "submission")
    project = ProjectFactory()
    client.force_login(project.owner)
    category = Category.objects.get(contest=contest, action_line="C1")
    question = contest.questions.get()
    form = {
        "project": project.pk,
        "category": category.pk,
        f"question_{question.pk}": "yes",
    }

    draft = client.post(url("enter", contest), form).url
    short = client.post(
        draft, {"category": category.pk, "description": "One.", "submit": "1"}
    )
    client.post(draft, {"category": category.pk, "description": WORDS, "submit": "1"})

    entry = Entry.objects.get()
    assert "Enter 150 to 200 words; you have 1." in short.content.decode()
    assert (entry.status, entry.category, entry.project) == (
        Status.SUBMITTED,
        category,
        project,
    )
    assert (
        OutgoingMail.objects.get().subject == f"{contest}: we have received your entry"
    )


def test_a_no_at_the_gate_says_why(client, contest):
    set_phases(contest, "submission")
    project = ProjectFactory()
    client.force_login(project.owner)
    question = contest.questions.get()

    page = client.post(
        url("enter", contest), {"project": project.pk, f"question_{question.pk}": "no"}
    )

    assert page.context["form"].errors[f"question_{question.pk}"] == [
        "<bdi>It must be.</bdi>"
    ]
    assert not Entry.objects.exists()


def test_earlier_winner_is_barred(client, contest):
    set_phases(contest, "submission")
    project = ProjectFactory(prize_editions="2016:winner")
    client.force_login(project.owner)

    page = client.post(url("enter", contest), {"project": project.pk})

    assert page.context["form"].errors["project"] == [
        "This project has already won a WSIS Prize and cannot enter."
    ]


def test_second_entry_of_an_organization_in_a_category_is_refused(client, contest):
    set_phases(contest, "submission")
    first = EntryFactory(contest=contest, status=Status.SUBMITTED)
    second = EntryFactory(
        contest=contest, status=Status.DRAFT, project__organization=first.organization
    )
    client.force_login(second.owner)

    page = client.post(
        url("entry", contest, second.pk),
        {"category": second.category_id, "description": WORDS, "submit": "1"},
    )

    assert page.context["form"].errors["category"] == [
        "Your organization already has an entry in this category: one is allowed."
    ]


def test_after_the_close_the_draft_is_kept_and_what_was_typed_too(client, contest):
    entry = EntryFactory(contest=contest, status=Status.DRAFT)
    client.force_login(entry.owner)

    page = client.post(
        url("entry", contest, entry.pk),
        {"category": entry.category_id, "description": "Late text"},
    )

    entry.refresh_from_db()
    assert (page.status_code, entry.description) == (409, WORDS)
    assert "Late text" in page.content.decode()
    assert WORDS in read(client, "entry", contest, entry.pk)


def test_sealed_entries_are_read_by_nobody_but_their_owner(client, contest):
    set_phases(contest, "submission")
    entry = EntryFactory(contest=contest, status=Status.SUBMITTED)
    client.force_login(UserFactory(role=Role.SECRETARIAT))
    sealed = client.get(entry.get_absolute_url()).status_code
    set_phases(contest, "nomination")

    assert (sealed, client.get(entry.get_absolute_url()).status_code) == (404, 200)


# --- voting ---


def test_voting_leads_from_category_to_category(client, contest, member):
    lines = ["C1", "C4", "C11"]
    entries = {line: EntryFactory(contest=contest, line=line) for line in lines}

    steps, here = [], url("ballot-category", contest, "C4")
    for line in ["C4", "C11", "C1"]:
        steps.append(client.post(here, {"entry": entries[line].pk}).url)
        here = steps[-1]

    assert steps == [
        url("ballot-category", contest, "C11"),
        url("ballot-category", contest, "C1"),
        url("my-votes", contest),
    ]
    assert "3 of 3" in read(client, "my-votes", contest)


def test_queries_of_a_vote(client, contest, member, django_assert_num_queries):
    entries = [EntryFactory(contest=contest, line=line) for line in ("C1", "C4", "C9")]
    for entry in entries[:2]:  # the first vote of a chain makes its head
        client.post(
            url("ballot-category", contest, entry.category.code), {"entry": entry.pk}
        )

    with django_assert_num_queries(4):  # session, person, nominee, vote
        client.post(url("ballot-category", contest, "C9"), {"entry": entries[2].pk})


def test_own_organization_is_barred(client, contest, member):
    entry = EntryFactory(
        contest=contest, project__organization=member.member.organization
    )

    page = client.post(url("ballot-category", contest, "C7-EGOV"), {"entry": entry.pk})

    assert page.status_code == 409
    assert "You cannot vote for your own organization’s entry." in page.content.decode()
    assert "This entry belongs to your own organization." in page.content.decode()
    assert not Vote.objects.exists()


@pytest.mark.parametrize("sent", ["", "x", "0", "9" * 18, "9" * 400])
def test_wild_choices_are_answered_with_a_sentence(client, contest, member, sent):
    page = client.post(url("ballot-category", contest, "C7-EGOV"), {"entry": sent})

    assert page.status_code == 400
    assert "Choose one of the nominees." in page.content.decode()


def test_vote_after_the_close_is_refused_with_a_sentence(client, contest, member):
    entry = EntryFactory(contest=contest)
    set_phases(contest, "selection")

    page = client.post(url("ballot-category", contest, "C7-EGOV"), {"entry": entry.pk})

    assert page.status_code == 409
    assert "Voting is closed" in page.content.decode()


def test_choice_is_kept_through_sign_in(client, contest):
    entry = EntryFactory(contest=contest)
    wanted = url("ballot-category", contest, "C7-EGOV") + f"?choice={entry.pk}"
    assert wanted in read(client, "nominee", contest, entry.pk).replace("&amp;", "&")

    door = client.get(wanted).url
    client.force_login(voter())
    page = client.get(wanted)

    assert "choice%3D" in door
    assert page.context["choice"] == entry


def test_withdrawing_and_the_mail_of_my_votes(client, contest, member):
    entry = EntryFactory(contest=contest)
    client.post(url("ballot-category", contest, "C7-EGOV"), {"entry": entry.pk})
    client.post(url("mail-votes", contest))
    client.post(url("withdraw-vote", contest, "C7-EGOV"))

    assert not Vote.objects.exists()
    assert entry.title in OutgoingMail.objects.get().body


def test_no_totals_anywhere_before_the_champions_are_public(client, contest):
    entry = EntryFactory(contest=contest)
    pages = [
        url("contest", contest),
        url("category", contest, "C7-EGOV"),
        entry.get_absolute_url(),
        url("results", contest),
        url("results-csv", contest),
        f"/api/v1/prizes/entries/{entry.pk}/",
        f"/api/v1/prizes/contests/{contest.slug}/",
        "/api/v1/prizes/results/",
        reverse("prizes:feed"),
    ]
    clock = re.compile(rb"Server time:.*?</p>", re.DOTALL)

    def read(page):
        return clock.sub(b"", client.get(page).content)

    before = [read(page) for page in pages]
    for _n in range(3):
        client.force_login(voter())
        client.post(url("ballot-category", contest, "C7-EGOV"), {"entry": entry.pk})
    client.logout()

    after = [read(page) for page in pages]

    assert [
        page for page, old, new in zip(pages, before, after, strict=True) if old != new
    ] == []


# --- panels ---


def test_experts_see_their_panel_without_conflicts(client, contest):
    set_phases(contest, "nomination")
    entries = EntryFactory.create_batch(3, contest=contest, status=Status.ACCEPTED)
    elsewhere = EntryFactory(contest=contest, status=Status.ACCEPTED, line="C1")
    judge = expert(entries[0].category, email="judge@ministry.example")
    entries[1].project.contact_email = "other@somewhere.example"
    entries[1].project.save()
    client.force_login(judge)

    page = client.get(url("panel", contest, "C7-EGOV"))

    assert [line.entry for line in page.context["lines"]] == [
        entries[1]
    ]  # others: mail domain
    assert client.get(url("review", contest, entries[0].pk)).status_code == 404
    assert client.get(url("review", contest, elsewhere.pk)).status_code == 404
    assert client.get(url("panel", contest, "C1")).status_code == 404


def test_own_review_first_then_the_others(client, contest):
    set_phases(contest, "nomination")
    entry = EntryFactory(contest=contest, status=Status.ACCEPTED)
    first, second = expert(entry.category), expert(entry.category)
    scores = {f"score_{c.pk}": 4 for c in contest.criteria.all()}
    address = url("review", contest, entry.pk)
    client.force_login(first)
    missing = client.post(address, {"hand_in": "1", "comment": "Fine"})
    client.post(address, scores | {"hand_in": "1", "comment": "Very good"})

    client.force_login(second)
    before = client.get(address).content.decode()
    client.post(address, scores | {"save": "1", "comment": ""})
    draft = client.get(address).content.decode()
    client.post(address, {"abstain": "1", "comment": ""})
    after = client.get(address).content.decode()

    assert "Enter a score, or abstain." in missing.content.decode()
    assert ["Very good" in page for page in (before, draft, after)] == [
        False,
        False,
        True,
    ]


def test_declared_conflict_takes_the_entry_out_of_sight(client, contest):
    set_phases(contest, "nomination")
    entry = EntryFactory(contest=contest, status=Status.ACCEPTED)
    client.force_login(expert(entry.category))

    client.post(url("conflict", contest, entry.pk), {"reason": "My cousin"})

    assert client.get(url("review", contest, entry.pk)).status_code == 404
    assert client.get(url("panel", contest, "C7-EGOV")).context["lines"] == []


def test_conflicted_chair_sees_neither_entry_nor_reviews(client, contest):
    set_phases(contest, "nomination")
    entry = EntryFactory(contest=contest, status=Status.ACCEPTED)
    other = EntryFactory(contest=contest, status=Status.ACCEPTED)
    chair = expert(entry.category, chair=True)
    entry.owner = chair
    entry.save()
    client.force_login(chair)

    page = client.get(url("panel", contest, "C7-EGOV"))
    own = client.get(entry.get_absolute_url())

    assert [line.entry for line in page.context["lines"]] == [other]
    assert [move.name for move in own.context["moves"]] == ["withdraw"]
    assert client.get(url("review", contest, entry.pk)).status_code == 404


def test_table_of_scores_for_the_chair(client, contest):
    set_phases(contest, "nomination")
    entry = EntryFactory(contest=contest, status=Status.ACCEPTED)
    impact, reach = contest.criteria.all()
    for points in (5, 1):
        client.force_login(expert(entry.category))
        client.post(
            url("review", contest, entry.pk),
            {
                f"score_{impact.pk}": points,
                f"score_{reach.pk}": 10,
                "hand_in": "1",
                "comment": "",
            },
        )
    client.force_login(expert(entry.category, chair=True))

    (line,) = client.get(url("panel", contest, "C7-EGOV")).context["lines"]

    assert line.totals == (2, 70.0, 70.0, 60.0)
    assert line.totals.disputed


@pytest.mark.parametrize("rows", [1, 10])
def test_queries_of_the_lists(client, contest, django_assert_num_queries, rows, member):
    EntryFactory.create_batch(rows, contest=contest)
    for name, rest, queries in (
        ("category", ["C7-EGOV"], 12),
        ("ballot", [], 15),
        ("ballot-category", ["C7-EGOV"], 15),
    ):
        client.get(url(name, contest, *rest))
        with django_assert_num_queries(queries):
            client.get(url(name, contest, *rest))
