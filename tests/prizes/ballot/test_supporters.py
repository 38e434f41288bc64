"""From a supporter's link to a vote that counts: the choice is kept on the way."""

import re
import secrets
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse

from common.mail.models import OutgoingMail
from prizes.ballot.models import Vote, VoteRefused, cast, cast_all
from stocktaking.member.models import Member
from tests.factories import (
    PASSWORD,
    CountryFactory,
    MemberFactory,
    StakeholderTypeFactory,
    UserFactory,
)
from tests.prizes.records import ContestFactory, EntryFactory, set_phases, voter

pytestmark = pytest.mark.django_db


@pytest.fixture
def contest():
    return ContestFactory()


@pytest.fixture
def nominee(contest):
    EntryFactory(contest=contest, line="C1")
    return EntryFactory(contest=contest, project__title="Digital villages of the delta")


@pytest.fixture
def about():
    """What a voter says of themselves."""
    return {
        "first_name": "Wanjiru",
        "last_name": "Kamau",
        "country": CountryFactory().pk,
        "stakeholder_type": StakeholderTypeFactory().pk,
    }


def card(client, nominee):
    return client.get(nominee.get_absolute_url()).content.decode()


def vote_link(page):
    return re.search(r'href="([^"]*\?choice=\d+)"', page).group(1)


def mailed_code(address):
    letter = OutgoingMail.objects.filter(to=address).latest("pk")
    return re.search(r"^[A-Z0-9]{3,}(-[A-Z0-9]+)*$", letter.body, re.M).group()


def sheet_of(nominee):
    return reverse("prizes:ballot-category", args=[nominee.contest.slug, "C7-EGOV"])


def test_the_card_can_be_shared(client, nominee):
    page = card(client, nominee)

    address = f"http://testserver{nominee.get_absolute_url()}"
    assert f'<meta property="og:url" content="{address}">' in page
    assert '<meta property="og:title" content="Digital villages of the delta">' in page
    assert re.search(r'property="og:description"\s+content="word word', page)
    assert "category C7-EGOV. Read about it and vote: " + address in page
    assert "You have one vote in each of 18 categories until" in page
    assert "mailto:?subject=WSIS%20Prizes" in page


def test_after_the_vote_the_card_asks_for_nothing(client, nominee):
    set_phases(nominee.contest, "selection")

    page = card(client, nominee)

    assert "Ask others for their vote" not in page
    assert "?choice=" not in page


def test_who_has_no_account_votes_with_the_choice_kept(client, nominee, about):
    address = f"new.voter.{secrets.token_hex(3)}@mail.example"

    sign_in = client.get(vote_link(card(client, nominee)))
    page = client.get(sign_in["Location"]).content.decode()
    sign_up = re.search(r'href="([^"]*/signup/[^"]*)"', page).group(1)
    onward = parse_qs(urlsplit(sign_up.replace("&amp;", "&")).query)["next"][0]
    client.post(
        reverse("account_signup"),
        {"email": address, "password1": PASSWORD, "next": onward},
    )
    confirm = reverse("account_email_verification_sent")
    answer = client.post(confirm, {"code": mailed_code(address)})
    sheet = client.get(answer["Location"], follow=True).content.decode()
    lacking = client.post(sheet_of(nominee), {"entry": nominee.pk}).content.decode()
    none_yet = Vote.objects.count()
    done = client.post(sheet_of(nominee), {"entry": nominee.pk} | about, follow=True)

    assert "Confirm your vote" in sheet
    assert "Digital villages of the delta" in sheet
    assert "About you" in sheet
    assert "Say who you are first" in lacking
    assert "Confirm your vote" in lacking
    assert none_yet == 0
    assert "Counted. Your receipt:" in done.content.decode()
    assert "1 of 2" in done.content.decode()
    assert done.request["PATH_INFO"].endswith("/ballot/C1/")
    member = Member.objects.get(user__email=address)
    assert (str(member.user), member.country_id) == ("Wanjiru Kamau", about["country"])


def test_who_signs_in_finds_the_choice(client, nominee):
    user = voter(user__email="back@mail.example")
    asked = client.get(vote_link(card(client, nominee)))

    client.get(asked["Location"])
    onward = parse_qs(urlsplit(asked["Location"]).query)["next"][0]
    form = {"login": user.email, "password": PASSWORD, "next": onward}
    answer = client.post(reverse("account_login"), form)
    sheet = client.get(answer["Location"], follow=True).content.decode()

    assert "Confirm your vote" in sheet
    assert "About you" not in sheet
    assert f'value="{nominee.pk}"' in sheet


@pytest.mark.parametrize("lack", ["country", "stakeholder_type", "last_name"])
def test_an_incomplete_profile_has_no_vote(client, nominee, about, lack):
    user = UserFactory(last_name="" if lack == "last_name" else "Kamau")
    blank = {} if lack == "last_name" else {lack: None}
    MemberFactory(user=user, organization=None, **blank)
    client.force_login(user)

    with pytest.raises(VoteRefused, match="Say who you are"):
        cast(nominee, user)
    together = cast_all([nominee], user)[0].kind
    refused = client.post(sheet_of(nominee), {"entry": nominee.pk} | about | {lack: ""})
    ballot = reverse("prizes:ballot", args=[nominee.contest.slug])
    whole = client.post(ballot, {"vote-C7-EGOV": nominee.pk} | about | {lack: ""})

    assert together == "profile"
    for page in (refused, whole):
        text = page.content.decode()
        assert page.status_code == 400
        assert "This field is required" in text or "error-summary" in text
        assert f'id="id_{lack}"' in text
    assert f'value="{nominee.pk}" checked' in whole.content.decode()
    assert Vote.objects.count() == 0


def test_the_whole_ballot_asks_once(client, nominee, about):
    client.force_login(UserFactory(last_name=""))
    address = reverse("prizes:ballot", args=[nominee.contest.slug])

    asked = client.get(address).content.decode()
    done = client.post(address, {"vote-C7-EGOV": nominee.pk} | about, follow=True)
    again = client.get(address).content.decode()

    assert "About you" in asked
    assert "1 vote is counted." in done.content.decode()
    assert "About you" not in again


def test_bad_values_about_the_voter_get_a_sentence(client, nominee, about):
    client.force_login(UserFactory(last_name=""))
    bad = about | {"country": "no such", "last_name": "x" * 151}

    page = client.post(sheet_of(nominee), {"entry": nominee.pk} | bad)

    assert page.status_code == 400
    assert "Select a valid choice" in page.content.decode()
    assert "x" * 151 in page.content.decode()
    assert Vote.objects.count() == 0
