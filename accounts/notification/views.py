"""The page of mail preferences, and the unsubscribe links."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.notification.forms import MailForm
from accounts.notification.models import MailChoice
from accounts.notification.unsubscribe import Switch, stops_mails
from accounts.user.models import User
from common.limits.throttle import throttled
from common.mail.kinds import KINDS
from common.mail.outbox import SALT, TOGETHER
from common.moves.actors import SignedInRequest


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@throttled("profile", *settings.LIMITS["profile"], by="user", methods="POST")
def notifications(request: SignedInRequest) -> HttpResponse:
    form = MailForm(request.POST or None, user=request.user)
    if form.is_valid():
        form.save()
        messages.success(request, _("Your choice was saved."))
        return redirect("notifications")
    status = 400 if form.errors else 200
    return render(
        request,
        "accounts/notification/notifications.html",
        {"form": form},
        status=status,
    )


@stops_mails
def unsubscribe(token: str) -> Switch | None:
    """Turn one kind of mail off by the link in it."""
    try:
        user_pk, kind = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    user = User.objects.filter(
        pk=user_pk
    ).first()  # of a closed account too: the page answers
    if user is None or not (
        kind == TOGETHER or (kind in KINDS and not KINDS[kind].decisions)
    ):
        return None
    off = {"delivery": MailChoice.Delivery.OFF}
    if kind == TOGETHER:
        return Switch(
            _("What comes once a day or week, except decisions"),
            lambda: _together(user).update(**off),
            "notifications",
        )
    return Switch(
        KINDS[kind].label,
        lambda: MailChoice.objects.update_or_create(user=user, kind=kind, defaults=off),
        "notifications",
    )


def _together(user: User) -> QuerySet[MailChoice]:
    """The user's preferences for mails that can be combined and are not obligatory."""
    kinds = [name for name, kind in KINDS.items() if not kind.decisions]
    together = (MailChoice.Delivery.DAILY, MailChoice.Delivery.WEEKLY)
    return user.mail_choices.filter(kind__in=kinds, delivery__in=together)
