"""Whoever has lost the second factor is helped by two officers, after a waiting time."""

import datetime
import html
import re

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.role.roles import Role
from accounts.second_factor.models import FactorReset
from accounts.second_factor.tasks import finish_factor_resets
from common.mail.models import OutgoingMail
from common.moves.models import StatusChange
from tests.accounts.second_factor.test_two_steps import activate, sign_in
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
LOST = {"explanation": "My phone was stolen; call +41 22 555 01 01."}


@pytest.fixture
def person(guest):
    user = UserFactory(language="en")
    activate(guest, user)
    return user


@pytest.fixture
def locked_out(visitor, person):
    """A browser in which the password was given, and nothing more."""
    browser = visitor()
    sign_in(browser, person)
    return browser


def officer():
    return UserFactory(role=Role.SECRETARIAT)


def decide(
    user, reset, decision, checked="Passport seen", reason="Known at the ministry"
):
    browser = Client()
    browser.force_login(user)
    page = reverse("admin:accounts_factorreset_change", args=[reset.pk])
    form = {"decision": decision, "checked": checked, "reason": reason}
    return browser.post(page, form, follow=True)


def asked(locked_out, person):
    locked_out.post(reverse("factor-lost"), LOST)
    return FactorReset.objects.get(user=person)


def test_the_second_step_says_where_recovery_codes_go_and_offers_no_key_that_is_not_there(
    locked_out,
):
    page = locked_out.get(reverse("mfa_authenticate")).content.decode()

    assert "recovery codes" in page
    assert reverse("factor-lost") in page
    assert "mfa_webauthn_authenticate" not in page


def test_help_is_only_for_who_knows_the_password(visitor):
    page = visitor().get(reverse("factor-lost"))

    assert (page.status_code, page["Location"]) == (302, reverse("account_login"))


def test_the_second_officer_finds_the_request_on_the_desk_with_what_the_first_one_did(
    locked_out, person
):
    reset = asked(locked_out, person)
    decide(officer(), reset, "check")
    desk = Client()
    desk.force_login(officer())

    front = desk.get(reverse("admin:index")).content.decode()
    address = re.search(r'<a href="([^"]*factorreset[^"]*)"', front)[1]
    listed = desk.get(address).content.decode()
    page = desk.get(reverse("admin:accounts_factorreset_change", args=[reset.pk]))

    assert "People who have lost their second factor" in front
    assert f"1 {FactorReset._meta.verbose_name}" in listed
    said = html.unescape(page.content.decode())
    assert "(Geneva time), " in said
    assert "Waits for the second officer. Passport seen" in said or "Known" in said


def test_two_officers_and_a_waiting_time(locked_out, person, guest, visitor):
    first, second = officer(), officer()
    reset = asked(locked_out, person)
    locked_out.post(reverse("factor-lost"), LOST)  # a second click

    decide(first, reset, "check")
    own_second = decide(first, reset, "approve")
    after_first = FactorReset.objects.get().status
    decide(second, reset, "approve")
    early = finish_factor_resets()
    still_closed = "_auth_user_id" not in locked_out.session
    with time_machine.travel(timezone.now() + datetime.timedelta(hours=73), tick=False):
        done = [finish_factor_resets(), finish_factor_resets()]

    reset.refresh_from_db()
    new = visitor()
    sign_in(new, person)
    steps = StatusChange.objects.filter(record_kind="accounts.factorreset").order_by(
        "pk"
    )
    assert FactorReset.objects.count() == 1
    assert own_second.status_code == 403
    assert (after_first, early, still_closed, done) == ("checked", 0, True, [1, 0])
    assert (
        reset.status,
        reset.due_at - reset.asked_at > datetime.timedelta(hours=72),
    ) == (
        "done",
        True,
    )
    assert Authenticator.objects.filter(user=person).count() == 0
    assert guest.get(reverse("account-profile")).status_code == 302  # signed out
    assert (
        UserSession.objects.filter(user=person)
        .exclude(session_key=new.session.session_key)
        .count()
        == 0
    )
    assert new.session["_auth_user_id"] == str(person.pk)
    assert [(step.move, step.by) for step in steps] == [
        ("check", first),
        ("approve", second),
        ("finish", None),
    ]
    mails = OutgoingMail.objects.filter(
        to=person.email, body__contains="Dear"
    ).order_by("pk")
    assert [mail.subject for mail in mails] == [
        "Someone asks to remove two-step verification from your account",
        "A first officer has confirmed your request",
        "Two-step verification will be removed from your account",
        "Two-step verification was removed from your account",
    ]
    assert OutgoingMail.objects.filter(to__in=[first.email, second.email]).count() == 2


@pytest.mark.parametrize("steps", [[], ["check"], ["check", "approve"]])
def test_this_was_not_me_stops_it_at_every_step(
    locked_out, person, visitor, mail_to, steps
):
    reset = asked(locked_out, person)
    for step in steps:
        decide(officer(), reset, step)
    link = re.search(
        r"https?://[^/\s]+(/\S*/2fa/stop/\S+)", mail_to(person.email).body
    ).group(1)
    reader = visitor()  # not signed in

    looked = reader.get(link)
    before = FactorReset.objects.get().status
    stopped = reader.post(link)
    with time_machine.travel(
        timezone.now() + datetime.timedelta(hours=100), tick=False
    ):
        finished = finish_factor_resets()

    assert looked.status_code == 200
    assert before != "stopped"
    assert "The request was stopped" in stopped.content.decode()
    assert (FactorReset.objects.get().status, finished) == ("stopped", 0)
    assert Authenticator.objects.filter(user=person).count() == 2


def test_nobody_decides_on_their_own_account_or_without_checking_the_identity(
    guest, visitor
):
    own = officer()
    activate(guest, own)
    browser = visitor()
    sign_in(browser, own)
    reset = asked(browser, own)

    decide(own, reset, "check")
    by_self = FactorReset.objects.get().status
    unchecked = decide(officer(), reset, "check", checked="")
    without_reason = decide(officer(), reset, "check", reason="")

    assert (by_self, FactorReset.objects.get().status) == ("asked", "asked")
    assert "Write how the identity" in unchecked.content.decode()
    assert "This field is required" in without_reason.content.decode()


def test_a_refusal_says_why(locked_out, person, mail_to):
    reset = asked(locked_out, person)

    decide(
        officer(),
        reset,
        "refuse",
        checked="",
        reason="The caller could not be reached.",
    )

    assert "The caller could not be reached." in mail_to(person.email).body
    assert FactorReset.objects.get().status == "refused"


def test_sealed_secrets_are_not_shown_and_factors_are_not_made_by_hand(client, person):
    client.force_login(UserFactory(role=Role.ADMINISTRATOR))
    row = Authenticator.objects.get(user=person, type="totp")

    listed = client.get(reverse("admin:mfa_authenticator_changelist")).content.decode()
    page = client.get(
        reverse("admin:mfa_authenticator_change", args=[row.pk])
    ).content.decode()
    add = client.get(reverse("admin:mfa_authenticator_add")).status_code
    delete = client.get(
        reverse("admin:mfa_authenticator_delete", args=[row.pk])
    ).status_code

    assert person.email in listed or str(person) in listed
    assert row.data["secret"] not in page + listed
    assert (add, delete) == (403, 403)


@pytest.mark.parametrize("role", [Role.MEMBER, Role.EXPERT, Role.AGENCY])
def test_members_do_not_see_the_requests(client, role):
    client.force_login(UserFactory(role=role))

    assert (
        client.get(reverse("admin:accounts_factorreset_changelist")).status_code == 403
    )


def test_sessions_have_names_and_end_one_by_one(guest, visitor):
    user = UserFactory()
    phone, other = visitor(), visitor()
    iphone = (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15"
        " (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1"
    )
    phone.defaults["HTTP_USER_AGENT"] = iphone
    for browser in (guest, phone, other):
        sign_in(browser, user)
    page = guest.get(reverse("usersessions_list")).content.decode()
    row = UserSession.objects.get(session_key=phone.session.session_key)

    by_stranger = visitor()
    sign_in(by_stranger, UserFactory())
    refused = by_stranger.post(reverse("session-end", args=[row.pk]))
    guest.post(reverse("session-end", args=[row.pk]))

    assert "Safari on iPhone" in page
    assert page.count("<td>password</td>") == 3  # the log of sign-ins
    assert refused.status_code == 404
    assert phone.get(reverse("account-profile")).status_code == 302
    assert other.get(reverse("account-profile")).status_code == 200
