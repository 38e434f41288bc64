"""Readers say whether a report was of use; the secretariat reads it in the admin."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from common.limits.throttle import throttled
from common.text.digits import BIGGEST_ID
from reports.feedback.forms import FeedbackForm
from reports.publication.models import Publication

ANSWERS_AN_HOUR = 10  # from one network


@require_http_methods(["GET", "HEAD", "POST"])
@throttled("report-feedback", ANSWERS_AN_HOUR, 3600, methods="POST")
def feedback(request: HttpRequest, pk: int) -> HttpResponse:
    """The form on a page of its own: the report's page keeps no cookie for it."""
    publication = get_object_or_404(
        Publication.objects.online(), pk=min(pk, BIGGEST_ID)
    )
    form = FeedbackForm(request.POST or None)
    form.instance.publication = publication
    form.instance.version = publication.published_version
    form.instance.language = request.LANGUAGE_CODE
    is_saved = form.is_valid()
    if is_saved:
        form.save()
    context = {"publication": publication, "form": form, "is_saved": is_saved}
    status = 400 if form.errors else 200
    return render(request, "reports/feedback/feedback.html", context, status=status)
