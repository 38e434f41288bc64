"""The author of a proposal names its speakers, one after the other."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common.limits.throttle import throttled
from common.moves.actors import SignedInRequest
from common.text.digits import whole_number
from forum.consultation.models import Submission
from forum.consultation.views import PAGE
from forum.consultation.writing import closed
from forum.speakers.forms import SpeakerForm
from forum.speakers.models import MOST_SPEAKERS


@login_required
@require_http_methods(PAGE)
@throttled("forum-write", *settings.LIMITS["forum-write"], by="user", methods="POST")
@transaction.atomic
def speakers(request: SignedInRequest, pk: int) -> HttpResponse:
    """The speakers named so far, and the form for one more; `remove` is the id of one."""
    rows = Submission.objects.of_owner(request.user).select_related("edition", "kind")
    submission = get_object_or_404(rows.select_for_update(of=("self",)), pk=pk)
    if not submission.is_editable:
        messages.info(request, closed(submission))
        return redirect(submission)
    if "remove" in request.POST:
        chosen = whole_number(request.POST["remove"]) or 0
        submission.speakers.filter(pk=chosen).delete()
        messages.success(request, _("The speaker is removed."))
        return redirect("forum:submission-speakers", pk)
    form = SpeakerForm(request.POST or None, submission=submission)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("The speaker is added."))
        return redirect("forum:submission-speakers", pk)
    named = submission.speakers.select_related("country", "stakeholder_type")
    context = {
        "submission": submission,
        "edition": submission.edition,
        "speakers": named.order_by("pk"),
        "form": form,
        "limit": MOST_SPEAKERS,
    }
    status = 400 if form.errors else 200
    return render(request, "forum/speakers/speakers.html", context, status=status)
