"""Somebody takes over their record by the link of a mail, and edits it."""

import datetime
import re

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from common.mail.models import OutgoingMail
from common.records.models import Change
from forum.people.models import Person, PersonMerge
from forum.registration.models import Registration
from tests.factories import UserFactory
from tests.forum.records import (
    CapacityFactory,
    PersonFactory,
    SessionFactory,
    officer,
    released,
)

pytestmark = pytest.mark.django_db
LIST = "admin:forum_person_changelist"
OWN = "forum:own-record"


@pytest.fixture(autouse=True)
def desk(settings, time_machine):
    time_machine.move_to("2027-05-01T12:00:00+00:00")
    settings.REQUIRE_STAFF_MFA = False
    client = Client()
    client.force_login(officer())
    return client


def send(desk, *people):
    data = {"action": "invite_people", "_selected_action": [one.pk for one in people]}
    page = desk.post(reverse(LIST), data, follow=True)
    return [str(message) for message in page.context["messages"]]


def link():
    body = OutgoingMail.objects.latest("pk").body
    return re.search(r"https?://[^/\s]+(/\S*/people/claim/\S+)", body)[1]


def signed_in(user=None):
    client = Client()
    client.force_login(user or UserFactory())
    return client


def text_of(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_a_speaker_takes_over_the_record_and_is_registered(desk):
    CapacityFactory(places=5)
    awa = PersonFactory(name="Awa Diop", email="awa@un.example", bio_language="fr")
    released(title="Masts", speakers=[awa])
    said = send(desk, awa)
    address, user = link(), UserFactory()

    stranger = Client().get(address)
    page = signed_in(user).get(address)
    response = signed_in(user).post(address, follow=True)

    mail = OutgoingMail.objects.get(to="awa@un.example", once=True)
    assert said == ["1 link was sent."]
    assert "/fr/forum/people/claim/" in mail.body
    assert "Awa Diop (Example University)" in text_of(stranger)
    assert "Masts" in text_of(stranger)
    assert "/account/login/?next=" in stranger.content.decode()
    assert "C’est moi" not in stranger.content.decode()
    assert stranger["Cache-Control"] == "no-store"
    assert "C’est moi" in page.content.decode()
    awa.refresh_from_db()
    assert (awa.user, bool(awa.claimed_at), awa.tokens) == (user, True, [])
    assert response.redirect_chain[-1][0] == "/fr/forum/people/mine/"
    own = Registration.objects.get()
    assert (own.user, own.status, own.as_speaker) == (user, "approved", True)
    assert OutgoingMail.objects.filter(to=user.email, body__contains=own.code).exists()


def test_a_link_is_used_once(desk):
    awa = PersonFactory(email="awa@un.example")
    send(desk, awa)
    address, first = link(), UserFactory()
    signed_in(first).post(address)

    again = signed_in().post(address)

    awa.refresh_from_db()
    assert (again.status_code, awa.user) == (404, first)


@pytest.mark.parametrize("days", [29, 31])
def test_a_link_ends(desk, days):
    awa = PersonFactory(email="awa@un.example")
    send(desk, awa)
    then = timezone.now() - datetime.timedelta(days=days)
    Person.objects.update(invited_at=then)
    user = UserFactory()

    response = signed_in(user).post(link())

    awa.refresh_from_db()
    assert awa.user == (user if days < 30 else None)
    assert ("This link has ended." in text_of(response)) == (days > 30)


def test_a_new_link_and_a_new_address_end_the_old_link(desk):
    awa = PersonFactory(email="awa@un.example")
    send(desk, awa)
    first = link()
    send(desk, awa)
    second = link()
    assert signed_in().get(first).status_code == 404
    assert "This is me" in signed_in().get(second).content.decode()
    change = reverse("admin:forum_person_change", args=[awa.pk])
    page = desk.get(change)
    fields = page.context["adminform"].form.initial
    data = {name: value or "" for name, value in fields.items()}
    data |= {
        f"{inline.formset.prefix}-{key}_FORMS": "0"
        for inline in page.context["inline_admin_formsets"]
        for key in ("TOTAL", "INITIAL")
    }

    desk.post(change, data | {"email": "other@un.example"})

    awa.refresh_from_db()
    assert (awa.email, awa.invited_at) == ("other@un.example", None)
    assert signed_in().get(second).status_code == 404


def test_a_record_that_the_account_has_takes_the_other_in_and_the_merge_can_be_undone(
    desk,
):
    user = UserFactory()
    own = PersonFactory(name="Awa Diop", user=user)
    double = PersonFactory(name="A. Diop", email="awa@un.example")
    session = SessionFactory(speakers=[double])
    send(desk, double)

    signed_in(user).post(link())

    own.refresh_from_db()
    assert list(own.participations.values_list("session", flat=True)) == [session.pk]
    assert (own.user, own.email) == (user, "awa@un.example")
    PersonMerge.objects.get().undo()
    own.refresh_from_db()
    double.refresh_from_db()
    assert (own.email, double.email, double.user) == ("", "awa@un.example", None)
    assert not own.participations.exists()


def test_the_link_of_a_record_merged_since_leads_to_the_one_that_stays(desk):
    double = PersonFactory(email="awa@un.example")
    kept = PersonFactory(name="Awa Diop")
    send(desk, double)
    double.merge_into(kept, officer())
    user = UserFactory()

    page = signed_in(user).get(link())
    signed_in(user).post(link())

    kept.refresh_from_db()
    assert "Awa Diop" in text_of(page)
    assert kept.user == user


def test_a_merge_keeps_who_has_taken_over_and_an_undo_gives_it_back(desk):
    taken = PersonFactory(email="awa@un.example")
    send(desk, taken)
    user = UserFactory()
    signed_in(user).post(link())
    taken.refresh_from_db()
    kept = PersonFactory()

    merge = taken.merge_into(kept, officer())
    kept.refresh_from_db()
    assert (kept.user, kept.claimed_at) == (user, taken.claimed_at)
    merge.undo()

    kept.refresh_from_db()
    taken.refresh_from_db()
    assert (kept.user, kept.claimed_at) == (None, None)
    assert (taken.user, bool(taken.claimed_at)) == (user, True)


def test_staff_see_who_was_sent_a_link_and_who_cannot_be(desk):
    PersonFactory(name="Has An Account", user=UserFactory())
    sent = PersonFactory(name="Was Sent", email="a@un.example")
    PersonFactory(name="Not Yet", email="b@un.example")
    nowhere = PersonFactory(name="No Address")
    said = send(desk, sent, nowhere)

    shown = {
        state: set(
            desk.get(reverse(LIST), {"claim": state})
            .context["cl"]
            .queryset.values_list("name", flat=True)
        )
        for state in ("claimed", "invited", "open", "no_address")
    }

    assert said[1].startswith("No e-mail address, or an account already: No Address")
    assert shown == {
        "claimed": {"Has An Account"},
        "invited": {"Was Sent"},
        "open": {"Not Yet"},
        "no_address": {"No Address"},
    }


def fields_of(client):
    form = client.get(reverse(OWN)).context["form"]
    return {bound.html_name: bound.value() or "" for bound in form}


def test_one_edits_the_own_record_and_it_is_public_at_once_and_logged():
    user = UserFactory()
    person = PersonFactory(name="Awa Diop", user=user, country=None)
    released(speakers=[person])
    client = signed_in(user)
    data = fields_of(client)
    assert "Opened with" not in client.get(reverse(OWN)).content.decode()

    client.post(
        reverse(OWN),
        data | {"bio": "أبني الأبراج", "bio_language": "ar", "name": "Awa N. Diop"},
    )

    page = Client().get(person.get_absolute_url()).content.decode()
    assert "Awa N. Diop" in page
    assert re.search(r'lang="ar"\s+dir="auto"><p>أبني الأبراج', page)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # the log is written at the end
    assert Change.objects.filter(record_kind="forum.person").count() == 1
    entry = LogEntry.objects.get(user=user)
    assert "name" in entry.change_message
    assert reverse(OWN) in client.get(person.get_absolute_url()).content.decode()
    assert reverse(OWN) not in page


def test_what_staff_have_saved_meanwhile_is_not_overwritten():
    user = UserFactory()
    person = PersonFactory(name="Awa", user=user, bio="Old.")
    client = signed_in(user)
    data = fields_of(client)
    Person.objects.filter(pk=person.pk).update(bio="By staff.")

    response = client.post(reverse(OWN), data | {"bio": "By Awa."})

    person.refresh_from_db()
    assert (response.status_code, person.bio) == (409, "By staff.")
    assert "By Awa." in response.content.decode()


def test_a_record_without_a_name_is_not_saved():
    user = UserFactory()
    person = PersonFactory(name="Awa", user=user)
    client = signed_in(user)

    response = client.post(reverse(OWN), fields_of(client) | {"name": " "})

    person.refresh_from_db()
    assert (response.status_code, person.name) == (400, "Awa")
    assert "id_name" in response.content.decode()


def test_who_has_no_record_or_a_merged_one_edits_nothing():
    user = UserFactory()
    PersonFactory(user=UserFactory())

    assert signed_in(user).get(reverse(OWN)).status_code == 404
    anonymous = Client().get(reverse(OWN))
    assert "/account/login/" in anonymous["Location"]
