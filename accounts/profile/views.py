"""The page where people see and change their account; allauth has the pages of signing in."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.profile.forms import ProfileForm
from common.limits.throttle import throttled
from common.moves.actors import SignedInRequest


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
    return render(request, "accounts/profile/profile.html", {"form": form})
