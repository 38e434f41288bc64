"""Whoever stands before a closed door learns what to do, in their language."""

import pytest
from django.urls import reverse
from django.utils import translation

from accounts.role.roles import Role
from accounts.second_factor.session import SecondFactor
from tests.factories import ProjectFactory, UserFactory
from tests.second_factor import bring_to

pytestmark = pytest.mark.django_db


def text(answer):
    return answer.content.decode()


@pytest.mark.parametrize("language", ["en", "ar", "zh-hans"])
def test_the_admin_tells_a_member_whom_it_is_for_and_the_way_back(client, language):
    client.force_login(UserFactory(language=language))
    with translation.override(language):
        address, home = reverse("admin:index"), reverse("home")

    answer = client.get(address)

    assert answer.status_code == 403
    assert f'href="{home}"' in text(answer)
    if language == "en":
        assert "This area is for the secretariat." in text(answer)
        assert "Page not found" not in text(answer)


@pytest.mark.parametrize(
    ("name", "args", "sentence"),
    [
        ("reports:new", [], "This page is only for: Secretariat, Administrator."),
        (
            "imports:list",
            ["projects"],
            "This page is only for: Agency, Secretariat, Administrator.",
        ),
    ],
)
def test_pages_of_a_role_say_whose_they_are(client, name, args, sentence):
    user = UserFactory()
    client.force_login(user)

    answer = client.get(reverse(name, args=args))

    assert answer.status_code == 403
    assert sentence in text(answer)
    assert f"You are signed in as <bdi>{user.email}</bdi>." in text(answer)


@pytest.mark.parametrize("language", ["en", "ar", "ru"])
def test_not_found_leads_home_in_the_language_and_offers_to_sign_in(client, language):
    address = f"/{language}/projects/{ProjectFactory(status='draft').pk}/"

    answer = client.get(address)

    assert answer.status_code == 404
    assert (
        f'href="/{language}/account/login/?next={address.replace("/", "%2F")}"'
        in text(answer)
    )
    assert f'href="/{language}/"' in text(answer)
    assert 'href="/"' not in text(answer)


def test_staff_without_their_second_step_are_told(client, settings):
    settings.REQUIRE_STAFF_MFA = True
    bring_to(client, UserFactory(role=Role.SECRETARIAT), SecondFactor.NONE)
    draft = ProjectFactory(status="draft")

    hidden = client.get(reverse("stocktaking:project", args=[draft.pk]))
    role_page = client.get(reverse("reports:new"))
    by_api = client.post(
        f"/api/v1/projects/{ProjectFactory(status='published').pk}/moves/",
        {"move": "archive", "note": "x"},
        content_type="application/json",
    )
    my_pages = client.get(reverse("my-pages"))

    sentence = "Your staff role takes effect when you have confirmed the second step"
    assert hidden.status_code == 404
    assert sentence in text(hidden)
    assert role_page["Location"] == reverse("mfa_index")
    assert by_api.status_code == 403
    assert by_api.json()["detail"].startswith(sentence)
    assert sentence in text(my_pages)


def test_staff_with_a_factor_that_was_not_asked_for_confirm_it_and_come_back(
    client, settings
):
    settings.REQUIRE_STAFF_MFA = True
    bring_to(client, UserFactory(role=Role.SECRETARIAT), SecondFactor.ENROLLED)

    answer = client.get(reverse("admin:index"))

    assert (
        answer["Location"] == f"{reverse('mfa_reauthenticate')}?next=%2Fen%2Fadmin%2F"
    )
