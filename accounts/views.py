"""The page where people see and change their account; signing in itself is allauth's."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.forms import MailForm, ProfileForm
from accounts.http import SignedInRequest, Switch, stops_mails
from accounts.models import MailChoice, User
from common.mail import KINDS, SALT, TOGETHER
from common.throttle import throttled


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@throttled("profile", *settings.LIMITS["profile"], by="user", methods="POST")
def profile(request: SignedInRequest) -> HttpResponse:
    form = ProfileForm(request.POST or None, instance=request.user)
    if form.is_valid():
        form.save()
        with translation.override(request.user.language):
            messages.success(request, _("Your profile was saved."))
            return redirect("account-profile")
    return render(request, "account/profile.html", {"form": form})


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
    return render(request, "account/notifications.html", {"form": form}, status=status)


@stops_mails
def unsubscribe(token: str) -> Switch | None:
    """Switch one kind of mail off by the link in it."""
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
    """The user's choices for mails that come together and that one can do without."""
    kinds = [name for name, kind in KINDS.items() if not kind.decisions]
    together = (MailChoice.Delivery.DAILY, MailChoice.Delivery.WEEKLY)
    return user.mail_choices.filter(kind__in=kinds, delivery__in=together)
