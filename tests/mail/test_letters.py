"""Every mail × six languages × states of the account: whoever follows a link of it gets somewhere,
in the language of the mail; closed and erased accounts get none."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation

from accounts.role.roles import Role
from accounts.user.models import User
from common.mail import kinds, outbox
from common.mail.models import OutgoingMail
from tests.factories import ProjectFactory, UserFactory
from tests.mail.letters import LETTERS, PARTS, STAFF, TO_ADDRESS

pytestmark = pytest.mark.django_db
FOLDER = Path(settings.BASE_DIR) / "templates" / "mail"
LANGUAGES = [code for code, _name in settings.LANGUAGES]
LINK = re.compile(rf"{re.escape(settings.SITE_URL)}(/\S*)")


def templates():
    files = FOLDER.rglob("*.txt")
    return sorted(str(file.relative_to(FOLDER).with_suffix("")) for file in files)


def person_for(template):
    return UserFactory(role=Role.SECRETARIAT if template in STAFF else None)


def letter(template, user, context):
    """The mail as its reader gets it."""
    if template in TO_ADDRESS:
        return outbox.send_to_address(template, user.email, user.language, context)
    return outbox.send(template, user, context)


def browsers_of(user):
    """Somebody who opens the mail on a new device, and at a desk where they are signed in."""
    signed_in = Client(raise_request_exception=False)
    signed_in.force_login(user)
    return {"signed out": Client(raise_request_exception=False), "signed in": signed_in}


def test_every_template_is_tried():
    assert sorted([*LETTERS, *PARTS]) == templates()


@pytest.mark.parametrize("template", LETTERS)
def test_every_link_leads_somewhere_in_the_language_of_the_mail(template):
    user = person_for(template)
    context = LETTERS[template](user)
    browsers = browsers_of(user)

    wrong = {}
    for language in LANGUAGES:
        user.language = language
        user.save(update_fields=["language"])
        sent = letter(template, user, context)
        paths = LINK.findall(sent.body)
        assert paths, template
        for path in paths:
            if not path.startswith(f"/{language}/"):
                wrong[language, path] = "other language"
            for state, browser in browsers.items():
                answer = browser.get(path, follow=True)
                end = answer.redirect_chain[-1][0] if answer.redirect_chain else path
                at = urlsplit(end).path
                if answer.status_code != 200 or not at.startswith(f"/{language}/"):
                    wrong[language, state, path] = (answer.status_code, end)

    assert wrong == {}


@pytest.mark.parametrize("template", [t for t in LETTERS if t not in TO_ADDRESS])
def test_closed_accounts_get_only_mails_about_the_account_and_erased_ones_none(
    template,
):
    user = person_for(template)
    context = LETTERS[template](user)
    User.objects.filter(pk=user.pk).update(is_active=False)
    user.refresh_from_db()

    closed = outbox.send(template, user, context)
    user.email = f"erased-{user.pk}@erased.invalid"
    user.save(update_fields=["email"])
    erased = outbox.send(template, user, context)

    assert (closed is not None) == template.startswith("account/")
    assert erased is None


@pytest.mark.parametrize("template", [t for t in LETTERS if kinds.kind_of(t)])
@pytest.mark.parametrize("erased", [False, True])
def test_the_links_of_a_mail_still_answer_when_the_account_is_closed(template, erased):
    user = person_for(template)
    sent = letter(template, user, LETTERS[template](user))
    email = f"erased-{user.pk}@erased.invalid" if erased else user.email
    User.objects.filter(pk=user.pk).update(is_active=False, email=email)
    browser = Client(raise_request_exception=False)

    statuses = {
        path: browser.get(path, follow=True).status_code
        for path in LINK.findall(sent.body)
    }

    assert {
        path: status for path, status in statuses.items() if status not in (200, 410)
    } == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_last_lines_say_who_writes_and_how_to_get_fewer(language, settings):
    settings.CONTACT_EMAIL = "wsis@example.int"
    user = UserFactory(language=language)
    news = outbox.send("stocktaking/digest", user, LETTERS["stocktaking/digest"](user))
    decision = outbox.send(
        "stocktaking/returned", user, LETTERS["stocktaking/returned"](user)
    )

    with translation.override(language):
        unsubscribe = translation.gettext("Unsubscribe:")
        sender = translation.gettext("The secretariat of the WSIS review portal")
    last = news.body.strip().splitlines()[-1]
    assert last == f"{unsubscribe} {news.unsubscribe}"
    assert news.unsubscribe.startswith(f"{settings.SITE_URL}/{language}/")
    assert unsubscribe not in decision.body
    assert "List-Unsubscribe" not in decision.headers()
    for sent in (news, decision):
        assert f"\n-- \n{sender}\n" in sent.body
        assert "wsis@example.int" in sent.body


def test_who_ends_the_digest_still_hears_of_decisions(client):
    user = UserFactory()
    news = outbox.send("stocktaking/digest", user, LETTERS["stocktaking/digest"](user))

    client.post(
        news.unsubscribe.removeprefix(settings.SITE_URL),
        {"List-Unsubscribe": "One-Click"},
    )

    assert (
        outbox.send("stocktaking/digest", user, LETTERS["stocktaking/digest"](user))
        is None
    )
    for template in ("stocktaking/returned", "stocktaking/message", "prizes/refused"):
        assert outbox.send(template, user, LETTERS[template](user)) is not None
    assert (
        outbox.send("forum/submission", user, LETTERS["forum/submission"](user))
        is not None
    )


def test_no_old_choice_keeps_a_decision_back():
    """Before there were kinds by what one loses, people switched them off with the digest."""
    user = UserFactory()
    user.mail_choices.create(kind="projects", delivery="off")

    assert outbox.send(
        "stocktaking/returned", user, LETTERS["stocktaking/returned"](user)
    )


def test_what_waits_in_the_outbox_is_kept_back_when_the_account_closes(mailoutbox):
    user = UserFactory()
    waiting = outbox.send(
        "stocktaking/returned", user, LETTERS["stocktaking/returned"](user)
    )
    User.objects.filter(pk=user.pk).update(is_active=False)

    assert OutgoingMail.objects.deliver_waiting() == 0
    waiting.refresh_from_db()
    assert waiting.withdrawn_at
    assert mailoutbox == []


def test_an_owner_who_is_signed_out_is_asked_to_sign_in_and_comes_to_the_page(client):
    owner, stranger = UserFactory(), UserFactory()
    draft = ProjectFactory(owner=owner, status="draft")
    path = draft.get_absolute_url() + "?sign-in"
    nothing = f"/en/projects/{draft.pk + 1000}/"

    asked = client.get(path)
    of_nothing = client.get(nothing + "?sign-in")
    client.force_login(stranger)
    for_strangers = client.get(path).status_code
    client.force_login(owner)
    for_owner = client.get(path).status_code

    assert (asked.status_code, of_nothing.status_code) == (302, 302)
    assert asked["Location"] == f"/en/account/login/?next={draft.get_absolute_url()}"
    assert of_nothing["Location"] == f"/en/account/login/?next={nothing}"
    assert (for_strangers, for_owner) == (404, 200)
