"""The follow-up form, for the person alone and only once the registration is approved."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common.limits.throttle import throttled
from common.moves.actors import SignedInRequest
from forum.follow_up.forms import FollowUpForm
from forum.follow_up.models import KEPT, FollowUp, asked, is_open


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@throttled("forum-write", *settings.LIMITS["forum-write"], by="user", methods="POST")
def follow_up(request: SignedInRequest, pk: int) -> HttpResponse:
    """Fill in the form until its last day; after it, read what one has written."""
    rows = asked(request.user).select_related("edition")
    with transaction.atomic():
        # the row of the registration is the lock: the form may have none yet
        registration = get_object_or_404(rows.select_for_update(of=("self",)), pk=pk)
        row = FollowUp.objects.filter(registration=registration).first()
        takes_answers = is_open(registration.edition)
        sent = request.method == "POST" and takes_answers
        form = FollowUpForm(
            request.POST if sent else None,
            instance=row or FollowUp(registration=registration),
        )
        if sent and form.is_valid():
            form.instance.filled_at = timezone.now()
            form.save()
            messages.success(request, _("Your answers are saved."))
            return redirect(registration)
    for field in form.fields.values():
        field.disabled = not takes_answers
    context = {
        "form": form,
        "registration": registration,
        "edition": registration.edition,
        "is_open": takes_answers,
        "is_filled": bool(row and row.filled_at),
        "days_kept": KEPT.days,
    }
    closed = request.method == "POST" and not takes_answers
    status = 409 if form.conflicts or closed else 400 if form.errors else 200
    return render(request, "forum/follow_up/form.html", context, status=status)
