"""What voters and the public read of held votes, and what is kept of a vote and how long."""

import datetime
import json
import re

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts.role.roles import Role
from common.mail.models import OutgoingMail
from common.moves.workflow import MoveRefused
from prizes.ballot.models import Vote, cast
from prizes.checking.figures import cell_of, count_days
from prizes.checking.sweeping import forget_signals, sweep
from prizes.checking.tasks import check_votes
from prizes.checking.telling import tell_voters
from prizes.hold.models import Hold, Signal, SignalKey
from prizes.hold.signals import device_of, domain_of, opened_now, seconds_since
from prizes.result.counting import require_countable, tally
from tests.factories import UserFactory
from tests.prizes.checking.crowds import CHROME, IPHONE, PHONE, browser, fill_in
from tests.prizes.records import (
    ContestFactory,
    EntryFactory,
    count,
    held_vote,
    set_phases,
    voiding,
    voter,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry():
    return EntryFactory(contest=ContestFactory())


def page_of(client, name, entry, *more):
    address = reverse(f"prizes:{name}", args=[entry.contest.slug, *more])
    return client.get(address).content.decode()


def run_out():
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE prizes_hold SET until = clock_timestamp() - interval '1 minute'"
        )


def mail_to(person):
    return OutgoingMail.objects.filter(to=person.email).order_by("pk").last()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_held_vote_is_told_on_every_page_of_the_ballot_and_by_mail(
    client, entry, language
):
    person = voter()
    person.language = language
    person.save()
    held = held_vote(entry, person)
    check_votes()
    client.force_login(person)

    pages = [
        page_of(client, "ballot", entry),
        page_of(client, "ballot-category", entry, entry.category.code),
        page_of(client, "my-votes", entry),
    ]
    mail = mail_to(person)

    for page in pages:
        assert "Your votes are held" in page
        assert "fit a published rule: Many votes from one network" in page
        assert "Geneva time" in page
    text = getattr(held.rule, f"text_{language}")
    assert text in mail.body
    assert re.search(rf"/{language}/prizes/held/\S+", mail.body)
    assert mail.leaves_no_trace
    assert tell_voters() == 0


def test_a_vote_of_somebody_who_is_held_is_recorded_and_said_to_be_held(client, entry):
    person = voter()
    held_vote(entry, person)
    other = EntryFactory(contest=entry.contest)
    client.force_login(person)
    line = [entry.contest.slug, entry.category.code]

    address = reverse("prizes:ballot-category", args=line)
    page = client.post(address, {"entry": other.pk}, follow=True).content.decode()

    assert "is recorded and held. Receipt" in page
    assert "your vote is now for" not in page
    assert tally(entry.contest) == {}


def test_a_link_works_once_for_whoever_has_the_mail_and_not_by_reading_it(
    client, entry
):
    held_vote(entry, voter())
    check_votes()
    link = re.search(r"/en/prizes/held/\S+", OutgoingMail.objects.get().body)[0]

    for _n in range(2):  # a scanner of mails opens it
        asked = client.get(link)
    before = tally(entry.contest)
    done = client.post(link, follow=True).content.decode()

    assert "Confirm only if you gave these votes yourself" in asked.content.decode()
    assert asked["Cache-Control"] == "no-store, private"
    assert before == {}
    assert "they count" in done
    assert tally(entry.contest) == {entry.pk: 1}
    assert client.get("/en/prizes/held/guessed/").status_code == 404


def test_after_the_hours_the_link_says_that_it_is_too_late(client, entry):
    person = voter()
    held_vote(entry, person)
    check_votes()
    link = re.search(r"/en/prizes/held/\S+", OutgoingMail.objects.get().body)[0]
    run_out()

    late = client.post(link, follow=True).content.decode()
    check_votes()
    client.force_login(person)
    page = page_of(client, "my-votes", entry)

    assert "It is too late" in late
    assert "nobody confirmed them by" in mail_to(person).body
    assert "Your votes do not count" in page
    assert tally(entry.contest) == {}


def test_the_link_can_be_sent_again_a_few_times(client, entry):
    person = voter()
    held_vote(entry, person)
    client.force_login(person)
    address = reverse("prizes:held-again", args=[entry.contest.slug])

    pages = [client.post(address, follow=True) for _n in range(4)]
    links = [
        re.search(r"/en/prizes/held/\S+", mail.body)[0]
        for mail in OutgoingMail.objects.filter(to=person.email)
    ]

    assert "We have sent you the link again." in pages[0].content.decode()
    assert pages[3].status_code == 429
    assert len(set(links)) == 3
    assert "they count" in client.post(links[0], follow=True).content.decode()


def test_somebody_without_held_votes_gets_no_link(client, entry):
    cast(entry, person := voter())
    client.force_login(person)
    address = reverse("prizes:held-again", args=[entry.contest.slug])

    page = client.post(address, follow=True).content.decode()

    assert "You have no votes that you can confirm." in page
    assert not OutgoingMail.objects.exists()
    assert "Your votes are held" not in page


def test_whom_nobody_can_find_any_more_is_not_looked_for_again(entry):
    held = held_vote(entry, person := voter())
    person.delete()

    assert tell_voters() == 0
    held.refresh_from_db()
    assert held.told == "held"


def test_signals_are_coarse_and_lead_to_no_name(entry):
    person = voter(user__email="awa@mail.ministry.gov.xx")
    client = browser(person, "203.0.113.77", PHONE)
    fill_in(client, entry.contest, {entry.category.code: entry.pk}, 9)

    signal = Signal.objects.get()
    values = {f.name: str(getattr(signal, f.attname)) for f in Signal._meta.fields}

    assert signal.device == "android chrome"
    assert (signal.votes, signal.hour.minute, signal.age) == (1, 0, 1)
    assert 9 <= signal.seconds <= 60  # and what the page took
    assert len(signal.network) == len(signal.domain) == 16
    assert not [
        v for v in values.values() if "203.0" in v or "ministry" in v or "awa" in v
    ]
    assert "entry" not in values


def test_neighbours_share_a_network_and_subdomains_a_domain(entry):
    for n, address in enumerate(
        ["a@x.evil.example", "b@y.evil.example", "c@gmail.com"]
    ):
        client = browser(voter(user__email=address), f"203.0.113.{n}", IPHONE)
        fill_in(client, entry.contest, {entry.category.code: entry.pk}, 9)
    other = browser(voter(), "2001:db8:1:2::3", CHROME)
    fill_in(other, entry.contest, {entry.category.code: entry.pk}, 9)

    rows = Signal.objects.order_by("pk")

    assert len({row.network for row in rows}) == 2
    assert rows[0].domain == rows[1].domain != ""
    assert rows[2].domain == ""


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        (CHROME, "windows chrome"),
        (IPHONE, "ios safari"),
        ("python-requests/2.32", "other program"),
        ("", "other other"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0", "linux firefox"),
    ],
)
def test_kinds_of_devices(agent, device):
    assert device_of(agent) == device


@pytest.mark.parametrize(
    ("address", "domain"),
    [
        ("a@ministry.gov.xx", "ministry.gov.xx"),
        ("a@mail.ministry.gov.xx", "ministry.gov.xx"),
        ("a@un.example", "un.example"),
        ("a@GMAIL.com", ""),
        ("nothing", "nothing"),
    ],
)
def test_domains_of_houses(address, domain):
    assert domain_of(address) == domain


def test_a_page_that_nobody_opened_took_no_time():
    mine = opened_now(7)

    assert (
        seconds_since(mine, 8) == seconds_since("", 7) == seconds_since("7:x:y", 7) == 0
    )
    assert seconds_since(mine + "x", 7) == 0


def test_signals_and_their_key_go_after_the_count(entry):
    fill_in(
        browser(voter(), "203.0.113.1", CHROME),
        entry.contest,
        {entry.category.code: entry.pk},
        9,
    )
    assert forget_signals() == 0
    sweep()
    set_phases(entry.contest, "selection")
    sweep()
    count(entry.contest)

    assert (forget_signals(), SignalKey.objects.count()) == (1, 0)


def test_signals_of_a_vote_that_nobody_counts_go_after_three_months(entry):
    fill_in(
        browser(voter(), "203.0.113.1", CHROME),
        entry.contest,
        {entry.category.code: entry.pk},
        9,
    )
    Signal.objects.update(hour=timezone.now() - datetime.timedelta(days=91))

    assert forget_signals() == 1


def test_the_count_waits_until_the_last_votes_were_judged(entry):
    held_vote(entry)
    Hold.objects.all().update(state="confirmed")
    fill_in(
        browser(voter(), "203.0.113.1", CHROME),
        entry.contest,
        {entry.category.code: entry.pk},
        9,
    )
    sweep()
    set_phases(entry.contest, "selection")
    phase = entry.contest.phases.get(kind="voting")
    phase.closes_at = timezone.now() - datetime.timedelta(seconds=1)
    SignalKey.objects.update(swept_at=phase.closes_at - datetime.timedelta(seconds=30))
    phase.save()

    with pytest.raises(MoveRefused, match="being checked by the rules"):
        require_countable(entry.contest)
    sweep()

    require_countable(entry.contest)


@pytest.mark.parametrize(
    ("number", "code"),
    [(0, "0"), (1, "1-4"), (4, "1-4"), (5, "5"), (7, "5"), (8, "10"), (1233, "1235")],
)
def test_public_numbers_are_rounded(number, code):
    assert cell_of(number).code == code


def test_the_public_page_has_rules_and_figures_and_no_nominee(client, entry):
    for _n in range(6):
        held_vote(entry)
    for _n in range(11):
        cast(entry, voter())
    first = held_vote(entry, number=1)
    officers = [UserFactory(role=Role.SECRETARIAT) for _n in range(2)]
    case = voiding(Vote.objects.get(voter=first.voter), officers[0])
    case.confirm(officers[1])
    count_days()
    count_days()

    page = page_of(client, "checking", entry)
    table = re.sub(r"\s+", " ", re.search(r"<table>.*?</table>", page, re.DOTALL)[0])
    sheet = page_of(client, "checking-csv", entry).splitlines()
    answer = client.get(f"/api/v1/prizes/contests/{entry.contest.slug}/held-votes/")
    data = json.loads(answer.content)

    assert "Voters within 24 hours, at least: 15; and 30 percent" in page
    cells = (
        '<td class="number">10</td><td class="number">5</td><td class="number">0</td>'
    )
    assert cells in table
    assert '<td class="number">1–4</td>' in table
    assert "signed by two" in page
    assert str(entry) not in page
    assert entry.organization_name not in page
    today = timezone.localtime(timezone.now(), entry.contest.zone).date().isoformat()
    assert sheet[1] == f"{entry.contest.slug},C7-EGOV,{today},10,5,0,0,0,1-4"
    assert data["total"] == {
        "counted": "10",
        "held": "5",
        "confirmed": "0",
        "released": "0",
        "lapsed": "0",
        "void": "1-4",
    }
    assert data["days"][0]["day"] == today
    assert [rule["voters_min"] for rule in data["rules"]] == [15, 15, 15, 20]
    assert data["voids"] == [{"day": today, "votes": "1-4"}]


@pytest.mark.parametrize("language", ["ar", "fr", "ru", "zh-hans", "es"])
def test_the_page_speaks_the_language_of_its_reader(client, entry, language):
    held_vote(entry)
    rule = entry.contest.hold_rules.first()

    page = client.get(
        f"/{language}/prizes/{entry.contest.slug}/held-votes/"
    ).content.decode()

    assert getattr(rule, f"text_{language.replace('-', '_')}") in page
    assert rule.text_en not in page


def test_a_contest_without_rules_says_so(client, entry):
    assert "no rules by which votes are held" in page_of(client, "checking", entry)
