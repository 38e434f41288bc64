"""Somebody takes over their record by the link of a mail, and edits it."""

from django.conf import settings
from django.contrib import messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common.limits.throttle import throttled
from common.mail.links import private
from common.moves.actors import SignedInRequest
from forum.agenda.models import ReleasedSession
from forum.claim.forms import OwnRecordForm
from forum.claim.speakers import register_speaker
from forum.people.models import Person


@require_http_methods(["GET", "HEAD", "POST"])
@throttled("forum-write", *settings.LIMITS["forum-write"], by="user", methods="POST")
def claim(request: HttpRequest, token: str) -> HttpResponse:
    """Whose record it is, and the button that takes it over for the account that is signed in."""
    person = Person.objects.by_link(token)
    if person is None:
        raise Http404
    user = request.user
    if user.is_authenticated and person.user_id == user.pk:
        return private(redirect("forum:own-record"))
    refused = "" if person.can_be_claimed else _("This link has ended.")
    if request.method == "POST" and user.is_authenticated and not refused:
        try:
            kept = person.claim(user)
        except ValidationError as error:
            refused = " ".join(error.messages)
        else:
            register_speaker(kept)
            messages.success(request, _("This record is yours now."))
            return private(redirect("forum:own-record"))
    context = {
        "person": person,
        "sessions": ReleasedSession.objects.of_person(person.pk).for_agenda()[:20],
        "refused": refused,
    }
    status = 410 if refused else 200
    return private(render(request, "forum/claim/claim.html", context, status=status))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@throttled("forum-write", *settings.LIMITS["forum-write"], by="user", methods="POST")
def own_record(request: SignedInRequest) -> HttpResponse:
    """The form of one's own record; what is saved is public at once where the record is."""
    with transaction.atomic():
        own = Person.objects.unmerged().select_for_update(of=("self",))
        person = get_object_or_404(own, user=request.user)
        form = OwnRecordForm(request.POST or None, instance=person)
        if form.is_valid():
            saved = form.save()
            if form.changed_data:
                LogEntry.objects.log_actions(
                    user_id=request.user.pk,
                    queryset=[saved],
                    action_flag=CHANGE,
                    change_message=[{"changed": {"fields": form.changed_data}}],
                    single_object=True,
                )
            messages.success(request, _("Your record is saved."))
            return redirect("forum:own-record")
    context = {"form": form, "person": person}
    status = 409 if form.conflicts else 400 if form.errors else 200
    return render(request, "forum/claim/own_record.html", context, status=status)
