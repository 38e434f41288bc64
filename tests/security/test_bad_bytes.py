"""Bytes that are no text, and requests larger than anything honest: a sentence, never a 500."""

import pytest
from django.test import RequestFactory
from django.urls import reverse

from tests.factories import UserFactory
from wsis_portal.errors.views import server_error

pytestmark = pytest.mark.django_db
LOGIN = "/en/account/login/"


@pytest.mark.parametrize(
    ("address", "status"),
    [
        (f"{LOGIN}?q=%00", 400),
        (f"{LOGIN}?q=%FF%FE", 400),
        (f"{LOGIN}?%C3%28=1", 400),
        ("/en/%00/", 400),
        ("/en/account/%FF/", 400),
        ("/ar/account/%00/", 400),
        ("/api/v1/%00/", 400),
        (f"{LOGIN}?" + "a=1&" * 1_000, 400),
        (f"{LOGIN}?a=" + "x" * 8_000, 414),
        ("/en/" + "x" * 9_000, 414),
        (f"{LOGIN}?a=1&a=2&a=3", 200),  # repeated
        (f"{LOGIN}?q=%E2%80%AE%E2%80%8F", 200),  # marks that turn the direction of text
        (f"{LOGIN}?q=%EF%BF%BD", 200),  # the replacement character itself is text
    ],
)
def test_addresses(client, address, status):
    response = client.get(address)

    assert response.status_code == status


def test_the_refusal_is_a_page_in_the_language_of_the_address(client):
    response = client.get("/ar/account/login/?q=%00")

    assert 'dir="rtl"' in response.content.decode()
    assert "\0" not in response.content.decode()


def test_the_refusal_of_the_api_is_a_problem(client):
    response = client.get("/api/v1/projects/?q=%00")

    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["status"] == 400


@pytest.mark.parametrize(
    "body",
    [
        b"login=%00&password=x",
        b"login=%FF&password=x",
        b"login=\xff\xfe",
        b"a=1&" * 1_001,
    ],
)
def test_forms(client, body):
    response = client.post(
        LOGIN, body, content_type="application/x-www-form-urlencoded"
    )

    assert response.status_code == 400


def test_forms_with_files(client):
    response = client.post(LOGIN, {"login": "a\0b", "password": "x"})

    assert response.status_code == 400


def test_a_cookie_with_a_hidden_nul(client, settings):
    name = settings.SESSION_COOKIE_NAME

    response = client.get(LOGIN, headers={"cookie": f'{name}="abcdefgh\\000ijkl"'})

    assert response.status_code == 400


def test_a_huge_upload_is_refused_before_it_is_read(client):
    """The body behind this length is never sent; whoever reads it would find it cut off."""
    response = client.generic("POST", LOGIN, b"", CONTENT_LENGTH=str(50 * 1024**2))

    assert response.status_code == 413
    assert "25 MB" in response.content.decode()


def test_a_form_field_of_six_megabytes(client):
    response = client.post(
        LOGIN,
        "login=" + "x" * 6 * 1024**2,
        content_type="application/x-www-form-urlencoded",
    )

    assert response.status_code == 400


@pytest.mark.parametrize("length", ["", "-1", "ten", "١٢"])
def test_odd_lengths_are_not_our_fault(client, length):
    response = client.generic("GET", LOGIN, b"", CONTENT_LENGTH=length)

    assert response.status_code == 200


def test_an_unknown_page_is_not_an_error(client):
    response = client.get("/en/there-is-nothing/")

    assert response.status_code == 404


def test_the_page_for_our_own_faults_needs_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        response = server_error(RequestFactory().get("/en/"))

    assert response.status_code == 500


def test_a_profile_with_odd_but_valid_text_is_kept_as_typed(client):
    user = UserFactory()
    client.force_login(user)
    name = "A\N{COMBINING ACUTE ACCENT}\N{RIGHT-TO-LEFT OVERRIDE}<script>';--{{ 7 }}"

    client.post(
        reverse("account-profile"),
        {"first_name": name, "language": "en", "time_zone": "UTC"},
    )

    user.refresh_from_db()
    assert user.first_name == name
