"""Receipts in words: what they are, that no two are the same, and what they say to everybody."""

import hashlib
import re

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from accounts.role.roles import Role
from common.mail.models import OutgoingMail
from prizes.ballot.models import BallotEvent, Vote, cast, withdraw
from prizes.ballot.receipt import MOST, WORDS, number_of, word_list, words_of
from prizes.public_record.verifying import verify
from prizes.result.tasks import announce_outcomes
from tests.factories import MemberFactory, UserFactory
from tests.prizes.records import ContestFactory, EntryFactory, voiding, voter
from wsis_portal.settings import LIMITS

pytestmark = pytest.mark.django_db
WORD = "[a-z]{3,8}"


@pytest.fixture
def contest():
    return ContestFactory()


@pytest.fixture
def nominees(contest):
    return EntryFactory.create_batch(2, contest=contest)


def check(client, contest, words, language="en"):
    address = reverse("prizes:verify", args=[contest.slug])
    address = address.replace("/en/", f"/{language}/")
    return client.post(address, {"receipt": words})


def said(client, contest, words):
    return check(client, contest, words).content.decode()


def derived(event_hash, attempt=0):
    """The number of a receipt, as receipt.sql computes it."""
    text = f"receipt|{event_hash}|{attempt}"
    return int(hashlib.sha256(text.encode()).hexdigest()[:11], 16)


def test_words_and_number_say_the_same():
    for number in (0, 1, 2047, 2048, 123_456_789_012, MOST):
        assert number_of(words_of(number)) == number
    assert words_of(0) == "-".join([word_list()[0]] * WORDS)
    assert words_of(1).endswith(f"-{word_list()[1]}")
    assert len(set(word_list())) == 2048


@pytest.mark.parametrize(
    "typed",
    [
        "lake-olive-river-nice",
        "  LAKE  olive\tRiver nice ",
        "Lake, olive, river, nice.",
        "lake – olive – river – nice",
        "lake_olive_river_nice",
        "ＬＡＫＥ olive river nice",
    ],
)
def test_typing_is_tolerated(typed):
    assert words_of(number_of(typed)) == "lake-olive-river-nice"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("lake olive river", "Enter the four words"),
        ("lake olive river nice lake", "Enter the four words"),
        ("lake olive rivr nice", "Did you mean “river”"),
        ("بحيرة lake", "is not a word of receipts"),
        ("---", "Enter the four words"),
    ],
)
def test_what_is_no_receipt_gets_a_sentence(client, contest, typed, sentence):
    with pytest.raises(ValidationError, match=sentence):
        number_of(typed)

    page = check(client, contest, typed)
    assert page.status_code == 400
    assert sentence in page.content.decode()


def test_a_vote_gives_four_words_on_page_list_and_mail(client, contest, nominees):
    user = voter()
    client.force_login(user)
    address = reverse("prizes:ballot-category", args=[contest.slug, "C7-EGOV"])

    page = client.post(address, {"entry": nominees[0].pk}, follow=True).content.decode()
    words = BallotEvent.objects.get().receipt
    client.post(reverse("prizes:mail-votes", args=[contest.slug]))

    assert words.count("-") == 3
    assert f"Counted. Your receipt: {words}." in page
    assert page.count(words) == 2  # in the message and in the list
    assert words in OutgoingMail.objects.get(to=user.email).body


def test_a_receipt_belongs_to_its_event_and_tells_nothing(contest, nominees):
    done = cast(nominees[0], voter())

    event = BallotEvent.objects.get()
    assert number_of(done.receipt) == event.receipt_number == derived(event.hash)
    assert verify(contest).broken is None


def test_a_receipt_of_another_event_is_noticed(contest, nominees):
    cast(nominees[0], voter())
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL prizes.explicit_migration = 'on'")
        cursor.execute("UPDATE prizes_ballotevent SET receipt_number = 7")

    assert "receipt" in verify(contest).broken.problem


def test_two_million_receipts_do_not_collide(contest, nominees):
    """The space makes a second look rare, the loop gives another number, and the constraint
    refuses what slips through."""
    votes = 2_000_000
    pairs = votes * (votes - 1) / 2
    assert pairs / (MOST + 1) < 0.12  # collisions that the loop has to avoid, in all
    assert len({derived(f"{n:064x}") for n in range(20_000)}) == 20_000

    cast(nominees[0], voter())
    first = BallotEvent.objects.get()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT prize_free_receipt(%s, %s), prize_free_receipt(%s, %s)",
            [contest.pk, first.hash, contest.pk + 1, first.hash],
        )
        here, elsewhere = cursor.fetchone()
    assert here == derived(first.hash, attempt=1)
    assert elsewhere == derived(first.hash)

    cast(nominees[0], voter())
    last = BallotEvent.objects.order_by("-pk").first()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL prizes.explicit_migration = 'on'")
        with (
            pytest.raises(IntegrityError, match="ballot_event_receipt_once"),
            transaction.atomic(),
        ):
            cursor.execute(
                "UPDATE prizes_ballotevent SET receipt_number = %s WHERE id = %s",
                [first.receipt_number, last.pk],
            )


def test_counted_replaced_withdrawn_void(client, contest, nominees):
    user, officers = voter(), [UserFactory(role=Role.SECRETARIAT) for _n in range(2)]
    first = cast(nominees[0], user).receipt
    counted = said(client, contest, first.upper().replace("-", " "))
    second = cast(nominees[1], user).receipt
    replaced, standing = (said(client, contest, words) for words in (first, second))
    withdraw(nominees[0].category, user)
    withdrawn = said(client, contest, second)
    third = cast(nominees[0], user).receipt
    voiding(Vote.objects.get(), officers[0]).confirm(officers[1])
    void, still = (said(client, contest, words) for words in (third, first))

    assert len({first, second, third}) == 3
    assert "It is in the ballot and counts." in counted
    assert "The vote was given in the hour that began on" in counted
    assert "Replaced by your later vote" in replaced
    assert "Replaced by your later vote" in still
    assert "It is in the ballot and counts." in standing
    assert "The voter withdrew it in the hour that began on" in withdrawn
    assert "It was declared void, or its nominee left the contest" in void
    for page in (counted, replaced, standing, withdrawn, void):
        assert not any(str(entry) in page for entry in nominees)
        assert "C7-EGOV" not in page


def test_a_removed_nominee_and_a_void_vote_look_the_same(client, contest, nominees):
    """Else a receipt would tell for whom the vote was, where one nominee left."""
    officers = [UserFactory(role=Role.SECRETARIAT) for _n in range(2)]
    one, two = (cast(entry, voter()).receipt for entry in nominees)
    voiding(Vote.objects.get(entry=nominees[0]), officers[0]).confirm(officers[1])
    nominees[1].move("remove", officers[0], "Plagiarism.")
    announce_outcomes()

    pages = [
        re.search(
            r'<section class="notice.*?</section>', said(client, contest, w), re.S
        )
        .group()
        .replace(w, "")
        for w in (one, two)
    ]

    assert "Does not count" in pages[0]
    assert pages[0] == pages[1]


def test_the_own_entry_does_not_count_by_its_receipt(client, contest, nominees):
    person = MemberFactory().user
    words = cast(nominees[0], person).receipt
    before = said(client, contest, words)

    type(nominees[0]).objects.filter(pk=nominees[0].pk).update(owner=person)

    assert "It is in the ballot and counts." in before
    assert "Does not count" in said(client, contest, words)


def test_a_void_vote_keeps_its_receipt_in_the_list(client, contest, nominees):
    user, officers = voter(), [UserFactory(role=Role.SECRETARIAT) for _n in range(2)]
    words = cast(nominees[0], user).receipt
    voiding(Vote.objects.get(), officers[0]).confirm(officers[1])
    client.force_login(user)

    page = client.get(reverse("prizes:my-votes", args=[contest.slug])).content.decode()

    assert words in page


def test_unknown_words_and_another_contest(client, contest, nominees):
    words = cast(nominees[0], voter()).receipt
    other = ContestFactory()

    assert "No vote has this receipt" in said(client, other, words)
    assert "It is in the ballot and counts." in said(client, contest, words)


def test_the_page_asks_few_questions(
    client, contest, nominees, django_assert_max_num_queries
):
    words = cast(nominees[0], voter()).receipt
    check(client, contest, words)

    with django_assert_max_num_queries(15):
        page = check(client, contest, words, "ar")

    assert 'dir="rtl"' in page.content.decode()
    assert (
        f'<bdi class="seal" lang="en" dir="ltr">{words}</bdi>' in page.content.decode()
    )


def test_words_cannot_be_guessed_at_by_the_thousand(client, contest, settings):
    settings.LIMITS = settings.LIMITS | {"receipt": (2, 60)}
    client.defaults["REMOTE_ADDR"] = "198.51.100.77"

    pages = [check(client, contest, "zoo zoo zoo zoo").status_code for _n in range(3)]

    assert pages == [200, 200, 429]
    assert LIMITS["receipt"] == (30, 60)


def test_the_desk_finds_an_event_by_its_words(client, contest, nominees):
    words = cast(nominees[0], voter()).receipt
    other = cast(nominees[0], voter()).receipt
    client.force_login(UserFactory(role=Role.SECRETARIAT))
    address = reverse("admin:prizes_ballotevent_changelist")

    page = client.get(address, {"q": words.replace("-", " ")}).content.decode()

    assert words in page
    assert other not in page
