"""An expert hands a review to a colleague, who is credited; the expert stays responsible."""

import datetime
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from common.mail.models import OutgoingMail
from privacy.retention import keep_no_longer
from prizes.entry.workflow import Status
from prizes.panel.decision import Assignment
from prizes.panel.delegation import Delegation
from prizes.panel.models import Conflict, Review
from tests.factories import MemberFactory, UserFactory
from tests.prizes.records import ContestFactory, EntryFactory, expert, set_phases

pytestmark = pytest.mark.django_db


@pytest.fixture
def contest():
    return ContestFactory(now="nomination", slug="2044", title="WSIS Prizes 2044")


@pytest.fixture
def entry(contest):
    return EntryFactory(
        contest=contest, line="C4", title="Health kiosks", status=Status.ACCEPTED
    )


@pytest.fixture
def judge(entry):
    return expert(entry.category, first_name="Amina", last_name="Judge")


@pytest.fixture
def colleague():
    return UserFactory(
        email="c@house.example", first_name="Rokhaya", last_name="Helper"
    )


def address(entry, name="delegate"):
    return reverse(f"prizes:{name}", args=[entry.contest.slug, entry.pk])


def ask(client, judge, entry, email="c@house.example", message="You know kiosks."):
    client.force_login(judge)
    data = {"ask": "1", "email": email, "message": message}
    return client.post(address(entry), data, follow=True)


def link():
    return re.search(
        r"/\w+/prizes/delegations/link/\S+", OutgoingMail.objects.latest("pk").body
    )[0]


def accepted(client, judge, entry, colleague):
    ask(client, judge, entry)
    client.force_login(colleague)
    client.post(link(), {"accept": "1"})
    return Delegation.objects.get()


def fill_in(client, page, contest, button, **more):
    fields = client.get(page).context["form"].fields
    scores = {f"score_{one.pk}": one.scale for one in contest.criteria.all()}
    data = {"opened_with": fields["opened_with"].initial, "comment": "Good kiosks."}
    return client.post(page, scores | data | {button: "1"} | more, follow=True)


def test_the_colleague_writes_and_the_expert_submits(
    client, contest, entry, judge, colleague
):
    other = expert(entry.category)
    Review.objects.create(
        entry=entry, reviewer=other, state="done", comment="A secret of the panel"
    )
    row = accepted(client, judge, entry, colleague)
    mail = OutgoingMail.objects.get()
    page = reverse("prizes:delegated-review", args=[row.pk])

    shown = client.get(page).content.decode()
    panel = client.get(reverse("prizes:panel", args=[contest.slug, "C4"]))
    told = fill_in(client, page, contest, "send").content.decode()
    review = Review.objects.get(reviewer=judge)
    before = (review.state, review.colleague)
    client.force_login(judge)
    own = client.get(address(entry, "review")).content.decode()
    fill_in(client, address(entry, "review"), contest, "hand_in")

    assert mail.to == "c@house.example"
    assert "You know kiosks." in mail.body
    assert entry.description[:40] in shown
    assert "A secret of the panel" not in shown
    assert panel.status_code == 404
    assert "The review is with the expert, who submits it." in told
    assert before == ("draft", colleague)
    assert "Rokhaya Helper has written this review for you" in own
    assert "Good kiosks." in own
    review.refresh_from_db()
    assert (review.state, review.colleague) == ("done", colleague)
    assert Delegation.objects.get().ended_at is not None
    client.force_login(other)
    both = client.get(address(entry, "review")).content.decode()
    assert "Rokhaya Helper" in both
    client.force_login(colleague)
    assert client.get(page).status_code == 404  # it is over


def test_once_given_the_colleague_writes_no_more_until_it_comes_back(
    client, contest, entry, judge, colleague
):
    row = accepted(client, judge, entry, colleague)
    page = reverse("prizes:delegated-review", args=[row.pk])
    fill_in(client, page, contest, "send")

    client.post(page, {"save": "1", "comment": "Changed behind your back"})
    kept = Review.objects.get().comment
    client.force_login(judge)
    empty = client.post(address(entry), {"send_back": "1", "note": ""})
    client.post(address(entry), {"send_back": "1", "note": "Say more about reach."})
    mail = OutgoingMail.objects.latest("pk")
    client.force_login(colleague)
    fill_in(client, page, contest, "save", comment="Reach is wide.")

    assert kept == "Good kiosks."
    assert empty.status_code == 400
    assert mail.to == colleague.email
    assert "Say more about reach." in mail.body
    assert Review.objects.get().comment == "Reach is wide."
    assert Review.objects.get().state == "draft"


def my_pages(client, person):
    client.force_login(person)
    return client.get(reverse("my-pages")).content.decode()


def test_my_pages_lead_to_the_review_as_long_as_it_is_with_the_colleague(
    client, contest, entry, judge, colleague
):
    asked = my_pages(client, colleague)
    row = accepted(client, judge, entry, colleague)
    page = reverse("prizes:delegated-review", args=[row.pk])

    taken = my_pages(client, colleague)
    theirs = my_pages(client, judge)
    client.force_login(colleague)
    fill_in(client, page, contest, "send")
    given = my_pages(client, colleague)
    Delegation.objects.update(sent_at=None)
    set_phases(contest, "voting")
    late = my_pages(client, colleague)

    assert page not in asked
    assert f'href="{page}"' in taken
    assert "Review that you write for Amina Judge: " in taken
    assert page not in theirs
    assert page not in given
    assert page not in late


def test_my_pages_do_not_lead_to_a_review_that_is_barred(
    client, contest, entry, judge, colleague
):
    row = accepted(client, judge, entry, colleague)
    page = reverse("prizes:delegated-review", args=[row.pk])
    Conflict.objects.create(entry=entry, expert=judge)
    of_the_expert = my_pages(client, colleague)
    Conflict.objects.update(expert=colleague)

    of_the_colleague = my_pages(client, colleague)
    Conflict.objects.all().delete()

    assert page not in of_the_expert
    assert page not in of_the_colleague
    assert page in my_pages(client, colleague)


def test_my_pages_ask_as_often_for_more_reviews_of_one_expert(
    client, contest, entry, judge, colleague
):
    accepted(client, judge, entry, colleague)
    my_pages(client, colleague)
    with CaptureQueriesContext(connection) as few:
        client.get(reverse("my-pages"))
    for number in range(5):
        other = EntryFactory(contest=contest, line="C4", status=Status.ACCEPTED)
        Delegation.objects.create(
            entry=other, expert=judge, colleague=colleague, token=str(number)
        )

    with CaptureQueriesContext(connection) as many:
        page = client.get(reverse("my-pages")).content.decode()

    assert page.count("Review that you write for Amina Judge") == 6
    assert len(many) == len(few)


def test_scores_that_are_missing_are_asked_for_before_it_is_given(
    client, contest, entry, judge, colleague
):
    row = accepted(client, judge, entry, colleague)
    page = reverse("prizes:delegated-review", args=[row.pk])

    told = client.post(page, {"send": "1", "comment": "Half"}).content.decode()

    assert "Enter a score, or abstain." in told
    assert "Half" in told
    assert Delegation.objects.get().sent_at is None


def test_the_expert_takes_the_review_back(client, contest, entry, judge, colleague):
    row = accepted(client, judge, entry, colleague)
    page = reverse("prizes:delegated-review", args=[row.pk])
    fill_in(client, page, contest, "send")
    client.force_login(judge)

    client.post(address(entry), {"take_back": "1"})

    client.force_login(colleague)
    assert client.get(page).status_code == 404
    assert Review.objects.get().comment == "Good kiosks."
    assert Review.objects.get().colleague is None
    assert Delegation.objects.get().email == ""


def test_declining_tells_the_expert(client, entry, judge):
    ask(client, judge, entry, email="nobody@known.example")
    client.logout()
    page = link()

    invited = client.get(page).content.decode()
    client.post(page, {"accept": "1"})  # without an account nothing happens
    waiting = Delegation.objects.get().colleague
    said = client.post(page, {"decline": "1"}).content.decode()

    assert "Sign in to accept" in invited
    assert f"?next={page}" in invited
    assert waiting is None
    assert "You have declined" in said
    mail = OutgoingMail.objects.latest("pk")
    assert mail.to == judge.email
    assert "has declined" in mail.body
    assert client.get(page).status_code == 404


def owner(entry, colleague):
    entry.owner = colleague
    entry.save()


def member_of_the_organization(entry, colleague):
    MemberFactory(user=colleague, organization=entry.organization)


def declared(entry, colleague):
    Conflict.objects.create(entry=entry, expert=colleague)


@pytest.mark.parametrize("tie", [owner, member_of_the_organization, declared])
def test_a_conflict_of_interest_bars_the_colleague(
    client, entry, judge, colleague, tie
):
    ask(client, judge, entry, email="private@mail.example")
    page = link()
    tie(entry, colleague)
    client.force_login(colleague)

    said = client.post(page, {"accept": "1"})

    assert "You have a conflict of interest with this entry" in said.content.decode()
    assert said.status_code == 409
    assert Delegation.objects.get().colleague is None


def test_somebody_with_a_conflict_is_not_even_asked(client, entry, judge, colleague):
    declared(entry, colleague)

    said = ask(client, judge, entry, email="C@house.example").content.decode()

    assert "has a conflict of interest with the entry" in said
    assert "You know kiosks." in said  # nothing typed is lost
    assert not OutgoingMail.objects.exists()


def test_a_conflict_that_is_found_later_ends_the_reading(
    client, entry, judge, colleague
):
    row = accepted(client, judge, entry, colleague)
    page = reverse("prizes:delegated-review", args=[row.pk])
    before = client.get(page).status_code
    declared(entry, colleague)

    assert (before, client.get(page).status_code) == (200, 404)


def test_a_review_is_with_one_colleague_and_never_with_oneself(client, entry, judge):
    oneself = ask(client, judge, entry, email=judge.email).content.decode()
    ask(client, judge, entry)
    twice = client.post(address(entry), {"ask": "1", "email": "second@house.example"})

    assert "Enter the address of another person." in oneself
    assert twice.status_code == 400
    assert Delegation.objects.count() == 1


def test_the_link_ends_after_thirty_days_and_with_the_phase(
    client, contest, entry, judge, colleague
):
    ask(client, judge, entry)
    page = link()
    asked = timezone.now() - datetime.timedelta(days=30, minutes=1)
    Delegation.objects.update(asked_at=asked)
    late = client.get(page)
    Delegation.objects.update(asked_at=timezone.now())
    client.force_login(colleague)
    client.post(page, {"accept": "1"})
    written = reverse("prizes:delegated-review", args=[Delegation.objects.get().pk])
    set_phases(contest, "voting")

    assert "This link is no longer valid" in late.content.decode()
    assert client.get(written).status_code == 404


def test_only_the_expert_of_the_entry_hands_it_on(client, contest, entry, judge):
    other, stranger = expert(entry.category), UserFactory()
    Assignment.objects.create(entry=entry, expert=judge)

    for person in (other, stranger):
        assert ask(client, person, entry).status_code == 404
    assert not Delegation.objects.exists()


def test_the_accepted_colleague_finds_the_way_back_by_the_link(
    client, entry, judge, colleague
):
    row = accepted(client, judge, entry, colleague)
    page = link()

    mine = client.get(page)
    client.force_login(UserFactory())
    others = client.get(page)

    assert mine["Location"].endswith(f"/prizes/delegations/{row.pk}/")
    assert others.status_code == 404


def test_the_address_of_somebody_who_never_answers_is_not_kept(
    client, entry, judge, colleague
):
    ask(client, judge, entry)
    fresh = keep_no_longer()["drop_addresses_of_colleagues"]
    asked = timezone.now() - datetime.timedelta(days=30, minutes=1)
    Delegation.objects.update(asked_at=asked)

    dropped = keep_no_longer()["drop_addresses_of_colleagues"]

    assert (fresh, dropped) == (0, 1)
    assert Delegation.objects.get().email == ""
    ask(client, judge, entry)
    assert Delegation.objects.standing().count() == 1
