"""Mails of the Forum that came back: of mailings, of decisions, and whose address is wrong."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from common.mail.delivery_reports import Return
from common.mail.models import OutgoingMail
from forum.people.models import Person
from tests.factories import UserFactory
from tests.forum.decision.test_decisions import letter, pending, proposal
from tests.forum.decision.test_decisions import sent as sent_letters
from tests.forum.mailing.test_mailing import address, approved, drafted, sent
from tests.forum.records import PersonFactory, officer

pytestmark = pytest.mark.django_db
ANSWER = "550 5.1.1 <b>المستخدم</b> غير موجود"


@pytest.fixture(autouse=True)
def no_second_factor(settings):
    settings.REQUIRE_STAFF_MFA = False


@pytest.fixture
def desk(client):
    user = officer()
    client.force_login(user)
    client.user = user
    return client


def came_back(mail, code="5.1.1", answer=ANSWER):
    assert OutgoingMail.objects.note_return(Return(mail.reference, code, answer)) == 1


def text(desk, url):
    return desk.get(url).content.decode()


def waiting(desk):
    page = text(desk, reverse("admin:index"))
    label = " People of the Forum whose e-mail address does not exist"
    before, found, _rest = page.partition(label)
    return before.rpartition('class="number">')[2].partition("<")[0] if found else "0"


# --- mails to segments ---


def test_a_mailing_counts_what_came_back_and_says_to_whom(desk):
    lost = approved(user=UserFactory(first_name="Amina", email="a@agency.example"))
    approved(user=UserFactory(first_name="Layla", email="b@agency.example"))
    mailing = drafted(desk, "on_site")
    mails = sent(desk, mailing)
    came_back(mails.get(to=lost.email))

    page = desk.get(address("mailing", mailing.pk))
    shown = page.content.decode()

    assert page.context["figures"]["came_back"] == 1
    assert "<dt>E-mails that came back</dt><dd>1</dd>" in shown
    answer = "<bdi>550 5.1.1 &lt;b&gt;المستخدم&lt;/b&gt; غير موجود</bdi>"
    assert answer in shown
    rest = shown.partition("E-mails that came back</h2>")[2]
    assert "<bdi>a@agency.example</bdi>" in rest
    assert "b@agency.example" not in rest
    assert "does not learn which e-mails come back" in shown


def test_a_mailing_says_that_the_mailbox_is_read(desk, settings):
    settings.BOUNCES_URL = "imap://u:p@mail.example/INBOX"
    approved()
    mailing = drafted(desk, "on_site")
    sent(desk, mailing)

    shown = text(desk, address("mailing", mailing.pk))

    assert "found in the mailbox of returned e-mails, every five minutes" in shown
    assert "came back</h2>" not in shown


def test_many_that_came_back_are_paged_with_the_same_questions(desk):
    for number in range(60):
        approved(user=UserFactory(email=f"r{number:02}@agency.example"))
    mailing = drafted(desk, "on_site")
    mails = list(sent(desk, mailing).order_by("pk"))
    url = address("mailing", mailing.pk)

    def asked(number):
        lost = OutgoingMail.objects.filter(pk__in=[one.pk for one in mails[:number]])
        lost.update(came_back_at=timezone.now(), answer="550 no")
        with CaptureQueriesContext(connection) as queries:
            page = desk.get(url)
        assert page.content.decode().count("550 no") == min(number, 50)
        return len(queries), page

    asked(1)
    (few, _page), (many, page) = asked(1), asked(10)
    assert few == many
    _more, page = asked(60)
    assert len(page.content) < 60_000
    following = page.context["page"].next
    assert text(desk, url + following).count("550 no") == 10


# --- letters on dispositions ---


def test_a_letter_of_a_decision_that_came_back_is_found_at_its_proposal(desk):
    letter()
    lost, other = proposal(title="Masts"), proposal(title="Cables")
    pending(desk, lost, other)
    page = sent_letters(desk)
    assert page.context["progress"]["came_back"] == 0
    assert "came back." not in page.content.decode()
    mail = OutgoingMail.objects.get(to=lost.owner.email, body__contains="is accepted")
    came_back(mail, "4.4.7", "421 nobody answers")

    shown = text(desk, page.request["PATH_INFO"])

    assert "1 letter came back." in shown
    rest = shown.partition("Came back</h2>")[2]
    assert lost.number in rest
    assert f"<bdi>{lost.owner.email}</bdi>" in rest
    assert "<bdi>421 nobody answers</bdi>" in rest
    assert other.number not in rest


def test_the_page_of_a_dispatch_asks_the_same_for_one_and_for_ten(desk):
    letter()
    pending(desk, *(proposal(title=f"Cable {n}") for n in range(10)))
    url = sent_letters(desk).request["PATH_INFO"]
    ids = list(OutgoingMail.objects.order_by("pk").values_list("pk", flat=True))
    mails = OutgoingMail.objects.filter(body__contains="is accepted", pk__in=ids)
    pks = list(mails.order_by("pk").values_list("pk", flat=True))
    assert len(pks) == 10

    def asked(number):
        OutgoingMail.objects.filter(pk__in=pks[:number]).update(
            came_back_at=timezone.now(), answer="550 no"
        )
        with CaptureQueriesContext(connection) as queries:
            assert text(desk, url).count("550 no") == number
        return len(queries)

    asked(1)
    assert asked(1) == asked(10)


# --- people ---


def test_people_whose_address_does_not_exist_are_found_until_they_have_another(desk):
    wrong = PersonFactory(name="Awa Diop", email="awa@agency.example")
    full = PersonFactory(name="Bo Chen", email="bo@agency.example")
    member = UserFactory(email="cy@agency.example")
    linked = PersonFactory(name="Cy Young", email="", user=member)
    for person, code in ((wrong, "5.1.1"), (full, "5.2.2"), (linked, "5.1.10")):
        to = person.email or member.email
        came_back(OutgoingMail.objects.create(to=to, subject="S", body="B"), code)
    address_of = reverse("admin:forum_person_changelist")

    def found():
        page = text(desk, f"{address_of}?mail=no_such_address")
        return [name for name in ("Awa Diop", "Bo Chen", "Cy Young") if name in page]

    assert found() == ["Awa Diop", "Cy Young"]
    assert waiting(desk) == "2"
    page = text(desk, reverse("admin:forum_person_change", args=[wrong.pk]))
    assert "There is no such address: an e-mail came back on" in page
    assert "<bdi>550 5.1.1 &lt;b&gt;المستخدم&lt;/b&gt; غير موجود</bdi>" in page
    page = text(desk, reverse("admin:forum_person_change", args=[full.pk]))
    assert "There is no such address" not in page

    Person.objects.filter(pk=wrong.pk).update(email="awa@un.example")
    assert found() == ["Cy Young"]
    assert waiting(desk) == "1"


def test_the_list_of_people_asks_the_same_for_one_and_for_ten(desk):
    people = [PersonFactory(email=f"p{n}@agency.example") for n in range(10)]
    url = reverse("admin:forum_person_changelist") + "?mail=no_such_address"
    long_ago = timezone.now() - datetime.timedelta(days=90)

    def asked(number):
        for person in people[:number]:
            OutgoingMail.objects.create(
                to=person.email,
                subject="S",
                body="B",
                came_back_at=long_ago,
                answer_code="5.1.1",
            )
        with CaptureQueriesContext(connection) as queries:
            page = desk.get(url)
        assert page.context["cl"].result_count == number
        return len(queries)

    asked(1)
    assert asked(1) == asked(10)
