"""Mails about an account are in its language; a changed address is told to both."""

import re

import pytest
from django.urls import reverse

from common.mail.models import OutgoingMail
from tests.accounts.second_factor.test_two_steps import sign_in
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
LETTERS = {
    "ar": "[\u0600-\u06ff]",
    "ru": "[\u0400-\u04ff]",
    "zh-hans": "[\u4e00-\u9fff]",
}


@pytest.mark.parametrize("language", LETTERS)
@pytest.mark.parametrize("typed_in", ["en", "es"])
def test_a_reset_is_written_in_the_language_of_the_account(
    guest, mail_to, language, typed_in
):
    user = UserFactory(language=language)

    guest.post(f"/{typed_in}/account/password/reset/", {"email": user.email})
    asked = mail_to(user.email)
    link = re.search(r"http://testserver(/\S+)", asked.body).group(1)
    form = guest.get(link)["Location"]
    new = "another-Horse-77"
    guest.post(form, {"password1": new, "password2": new})
    done = mail_to(user.email)

    assert link.startswith(f"/{language}/")
    assert done.pk != asked.pk
    for mail in (asked, done):
        assert re.search(LETTERS[language], mail.subject)


@pytest.mark.parametrize(
    ("typed_in", "letters"), [("ru", LETTERS["ru"]), ("ar", LETTERS["ar"])]
)
def test_who_has_no_account_gets_the_language_of_the_page(
    guest, mail_to, typed_in, letters
):
    guest.post(
        f"/{typed_in}/account/password/reset/", {"email": "nobody.here@example.org"}
    )

    assert re.search(letters, mail_to("nobody.here@example.org").body)


def test_a_second_sign_up_is_told_in_the_language_of_the_account(guest, mail_to):
    user = UserFactory(language="ru")

    guest.post("/es/account/signup/", {"email": user.email, "password1": PASSWORD})

    assert re.search(LETTERS["ru"], mail_to(user.email).body)


def test_a_changed_address_is_told_to_the_old_and_to_the_new_one(guest, code_in):
    user = UserFactory(language="ar")
    old, new = user.email, f"new.{user.pk}@example.org"
    sign_in(guest, user)
    guest.post(reverse("account_email"), {"email": new, "action_add": ""})
    asked = OutgoingMail.objects.filter(to=new).latest("pk")
    guest.post(reverse("account_email_verification_sent"), {"code": code_in(new)})

    told = OutgoingMail.objects.filter(pk__gt=asked.pk, body__contains=old)
    assert {mail.to for mail in told} == {old, new}
    assert all(new in mail.body for mail in told)
    assert not any(re.search(r"(^|\s)J(\s|$)", mail.body) for mail in told)
    assert "register an account" not in asked.body


def test_who_has_just_signed_in_is_not_asked_for_the_password_again(guest):
    user = UserFactory()
    sign_in(guest, user)

    page = guest.post(
        reverse("account_email"),
        {"email": f"next.{user.pk}@example.org", "action_add": ""},
    )

    assert page["Location"] == reverse("account_email_verification_sent")
