"""Language, time zone, sessions and what a signed-in page tells caches."""

import datetime

import pytest
import time_machine
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone

from accounts.role.roles import Role
from accounts.session.middleware import time_zone
from accounts.user.models import User
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
GOOD = {
    "first_name": "Li",
    "last_name": "Wen",
    "language": "zh-hans",
    "time_zone": "Asia/Shanghai",
}


def test_the_profile_is_saved_and_shown_in_the_new_language(client):
    user = UserFactory()
    client.force_login(user)

    response = client.post(reverse("account-profile"), GOOD)

    user = User.objects.get(pk=user.pk)
    assert {name: getattr(user, name) for name in GOOD} == GOOD
    assert response["Location"] == "/zh-hans/account/profile/"


@pytest.mark.parametrize(
    "bad",
    [
        {"time_zone": "Mars/Olympus"},
        {"time_zone": "../../etc/passwd"},
        {"language": "tlh"},
        {"first_name": "x" * 151},
    ],
)
def test_bad_choices_are_refused_beside_the_field(client, bad):
    user = UserFactory()
    client.force_login(user)

    response = client.post(reverse("account-profile"), GOOD | bad)

    assert list(response.context["form"].errors) == list(bad)
    assert User.objects.get(pk=user.pk).time_zone == ""


def test_nobody_is_promoted_by_an_extra_field(client):
    user = UserFactory()
    client.force_login(user)

    client.post(
        reverse("account-profile"), GOOD | {"is_staff": "1", "email": "x@example.org"}
    )

    changed = User.objects.get(pk=user.pk)
    assert (changed.is_staff, changed.email) == (False, user.email)


def test_sign_in_leads_to_the_preferred_language(guest):
    user = UserFactory(language="ar")

    response = guest.post(
        "/en/account/login/",
        {"login": user.email, "password": PASSWORD, "next": "/en/account/profile/"},
    )

    assert response["Location"] == "/ar/account/profile/"


def test_sign_in_never_leads_to_another_site(guest):
    user = UserFactory()

    response = guest.post(
        reverse("account_login"),
        {"login": user.email, "password": PASSWORD, "next": "https://evil.example/"},
    )

    assert response["Location"].startswith("/en/")


@pytest.mark.parametrize(
    ("path", "zone"), [("/", "Europe/Zurich"), ("/api/v1/", "UTC")]
)
def test_pages_go_by_the_clock_of_geneva_and_programs_by_utc(rf, path, zone):
    request = rf.get(path)
    request.user = UserFactory(time_zone="Asia/Tokyo")
    seen = []

    time_zone(lambda request: seen.append(timezone.get_current_timezone_name()))(
        request
    )

    assert seen == [zone]
    assert timezone.get_current_timezone_name() == "UTC"


START = datetime.datetime(2026, 1, 5, 8, tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    ("role", "visits", "open_at_the_end"),
    [
        (Role.MEMBER, [13 * 24], True),
        (Role.MEMBER, [14 * 24 + 1], False),  # idle
        (Role.MEMBER, [10 * 24, 20 * 24, 29 * 24], True),
        (Role.MEMBER, [10 * 24, 20 * 24, 30 * 24 + 1], False),  # lasted too long
        (Role.SECRETARIAT, [2, 4, 6, 8, 10, 11], True),
        (Role.SECRETARIAT, [4], False),  # idle
        (Role.SECRETARIAT, [2, 4, 6, 8, 10, 12, 13], False),  # lasted too long
    ],
)
@override_settings(SESSION_COOKIE_AGE=365 * 24 * 3600)
def test_sessions_end(client, role, visits, open_at_the_end):
    """Visits are hours after signing in."""
    page = reverse("account-profile")
    with time_machine.travel(START, tick=False) as clock:
        client.force_login(UserFactory(role=role))
        client.get(page)

        for hours in visits:
            clock.move_to(START + datetime.timedelta(hours=hours))
            response = client.get(page)

    assert response.status_code == (200 if open_at_the_end else 302)


def test_personal_pages_are_kept_by_no_cache(client):
    client.force_login(UserFactory())

    response = client.get(reverse("account-profile"))

    assert response["Cache-Control"] == "private, no-store"


def test_disabling_an_account_ends_its_sessions(client):
    user = UserFactory()
    client.force_login(user)
    User.objects.filter(pk=user.pk).update(is_active=False)

    response = client.get(reverse("account-profile"))

    assert response.status_code == 302


def test_changing_the_password_ends_the_other_sessions(guest, visitor):
    user = UserFactory()
    other = visitor()
    for device in (guest, other):
        device.post(
            reverse("account_login"), {"login": user.email, "password": PASSWORD}
        )
    new = "quite-another-Horse-5"

    guest.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    guest.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": new, "password2": new},
    )

    assert guest.get(reverse("account-profile")).status_code == 200
    assert other.get(reverse("account-profile")).status_code == 302
