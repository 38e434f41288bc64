"""Scripts are held, crowds of people are not: each crowd votes over HTTP."""

import re
import secrets

import pytest
from django.test import Client
from django.urls import reverse

from accounts.user.models import User
from common.mail.models import OutgoingMail
from prizes.checking.sweeping import sweep
from prizes.checking.tasks import check_votes
from prizes.hold.models import Hold, Pattern
from prizes.result.counting import recount, tally
from tests.factories import (
    PASSWORD,
    CountryFactory,
    MemberFactory,
    OrganizationFactory,
    StakeholderTypeFactory,
)
from tests.prizes.checking.crowds import (
    CHROME,
    CHROMEBOOK,
    IPHONE,
    PHONE,
    account,
    at_random,
    browser,
    contest_with_nominees,
    dice,
    fill_in,
    held_of,
    nominees_of,
    send,
    voters_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def contest():
    return contest_with_nominees()


@pytest.fixture
def nominees(contest):
    return nominees_of(contest)


def links():
    """Those of the mails that ask to confirm."""
    texts = OutgoingMail.objects.filter(subject__contains="confirm your votes")
    return [re.search(r"/en/prizes/held/\S+", mail.body)[0] for mail in texts]


def test_a_script_with_200_accounts_in_one_network(contest, nominees):
    """Random votes in all categories, less than five seconds for each, one account after another;
    a few neighbours in the same network vote as people do."""
    throws = dice()
    robots = [account(f"r{n}@mail{n}.example", days_old=2) for n in range(200)]
    people = [account(f"p{n}@house{n}.example") for n in range(8)]
    for n, robot in enumerate(robots):
        client = browser(robot, f"203.0.113.{n % 50}", CHROME)
        send(client, robot, contest, at_random(nominees, throws), throws.randrange(45))
    for person in people:
        client = browser(person, "203.0.113.7", CHROME)
        fill_in(client, contest, at_random(nominees, throws), throws.randrange(80, 400))

    check_votes()

    assert voters_of(contest) == 208
    assert held_of(contest, robots) >= 190
    assert held_of(contest, people) == 0
    others = 208 - Hold.objects.open().count()
    assert sum(tally(contest).values()) == others * len(nominees)
    assert tally(contest) == recount(contest)
    assert {pattern.rule.order for pattern in Pattern.objects.all()} == {1}

    # whoever confirms is counted, and stays so; a link works without signing in, and once
    assert len(links()) == held_of(contest, robots)
    visitor, link = Client(), links()[0]
    asked = visitor.get(link).content.decode()
    before = sum(tally(contest).values())
    done = visitor.post(link, follow=True).content.decode()
    again = visitor.post(link, follow=True).content.decode()
    sweep()

    assert "Confirm my votes" in asked
    assert "You have confirmed your votes: they count." in done
    assert "You have confirmed your votes: they count." in again
    assert sum(tally(contest).values()) == before + len(nominees)
    assert tally(contest) == recount(contest)


def test_a_script_that_walks_from_category_to_category(contest, nominees):
    """As the public script does: one page for each category, a pause of less than five seconds."""
    throws = dice()
    robots = [account(f"w{n}@mail{n}.example", days_old=30) for n in range(16)]
    for robot in robots:
        client = browser(robot, "198.51.100.20", CHROME)
        for code, entries in list(nominees.items())[:6]:
            address = reverse("prizes:ballot-category", args=[contest.slug, code])
            page = client.get(address).content.decode()
            opened = re.search(r'name="opened" value="([^"]+)"', page)[1]
            client.post(address, {"entry": throws.choice(entries), "opened": opened})

    sweep()

    assert held_of(contest, robots) == 16


def test_one_slow_vote_does_not_hide_a_script(contest, nominees):
    robots = [account(f"s{n}@mail{n}.example") for n in range(20)]
    codes = list(nominees)
    for robot in robots:
        client = browser(robot, "198.51.100.21", CHROME)
        send(client, robot, contest, at_random(nominees, dice(), codes[:1]), 3000)
        send(client, robot, contest, at_random(nominees, dice(), codes[1:]), 9)

    sweep()

    assert held_of(contest, robots) == 20


def test_a_script_from_many_networks_with_one_domain_and_one_ballot(contest, nominees):
    """As slow as people, on several kinds of devices, but new accounts of one domain and its
    subdomains that all vote alike."""
    ballot = {code: entries[0] for code, entries in nominees.items()}
    robots = [account(f"r{n}@m{n % 9}.catch-all.example", 1) for n in range(120)]
    for n, robot in enumerate(robots):
        client = browser(robot, f"10.{n % 40}.7.9", (CHROME, PHONE, IPHONE)[n % 3])
        send(client, robot, contest, ballot, 150 + n)

    sweep()

    assert held_of(contest, robots) >= 114
    assert tally(contest) == recount(contest)
    assert sum(tally(contest).values()) <= 6 * len(ballot)
    assert {pattern.rule.order for pattern in Pattern.objects.all()} == {4}


def test_the_same_long_list_sent_at_once_from_everywhere(contest, nominees):
    ballot = {code: entries[0] for code, entries in nominees.items()}
    robots = [account(f"r{n}@gmail.com") for n in range(40)]
    for n, robot in enumerate(robots):
        client = browser(robot, f"2001:db8:{n:x}::9", (CHROME, PHONE)[n % 2])
        send(client, robot, contest, ballot, 20)

    sweep()

    assert held_of(contest, robots) == 40


def test_a_class_of_30_signs_up_and_votes_on_one_wifi(contest, nominees):
    """Nobody is refused and nobody is held, though some choose in a hurry."""
    throws, mark = dice(), secrets.token_hex(3)
    network = f"2001:db8:{secrets.token_hex(2)}::1"
    pupils = [f"pupil{n}@school{mark}.example" for n in range(30)]
    answers = [
        Client(REMOTE_ADDR=network).post(
            reverse("account_signup"), {"email": pupil, "password1": PASSWORD}
        )
        for pupil in pupils
    ]
    users = list(User.objects.filter(email__in=pupils))
    profile = {
        "last_name": "Okoro",
        "country": CountryFactory().pk,
        "stakeholder_type": StakeholderTypeFactory().pk,
    }
    for n, user in enumerate(users):
        client = browser(user, network, CHROMEBOOK)
        seconds = 30 if n < 5 else throws.randrange(60, 300)
        choices = at_random(nominees, throws)
        page = fill_in(client, contest, choices, seconds, **profile)
        assert "10 votes are counted." in page.content.decode()

    check_votes()

    assert {answer.status_code for answer in answers} == {302}
    assert (len(users), voters_of(contest)) == (30, 30)
    assert Hold.objects.count() == 0
    assert sum(tally(contest).values()) == 300


def test_a_ministry_of_300_votes_behind_one_address(contest, nominees):
    """Most vote for their own project and a few others, some for a list from a circular, many
    signed up this morning; a dozen are quick."""
    throws = dice()
    own = next(iter(nominees))
    house = OrganizationFactory()
    staff = [
        account(f"officer{n}@ministry.gov.xx", days_old=0 if n % 3 else 300)
        for n in range(300)
    ]
    for user in staff[:3]:
        MemberFactory(user=user, organization=house)
    for n, user in enumerate(staff):
        client = browser(user, "192.0.2.1", CHROME)
        codes = list(nominees) if n % 5 == 0 else throws.sample(list(nominees), 2)
        choices = at_random(nominees, throws, codes) | {own: nominees[own][0]}
        quick = n % 25 == 0
        seconds = len(choices) * (3 if quick else throws.randrange(6, 30))
        send(client, user, contest, choices, seconds)

    sweep()

    assert voters_of(contest) == 300
    assert Hold.objects.count() == 0


def test_a_hall_that_votes_in_the_same_ten_minutes(contest, nominees):
    """150 phones on the Wi-Fi of a conference, half of them of one kind; every seventh person is
    faster than the rule, which is no third of them."""
    throws = dice()
    guests = [account(f"guest{n}@gmail.com", days_old=0) for n in range(150)]
    for n, user in enumerate(guests):
        client = browser(user, "192.0.2.77", PHONE if n % 2 else IPHONE)
        pace = 4 if n % 7 == 0 else throws.randrange(6, 20)
        send(client, user, contest, at_random(nominees, throws), pace * len(nominees))

    sweep()

    assert voters_of(contest) == 150
    assert Hold.objects.count() == 0
