"""One session from several requests: staff choose the leading one."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.forms.values import chosen_ids
from common.moves.workflow import MoveRefused
from forum.consultation.models import Submission

MOST = 20  # requests of one session


@admin.action(description=gettext_lazy("Make one session of the selected requests"))
def merge_into_session(
    desk: admin.ModelAdmin, request: HttpRequest, chosen: models.QuerySet
) -> HttpResponse | None:
    """Take the selected requests to the page where the leading one is chosen."""
    ids = list(
        chosen.order_by("submitted_at", "pk").values_list("pk", flat=True)[: MOST + 1]
    )
    if len(ids) > MOST:
        messages.error(
            request, _("Choose at most %(limit)d requests.") % {"limit": MOST}
        )
        return None
    query = urlencode({"ids": ",".join(map(str, ids))})
    return redirect(f"{reverse('admin:forum_submission_merge')}?{query}")


def page(desk: admin.ModelAdmin, request: HttpRequest) -> HttpResponse:
    """The requests, the choice of the leading one, and the button; refusals are shown here."""
    if not desk.has_change_permission(request):
        raise PermissionDenied
    data = request.POST if request.method == "POST" else request.GET
    chosen = desk.get_queryset(request).filter(
        pk__in=chosen_ids(data.get("ids", ""), MOST)
    )
    requests = list(
        chosen.select_related("edition", "owner").order_by("submitted_at", "pk")
    )
    if not requests:
        raise Http404
    leader = next(
        (one for one in requests if str(one.pk) == data.get("leader")), requests[0]
    )
    refused, status = "", 200
    if request.method == "POST":
        try:
            session = leader.make_session_with(_others(requests, leader), request.user)
        except MoveRefused as error:
            refused, status = str(error.message), error.http_status
        except ValidationError as error:
            refused, status = " ".join(error.messages), 409
        else:
            messages.success(request, _("The session is now a draft."))
            return redirect("admin:forum_session_change", session.pk)
    context: dict[str, Any] = desk.admin_site.each_context(request) | {
        "title": merge_into_session.short_description,  # type: ignore[attr-defined]  # admin.action writes it
        "opts": desk.model._meta,
        "requests": requests,
        "leader": leader,
        "ids": ",".join(str(one.pk) for one in requests),
        "refused": refused,
    }
    return render(request, "admin/forum/submission/merge.html", context, status=status)


def _others(requests: list[Submission], leader: Submission) -> list[Submission]:
    return [one for one in requests if one.pk != leader.pk]
