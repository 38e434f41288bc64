"""The pages where people create and revoke their API keys; the text of a new key is shown once."""

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from accounts.api_key.forms import KeyForm
from accounts.api_key.models import MOST_KEYS, ApiKey
from accounts.user.models import User
from common.limits.throttle import throttled
from common.mail import outbox
from common.moves.actors import SignedInRequest

SHOWN = 50


@require_safe
@login_required
def keys(request: SignedInRequest) -> HttpResponse:
    context = {"keys": ApiKey.objects.of(request.user)[:SHOWN]}
    return render(request, "accounts/api_key/keys.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@reauthentication_required
@throttled("profile", *settings.LIMITS["profile"], by="user", methods="POST")
def key_new(request: SignedInRequest) -> HttpResponse:
    """Create a key with a name, scopes and an expiry date; a mail confirms it to the owner."""
    form = KeyForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        status = 400 if form.errors else 200
        return render(
            request, "accounts/api_key/new.html", {"form": form}, status=status
        )
    with transaction.atomic():
        User.objects.select_for_update().get(
            pk=request.user.pk
        )  # the limit holds for two at once
        if ApiKey.objects.of(request.user).usable().count() >= MOST_KEYS:
            form.add_error(
                None,
                _("You have %(count)d keys: revoke one first.") % {"count": MOST_KEYS},
            )
            return render(
                request, "accounts/api_key/new.html", {"form": form}, status=409
            )
        made, text = ApiKey.objects.make(request.user, **form.cleaned_data)
        outbox.send("account/key", request.user, {"key": made})
    return render(request, "accounts/api_key/made.html", {"key": made, "text": text})


@require_POST
@login_required
def key_revoke(request: SignedInRequest, pk: int) -> HttpResponse:
    get_object_or_404(ApiKey.objects.of(request.user), pk=pk).revoke(request.user)
    messages.success(request, _("The key has been revoked and no longer works."))
    return redirect("api-keys")
