"""Browsers of people with a second factor that was, or was not, asked for in their session."""

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from django.test import RequestFactory

from accounts.second_factor.session import METHOD, SecondFactor


def bring_to(client, user, factor):
    """Sign in, and bring account and session as far as `factor`."""
    client.force_login(user)
    if factor == SecondFactor.NONE:
        return
    Authenticator.objects.get_or_create(
        user=user,
        type=Authenticator.Type.TOTP,
        defaults={"data": {"secret": "not asked"}},
    )
    if factor == SecondFactor.CONFIRMED:
        request = RequestFactory().get("/")
        request.session = client.session
        record_authentication(request, user, METHOD)
        request.session.save()
