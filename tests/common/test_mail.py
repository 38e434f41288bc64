"""The outbox: mail leaves after the commit, once, and is tried again when the server is down."""

import smtplib
import threading
from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection, transaction
from django.utils import timezone

from common.mail.models import MAIL_TRIES, OutgoingMail
from common.mail.outbox import queue
from common.moves.models import StatusChange


class DownBackend(EmailBackend):
    def send_messages(self, messages):
        raise smtplib.SMTPServerDisconnected("Connection unexpectedly closed")


def waiting_mail(**fields):
    values = {"to": "amina@example.org", "subject": "Hello", "body": "Text\n"}
    return OutgoingMail.objects.create(**values | fields)


def made_ago(outgoing, **ago):
    OutgoingMail.objects.filter(pk=outgoing.pk).update(
        created_at=timezone.now() - timedelta(**ago)
    )


@pytest.mark.django_db
def test_mail_leaves_after_the_commit(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        queue("amina@example.org", "Subject", "Body")
        assert mail.outbox == []

    assert [(m.to, m.subject, m.body) for m in mail.outbox] == [
        (["amina@example.org"], "Subject", "Body\n")
    ]
    assert OutgoingMail.objects.get().sent_at is not None


@pytest.mark.django_db(transaction=True)
def test_mail_of_a_transaction_that_fails_is_never_sent():
    with transaction.atomic():
        queue("amina@example.org", "Subject", "Body")
        transaction.set_rollback(True)

    assert (mail.outbox, OutgoingMail.objects.count()) == ([], 0)


@pytest.mark.django_db
def test_a_server_that_is_down_is_tried_again(settings):
    outgoing = waiting_mail()
    settings.EMAIL_BACKEND = "tests.common.test_mail.DownBackend"

    assert OutgoingMail.objects.deliver_waiting() == 0
    outgoing.refresh_from_db()
    assert (outgoing.tries, outgoing.error, outgoing.sent_at) == (
        1,
        "Connection unexpectedly closed",
        None,
    )

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    made_ago(outgoing, minutes=1)
    assert OutgoingMail.objects.deliver_waiting() == 1
    outgoing.refresh_from_db()
    assert (outgoing.tries, outgoing.error, outgoing.sent_at is None) == (2, "", False)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("tries", "minutes", "due"),
    [
        (0, 0, True),
        (1, 0, False),
        (1, 1, True),
        (3, 6, False),
        (3, 7, True),
        (MAIL_TRIES - 1, 2**MAIL_TRIES, True),
        (MAIL_TRIES, 10**6, False),
    ],
)
def test_pauses_grow_until_the_mail_is_given_up(tries, minutes, due):
    made_ago(waiting_mail(tries=tries), minutes=minutes)

    assert OutgoingMail.objects.waiting().exists() == due


@pytest.mark.django_db
def test_a_mail_that_cannot_be_sent_does_not_hold_up_the_next():
    broken = waiting_mail(subject="Two\nlines")
    waiting_mail()

    assert OutgoingMail.objects.deliver_waiting() == 1
    broken.refresh_from_db()
    assert (broken.sent_at, broken.tries) == (None, 1)


@pytest.mark.django_db(transaction=True)
def test_eight_workers_send_a_mail_once():
    outgoing, barrier, answers = waiting_mail(), threading.Barrier(8), []

    def deliver():
        try:
            barrier.wait()
            answers.append(OutgoingMail.objects.deliver(outgoing.pk))
        finally:
            connection.close()

    threads = [threading.Thread(target=deliver) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (sorted(answers), len(mail.outbox)) == ([False] * 7 + [True], 1)


@pytest.mark.django_db
def test_mail_waits_for_its_time_and_leaves_at_the_next_sweep():
    outgoing = waiting_mail(not_before=timezone.now() + timedelta(minutes=3))
    assert OutgoingMail.objects.deliver_waiting() == 0
    assert OutgoingMail.objects.deliver(outgoing.pk) is False

    OutgoingMail.objects.update(not_before=timezone.now() - timedelta(seconds=1))

    assert OutgoingMail.objects.deliver_waiting() == 1


@pytest.mark.django_db
def test_withdrawn_mail_is_kept_and_never_leaves():
    change = StatusChange.objects.create(
        record_kind="stocktaking.project",
        record_id=1,
        move="publish",
        source="a",
        target="b",
    )
    waiting_mail(cause=change)
    sent = waiting_mail(cause=change, sent_at=timezone.now())

    assert OutgoingMail.objects.withdraw(change) == 1
    assert OutgoingMail.objects.deliver_waiting() == 0
    sent.refresh_from_db()
    assert sent.withdrawn_at is None
