"""Letters that did not arrive: read in the mailbox of returned mail, or recorded by an officer."""

import datetime

import pytest
from django.core import mail as django_mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from common.mail.models import OutgoingMail
from common.mail.returned import read_returned
from prizes.letter.models import Letter
from prizes.letter.tasks import send_letters
from tests.mail.imap_server import ImapServer
from tests.mail.reports import SERVERS, report, returned, status
from tests.mail.test_returned import url_of
from tests.prizes.letter.test_letters import approved, drafted, passed_over

pytestmark = pytest.mark.django_db
LIST = "admin:prizes_letter_changelist"


@pytest.fixture
def server(settings):
    server = ImapServer()
    settings.BOUNCES_URL = url_of(server)
    settings.BOUNCES_ADDRESS = "bounces@portal.example"
    yield server
    server.close()


def sent(one, two, contest, lines=("C1",)):
    """A batch whose letters have left, and the Message-ID of each."""
    for line in lines:
        passed_over(contest, line=line, title=f"Kiosk of {line}")
    batch = drafted(one, contest)
    approved(two, batch)
    send_letters()
    letters = list(batch.letters.order_by("pk"))
    assert len(letters) == len(lines)
    for letter in letters:
        OutgoingMail.objects.deliver(letter.mail_id)
    ids = {
        message.to[0]: message.message()["Message-ID"] for message in django_mail.outbox
    }
    return batch, [ids[letter.mail.to] for letter in letters]


def text(browser, address, **data):
    return browser.get(address, data).content.decode()


def waiting(browser):
    """The number on the first page of the staff."""
    page = text(browser, reverse("admin:index"))
    before, found, _rest = page.partition(" Letters about outcomes that came back")
    return before.rpartition('class="number">')[2].partition("<")[0] if found else "0"


def test_letters_that_came_back_are_counted_and_found_by_themselves(
    server, one, two, contest
):
    batch, (first, second, _third) = sent(one, two, contest, ("C1", "C2", "C3"))
    answer = "smtp; 550 5.1.1 صندوق البريد غير موجود"
    server.put(
        report(status(answer=answer), returned(first)),
        SERVERS["Gmail"](second),
        report(status("delayed", "4.4.1", "smtp; late"), returned(_third)),
    )

    assert read_returned() == 2

    page = two.get(batch.get_absolute_url())
    shown = page.content.decode()
    assert page.context["figures"]["bounced"] == 2
    assert "<dt>Came back</dt><dd>2</dd>" in shown
    assert "Came back: <bdi>550 5.1.1 صندوق البريد غير موجود</bdi>" in shown
    assert "550-5.2.1 The account that you tried to reach is" in shown
    assert "found in the mailbox of returned e-mails, every five minutes" in shown
    assert "The mailbox was last read on" in shown
    assert waiting(one) == "2"
    listed = text(one, reverse(LIST), back="open")
    assert [name in listed for name in ("Kiosk of C1", "Kiosk of C2")] == [True] * 2
    assert "Kiosk of C3" not in listed
    lost = batch.letters.order_by("pk")[0]
    assert f'href="{lost.get_absolute_url()}"' in listed


def test_an_officer_adds_what_is_known_and_settles_what_came_back(
    server, one, two, contest
):
    batch, (first, _second) = sent(one, two, contest, ("C1", "C2"))
    server.put(SERVERS["Exim"](first))
    read_returned()
    letter, other = batch.letters.order_by("pk")
    page = text(two, letter.get_absolute_url())
    assert "It came back on" in page
    assert "(5.1.1)." in page
    assert "<bdi>550 5.1.1 mailbox does not exist here</bdi>" in page

    data = {"act": "bounce", "bounce": "Told by telephone", "is_settled": "on"}
    two.post(letter.get_absolute_url(), data)
    two.post(other.get_absolute_url(), {"act": "bounce", "bounce": "She says so"})

    page = two.get(batch.get_absolute_url())
    assert page.context["figures"]["bounced"] == 2
    assert "<bdi>Told by telephone</bdi>" in page.content.decode()
    assert "(seen to)" in page.content.decode()
    assert waiting(one) == "1"
    listed = text(one, reverse(LIST), back="open")
    assert ["Kiosk of C1" in listed, "Kiosk of C2" in listed] == [False, True]
    assert "Kiosk of C1" in text(one, reverse(LIST), back="all")
    wrong = two.post(
        other.get_absolute_url(), {"act": "bounce", "bounce": "x" * 301}
    ).content.decode()
    assert "at most 300 characters" in wrong


def test_without_a_mailbox_the_page_says_that_nothing_is_read(
    settings, one, two, contest
):
    settings.BOUNCES_URL = ""
    batch, _ids = sent(one, two, contest)
    assert "is recorded by hand" in text(two, batch.get_absolute_url())

    settings.BOUNCES_URL = "imap://u:p@127.0.0.1:1/INBOX"
    read_returned()
    page = text(two, batch.get_absolute_url())
    assert "The mailbox has not been read yet, or could not be." in page


def test_nobody_sees_that_the_letter_about_the_own_entry_came_back(
    server, one, two, contest
):
    own = passed_over(contest, owner=one.person, title="My own kiosk")
    letter = drafted(two, contest).letters.get(entry=own)
    OutgoingMail.objects.create(to="a@b.example", subject="S", body="B")
    row = OutgoingMail.objects.get(to="a@b.example")
    OutgoingMail.objects.filter(pk=row.pk).update(
        came_back_at=timezone.now(), answer="gone"
    )
    Letter.objects.filter(pk=letter.pk).update(mail=row)

    assert "My own kiosk" not in text(one, reverse(LIST), back="open")
    assert "My own kiosk" in text(two, reverse(LIST), back="open")


def test_pages_of_one_and_of_ten_letters_that_came_back_ask_the_same(one, two, contest):
    lines = list(contest.categories.values_list("action_line", flat=True)[:11])
    batch, _ids = sent(one, two, contest, lines)
    later = timezone.now() - datetime.timedelta(hours=1)
    mails = OutgoingMail.objects.filter(pk__in=batch.letters.values("mail"))

    def asked(number):
        lost = mails.order_by("pk")[:number].values("pk")
        mails.filter(pk__in=list(lost.values_list("pk", flat=True))).update(
            came_back_at=later, answer="550 no", answer_code="5.1.1"
        )
        counts = []
        for address in (
            batch.get_absolute_url(),
            reverse(LIST) + "?back=open",
            reverse("admin:index"),
        ):
            with CaptureQueriesContext(connection) as queries:
                page = two.get(address).content.decode()
            counts.append(len(queries))
            if address != reverse("admin:index"):
                assert page.count("550 no") == number
        return counts

    asked(1)  # fills caches of the process
    assert asked(1) == asked(10)


@pytest.mark.parametrize("language", ["fr", "es", "ru", "ar", "zh-hans"])
def test_the_page_speaks_other_languages(server, one, two, contest, language):
    batch, (first,) = sent(one, two, contest)
    server.put(SERVERS["Postfix"](first))
    read_returned()
    type(two.person).objects.filter(pk=two.person.pk).update(language=language)
    with translation.override(language):
        pages = [
            text(two, batch.get_absolute_url()),
            text(two, batch.letters.get().get_absolute_url()),
        ]
    for page in pages:
        assert "User unknown in virtual mailbox table" in page
    for sentence in ("The mailbox was", "It came back on", "The other mail server"):
        assert not [page for page in pages if sentence in page]
