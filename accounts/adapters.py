"""How allauth behaves in this house: our outbox, our languages, our addresses, sealed secrets."""

import base64
import hashlib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as allauth_context
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib.sites.shortcuts import get_current_site
from django.http import HttpRequest, HttpResponse
from django.urls import reverse, translate_url
from django.utils import translation
from django.utils.http import urlencode

from accounts.models import SignIn, TextVersion, User
from common import mail
from common.throttle import client_ip


class AccountAdapter(DefaultAccountAdapter):
    def get_client_ip(self, request: HttpRequest) -> str:
        return client_ip(request)

    def new_user(self, request: HttpRequest) -> User:
        user = super().new_user(request)
        user.language = translation.get_language() or settings.LANGUAGE_CODE
        return user

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return in_language_of(request.user, super().get_login_redirect_url(request))

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """Lead to the page that was asked for, in the language the person has chosen."""
        SignIn.objects.create(
            user=user,
            ip=self.get_client_ip(request) or None,
            user_agent=request.META.get("HTTP_USER_AGENT", "")[:200],
        )
        response = super().post_login(request, user, **kwargs)
        if "Location" in response:
            onward = in_language_of(user, response["Location"])
            if TextVersion.objects.unanswered_by(user).exists():
                onward = f"{in_language_of(user, reverse('consent'))}?{urlencode({'next': onward})}"
            response["Location"] = onward
        return response

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue the mail: a known and an unknown address then take the same time to answer."""
        request = allauth_context.request
        ours = {
            "request": request,
            "email": email,
            "current_site": get_current_site(request),
            "site": settings.SITE_URL,
        }
        message = self.render_mail(template_prefix, email, ours | context)
        mail.queue(email, message.subject, message.body, once=True, urgent=True)  # codes, links


class MfaAdapter(DefaultMFAAdapter):
    """Second factors are sealed with the secret key: a copy of the database does not hold them."""

    def encrypt(self, text: str) -> str:
        return _seal().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _seal().decrypt(encrypted_text.encode()).decode()

    def build_totp_svg(self, url: str) -> str:
        """The QR code as an element of the page: without the XML declaration of a file."""
        return super().build_totp_svg(url).partition("?>")[2].strip()


def in_language_of(user: Any, url: str) -> str:
    return translate_url(url, user.language)


def _seal() -> MultiFernet:
    """The newest key seals, older ones (SECRET_KEY_FALLBACKS) still open."""
    secrets: list[str] = [str(settings.SECRET_KEY), *map(str, settings.SECRET_KEY_FALLBACKS)]
    digests = [hashlib.sha256(f"second factors{key}".encode()).digest() for key in secrets]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
