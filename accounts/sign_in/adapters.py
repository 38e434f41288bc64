"""Adapters of allauth: our outbox, languages and spelling of addresses; encrypted secrets."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as allauth_context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib.sites.shortcuts import get_current_site
from django.http import HttpRequest, HttpResponse
from django.urls import reverse, translate_url
from django.utils import timezone, translation
from django.utils.http import urlencode

from accounts.consent.models import TextVersion
from accounts.second_factor.seals import seal, unseal
from accounts.sign_in import history
from accounts.user.models import User
from common.dates.zones import chosen_zone
from common.limits.throttle import client_ip
from common.mail import outbox
from common.mail.addresses import canonical, validate_address
from common.moves.actors import AnyUser

CHANGED = "account/email/email_changed"


class AccountAdapter(DefaultAccountAdapter):
    def get_client_ip(self, request: HttpRequest) -> str:
        return client_ip(request)

    def clean_email(self, email: str) -> str:
        """Store one spelling of an address, so that no address looks like another."""
        validate_address(email)
        return canonical(email)

    def new_user(self, request: HttpRequest) -> User:
        user = super().new_user(request)
        user.language = translation.get_language() or settings.LANGUAGE_CODE
        return user

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return in_language_of(request.user, super().get_login_redirect_url(request))

    def post_login(
        self, request: HttpRequest, user: User, **kwargs: Any
    ) -> HttpResponse:
        """Go to the page that was requested, in the language that the person has chosen."""
        history.end_with_the_browser(request)
        response = super().post_login(request, user, **kwargs)
        history.note(request, user, self.get_client_ip(request))
        if "Location" in response:
            onward = in_language_of(user, response["Location"])
            if TextVersion.objects.unanswered_by(user).exists():
                onward = f"{in_language_of(user, reverse('consent'))}?{urlencode({'next': onward})}"
            response["Location"] = onward
        return response

    def send_notification_mail(
        self,
        template_prefix: str,
        user: AnyUser,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Notify the old and the new address of a change."""
        context = {"user": user} | (context or {})
        super().send_notification_mail(template_prefix, user, context, email)
        if template_prefix == CHANGED and email != context["to_email"]:
            super().send_notification_mail(
                template_prefix, user, context, context["to_email"]
            )

    def send_mail(
        self, template_prefix: str, email: str, context: dict[str, Any]
    ) -> None:
        """Queue the mail, so that known and unknown addresses take the same time to answer."""
        request = allauth_context.request
        ours = {
            "request": request,
            "email": email,
            "current_site": get_current_site(request),
            "site": settings.SITE_URL,
        }
        account = account_of(email, context.get("user"))
        language = account.language if account else translation.get_language()
        # addresses are read in the language of the page, before the other one is chosen
        theirs = {name: _translated(value, language) for name, value in context.items()}
        with as_read_by(account):
            message = self.render_mail(template_prefix, email, ours | theirs)
        outbox.queue(
            email, message.subject, message.body, once=True, urgent=True
        )  # codes, links


class MfaAdapter(DefaultMFAAdapter):
    """Encrypts second factors with the secret key: a copy of the database does not reveal them."""

    def encrypt(self, text: str) -> str:
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text)

    def build_totp_svg(self, url: str) -> str:
        """The QR code as an inline element: without the XML declaration of a file."""
        return super().build_totp_svg(url).partition("?>")[2].strip()


def in_language_of(user: Any, url: str) -> str:
    return translate_url(url, user.language)


def account_of(email: str, user: User | None = None) -> User | None:
    """The account a mail is about: the one allauth names, else the one with this address."""
    owner = User.objects.with_address(email).first()
    return user if getattr(user, "pk", None) else owner


@contextmanager
def as_read_by(user: User | None) -> Iterator[None]:
    """Activate language and time zone of an account; those of the page when there is no account."""
    with ExitStack() as stack:
        if user is not None:
            stack.enter_context(translation.override(user.language))
            stack.enter_context(timezone.override(chosen_zone(user.time_zone)))
        yield


def _translated(value: object, language: str | None) -> Any:
    """Change links to the page where a mail was requested to the language of the mail."""
    if (
        language
        and isinstance(value, str)
        and value.startswith(("http://", "https://", "/"))
    ):
        return translate_url(value, language)
    return value
