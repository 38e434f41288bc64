"""Mails that came back: the mailbox is read over IMAP, and the outbox says which did not arrive."""

import datetime
from unittest.mock import patch
from urllib.parse import quote

import pytest
from django.core import mail as django_mail
from django.core.checks import run_checks
from django.db import DatabaseError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.role.roles import Role
from common.mail import mailbox, returned
from common.mail.digests import gather
from common.mail.models import OutgoingMail
from common.mail.outbox import queue
from common.mail.tasks import read_returned_mail
from common.moves.models import StatusChange
from privacy.erasure import forget_mail
from tests.factories import UserFactory
from tests.mail import reports
from tests.mail.imap_server import ImapServer
from tests.mail.reports import SERVERS, report, status
from wsis_portal.celery import app

pytestmark = pytest.mark.django_db


@pytest.fixture
def server(settings):
    server = ImapServer()
    settings.BOUNCES_URL = url_of(server)
    settings.BOUNCES_ADDRESS = "bounces@portal.example"
    yield server
    server.close()


def url_of(server, **other):
    parts = {"user": server.user, "password": server.password, "folder": "INBOX"}
    parts = {name: quote(text, safe="") for name, text in (parts | other).items()}
    name = f"{parts['user']}:{parts['password']}@127.0.0.1:{server.port}"
    return f"imap://{name}/{parts['folder']}"


def sent(to="amina@agency.example", **fields):
    """A mail that has left, and its Message-ID as its reader got it."""
    row = queue(to, fields.pop("subject", "News"), "Dear colleague", **fields)
    OutgoingMail.objects.deliver(row.pk)
    message_id = django_mail.outbox[-1].message()["Message-ID"]
    row.refresh_from_db()
    return row, message_id


def back(*rows):
    for row in rows:
        row.refresh_from_db()
    return [bool(row.came_back_at) for row in rows]


def administrator():
    client = Client()
    client.force_login(UserFactory(role=Role.ADMINISTRATOR))
    return client


# --- reading ---------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", SERVERS)
def test_a_mail_that_came_back_says_so(server, kind):
    lost, message_id = sent()
    other, _id = sent("b@agency.example")
    before = timezone.now()
    server.put("Subject: Hello\n\nNot a report\n", SERVERS[kind](message_id))

    assert read_returned_mail() == 1

    assert back(lost, other) == [True, False]
    assert before <= lost.came_back_at <= timezone.now()
    assert lost.answer_code.startswith("5.")
    assert len(lost.answer) > 10
    assert server.unseen() == []
    log = StatusChange.objects.of(lost).get()
    assert (log.move, log.by, log.note) == ("come_back", None, lost.answer_code)


def test_the_envelope_leads_to_the_mailbox_and_the_mail_has_a_key_of_its_own(
    server, settings
):
    """The same at each attempt, so that a report on any of them is understood."""
    row = queue("amina@agency.example", "News", "Text")
    with patch("django.core.mail.EmailMessage.send", side_effect=OSError("down")) as no:
        OutgoingMail.objects.deliver(row.pk)
    assert no.called
    OutgoingMail.objects.filter(pk=row.pk).update(tries=0)
    first = OutgoingMail.objects.get(pk=row.pk).headers()["Message-ID"]
    assert OutgoingMail.objects.deliver(row.pk)

    message = django_mail.outbox[-1]
    assert message.from_email == "bounces@portal.example"
    assert message.message()["From"] == settings.DEFAULT_FROM_EMAIL
    assert message.message()["Message-ID"] == first
    _other, message_id = sent()
    assert message_id != first

    settings.BOUNCES_ADDRESS = ""
    sent()
    assert django_mail.outbox[-1].from_email == settings.DEFAULT_FROM_EMAIL


def test_what_is_only_late_or_an_answer_of_somebody_is_read_and_changes_nothing(server):
    row, message_id = sent()
    late = status("delayed", "4.4.1", "smtp; timed out")
    server.put(
        report(late, reports.returned(message_id)),
        f"Auto-Submitted: auto-replied\nIn-Reply-To: {message_id}\n\nI am away\n",
        f"Subject: News\n\nundeliverable {message_id} 5.1.1 failed\n",
        b"\xff\xfe\x00 broken \x80",
    )

    assert read_returned_mail() == 0
    assert back(row) == [False]
    assert server.unseen() == []


def test_a_mail_that_leaves_no_trace_is_not_found(server):
    row = queue("amina@agency.example", "Goodbye", "Text", leaves_no_trace=True)
    OutgoingMail.objects.deliver(row.pk)
    message_id = django_mail.outbox[-1].message()["Message-ID"]
    server.put(SERVERS["Exim"](message_id))

    assert read_returned_mail() == 0
    assert OutgoingMail.objects.count() == StatusChange.objects.count() == 0


def test_mails_that_came_together_come_back_together(server):
    old = timezone.now() - datetime.timedelta(days=2)
    rows = [
        queue(f"{name}@agency.example", "News", "Text", digest="daily")
        for name in ("amina", "amina", "b")
    ]
    OutgoingMail.objects.update(created_at=old)
    assert gather() == 2
    together = OutgoingMail.objects.get(digest="", to="amina@agency.example")
    OutgoingMail.objects.deliver(together.pk)
    message_id = django_mail.outbox[-1].message()["Message-ID"]
    server.put(SERVERS["Postfix"](message_id))

    assert read_returned_mail() == 3
    assert back(*rows, together) == [True, True, False, True]


def test_what_is_read_again_changes_nothing(server):
    """A worker that dies after noting, before the server has marked the message as read."""
    row, message_id = sent()
    server.put(SERVERS["Postfix"](message_id), SERVERS["Gmail"](message_id))
    server.forgets = True
    assert read_returned_mail() == 0
    row.refresh_from_db()
    first = (row.came_back_at, row.answer_code, row.answer)
    assert first[1] == "5.1.1"
    assert len(server.unseen()) == 2

    server.forgets = False
    assert read_returned_mail() == 0
    row.refresh_from_db()
    assert (row.came_back_at, row.answer_code, row.answer) == first
    assert StatusChange.objects.of(row).count() == 1
    assert server.unseen() == []


def test_a_message_stays_unread_when_the_database_fails(server):
    row, message_id = sent()
    server.put(SERVERS["Exim"](message_id))
    fails = patch.object(
        type(OutgoingMail.objects.all()), "note_return", side_effect=DatabaseError
    )
    with fails, pytest.raises(DatabaseError):
        read_returned_mail()

    assert len(server.unseen()) == 1
    assert read_returned_mail() == 1
    assert back(row) == [True]


def test_a_line_that_breaks_loses_nothing(server):
    pairs = [sent(f"a{n}@agency.example") for n in range(3)]
    server.put(*(SERVERS["Exim"](message_id) for _row, message_id in pairs))
    server.hangs_up_at = 2
    read_returned_mail()
    server.hangs_up_at = 0
    read_returned_mail()

    assert back(*(row for row, _id in pairs)) == [True] * 3
    assert server.unseen() == []


def test_thousands_of_messages_are_read_in_parts(server, monkeypatch):
    """Some at a time, the oldest first, and each question names only so many."""
    monkeypatch.setattr(mailbox, "SEARCHED", 300)
    row, message_id = sent()
    server.put(*["Subject: x\n\ny\n"] * 1100, SERVERS["Exim"](message_id))

    assert returned.read_returned(messages=500) == 0
    assert next(message.uid for message in server.unseen()) == 601
    assert returned.last_read() is None
    assert returned.read_returned(seconds=-1) == 0
    assert len(server.unseen()) == 601
    assert returned.read_returned() == 1
    assert back(row) == [True]
    assert server.unseen() == []
    assert timezone.now() - returned.last_read() < datetime.timedelta(minutes=1)
    searches = [line for line in server.asked if "SEARCH" in line]
    assert "SEARCH 901:1101 UNSEEN" in searches[-1]


def test_a_huge_message_is_read_at_its_beginning_only(server):
    row, message_id = sent()
    server.put(SERVERS["Exchange"](message_id) + "x" * 3_000_000, "Subject: a\n\nb\n")

    assert read_returned_mail() == 1
    assert back(row) == [True]
    wanted = [line for line in server.asked if "FETCH" in line]
    assert all("BODY.PEEK[]<0.131072>" in line for line in wanted)


def test_each_message_costs_the_same_questions(server):
    def asked(number):
        pairs = [sent(f"a{n}@agency.example") for n in range(number)]
        server.put(*(SERVERS["Exim"](message_id) for _row, message_id in pairs))
        with CaptureQueriesContext(connection) as queries:
            assert read_returned_mail() == number
        return len(queries)

    assert asked(10) == 10 * asked(1)


# --- what an operator can get wrong --------------------------------------------------------------


def test_without_a_mailbox_nothing_is_asked(settings):
    settings.BOUNCES_URL = ""
    with patch.object(returned, "Mailbox", side_effect=AssertionError):
        assert read_returned_mail() == 0


@pytest.mark.parametrize("sasl", [True, False])
def test_a_password_in_all_letters_signs_in_and_a_wrong_one_is_logged_once(
    server, settings, caplog, sasl
):
    server.sasl = sasl
    if not sasl:  # LOGIN takes ASCII only
        server.user, server.password = "bounces box", 'a"b\\c d'
    settings.BOUNCES_URL = url_of(server)
    _row, message_id = sent()
    server.put(SERVERS["Exim"](message_id))
    assert read_returned_mail() == 1

    settings.BOUNCES_URL = url_of(server, password="s3cret-but-wrong")
    caplog.clear()
    assert read_returned_mail() == 0
    (line,) = caplog.records
    assert line.levelname == "ERROR"
    assert "who is that?" in line.getMessage()
    assert "s3cret" not in caplog.text


@pytest.mark.parametrize(
    "url",
    [
        "imap://u:s3cret@127.0.0.1:1/INBOX",
        "imap://u:s3cret@nowhere.invalid/INBOX",
        "imap://u:s3cret/@127.0.0.1:port/",
        "smtp://u:s3cret@127.0.0.1/",
        "s3cret",
    ],
)
def test_a_mailbox_that_is_not_there_is_one_line_in_the_log(settings, caplog, url):
    settings.BOUNCES_URL = url

    assert read_returned_mail() == 0

    (line,) = caplog.records
    assert "the mailbox of returned mail cannot be read" in line.getMessage()
    assert "s3cret" not in caplog.text
    assert line.exc_info is None


def test_a_folder_that_is_not_there_is_logged(server, settings, caplog):
    settings.BOUNCES_URL = url_of(server, folder="Returned mail")
    read_returned_mail()
    assert "no such mailbox" in caplog.text

    server.folder = "Returned mail"
    _row, message_id = sent()
    server.put(SERVERS["Exim"](message_id))
    assert read_returned_mail() == 1


def test_a_server_that_says_nothing_is_left(server, monkeypatch, caplog):
    monkeypatch.setattr(mailbox, "STEP_SECONDS", 0.2)
    server.silent = True
    assert read_returned_mail() == 0
    assert "TimeoutError" in caplog.text


def test_half_a_mailbox_is_a_warning_at_the_start(settings):
    def said():
        return [one.id for one in run_checks() if one.id in ("wsis.W002", "wsis.W003")]

    settings.BOUNCES_URL = settings.BOUNCES_ADDRESS = ""
    assert said() == []
    settings.BOUNCES_URL = "imaps://u:p@mail.example/INBOX"
    assert said() == ["wsis.W003"]
    settings.BOUNCES_ADDRESS = "bounces@portal.example"
    assert said() == []
    settings.BOUNCES_URL = "https://mail.example"
    assert said() == ["wsis.W002"]


def test_encryption_is_checked():
    """imaps:// refuses a server that cannot show a certificate of its name."""
    place = mailbox.Place.of("imaps://a%40b.example:p%2Fw@mail.example/Returned%20mail")
    assert place == (True, "mail.example", 993, "a@b.example", "p/w", "Returned mail")
    with (
        patch("imaplib.IMAP4_SSL", side_effect=OSError("no further")) as asked,
        pytest.raises(OSError, match="no further"),
    ):
        mailbox.Mailbox(place).__enter__()
    context = asked.call_args.kwargs["ssl_context"]
    assert context.check_hostname
    assert context.verify_mode.name == "CERT_REQUIRED"


def test_the_mailbox_is_read_every_five_minutes():
    entry = app.conf.beat_schedule["mail that came back"]
    assert (entry["task"], entry["schedule"]) == (read_returned_mail.name, 300)


# --- where it is seen ------------------------------------------------------------------------


def test_the_outbox_in_the_admin_shows_what_came_back(server, settings):
    settings.REQUIRE_STAFF_MFA = False
    lost, message_id = sent("lost@agency.example")
    _full, full_id = sent("full@agency.example")
    sent("fine@agency.example")
    server.put(SERVERS["Postfix"](message_id), SERVERS["Gmail"](full_id))
    read_returned_mail()
    client = administrator()
    address = reverse("admin:common_outgoingmail_changelist")

    def shown(delivery):
        text = client.get(address, {"delivery": delivery}).content.decode()
        return [name for name in ("lost", "full", "fine") if f"{name}@agency" in text]

    assert shown("back") == shown("back_lately") == ["lost", "full"]
    assert shown("no_such_address") == ["lost"]
    page = client.get(address, {"delivery": "back"}).content.decode()
    assert "rejected: User unknown in virtual mailbox table" in page
    desk = client.get(reverse("admin:index")).content.decode()
    assert '<span class="number">2</span> E-mails that came back in the last' in desk
    old = timezone.now() - datetime.timedelta(days=31)
    OutgoingMail.objects.filter(pk=lost.pk).update(came_back_at=old)
    assert shown("back_lately") == ["full"]


def test_an_account_shows_that_nobody_gets_mail_at_its_address(server, settings):
    settings.REQUIRE_STAFF_MFA = False
    person = UserFactory(email="lost@agency.example", language="ar")
    other = UserFactory(email="full@agency.example")
    _lost, message_id = sent(person.email)
    _full, full_id = sent(other.email)
    answer = "smtp; 550 5.1.1 <b>المستخدم</b> غير موجود"
    server.put(
        report(status(answer=answer), reports.returned(message_id)),
        SERVERS["Gmail"](full_id),
    )
    read_returned_mail()
    client = administrator()

    def page(user):
        address = reverse("admin:accounts_user_change", args=[user.pk])
        return client.get(address).content.decode()

    assert "There is no such address: an e-mail came back on" in page(person)
    assert "<bdi>550 5.1.1 &lt;b&gt;المستخدم&lt;/b&gt; غير موجود</bdi>" in page(person)
    assert "There is no such address" not in page(other)


def test_an_erased_person_is_not_named_by_an_answer(server):
    person = UserFactory(email="amina@agency.example")
    row, message_id = sent(person.email)
    late, late_id = sent(person.email)
    told, told_id = sent("focal@agency.example")
    postfix = SERVERS["Postfix"](message_id)
    server.put(postfix, postfix.replace(message_id, told_id))
    assert read_returned_mail() == 2
    row.refresh_from_db()
    assert person.email in row.answer

    forget_mail(person)
    server.put(postfix.replace(message_id, late_id))
    read_returned_mail()

    rows = OutgoingMail.objects.filter(pk__in=[row.pk, late.pk, told.pk])
    assert len(rows) == 3
    assert not [one.answer for one in rows if person.email in one.answer]
    told.refresh_from_db()
    assert "[address removed]" in told.answer
