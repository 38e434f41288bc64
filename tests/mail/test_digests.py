"""Mails that come together are gathered in batches that end, resume and hold up nobody."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.notification.models import MailChoice
from accounts.user.models import User
from common.mail import digests, outbox
from common.mail.digests import gather, gather_batch
from common.mail.models import OutgoingMail
from common.mail.tasks import deliver_urgent_mail
from tests.factories import UserFactory
from wsis_portal.celery import QUEUES, app

pytestmark = pytest.mark.django_db
READERS = 5000


def kept(addresses, mails=2, digest="daily"):
    rows = [
        OutgoingMail(
            to=address,
            subject=f"News {n}",
            body=f"Text {n} for {address}\n",
            digest=digest,
        )
        for address in addresses
        for n in range(mails)
    ]
    OutgoingMail.objects.bulk_create(rows)
    day = timezone.now() - datetime.timedelta(days=8)
    OutgoingMail.objects.filter(digest=digest).update(created_at=day)


def readers(count, language="en"):
    users = [
        User(email=f"{language}{n:05}@readers.example", language=language)
        for n in range(count)
    ]
    return [user.email for user in User.objects.bulk_create(users)]


def test_five_thousand_readers_in_batches_of_a_constant_number_of_queries():
    kept(readers(READERS))
    counts = []
    after = ""
    for size in (10, 1000):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            after, made = gather_batch("daily", after, size)
        assert made == size
        counts.append(len(asked))

    rest = 0
    while made := gather():  # a run ends after a while, and the next one goes on
        rest += made

    assert counts[0] == counts[1] <= 10
    assert rest == READERS - 1010
    letters = OutgoingMail.objects.filter(digest="")
    assert letters.count() == letters.values("to").distinct().count() == READERS
    assert not OutgoingMail.objects.filter(digest="daily", sent_at=None).exists()


def test_the_batch_asks_the_index():
    kept(readers(200))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            "EXPLAIN SELECT DISTINCT \"to\" FROM common_outgoingmail WHERE digest = 'daily' "
            "AND NOT digest = '' AND sent_at IS NULL AND \"to\" > 'a' ORDER BY \"to\" LIMIT 10"
        )
        plan = "\n".join(row[0] for row in cursor.fetchall())

    assert "mail_kept" in plan


def test_a_worker_that_dies_in_the_middle_loses_nothing_and_doubles_nothing(
    monkeypatch,
):
    addresses = readers(50)
    kept(addresses)
    make, letters = digests.letter, []

    def die_at_the_thirtieth(*args):
        letters.append(args[0])
        if len(letters) == 30:
            raise MemoryError
        return make(*args)

    monkeypatch.setattr(digests, "letter", die_at_the_thirtieth)
    with pytest.raises(MemoryError):
        gather(readers=10)
    before = OutgoingMail.objects.filter(digest="").count()
    monkeypatch.undo()

    after = gather(readers=10)

    assert (before, after) == (20, 30)
    made = OutgoingMail.objects.filter(digest="")
    assert sorted(made.values_list("to", flat=True)) == sorted(addresses)
    for letter in made:
        assert letter.body.count("Text 0") == letter.body.count("Text 1") == 1


def test_a_call_ends_when_its_time_is_over_and_the_next_goes_on():
    kept(readers(30))

    first = gather(readers=10, seconds=0)
    second = gather(readers=10)

    assert (first, second) == (0, 30)


@pytest.mark.parametrize("language", ["ar", "fr", "zh-hans"])
def test_subject_and_frame_are_in_the_readers_language(language, settings):
    user = UserFactory(language=language)
    kept([user.email], mails=1)

    gather()

    letter = OutgoingMail.objects.get(digest="")
    choose = f"{settings.SITE_URL}/{language}/account/notifications/"
    assert choose in letter.body
    assert letter.unsubscribe.startswith(
        f"{settings.SITE_URL}/{language}/account/unsubscribe/"
    )
    assert "Text 0" in letter.body


def test_who_ends_the_mails_that_come_together_keeps_the_decisions(client, settings):
    user = UserFactory()
    for kind in ("projects", "news"):
        MailChoice.objects.create(user=user, kind=kind, delivery="daily")
    kept([user.email])
    gather()
    letter = OutgoingMail.objects.get(digest="")

    client.post(letter.unsubscribe.removeprefix(settings.SITE_URL))

    assert dict(user.mail_choices.values_list("kind", "delivery")) == {
        "projects": "daily",
        "news": "off",
    }


def test_readers_of_closed_accounts_get_no_digest():
    user = UserFactory(is_active=False)
    kept([user.email])

    assert gather() == 0
    assert not OutgoingMail.objects.filter(sent_at=None).exists()


def test_codes_have_a_lane_of_their_own():
    """In the outbox they come first, and no slow task shares their queue."""
    kept(readers(20))
    gather()
    code = outbox.queue(
        "new@example.org", "Your code", "BKGF-TLFR", once=True, urgent=True
    )

    assert OutgoingMail.objects.waiting().first() == code
    assert app.conf.task_routes[deliver_urgent_mail.name] == {"queue": "urgent"}
    assert "urgent" in QUEUES
    routed = [
        name for name, to in app.conf.task_routes.items() if to["queue"] == "urgent"
    ]
    assert routed == [deliver_urgent_mail.name]
