"""The log of changes over the API, for harvesters."""

import re
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import (
    OpenApiParameter,
    extend_schema,
    extend_schema_serializer,
)
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from common.api.views import ApiViewSet
from common.records.models import Change
from common.text.digits import whole_number
from reference.code_list.api import CODELISTS

POSITION = re.compile(r"(\d{1,19})-(\d{1,18})", re.ASCII)
FEED_SIZE, MAX_FEED_SIZE = 100, 500
# Kind of record → the name of the address at which the API shows one.
ADDRESSES = {
    "stocktaking.project": "project-detail",
    "stocktaking.organization": "organization-detail",
    "reports.publication": "report-detail",
    "reports.archivededition": "archived-edition-detail",
    "prizes.contest": "prize-contest-detail",
    "prizes.entry": "prize-entry-detail",
    "prizes.result": "prize-result-detail",
    "forum.edition": "forum-edition-detail",
    "forum.consultation": "forum-edition-consultation",
    "forum.releases": "forum-edition-releases",
    "forum.session": "forum-session-detail",
    "forum.person": "forum-person-detail",
    "forum.document": "forum-document-detail",
    "roadmap.roadmap": "roadmap-detail",
    "roadmap.agency": "agency-detail",
    "roadmap.milestone": "milestone-detail",
    "roadmap.positionversion": "position-detail",
    "roadmap.meeting": "meeting-detail",
    "roadmap.resolution": "resolution-detail",
    "roadmap.body": "body-detail",
    "roadmap.figure": "figure-detail",
    "roadmap.document": "document-detail",
    "roadmap.actionlinereview": "action-line-review-detail",
} | {
    f"reference.{model._meta.model_name}": "codelist-detail"
    for model in CODELISTS.values()
}


class PositionGone(exceptions.APIException):
    status_code = 410
    default_code = "position_gone"
    default_detail = _(
        "The change log does not hold this position: the portal was restored from an earlier "
        "backup. Take a fresh copy of the records, then read the log from its start."
    )


class ChangeRow(serializers.Serializer):
    """One change of a public record. `position` is opaque: store it, do not calculate with it.

    Read the record at `url` again. `version` is the number of the record's own text; a change of
    what is shown with it, such as the name of its country, has the number of the change before.
    """

    position = serializers.SerializerMethodField()
    kind = serializers.ChoiceField(choices=Change.Kind.choices)
    record_kind = serializers.ChoiceField(choices=sorted(ADDRESSES))
    record_id = serializers.CharField()
    url = serializers.SerializerMethodField()
    version = serializers.IntegerField()
    content_hash = serializers.CharField(
        help_text="Another one for another content; opaque."
    )
    into = serializers.CharField(help_text="Where a merged record went, else empty.")
    at = serializers.DateTimeField()

    def get_position(self, change: Change) -> str:
        return position_of(change)

    def get_url(self, change: Change) -> str | None:
        """The address of the record in this API."""
        name = ADDRESSES.get(change.record_kind)
        request = self.context["request"]
        return (
            reverse(f"api:{name}", [change.record_id], request=request)
            if name
            else None
        )


@extend_schema_serializer(many=False)
class ChangePage(serializers.Serializer):
    """Changes in a fixed order; ask again after `next`, now if `has_more`, else later."""

    changes = ChangeRow(many=True)
    next = serializers.CharField()
    has_more = serializers.BooleanField()


def position_of(change: Change) -> str:
    return f"{change.transaction}-{change.pk}"


class ChangeViewSet(ApiViewSet):
    """The change log: who remembers the last position misses nothing and sees nothing twice."""

    queryset = Change.objects.none()
    serializer_class = ChangeRow
    pagination_class = None
    paged_actions = ()
    has_language = False

    @extend_schema(
        parameters=[
            OpenApiParameter(
                "after",
                {"type": "string", "pattern": r"^[0-9]{1,19}-[0-9]{1,18}$"},
                description="`next` of the answer before; from the start when absent.",
            ),
            OpenApiParameter(
                "limit",
                {
                    "type": "integer",
                    "minimum": 1,
                    "maximum": MAX_FEED_SIZE,
                    "default": FEED_SIZE,
                },
                description=f"1 to {MAX_FEED_SIZE}; {FEED_SIZE} when absent.",
            ),
            OpenApiParameter(
                "record_kind",
                enum=sorted(ADDRESSES),
                description="Changes of this kind alone.",
            ),
        ],
        responses=ChangePage,
    )
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Changes after a position, oldest first. They appear once no older one can come."""
        after = request.GET.get("after") or "0-0"
        limit = whole_number(request.GET.get("limit", str(FEED_SIZE)), MAX_FEED_SIZE)
        place = POSITION.fullmatch(after)
        if not place:
            raise exceptions.ValidationError(
                {"after": _("This is not a position of the change log.")}
            )
        if not limit:
            raise exceptions.ValidationError(
                {"limit": _("Enter a number from 1 to 500.")}
            )
        log = Change.objects.filter(record_kind__in=kinds_of(request))
        position = (int(place[1]), int(place[2]))
        if not Change.objects.has(position):
            raise PositionGone
        changes = list(log.after(position)[: limit + 1])
        page = changes[:limit]
        return Response(
            {
                "changes": ChangeRow(
                    page, many=True, context={"request": request}
                ).data,
                "next": position_of(page[-1]) if page else after,
                "has_more": len(changes) > len(page),
            }
        )


def kinds_of(request: Request) -> list[str]:
    """The requested kinds. Raises ValidationError for an unknown one."""
    kind = request.GET.get("record_kind")
    if kind is None:
        return list(ADDRESSES)
    if kind not in ADDRESSES:
        raise exceptions.ValidationError(
            {"record_kind": _("There is no such kind of record.")}
        )
    return [kind]
