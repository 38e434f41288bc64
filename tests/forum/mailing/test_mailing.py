"""Mails to segments: who gets which text, once; nobody who does not want it; errors shown."""

import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from accounts.notification.models import MailChoice
from common.mail.models import OutgoingMail
from common.moves.models import StatusChange
from forum.mailing.models import Mailing, Recipient
from forum.mailing.sending import work_at
from forum.mailing.views import people_for
from forum.registration.models import RegistrationTag
from forum.review.models import Reviewer
from tests.factories import CountryFactory, UserFactory
from tests.forum.records import (
    CapacityFactory,
    EditionFactory,
    PersonFactory,
    officer,
    registered,
    released,
    reviewing,
)

pytestmark = pytest.mark.django_db
TEXT = {
    "subject_en": "Welcome to {edition}",
    "text_en": "Dear {name},\nthe agenda: {agenda}",
    "subject_ar": "مرحباً بكم في {edition}",
    "text_ar": "{name}،\nجدول الأعمال",
}


@pytest.fixture(autouse=True)
def no_second_factor(settings):
    settings.REQUIRE_STAFF_MFA = False


@pytest.fixture
def desk(client):
    client.force_login(officer())
    return client


def address(name, *args):
    return reverse(f"forum:{name}", args=["2027", *args])


def approved(**fields):
    CapacityFactory(places=None)
    one = registered(**fields)
    return one.move("approve", officer()).user


def drafted(desk, *segments, **more):
    EditionFactory()
    answer = desk.post(
        address("mailing-new"), TEXT | {"segments": segments or ["on_site"]} | more
    )
    assert answer.status_code == 302, answer.context["form"].errors
    return Mailing.objects.latest("pk")


def sent(desk, mailing):
    """Both looks, and the worker."""
    count = len(mailing_people(mailing))
    desk.post(address("mailing-act", mailing.pk), {"act": "send", "seen": str(count)})
    work_at(mailing.pk)
    return OutgoingMail.objects.filter(subject__regex="^(Welcome|مرحباً)")


def mailing_people(mailing):
    return people_for(mailing)


def visible(response):
    html = response.content.decode()
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def test_each_reader_gets_the_text_in_their_language_once(desk):
    amina = approved(user=UserFactory(language="en", first_name="Amina"))
    layla = approved(user=UserFactory(language="ar", first_name="ليلى"))
    released(owner=amina)
    mailing = drafted(desk, "on_site", "organizers")
    OutgoingMail.objects.all().delete()

    mails = {mail.to: mail for mail in sent(desk, mailing)}

    assert set(mails) == {amina.email, layla.email}
    assert mails[amina.email].subject == "Welcome to Forum 2027"
    assert f"Dear {amina}," in mails[amina.email].body
    assert "/en/forum/2027/agenda/" in mails[amina.email].body
    assert mails[layla.email].subject == "مرحباً بكم في Forum 2027"
    assert mails[amina.email].unsubscribe
    assert OutgoingMail.objects.count() == 2


def test_a_second_worker_or_click_writes_to_nobody_again(desk):
    approved()
    mailing = drafted(desk)
    sent(desk, mailing)
    count = OutgoingMail.objects.count()

    sent(desk, mailing)
    Mailing.objects.update(state="queued", attempts=0)
    work_at(mailing.pk)

    assert OutgoingMail.objects.count() == count
    log = StatusChange.objects.filter(record_kind="forum.mailing")
    assert [row.move for row in log] == ["send"]


def test_who_does_not_want_such_mails_gets_none_and_is_counted(desk):
    silent = approved()
    MailChoice.objects.create(user=silent, kind="forum_messages", delivery="off")
    mailing = drafted(desk)

    mails = sent(desk, mailing)

    page = visible(desk.get(mailing.get_absolute_url()))
    assert mails.count() == 0
    assert "Do not want such e-mails 1" in page
    assert "Recipients 1" in page


def test_people_of_the_programme_without_account_are_reached_by_their_address(desk):
    released(
        speakers=[
            PersonFactory(name="Li Wei", email="li@example.org"),
            PersonFactory(name="Nobody Known"),
        ]
    )
    mailing = drafted(desk, "speakers")

    (mail,) = sent(desk, mailing)

    assert (mail.to, "Dear Li Wei," in mail.body) == ("li@example.org", True)


def test_only_people_of_the_chosen_countries_get_it(desk):
    kenya, japan = CountryFactory(code="KE"), CountryFactory(code="JP")
    there = approved(country=japan)
    approved(country=kenya)
    mailing = drafted(desk, countries=["JP"])

    assert [mail.to for mail in sent(desk, mailing)] == [there.email]


def test_only_people_with_a_chosen_tag_get_it(desk):
    press, other = approved(), approved()
    tag = RegistrationTag.objects.create(name="Press")
    press.forum_registrations.get().tags.add(tag)
    mailing = drafted(desk, tags=[tag.pk])

    assert [mail.to for mail in sent(desk, mailing)] == [press.email]
    assert other.email != press.email


def test_segments_are_told_apart(desk):
    CapacityFactory(places=1)
    CapacityFactory(attendance="remote", places=None)
    holder, second = registered(), registered()
    far = registered(attendance="remote").move("approve", officer())

    people = {
        segment: [a for _u, a in mailing_people(drafted(desk, segment))]
        for segment in ("on_site", "remote", "waiting", "requested")
    }

    assert people == {
        "on_site": [],
        "remote": [far.user.email],
        "waiting": [second.user.email],
        "requested": [holder.user.email],
    }


def test_reviewers_are_a_segment_once_they_have_accepted(desk):
    reviewer, waits = reviewing(), reviewing()
    reviewing(EditionFactory(slug="2026"))
    reviewing(user=UserFactory(is_active=False))
    Reviewer.objects.filter(user=waits).update(accepted=None)
    mailing = drafted(desk, "reviewers")

    assert mailing_people(mailing) == [(reviewer.pk, reviewer.email)]


def test_the_preview_marks_what_was_filled_in_for_a_real_person(desk):
    user = approved(user=UserFactory(language="en", first_name="<b>Amina</b>"))
    mailing = drafted(desk)

    html = desk.get(mailing.get_absolute_url()).content.decode()

    assert "<mark><bdi>Forum 2027</bdi></mark>" in html
    assert f"As {user} will get it" in unescape(html)
    assert "<b>Amina" not in html
    assert (
        OutgoingMail.objects.filter(to=user.email, subject__contains="Welcome").count()
        == 0
    )


def test_a_test_goes_to_oneself_alone(desk):
    approved()
    mailing = drafted(desk)
    OutgoingMail.objects.all().delete()

    page = desk.post(
        address("mailing-act", mailing.pk),
        {"act": "test", "language": "ar"},
        follow=True,
    )

    mail = OutgoingMail.objects.get()
    assert mail.subject == "[2027] مرحباً بكم في Forum 2027"
    assert f"A test was sent to {mail.to}." in visible(page)
    assert Mailing.objects.get().state == "draft"


def test_nothing_is_sent_before_the_number_was_seen_and_when_it_has_changed(desk):
    approved()
    mailing = drafted(desk)
    act = address("mailing-act", mailing.pk)

    first = desk.post(act, {"act": "send"})
    approved()
    second = desk.post(act, {"act": "send", "seen": "1"})

    assert "Send 1 e-mail" in visible(first)
    assert "The number of recipients has changed since you looked." in visible(second)
    assert "Send 2 e-mails" in visible(second)
    assert Recipient.objects.count() == 0


def test_errors_of_the_mail_server_are_shown_and_tried_again(desk):
    user = approved()
    mailing = drafted(desk)
    sent(desk, mailing).update(tries=12, error="550 no such mailbox", sent_at=None)

    page = visible(desk.get(mailing.get_absolute_url()))
    answer = desk.post(
        address("mailing-act", mailing.pk), {"act": "retry"}, follow=True
    )

    assert f"{user.email} : 550 no such mailbox" in page
    assert "1 e-mail is tried again." in visible(answer)
    assert OutgoingMail.objects.waiting().filter(to=user.email).exists()


def test_after_a_cancellation_nothing_more_is_written(desk):
    approved()
    mailing = drafted(desk)
    mailing.start(mailing_people(mailing), officer())
    OutgoingMail.objects.all().delete()

    desk.post(address("mailing-act", mailing.pk), {"act": "cancel"})
    work_at(mailing.pk)

    assert OutgoingMail.objects.count() == 0
    assert "cancelled" in visible(desk.get(mailing.get_absolute_url()))


@pytest.mark.parametrize(
    ("bad", "field", "sentence"),
    [
        ({"text_en": "Dear {nmae}"}, "text_en", "“{nmae}” is not known."),
        ({"text_en": "Dear {name"}, "text_en", "A brace is open"),
        ({"subject_fr": "Bonjour"}, "text_fr", "Fill in both, or leave both empty."),
        ({"segments": []}, "segments", "Choose at least one group."),
        ({"segments": ["all"]}, "segments", "Select a valid choice."),
        ({"text_en": "x" * 10_001}, "text_en", "at most 10000 characters"),
        ({"subject_en": "\ufffd"}, "subject_en", "Some characters could not be read"),
    ],
)
def test_a_bad_mail_is_refused_beside_its_field(desk, bad, field, sentence):
    EditionFactory()

    answer = desk.post(address("mailing-new"), TEXT | {"segments": ["on_site"]} | bad)

    assert answer.status_code == 400
    assert sentence in answer.context["form"].errors[field][0]
    assert Mailing.objects.count() == 0


def test_what_was_sent_is_not_changed_any_more(desk):
    approved()
    mailing = drafted(desk)
    sent(desk, mailing)

    answer = desk.post(
        address("mailing-edit", mailing.pk),
        TEXT | {"segments": ["remote"], "text_en": "Other."},
    )

    assert answer.url == mailing.get_absolute_url()
    assert Mailing.objects.get().segments == ["on_site"]


def test_the_list_asks_the_same_for_one_mail_and_for_ten(
    desk, django_assert_max_num_queries
):
    counts = []
    for number in (1, 9):
        for _one in range(number):
            drafted(desk)
        desk.get(address("mailings"))
        with django_assert_max_num_queries(30) as asked:
            desk.get(address("mailings"))
        counts.append(len(asked))

    assert counts[0] == counts[1]


def test_an_edition_without_mails_says_so_and_members_see_nothing(desk):
    EditionFactory()
    member = Client()
    member.force_login(UserFactory())

    assert "No e-mail has been written yet." in visible(desk.get(address("mailings")))
    assert member.get(address("mailings")).status_code == 403
