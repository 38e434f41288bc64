"""Staff change the address of an account, with everything that depends on it."""

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction

from accounts.user.models import User
from common.mail import outbox


@transaction.atomic
def change_address(user: User, old: str) -> None:
    """Make `user.email` the only address of the account, and notify the old and the new one.

    The new address opens the account with a code that is mailed to it at the next sign-in.
    """
    EmailAddress.objects.filter(user=user).exclude(email=user.email).delete()
    EmailAddress.objects.update_or_create(
        user=user, email=user.email, defaults={"verified": False, "primary": True}
    )
    context = {"old": old, "new": user.email, "contact": settings.CONTACT_EMAIL}
    sent = outbox.send("account/address_changed", user, context)
    if sent is not None:
        outbox.queue(old, sent.subject, sent.body)
