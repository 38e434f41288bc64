"""What an officer does beside a decision: trust in an organisation, a date to be reminded at."""

from typing import Any, cast

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from common.workflow import MoveRefused
from stocktaking.admin.desk import ITEM, QUEUE, context
from stocktaking.desk_forms import ReasonNoteForm, ReminderForm
from stocktaking.forms import chosen_ids
from stocktaking.models import Organisation, OrganisationTrust, Project, Reminder


def trust(desk: admin.ModelAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """Change the level of an organisation, with a reason; leads back to the entry."""
    context(desk, request)
    organisation = get_object_or_404(Organisation, pk=pk)
    if request.method != "POST":
        raise Http404
    form = ReasonNoteForm(request.POST)
    back = chosen_ids(request.POST.get("project", ""), 1)
    home = redirect(ITEM, back[0]) if back else redirect(QUEUE)
    if not form.is_valid():
        messages.error(request, " ".join(map(str, form.errors.get("note", []))))
        return home
    try:
        row = OrganisationTrust.objects.of(organisation)
        row = row.move(
            request.POST.get("move", ""), request.user, form.cleaned_data["note"]
        )
    except KeyError as error:
        raise Http404 from error
    except MoveRefused as error:
        messages.error(request, str(error.message))
        return home
    text = _("%(organisation)s: %(level)s.")
    values = {"organisation": organisation, "level": row.get_status_display()}
    messages.success(request, text % values)
    return home


def remind(desk: admin.ModelAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """Set a date at which one is reminded of an entry, or strike one's own; back to the entry."""
    context(desk, request)
    project = get_object_or_404(Project, pk=pk)
    if request.method != "POST":
        raise Http404
    user = cast(Any, request.user)
    if "strike" in request.POST:
        mine = Reminder.objects.open_of(project).filter(to=user)
        mine.filter(pk__in=chosen_ids(request.POST["strike"], 1)).delete()
        return redirect(ITEM, pk)
    row = Reminder(project=project, kind=Reminder.Kind.STAFF, to=user)
    form = ReminderForm(request.POST, instance=row)
    try:
        if form.is_valid():
            row.validate_constraints()
            form.save()
            day = date_format(row.about, "DATE_FORMAT")
            messages.success(request, _("We will email you on %(day)s.") % {"day": day})
    except ValidationError as error:
        form.add_error(None, error)
    for sentences in form.errors.values():
        messages.error(request, " ".join(map(str, sentences)))
    return redirect(ITEM, pk)
