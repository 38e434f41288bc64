"""The order of nominees: balanced over voters, the same on return; screens of eight; exposure."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts.role.roles import Role
from prizes.ballot.models import cast
from prizes.ballot.order import Turn, arranged, exposure
from tests.factories import CountryFactory, UserFactory
from tests.prizes.records import ContestFactory, EntryFactory, count, set_phases, voter

pytestmark = pytest.mark.django_db
VOTERS, CARDS = 10_000, 8


@pytest.fixture
def contest():
    return ContestFactory()


@pytest.fixture
def nominees(contest):
    return [
        EntryFactory(contest=contest, project__title=f"Nominee number {n:02}")
        for n in range(20)
    ]


def screen(client, contest, query=""):
    address = reverse("prizes:ballot-category", args=[contest.slug, "C7-EGOV"])
    return client.get(address + query).content.decode()


def titles(page):
    cards = page.split('<ol class="nominees">')[1].split("</ol>")[0]
    return re.findall(r"<h3[^>]*><a[^>]*>(Nominee number \d\d)", cards)


def login(client, user):
    client.force_login(user)
    return client


@pytest.mark.parametrize("size", [9, 20, 60])
def test_ten_thousand_voters_see_each_nominee_equally_often(size):
    shown = dict.fromkeys(range(size), 0)
    first = dict.fromkeys(range(size), 0)
    pairs = set()
    for turn in range(1, VOTERS + 1):
        order = arranged(range(size), turn, category=7)
        first[order[0]] += 1
        pairs.add((order[0], order[1]))
        for entry in order[:CARDS]:
            shown[entry] += 1

    assert max(shown.values()) / min(shown.values()) <= 1.10
    assert max(first.values()) - min(first.values()) <= 2  # at both ends
    assert len(pairs) > size * (size - 1) / 2  # neighbours change


def test_categories_have_orders_of_their_own():
    assert arranged(range(20), 5, category=1) != arranged(range(20), 5, category=2)


def test_a_voter_finds_the_same_order_on_return(client, contest, nominees):
    user = voter()
    pages = [titles(screen(login(Client(), user), contest)) for _n in range(2)]
    other = titles(screen(login(Client(), voter()), contest))
    gallery = login(client, user).get(
        reverse("prizes:category", args=[contest.slug, "C7-EGOV"])
    )

    assert len(pages[0]) == 8
    assert pages[0] == pages[1] != other
    assert titles(gallery.content.decode())[:8] == pages[0]
    assert Turn.objects.count() == 2


def test_the_order_stays_when_a_nominee_leaves(client, contest, nominees):
    login(client, voter())
    before = titles(screen(client, contest))
    gone = next(e for e in nominees if str(e) == before[2])

    gone.move("remove", UserFactory(role=Role.SECRETARIAT), "Plagiarism.")

    after = titles(screen(client, contest))
    assert after[:7] == [title for title in before if title != str(gone)]


def test_screens_of_eight_hold_every_nominee_once(client, contest, nominees):
    login(client, voter())

    pages = [titles(screen(client, contest, f"?page={n}")) for n in (1, 2, 3)]

    assert [len(page) for page in pages] == [8, 8, 4]
    assert len({title for page in pages for title in page}) == 20


@pytest.mark.parametrize("page", ["0", "4", "-1", "x", "99999999999999999999"])
def test_a_page_that_is_not_there_says_so(client, contest, nominees, page):
    login(client, voter())

    html = screen(client, contest, f"?page={page}")

    assert "There is no such page" in html
    assert len(titles(html)) == 8


def test_five_that_were_not_seen(client, contest, nominees):
    login(client, voter())
    seen = titles(screen(client, contest))

    more = [titles(screen(client, contest, "?unseen=1")) for _n in range(3)]
    done = screen(client, contest, "?unseen=1")

    assert [len(page) for page in more] == [5, 5, 2]
    assert not {title for page in more for title in page} & set(seen)
    assert "You have seen all nominees of this category." in done
    assert "Show me 5 that I have not seen" in screen(client, contest)


def test_search_and_filters_keep_the_voters_order(client, contest, nominees):
    here = CountryFactory(code="TV", name="Tuvalu")
    type(nominees[0]).objects.filter(pk__in=[e.pk for e in nominees[:3]]).update(
        country=here
    )
    login(client, voter())
    whole = [
        t for n in (1, 2, 3) for t in titles(screen(client, contest, f"?page={n}"))
    ]

    some = titles(screen(client, contest, f"?country={here.pk}"))
    one = titles(screen(client, contest, "?q=number+07"))

    assert sorted(some) == [str(e) for e in nominees[:3]]
    assert some == [title for title in whole if title in some]
    assert one == ["Nominee number 07"]


def test_a_choice_on_another_screen_is_still_asked_about(client, contest, nominees):
    login(client, voter())
    last = titles(screen(client, contest, "?page=3"))[-1]
    pk = next(e.pk for e in nominees if str(e) == last)

    html = screen(client, contest, f"?choice={pk}")

    assert "Confirm your vote" in html
    assert last in html.split("Confirm your vote")[1].split("</form>")[0]


def test_staff_see_to_how_many_each_was_shown(client, contest, nominees):
    people = [voter() for _n in range(5)]
    for person in people:
        other = login(Client(), person)
        for _again in range(2):
            screen(other, contest)
    shown = exposure(contest)

    login(client, UserFactory(role=Role.SECRETARIAT))
    page = client.get(
        reverse("admin:prizes_contest_exposure", args=[contest.pk])
    ).content.decode()

    assert sum(shown.values()) == 5 * 8
    assert max(shown.values()) <= 5
    most = max(shown, key=shown.__getitem__)
    title = str(next(e for e in nominees if e.pk == most))
    row = page.split(f"<bdi>{title}</bdi>")[1].split("</tr>")[0]
    assert f"<td>{shown[most]}</td>" in row
    assert f"Most: {shown[most]}." in page


def test_turns_go_with_the_count(client, contest, nominees):
    user = voter()
    screen(login(client, user), contest)
    cast(nominees[0], user)
    set_phases(contest, "selection")
    before = Turn.objects.count()

    count(contest)

    assert (before, Turn.objects.count()) == (1, 0)
    assert len(titles(screen(client, contest))) == 8


def test_two_are_compared_side_by_side(client, contest, nominees):
    address = reverse("prizes:compare", args=[contest.slug, "C7-EGOV"])
    one, two = nominees[3], nominees[5]

    asked = client.get(address, {"first": one.pk}).content.decode()
    page = client.get(address, {"first": one.pk, "second": two.pk}).content.decode()

    assert '<div class="pair">' not in asked
    assert f'<option value="{one.pk}" selected>' in asked
    pair = page.split('<div class="pair">')[1]
    assert pair.index(str(one)) < pair.index(str(two))
    for entry in (one, two):
        assert f"?choice={entry.pk}" in pair


@pytest.mark.parametrize("second", ["same", "0", "x", "999999999999999999999"])
def test_what_cannot_be_compared_gets_a_sentence(client, contest, nominees, second):
    address = reverse("prizes:compare", args=[contest.slug, "C7-EGOV"])
    first = nominees[0].pk
    query = {"first": first, "second": first if second == "same" else second}

    page = client.get(address, query)

    assert page.status_code == 400
    assert "Choose two different nominees of this category." in page.content.decode()
