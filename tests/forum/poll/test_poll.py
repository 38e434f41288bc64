"""Polls in a session: each person answers once, anonymous ones keep no names."""

import re
import threading
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from common.moves.models import StatusChange
from common.moves.workflow import MoveRefused
from forum.poll.models import NamedVote, Poll, Voter
from tests.factories import UserFactory
from tests.forum.records import (
    CapacityFactory,
    PollFactory,
    officer,
    registered,
    released,
)


@pytest.fixture(autouse=True)
def no_second_factor(settings):
    settings.REQUIRE_STAFF_MFA = False


def signed_in(user=None):
    client = Client()
    client.force_login(user or UserFactory())
    return client


def visible(response):
    html = response.content.decode()
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def answer(client, poll, *places):
    chosen = [choice.pk for choice in poll.choices.order_by("order")]
    return client.post(
        reverse("forum:poll-answer", args=[poll.pk]),
        {"choice": [chosen[place] for place in places]},
        follow=True,
    )


NEW = {
    "question": "Which mast?",
    "choices": "The high one\nالقصير\n\n",
    "anonymous": "on",
    "audience": "account",
    "results": "closed",
}


@pytest.mark.django_db
def test_an_organizer_prepares_opens_and_closes_a_poll():
    session = released(owner=UserFactory())
    organizer, reader = signed_in(session.owner), signed_in()

    made = organizer.post(
        reverse("forum:poll-new", args=[session.pk]), NEW, follow=True
    )
    poll = Poll.objects.get()
    hidden = reader.get(poll.get_absolute_url()).status_code
    turn = reverse("forum:poll-turn", args=[poll.pk])
    organizer.post(turn, {"turn": "open"})
    listed = visible(reader.get(session.get_absolute_url()))
    counted = visible(answer(reader, poll, 1))
    organizer.post(turn, {"turn": "close"})
    organizer.post(turn, {"turn": "open"})
    late = visible(answer(signed_in(), poll, 0))

    assert "The poll is not open yet" in visible(made)
    assert hidden == 404
    assert "Polls Which mast? open" in listed
    assert "Your answer is counted." in counted
    assert "القصير" not in counted.partition("Results")[2]
    assert "This poll is closed." in late
    assert "People who answered: 1" in late
    assert "القصير 1 100" in late
    log = StatusChange.objects.filter(record_kind="forum.poll").order_by("pk")
    assert [(row.move, row.by) for row in log] == [
        ("open", session.owner),
        ("close", session.owner),
    ]


@pytest.mark.django_db
def test_nobody_answers_twice_and_an_anonymous_answer_keeps_no_name():
    poll, reader = PollFactory(results="live"), signed_in()

    answer(reader, poll, 0)
    again = visible(answer(reader, poll, 1))

    assert "You have answered already." in again
    assert [number for _choice, number in poll.figures()] == [1, 0]
    assert (Voter.objects.count(), NamedVote.objects.count()) == (1, 0)


@pytest.mark.django_db
def test_several_choices_count_once_each_for_one_person():
    poll = PollFactory(several=True, results="live", texts=["A", "B", "C"])

    answer(signed_in(), poll, 0, 2)
    page = visible(answer(signed_in(), poll, 2))

    assert "People who answered: 2" in page
    assert "A 1 50 B 0 0 C 2 100" in page


@pytest.mark.django_db
def test_names_are_for_whoever_runs_the_poll():
    session = released(owner=UserFactory())
    poll = PollFactory(session=session, anonymous=False, results="live")
    voter = UserFactory(first_name="Amina", last_name="Otieno")
    answer(signed_in(voter), poll, 1)

    pages = [
        visible(signed_in(user).get(poll.get_absolute_url()))
        for user in (session.owner, officer(), UserFactory())
    ]

    assert [f"{voter}: القصير" in page.replace(" :", ":") for page in pages] == [
        True,
        True,
        False,
    ]


@pytest.mark.django_db
def test_a_poll_for_registered_people_refuses_others_with_a_sentence():
    CapacityFactory(places=None)
    poll = PollFactory(audience="registered", results="live")
    holder = registered().move("approve", officer()).user

    outside = visible(answer(signed_in(), poll, 0))
    inside = visible(answer(signed_in(holder), poll, 0))
    stranger = visible(Client().get(poll.get_absolute_url()))

    assert "This poll is for people who are registered." in outside
    assert "People who answered: 1" in inside
    assert "Sign in to answer" in stranger


@pytest.mark.django_db
def test_results_wait_for_the_end_unless_they_are_live():
    closed = PollFactory()
    live = PollFactory(results="live", session=closed.session)
    reader = signed_in()

    pages = [visible(answer(reader, poll, 0)) for poll in (closed, live)]

    assert "Results are shown when the poll has closed." in pages[0]
    assert "People who answered" not in pages[0]
    assert "People who answered: 1" in pages[1]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("bad", "field", "sentence"),
    [
        ({"choices": "One"}, "choices", "Enter from 2 to 12 choices, one a line."),
        ({"choices": "A\nA"}, "choices", "Each choice may stand there once."),
        ({"choices": "A\n" + "b" * 201}, "choices", "A choice has 200 characters"),
        ({"question": ""}, "question", "This field is required."),
        ({"audience": "all"}, "audience", "Select a valid choice."),
        ({"question": "x" * 301}, "question", "at most 300 characters"),
    ],
)
def test_a_bad_poll_is_refused_beside_its_field(bad, field, sentence):
    session = released(owner=UserFactory())

    response = signed_in(session.owner).post(
        reverse("forum:poll-new", args=[session.pk]), NEW | bad
    )

    assert response.status_code == 400
    assert sentence in response.context["form"].errors[field][0]
    assert Poll.objects.count() == 0


@pytest.mark.django_db
def test_a_choice_of_another_poll_is_refused():
    poll = PollFactory()
    other = PollFactory(session=poll.session)

    response = signed_in().post(
        reverse("forum:poll-answer", args=[poll.pk]),
        {"choice": other.choices.first().pk},
    )

    assert response.status_code == 400
    assert Voter.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_ten_windows_of_one_person_count_once():
    poll, voter = PollFactory(), UserFactory()
    start, outcomes = threading.Barrier(10), []

    def press():
        try:
            start.wait()
            Poll.objects.get(pk=poll.pk).answer(voter, [poll.choices.first()])
            outcomes.append("counted")
        except MoveRefused:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _one in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["counted", *["refused"] * 9]
    assert [number for _choice, number in poll.figures()] == [1, 0]
