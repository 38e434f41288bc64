"""One spelling of an address, and nobody's copy or erasure reaches another's mail."""

import re
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from accounts.role.roles import Role
from accounts.user.models import User
from common.mail.addresses import canonical, validate_address, without
from common.mail.models import OutgoingMail
from privacy.erasure import erase
from privacy.rows import mails_to
from stocktaking.coeditor.models import CoEditor
from tests.factories import PASSWORD, ProjectFactory, UserFactory

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[3]
LOOK_ALIKES = [
    "sekretar\u0131at@example.org",  # dotless i
    "\u017fekretariat@example.org",  # long s
    "\uff53ekretariat@example.org",  # full-width s
    "s\u0435kretariat@example.org",  # Cyrillic e
    "sekretari\u0430t@example.org",  # Cyrillic a
    "SEKRETAR\u0130AT@example.org",  # capital I with a dot
]


@pytest.mark.parametrize(
    ("typed", "spelling"),
    [
        ("Ann.Lee@Example.ORG", "ann.lee@example.org"),
        (" ann@example.org ", "ann@example.org"),
        ("ann@\uff45xample.org", "ann@example.org"),  # full-width, as browsers read it
        (
            "ann@example\u3002org",
            "ann@example.org",
        ),  # the full stop of a Chinese keyboard
        ("ann@b\u00fccher.example", "ann@xn--bcher-kva.example"),
        ("ann@XN--BCHER-KVA.example", "ann@xn--bcher-kva.example"),
    ],
)
def test_one_spelling(typed, spelling):
    assert canonical(typed) == spelling


@pytest.mark.parametrize("address", LOOK_ALIKES)
def test_a_look_alike_is_refused_and_is_nobody(address):
    known = UserFactory(email="sekretariat@example.org")

    with pytest.raises(ValidationError):
        validate_address(address)
    with pytest.raises(User.DoesNotExist):
        User.objects.get_by_natural_key(address)
    assert canonical(address) != known.email


@pytest.mark.parametrize("address", LOOK_ALIKES[:4])
def test_nobody_signs_up_with_a_look_alike(guest, address):
    page = guest.post(
        reverse("account_signup"), {"email": address, "password1": PASSWORD}
    )

    assert page.status_code == 200
    assert "There is a problem" in page.content.decode()
    assert User.objects.count() == 0


@pytest.mark.parametrize("address", ["Ann@example.org", LOOK_ALIKES[0]])
def test_the_database_itself_holds_to_the_one_spelling(address):
    user = UserFactory()
    change = "UPDATE accounts_user SET email = %s WHERE id = %s"

    with (
        connection.cursor() as cursor,
        pytest.raises(IntegrityError),
        transaction.atomic(),
    ):
        cursor.execute(change, [address, user.pk])


def test_a_domain_in_other_letters_signs_in_as_the_browser_sends_it(guest):
    user = UserFactory(email="ann@b\u00fccher.example")
    for typed in ("ann@b\u00fccher.example", "Ann@xn--bcher-kva.example"):
        guest.post(reverse("account_login"), {"login": typed, "password": PASSWORD})

        assert guest.session["_auth_user_id"] == str(user.pk)
        guest.logout()


def test_look_alikes_do_not_read_each_others_mail():
    mine = UserFactory(email="sara@example.org")
    for to in ("SARA@example.org", "\u017fara@example.org", "sar\u0430@example.org"):
        OutgoingMail.objects.create(to=to, subject=to, body="x")

    assert [mail.to for mail in mails_to(mine)] == ["SARA@example.org"]


TEXTS = [
    ("Write to joann@x.example", "Write to joann@x.example"),
    ("Write to ann@x.example.", "Write to [address removed]."),
    ("<ANN@X.example>, bob", "<[address removed]>, bob"),
    ("ann@x.example.org", "ann@x.example.org"),
    ("big.ann@x.example", "big.ann@x.example"),
    ("mailto:ann@x.example?x", "mailto:[address removed]?x"),
    (
        "\u0623\u0631\u0633\u0644 \u0625\u0644\u0649 ann@x.example\u060c",
        "\u0623\u0631\u0633\u0644 \u0625\u0644\u0649 [address removed]\u060c",
    ),
]


@pytest.mark.parametrize(("text", "left"), TEXTS)
def test_an_address_is_found_as_a_whole(text, left):
    assert without("ann@x.example", text, "[address removed]") == left


@pytest.mark.parametrize(("text", "left"), TEXTS)
def test_an_erasure_leaves_waiting_mail_to_others_to_be_sent(text, left):
    user = UserFactory(email="ann@x.example")
    waiting = OutgoingMail.objects.create(
        to="boss@y.example", subject="News", body=text
    )

    erase(user)

    waiting.refresh_from_db()
    assert (waiting.subject, waiting.body, waiting.sent_at) == ("News", left, None)


def test_an_erasure_leaves_the_mail_of_a_look_alike_alone():
    user = UserFactory(email="sara@example.org")
    other = OutgoingMail.objects.create(
        to="\u017fara@example.org", subject="Hers", body="Text"
    )

    erase(user)

    other.refresh_from_db()
    assert (other.to, other.subject, other.body) == (
        "\u017fara@example.org",
        "Hers",
        "Text",
    )


def test_an_empty_mail_is_never_sent(mailoutbox, django_capture_on_commit_callbacks):
    user = UserFactory(email="ann@x.example")
    OutgoingMail.objects.create(
        to="boss@y.example", subject="ann@x.example", body="ann@x.example"
    )
    OutgoingMail.objects.create(to=user.email, subject="Yours", body="Text")

    with django_capture_on_commit_callbacks(execute=True):
        erase(user)
    OutgoingMail.objects.deliver_waiting()

    assert [
        mail for mail in mailoutbox if not (mail.subject and mail.body.strip())
    ] == []
    assert sorted(mail.to[0] for mail in mailoutbox) == [
        "ann@x.example",
        "boss@y.example",
    ]


def test_an_invitation_reaches_whoever_has_the_address_in_any_case():
    user, owner = UserFactory(email="ann@x.example"), UserFactory()
    made, _token = CoEditor.objects.invite(
        ProjectFactory(owner=owner), "Ann@X.example", owner
    )

    assert list(CoEditor.objects.waiting_for(user)) == [made]


def test_no_code_compares_addresses_ignoring_case():
    lookups = re.compile(r"\b(email|to|login|address)__(iexact|icontains|istartswith)")
    searches_of_staff = {
        "stocktaking/member/admin.py"
    }  # what they find they choose by hand
    folders = (
        "accounts",
        "common",
        "stocktaking",
        "prizes",
        "forum",
        "roadmap",
        "reports",
        "privacy",
        "wsis_portal",
    )
    offenders = {
        str(path.relative_to(ROOT))
        for folder in folders
        for path in (ROOT / folder).rglob("*.py")
        if lookups.search(path.read_text(encoding="utf-8"))
    }

    assert offenders - searches_of_staff == set()


def change_in_admin(client, user, email):
    form = {
        "email": email,
        "language": user.language,
        "time_zone": "UTC",
        "is_active": "on",
    }
    return client.post(reverse("admin:accounts_user_change", args=[user.pk]), form)


def test_an_address_changed_by_staff_moves_the_whole_account(
    client, guest, mail_to, code_in
):
    user = UserFactory(email="li.zh@example.org", language="es")
    client.force_login(UserFactory(role=Role.ADMINISTRATOR))

    changed = change_in_admin(client, user, "Li.Moved@example.org")
    old = guest.post(
        reverse("account_login"), {"login": "li.zh@example.org", "password": PASSWORD}
    )
    signed_in_by_old = (
        "_auth_user_id" in guest.session or "account_login" in guest.session
    )
    new = {"login": "li.moved@example.org", "password": PASSWORD}
    guest.post(reverse("account_login"), new)
    guest.post(
        reverse("account_email_verification_sent"), {"code": code_in(new["login"])}
    )

    told = OutgoingMail.objects.filter(body__contains="li.zh@example.org")
    assert changed.status_code == 302
    assert (old.status_code, signed_in_by_old) == (200, False)
    assert guest.session["_auth_user_id"] == str(user.pk)
    assert list(
        EmailAddress.objects.filter(user=user).values_list("email", "verified")
    ) == [("li.moved@example.org", True)]
    assert {mail.to for mail in told} == {"li.zh@example.org", "li.moved@example.org"}


def test_staff_cannot_give_an_address_to_a_second_account(client):
    user, other = UserFactory(), UserFactory()
    EmailAddress.objects.create(user=other, email="second@example.org", verified=True)
    client.force_login(UserFactory(role=Role.ADMINISTRATOR))

    page = change_in_admin(client, user, "second@example.org")

    assert "Another account has this e-mail address." in page.content.decode()
