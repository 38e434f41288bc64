"""The state of the roadmap at the end of a day."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from roadmap.record.views import BAD_REQUEST, OK
from roadmap.state.document import state_document
from roadmap.state.forms import DateForm


@require_safe
def state(request: HttpRequest) -> HttpResponse:
    """The state of the roadmap at the end of a day; today when no day is named."""
    today = timezone.now().date()
    form = DateForm(request.GET if "at" in request.GET else {"at": today.isoformat()})
    good = form.is_valid()
    document = None
    if good:
        document = state_document(form.cleaned_data["at"], get_language() or "en")
    context = {
        "form": form,
        "document": document,
        "at": form.cleaned_data.get("at"),
        "is_future": good and form.cleaned_data["at"] > today,
    }
    return render(
        request, "roadmap/state/state.html", context, status=OK if good else BAD_REQUEST
    )
