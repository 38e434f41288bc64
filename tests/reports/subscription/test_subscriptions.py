"""New editions by e-mail: asked for with and without an account, confirmed, told once, ended."""

import datetime
import re

import pytest
from django.core import mail as django_mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from common.mail.models import OutgoingMail
from privacy.retention import drop_unconfirmed_subscriptions
from reports.output.models import Snapshot
from reports.subscription import telling
from reports.subscription.models import Notice, Subscription
from reports.subscription.tasks import tell_subscribers
from tests.factories import UserFactory
from tests.reports.records import approved_and_published, built, frozen, secretariat

pytestmark = pytest.mark.django_db
PAGE = "/en/reports/subscribe/"


def mails(address):
    return list(OutgoingMail.objects.filter(to=address).order_by("pk"))


def path_in(text, part):
    return re.search(rf"https?://[^/\s]+(/\S+/subscriptions/{part}/\S+)", text)[1]


def address_subscribed(client, language="en", email="reader@un.example", **about):
    """Somebody without an account, who has followed the link of the mail."""
    data = {"series": "global", "email": email} | about
    client.post(PAGE.replace("/en/", f"/{language}/"), data)
    client.post(path_in(mails(email)[-1].body, "confirm"))
    return Subscription.objects.get(email=email)


def published_later(publication):
    """After the subscriptions of the test."""
    Snapshot.objects.filter(publication=publication).update(published_at=timezone.now())
    return publication


def test_an_address_is_confirmed_by_a_button_and_told_once(client):
    client.post(PAGE, {"series": "global", "email": "reader@un.example"})
    link = path_in(mails("reader@un.example")[0].body, "confirm")
    assert client.get(link).status_code == 200
    assert Subscription.objects.confirmed().count() == 0  # scanners open links
    client.post(link)
    assert Subscription.objects.confirmed().count() == 1

    publication = frozen()
    assert [tell_subscribers(), tell_subscribers()] == [1, 0]

    letter = mails("reader@un.example")[-1]
    assert letter.subject == f"New: {publication}"
    assert publication.get_absolute_url() in letter.body
    assert letter.unsubscribe in letter.body
    assert Notice.objects.get().written == 1


def test_the_body_of_the_report_is_not_read_to_tell_of_it(client):
    address_subscribed(client)
    frozen()

    with CaptureQueriesContext(connection) as queries:
        assert tell_subscribers() == 1

    assert not any('snapshot"."body"' in query["sql"] for query in queries)


def test_nobody_is_told_who_never_confirmed(client):
    client.post(PAGE, {"series": "global", "email": "reader@un.example"})
    frozen()
    assert tell_subscribers() == 0


def test_one_click_ends_it_as_mail_programs_do(client):
    row = address_subscribed(client)
    frozen()
    tell_subscribers()
    letter = mails(row.email)[-1]
    assert letter.headers()["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    stop = path_in(letter.unsubscribe, "stop")

    assert client.get(stop).status_code == 200
    assert Subscription.objects.exists()
    from_program = type(client)(enforce_csrf_checks=True)
    answer = from_program.post(stop, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert not Subscription.objects.exists()


def test_a_member_switches_it_on_and_off_on_a_publication(client):
    publication, reader = frozen(), UserFactory(language="ar")
    client.force_login(reader)
    page = client.get(publication.get_absolute_url()).content.decode()
    assert "Tell me about new editions" in page
    client.post(PAGE, {"series": "global", "region": ""})

    Snapshot.objects.update(published_at=timezone.now())
    assert tell_subscribers() == 1
    (letter,) = mails(reader.email)
    assert f"/ar/reports/{publication.pk}/" in letter.body
    assert letter.unsubscribe

    row = Subscription.objects.get(user=reader)
    stranger = UserFactory()
    client.force_login(stranger)
    end = reverse("reports:subscription-end", args=[row.pk])
    assert client.post(end).status_code == 404
    client.force_login(reader)
    client.post(end)
    assert not Subscription.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_amendment_is_told_with_its_note(client):
    row = address_subscribed(client)
    publication = frozen()
    tell_subscribers()
    note = "The number of countries was wrong."
    amended = publication.move("amend", secretariat(), note)
    built_one = built(amended)
    approved_and_published(built_one)

    assert tell_subscribers() == 1
    letter = mails(row.email)[-1]
    assert letter.subject.startswith("Amended:")
    assert note in letter.body


def test_each_edition_is_told_once_in_the_readers_language_where_there_is_one(client):
    arabic = address_subscribed(client, "ar", "ar@un.example")
    french = address_subscribed(client, "fr", "fr@un.example")
    for language in ("en", "fr"):
        frozen(language=language)

    assert tell_subscribers() == 2

    assert "/ar/reports/" in mails(arabic.email)[-1].body
    assert mails(arabic.email)[-1].subject.endswith("Global stocktaking report 2026")
    assert "Global stocktaking report" not in mails(french.email)[-1].subject
    assert len(mails(arabic.email)) == len(mails(french.email)) == 2


def test_a_region_is_told_of_its_own_reports_only(client):
    africa = address_subscribed(
        client, email="afr@un.example", series="regional", region="AFR"
    )
    every = address_subscribed(client, email="all@un.example", series="regional")
    frozen(series="regional", region_id="ARB")

    assert tell_subscribers() == 1

    assert len(mails(africa.email)) == 1
    assert len(mails(every.email)) == 2


def test_batches_go_on_where_the_last_one_ended(client, monkeypatch):
    for number in range(3):
        Subscription.objects.create(
            series="global",
            email=f"r{number}@un.example",
            confirmed_at=timezone.now() - datetime.timedelta(hours=1),
        )
    frozen()
    monkeypatch.setattr(telling, "BATCH", 1)
    pk = Notice.objects.create(snapshot=Snapshot.objects.get()).snapshot_id
    assert telling.tell_batch(pk) == 1
    assert telling.tell_batch(pk) == 1

    assert tell_subscribers() == 1
    assert [len(mails(f"r{number}@un.example")) for number in range(3)] == [1, 1, 1]


def test_nobody_is_told_of_what_was_withdrawn_before(client):
    address_subscribed(client)
    publication = frozen()
    publication.move("withdraw", secretariat(), "Wrong figures")
    assert tell_subscribers() == 0


def test_the_answer_does_not_tell_who_is_subscribed(client):
    row = address_subscribed(client)
    django_mail.outbox.clear()
    again = client.post(PAGE, {"series": "global", "email": row.email}, follow=True)
    other = client.post(
        PAGE, {"series": "global", "email": "x@un.example"}, follow=True
    )

    for page in (again, other):
        assert "Open the link in the e-mail" in page.content.decode()
    assert len(mails(row.email)) == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [("email", "nobody"), ("series", "none"), ("region", "XX")],
)
def test_bad_input_has_a_sentence_beside_the_field(client, field, value):
    data = {"series": "regional", "email": "a@un.example"} | {field: value}
    page = client.post(PAGE, data)
    assert page.status_code == 400
    assert f'id="id_{field}_error"' in page.content.decode()


def test_addresses_that_nobody_confirms_are_deleted_after_two_weeks(client):
    confirmed = address_subscribed(client)
    client.post(PAGE, {"series": "global", "email": "typed@un.example"})
    assert drop_unconfirmed_subscriptions() == 0

    long_ago = timezone.now() - datetime.timedelta(days=15)
    Subscription.objects.update(created_at=long_ago)
    assert drop_unconfirmed_subscriptions() == 1
    assert Subscription.objects.get() == confirmed
