"""Two requests are joined only when both authors agree: signed in, or by a personal link."""

import datetime
import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from common.mail.models import OutgoingMail
from common.moves.models import StatusChange
from forum.consultation.models import Submission
from forum.joining.models import Consent, Joining
from forum.joining.tasks import close_joinings, remind_of_joinings
from tests.factories import UserFactory
from tests.forum.records import SubmissionFactory, officer

pytestmark = pytest.mark.django_db


def request(**fields):
    return SubmissionFactory(**{"status": "submitted"} | fields)


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def in_days(days):
    return (timezone.now().date() + datetime.timedelta(days=days)).isoformat()


def proposed(leader, other, by=None, **data):
    """Through the page of the leading request."""
    client = signed_in(by or officer())
    values = {"number": other.number, "leads": "this", "answer_by": in_days(9)} | data
    return client.post(reverse("forum:joining-propose", args=[leader.pk]), values)


def answer(user, joining, what):
    return signed_in(user).post(joining.get_absolute_url(), {"answer": what})


def letter_to(user):
    return OutgoingMail.objects.filter(to=user.email).latest("pk")


def link_in(mail):
    return re.search(r"/[a-z-]+/forum/join/\S+", mail.body)[0]


# --- agreeing -------------------------------------------------------------------------------


def test_both_agree_one_signed_in_and_one_by_link():
    leader = request(title="Masts", organization_name="Ministry A")
    other = request(title="Cables", organization_name="Ministry B")
    proposed(leader, other, note="Both are about the last mile.")
    joining = Joining.objects.get()
    mail = letter_to(other.owner)

    answer(leader.owner, joining, "agrees")
    between = Submission.objects.get(pk=other.pk).status
    page = Client().get(link_in(mail)).content.decode()
    Client().post(link_in(mail), {"answer": "agrees"})

    joining.refresh_from_db()
    other.refresh_from_db()
    assert "“Masts” (Ministry A), which leads" in mail.body
    assert "Both are about the last mile." in mail.body
    assert "Ministry A" in page
    assert between == "submitted"
    assert (joining.state, other.status, other.merged_into) == (
        "agreed",
        "merged",
        leader,
    )
    assert sorted(Consent.objects.values_list("answer", "by_link")) == [
        ("agrees", False),
        ("agrees", True),
    ]
    assert StatusChange.objects.of(other).first().move == "merge"
    assert "Both authors organize the session together." in letter_to(leader.owner).body


def test_both_then_organize_the_session_and_write_its_report():
    leader, other = request(), request()
    proposed(leader, other, by=leader.owner)
    answer(other.owner, Joining.objects.get(), "agrees")
    desk = officer()
    leader.refresh_from_db()

    session = leader.move("accept", desk).make_session(desk)

    for author in (leader.owner, other.owner):
        assert session.is_organized_by(author)
        assert signed_in(author).get(session.get_absolute_url()).status_code == 200
    assert session.organizers.count() == 1  # one ministry holds both


def test_who_proposes_agrees_and_only_the_other_author_is_asked():
    leader, other = request(), request()

    page = proposed(other, leader, by=other.owner, leads="other")

    joining = Joining.objects.get()
    assert page.url == joining.get_absolute_url()
    assert (joining.leader, joining.other) == (leader, other)
    assert [mail.to for mail in OutgoingMail.objects.all()] == [leader.owner.email]
    assert joining.consents.get(author=other.owner).answer == "agrees"


def test_the_text_of_a_stranger_is_not_shown():
    leader = request(text="A secret plan.", people="Li Wei, engineer")
    other = request()
    proposed(leader, other)

    page = signed_in(other.owner).get(Joining.objects.get().get_absolute_url())

    assert leader.title in page.content.decode()
    assert "A secret plan." not in page.content.decode()
    assert "Li Wei" not in page.content.decode()


# --- not agreeing ---------------------------------------------------------------------------


def test_one_who_declines_ends_it_and_all_others_are_told():
    leader, other = request(), request()
    desk = officer()
    proposed(leader, other, by=desk)
    joining = Joining.objects.get()
    OutgoingMail.objects.all().delete()

    answer(leader.owner, joining, "declines")
    late = answer(other.owner, joining, "agrees")
    page = signed_in(other.owner).get(late.url).content.decode()

    joining.refresh_from_db()
    assert joining.state == "declined"
    assert {mail.to for mail in OutgoingMail.objects.all()} == {
        other.owner.email,
        desk.email,
    }
    assert "I agree" not in page
    assert "merged" not in Submission.objects.values_list("status", flat=True)


def test_after_the_last_day_nobody_answers_and_the_portal_closes_it():
    leader, other = request(), request()
    proposed(leader, other)
    joining = Joining.objects.get()
    link = link_in(letter_to(other.owner))
    Joining.objects.update(answer_by=timezone.now().date() - datetime.timedelta(days=2))

    Client().post(link, {"answer": "agrees"})
    unanswered = not Consent.objects.exclude(answer="").exists()
    closed, again = close_joinings(), close_joinings()

    joining.refresh_from_db()
    assert unanswered
    assert (closed, again, joining.state) == (1, 0, "expired")
    assert "Both requests stay as they are." in letter_to(leader.owner).body


def test_the_last_day_is_that_of_the_place_of_the_forum():
    leader, other = request(), request()
    proposed(leader, other)
    joining = Joining.objects.get()
    leader.edition.time_zone = "Pacific/Kiritimati"
    joining.leader.edition.time_zone = "Pacific/Kiritimati"
    joining.answer_by = timezone.now().date() - datetime.timedelta(days=1)

    assert joining.is_late


def test_who_proposed_it_or_staff_withdraw_it():
    leader, other = request(), request()
    proposed(leader, other, by=leader.owner)
    joining = Joining.objects.get()

    refused = signed_in(other.owner).post(
        joining.get_absolute_url(), {"withdraw": "1", "answer": ""}
    )
    still = Joining.objects.get().state
    signed_in(leader.owner).post(joining.get_absolute_url(), {"withdraw": "1"})

    assert (refused.status_code, still) == (302, "open")
    assert Joining.objects.get().state == "withdrawn"


def test_a_request_that_has_got_a_disposition_meanwhile_is_not_joined():
    leader, other = request(), request()
    proposed(leader, other, by=leader.owner)
    joining = Joining.objects.get()
    leader.move("decline", officer(), "No place.")

    page = answer(other.owner, joining, "agrees")
    shown = signed_in(other.owner).get(page.url)

    other.refresh_from_db()
    assert (Joining.objects.get().state, other.status) == ("open", "submitted")
    assert shown.status_code == 200


# --- reminders ------------------------------------------------------------------------------


def test_an_author_is_reminded_once_when_two_days_are_left():
    leader, other = request(), request()
    proposed(leader, other, answer_by=in_days(9))
    joining = Joining.objects.get()
    answer(leader.owner, joining, "agrees")
    OutgoingMail.objects.all().delete()
    day = datetime.timedelta(days=1)
    Joining.objects.update(proposed_at=timezone.now() - 4 * day)

    early = remind_of_joinings()
    Joining.objects.update(answer_by=timezone.now().date() + 2 * day)
    on_time, again = remind_of_joinings(), remind_of_joinings()
    (mail,) = OutgoingMail.objects.all()
    Client().post(link_in(mail), {"answer": "agrees"})

    assert (early, on_time, again) == (0, 1, 0)
    assert mail.to == other.owner.email
    assert mail.subject.startswith("Please answer by")
    assert Joining.objects.get().state == "agreed"


def test_nobody_is_reminded_within_three_days_of_the_question_or_after_the_end():
    leader, other = request(), request()
    proposed(leader, other, answer_by=in_days(1))
    new = remind_of_joinings()
    long_ago = timezone.now() - datetime.timedelta(days=9)
    Joining.objects.update(
        proposed_at=long_ago, answer_by=timezone.now().date() - datetime.timedelta(2)
    )
    late = remind_of_joinings()
    Joining.objects.update(answer_by=timezone.now().date(), state="withdrawn")

    assert (new, late, remind_of_joinings()) == (0, 0, 0)


def test_each_author_gets_one_mail_when_two_requests_are_joined():
    leader, other = request(), request()
    proposed(leader, other)
    joining = Joining.objects.get()
    answer(leader.owner, joining, "agrees")
    OutgoingMail.objects.all().delete()

    answer(other.owner, joining, "agrees")

    told = list(OutgoingMail.objects.values_list("to", flat=True))
    people = {leader.owner.email, other.owner.email, joining.proposed_by.email}
    assert sorted(told) == sorted(people)
    assert "Both authors organize the session together." in letter_to(other.owner).body


# --- proposing ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"number": ""}, "This field is required."),
        ({"number": "OCP-2027-999999"}, "There is no other submission"),
        ({"number": "x" * 31}, "at most 30 characters"),
        ({"answer_by": "soon"}, "Enter a valid date."),
        ({"answer_by": in_days(-1)}, "Enter a day after today"),
        ({"answer_by": in_days(90)}, "at most 60 days from now"),
        ({"leads": "none"}, "Select a valid choice"),
        ({"note": "x" * 501}, "at most 500 characters"),
        ({"note": "Mast\ufffd"}, "Some characters could not be read"),
    ],
)
def test_bad_input_is_named_and_nobody_is_asked(change, sentence):
    page = proposed(request(), request(), **change)

    assert page.status_code == 400
    assert sentence in page.content.decode()
    assert not Joining.objects.exists()
    assert not OutgoingMail.objects.exists()


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"kind": "comment"}, "it is not a request under review"),
        ({"status": "noted"}, "it is not a request under review"),
    ],
)
def test_only_requests_under_review_are_joined(fields, sentence):
    page = proposed(request(), request(**fields))

    assert page.status_code == 409
    assert sentence in page.content.decode()
    assert not Joining.objects.exists()


def test_a_request_is_asked_once_at_a_time_and_not_with_another_of_its_author():
    leader, other = request(), request()
    proposed(leader, other)

    again = proposed(leader, other)
    same = proposed(leader, request(owner=leader.owner))

    assert "asked to join another one already" in again.content.decode()
    assert "Both requests are of the same author." in same.content.decode()
    assert Joining.objects.count() == 1


def test_strangers_neither_propose_nor_read_nor_answer():
    leader, other = request(), request()
    proposed(leader, other)
    joining = Joining.objects.get()
    stranger = UserFactory()

    assert proposed(leader, other, by=stranger).status_code == 404
    assert answer(stranger, joining, "agrees").status_code == 404
    assert Client().get("/en/forum/join/nothing/").status_code == 404
    assert not Consent.objects.exclude(answer="").exists()
