"""No other site can make a signed-in browser change anything here."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.role.roles import Role
from tests.factories import ProjectFactory, UserFactory
from tests.security.access_table import TABLE
from tests.security.urls import all_urls

pytestmark = pytest.mark.django_db
URLS = all_urls()
EVIL = "https://evil.example"
# mail programs send these forms (RFC 8058), or a mail leads to them: their addresses are signed
SIGNED = {
    "unsubscribe",
    "stocktaking:follow-stop",
    "factor-reset-stop",
    "reports:subscription-stop",
}
PAGES = sorted(
    name for name in TABLE if not name.startswith("api:") and name not in SIGNED
)


def address(name, project):
    known = {"pk": project.pk, "uidb36": "1", "key": "x-y", "kind": "sdg"}
    return reverse(name, kwargs={key: known.get(key, project.pk) for key in URLS[name]})


def strict(user):
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    return client


def test_a_form_without_token_or_from_another_site_is_refused(settings):
    client, project = strict(UserFactory(role=Role.ADMINISTRATOR)), ProjectFactory()
    token = (
        client.get(reverse("account-profile")).cookies[settings.CSRF_COOKIE_NAME].value
    )
    foreign = {"data": {"csrfmiddlewaretoken": token}, "headers": {"origin": EVIL}}

    answers = {
        (name, "foreign" if form else "bare"): client.post(
            address(name, project), **form
        )
        for name in PAGES
        for form in ({}, foreign)
    }
    passed = {
        tried: one
        for tried, one in answers.items()
        if one.status_code not in {403, 405}
    }

    assert passed == {}
    assert 403 in {one.status_code for one in answers.values()}


@pytest.mark.parametrize("content_type", ["text/plain", "application/json", "text/xml"])
def test_no_content_type_slips_past(content_type):
    client = strict(UserFactory())

    response = client.post(reverse("account-profile"), "{}", content_type=content_type)

    assert response.status_code == 403


def test_the_refusal_is_a_page_of_the_site():
    client = strict(UserFactory())

    response = client.post(reverse("account-profile"))

    assert "Go back and send it again." in response.content.decode()


def test_reading_signs_nobody_out(client):
    client.force_login(UserFactory())

    client.get(reverse("account_logout"))

    assert "_auth_user_id" in client.session
