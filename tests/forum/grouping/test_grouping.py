"""Similar inputs are found, shown to their authors, and answered together; who objects is left
out."""

import datetime
import re
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from common.mail.models import OutgoingMail
from forum.consultation.models import Submission
from forum.grouping.models import GroupedInput, InputGroup
from forum.grouping.similar import suggestions
from tests.factories import UserFactory
from tests.forum.records import (
    EditionFactory,
    SubmissionFactory,
    grouped_inputs,
    officer,
)

pytestmark = pytest.mark.django_db
PAGE = "/en/forum/2027/groups/"


def sent(title, text="We propose nothing else.", **fields):
    values = {"status": "submitted", "kind": "theme", "is_public": True} | fields
    return SubmissionFactory(title=title, text=text, **values)


@pytest.fixture
def desk(client):
    user = officer()
    client.force_login(user)
    return client


def read(client, address):
    html = client.get(address, follow=True).content.decode()
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def press(client, group, **button):
    return client.post(group.get_absolute_url(), button, follow=True).content.decode()


def link_to(user):
    mail = OutgoingMail.objects.filter(to=user.email).latest("pk")
    return re.search(r"/[a-z-]+/forum/same/\S+", mail.body)[0]


def days_pass(group, days=8):
    last = timezone.now().date() - datetime.timedelta(days=days - 7)
    InputGroup.objects.filter(pk=group.pk).update(object_by=last)


# --- finding --------------------------------------------------------------------------------


def titles(*texts):
    rows = [
        Submission(pk=pk, title=title, text=f"{pk} " * 9)
        for pk, title in enumerate(texts, start=1)
    ]
    return [[row.title for row in group] for group in suggestions(rows)]


@pytest.mark.parametrize(
    "same",
    [
        [
            "Masts for fishing villages",
            "Fishing villages need masts",
            "Mästs, Villages!",
        ],
        ["أبراج لقرى الصيادين", "قرى الصيادين تحتاج أبراجاً"],
        ["为渔村建设通信塔", "渔村通信塔建设"],
        ["Мачты для рыбацких деревень", "Рыбацким деревням нужны мачты"],
    ],
)
def test_titles_that_say_the_same_are_found_in_each_script(same):
    other = ["Prizes for schools", "Больше залов", "更多奖项", "جوائز للمدارس"]

    (found,) = titles(*same, *other)

    assert set(found) >= set(same[:2])
    assert not set(found) & set(other)


def test_texts_that_are_alike_are_found_under_different_titles():
    text = "Each village on the coast gets a mast before the end of the decade."
    rows = [
        Submission(pk=1, title="Masts", text=text),
        Submission(pk=2, title="Our contribution", text=f"{text} Thank you."),
        Submission(pk=3, title="Schools", text="A prize for schools that teach well."),
    ]

    assert [[row.pk for row in group] for group in suggestions(rows)] == [[1, 2]]


def test_empty_inputs_are_not_alike():
    assert suggestions([Submission(pk=1), Submission(pk=2)]) == []


def test_the_page_shows_what_waits_only(desk):
    sent("Masts for fishing villages")
    sent("Masts for the fishing villages")
    sent("Masts for fishing villages here", status="noted")
    sent("Masts for fishing villages there", edition=EditionFactory(slug="2026"))
    SubmissionFactory(title="Masts for fishing villages, a draft")

    page = read(desk, PAGE)

    assert "2 inputs wait for an answer and are in no group." in page
    assert "Masts for the fishing villages" in page
    for title in ("here", "there", "a draft"):
        assert f"villages {title}" not in page.replace(",", "")


def test_an_input_that_changes_is_compared_anew(desk):
    one, two = sent("Masts for villages"), sent("Masts for the villages")
    before = read(desk, PAGE)
    two.title = "Prizes for schools that teach well"
    two.text = "Nothing of that kind."
    two.save()

    after = read(desk, PAGE)

    assert f"Similar: {one}" in before
    assert "No inputs are like each other." in after


# --- grouping -------------------------------------------------------------------------------


def test_staff_group_what_is_ticked_under_a_theme(desk):
    one, two, three = sent("Masts one"), sent("Masts two"), sent("Masts three")

    page = desk.post(
        PAGE, {"inputs": [one.pk, three.pk], "name": "صواري القرى"}, follow=True
    )

    group = InputGroup.objects.get()
    assert [row.submission for row in group.members.all()] == [one, three]
    assert "صواري القرى" in page.content.decode()
    assert "The authors do not see it yet." in page.content.decode()
    assert not OutgoingMail.objects.exists()
    assert "Group: صواري القرى" in read(desk, one.get_absolute_url())
    assert "Group:" not in read(desk, two.get_absolute_url())


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"name": ""}, "This field is required."),
        ({"name": "x" * 151}, "at most 150 characters"),
        ({"name": "Mast\ufffd"}, "Some characters could not be read"),
        ({"inputs": ["x", "9" * 30]}, "Tick at least two inputs"),
        ({"inputs": []}, "Tick at least two inputs"),
    ],
)
def test_bad_input_is_named_and_nothing_is_grouped(desk, data, sentence):
    pair = [sent("Masts for villages").pk, sent("Masts for the villages").pk]

    page = desk.post(PAGE, {"inputs": pair, "name": "Masts"} | data)

    assert page.status_code in (400, 409)
    assert sentence in page.content.decode()
    assert not InputGroup.objects.exists()


def test_an_input_is_in_one_group_only(desk):
    one, two, three = sent("A"), sent("B"), sent("C")
    grouped_inputs(one, two)

    page = desk.post(PAGE, {"inputs": [two.pk, three.pk], "name": "Again"})

    assert page.status_code == 409
    assert InputGroup.objects.count() == 1


# --- the authors ----------------------------------------------------------------------------


def test_an_author_sees_the_group_and_says_by_link_that_it_is_not_the_same(desk):
    mine, other = sent("Masts", text="A secret."), sent("Towers", text="Hidden.")
    third = sent("Poles")
    group = grouped_inputs(mine, other, third)
    press(desk, group, ask="1")
    link = link_to(mine.owner)
    mail = OutgoingMail.objects.get(to=mine.owner.email)

    shown = read(Client(), link)
    Client().post(link, {"reason": "Mine is about boats.", "different": "1"})
    Client().post(link, {"reason": "Once more."})
    after = read(Client(), link)
    page = read(desk, group.get_absolute_url())

    assert f"{other.number} Towers (Ministry of ICT)" in mail.body
    assert "Towers" in shown
    assert "Hidden." not in shown
    assert "You have said that your input is not the same." in after
    assert "Mine is about boats." in page
    assert "Once more." not in page
    member = GroupedInput.objects.get(submission=mine)
    assert (member.by_link, bool(member.objected_at)) == (True, True)


def test_signed_in_one_finds_it_on_the_page_of_the_input():
    mine, other = sent("Masts"), sent("Towers")
    group = grouped_inputs(mine, other)
    client, stranger = Client(), Client()
    client.force_login(mine.owner)
    stranger.force_login(other.owner)
    own = reverse("forum:own-group", args=[mine.pk])
    hidden = client.get(own).status_code
    group.ask()

    page = read(client, mine.get_absolute_url())
    client.post(own, {"reason": ""})

    assert hidden == 404
    assert "The secretariat wants to answer it together with similar inputs" in page
    assert stranger.post(own, {"reason": ""}).status_code == 404
    assert GroupedInput.objects.exclude(objected_at=None).get().submission == mine


def test_nobody_objects_after_the_last_day_of_the_forums_place():
    mine = sent("Masts")
    group = grouped_inputs(mine, sent("Towers"))
    group.ask()
    link = link_to(mine.owner)
    days_pass(group)

    answer = Client().post(link, {"reason": ""})

    assert answer.status_code == 409
    assert "The last day is over." in answer.content.decode()
    assert not GroupedInput.objects.exclude(objected_at=None).exists()


@pytest.mark.parametrize("reason", ["x" * 301, "Mast\ufffd"])
def test_a_bad_reason_is_named_and_stays_in_the_form(reason):
    mine = sent("Masts")
    grouped_inputs(mine, sent("Towers")).ask()

    answer = Client().post(link_to(mine.owner), {"reason": reason})

    assert answer.status_code == 400
    assert reason in answer.content.decode()
    assert not GroupedInput.objects.exclude(objected_at=None).exists()


# --- the answer -----------------------------------------------------------------------------


def test_all_but_who_objects_are_answered_together_and_everybody_reads_it(desk):
    first, second, third, apart = (sent(f"Masts {n}") for n in range(4))
    group = grouped_inputs(first, second, third, apart, name="Villages online")
    press(desk, group, ask="1")
    early = press(desk, group, settle="1")
    Client().post(link_to(apart.owner), {"reason": ""})
    days_pass(group)

    page = press(desk, group, settle="1")

    statuses = dict(Submission.objects.values_list("title", "status"))
    assert "Its authors may object until" in early
    assert "3 inputs are answered." in page
    assert statuses == {
        "Masts 0": "noted",
        "Masts 1": "merged",
        "Masts 2": "merged",
        "Masts 3": "submitted",
    }
    assert Submission.objects.get(pk=third.pk).merged_into == first
    sentence = "Merged with 2 others into the theme “ Villages online ”"
    public = read(Client(), reverse("forum:inputs", args=["2027"]))
    own = Client()
    own.force_login(third.owner)
    mail = OutgoingMail.objects.filter(to=third.owner.email).latest("pk")
    assert public.count(sentence) == 3
    assert sentence in read(own, third.get_absolute_url())
    assert "Merged with 2 others into the theme “Villages online”" in mail.body
    assert "Show it to its authors" not in read(desk, group.get_absolute_url())


def test_a_request_for_a_session_that_leads_stays_one(desk):
    lead, other = sent("Masts", kind="workshop"), sent("Towers")
    group = grouped_inputs(lead, other)
    group.ask()
    days_pass(group)

    press(desk, group, settle="1")

    statuses = list(Submission.objects.order_by("pk").values_list("status", flat=True))
    assert statuses == ["submitted", "merged"]


@pytest.mark.parametrize("button", ["settle", "out", "dissolve", "ask"])
def test_once_answered_a_group_stays_as_it_is(desk, button):
    group = grouped_inputs(sent("Masts"), sent("Towers"))
    group.ask()
    days_pass(group)
    group.settle(officer())
    member = group.members.first()

    page = press(desk, group, **{button: str(member.pk)})

    assert "This group has been answered." in page
    assert group.members.count() == 2


def test_fewer_than_two_are_not_answered_as_a_group(desk):
    one, two = sent("Masts"), sent("Towers")
    group = grouped_inputs(one, two)
    unseen = press(desk, group, settle="1")
    group.ask()
    two.move("decline", officer(), "No room.")
    days_pass(group)

    page = press(desk, group, settle="1")

    assert "Show the group to its authors first." in unseen
    assert "Fewer than two inputs are left" in page
    assert Submission.objects.get(pk=one.pk).status == "submitted"


def test_staff_do_not_answer_their_own_input(client):
    user = officer()
    client.force_login(user)
    group = grouped_inputs(sent("Masts"), sent("Towers", owner=user))
    group.ask()
    days_pass(group)

    page = press(client, group, settle="1")

    assert "notice-error" in page
    assert set(Submission.objects.values_list("status", flat=True)) == {"submitted"}


def test_an_input_is_taken_out_and_a_group_dissolved(desk):
    one, two, three = sent("A"), sent("B"), sent("C")
    group = grouped_inputs(one, two, three)

    press(desk, group, out=str(two.grouped.pk))
    left = [row.submission for row in group.members.all()]
    press(desk, group, dissolve="1")

    assert left == [one, three]
    assert not InputGroup.objects.exists()
    assert Submission.objects.count() == 3


def test_authors_and_strangers_do_not_read_the_pages_of_staff():
    group = grouped_inputs(sent("Masts"), sent("Towers"))
    client = Client()
    client.force_login(UserFactory())

    assert client.get(PAGE).status_code == 403
    assert client.post(group.get_absolute_url(), {"ask": "1"}).status_code == 403
    assert Client().get("/en/forum/same/nothing/").status_code == 404


def queries(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        client.get(address)
    return len(asked)


def test_both_pages_ask_the_same_number_of_queries_for_one_row_and_ten(desk):
    group = grouped_inputs(sent("A"), sent("B"))
    sent("Masts for villages"), sent("Masts for the villages")
    before = [queries(desk, PAGE), queries(desk, group.get_absolute_url())]
    for number in range(9):
        grouped_inputs(sent(f"C{number}"), sent(f"D{number}"))
        sent(f"Masts for villages {number}")
        GroupedInput.objects.create(group=group, submission=sent(f"E{number}"))

    after = [queries(desk, PAGE), queries(desk, group.get_absolute_url())]

    assert after == before
    assert max(after) < 20
