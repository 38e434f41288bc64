"""Milestones of all roadmaps over the API, with the positions of agencies."""

from typing import Any, cast

import structlog
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.user.models import User
from common.api.errors import PreconditionFailed
from common.api.repeats import KEY_MAX_LENGTH, answer_once
from common.api.throttle import spend
from common.api.views import Records
from common.text.digits import BIGGEST_INTEGER, whole_number
from roadmap.agency.models import Agency
from roadmap.milestone.models import Milestone
from roadmap.position import serializers as position_serializers
from roadmap.position.models import Evidence, PositionVersion, write_position
from roadmap.timeline import filters as timeline_filters
from roadmap.timeline import serializers as timeline_serializers

log = structlog.get_logger(__name__)


KEY = OpenApiParameter(
    "Idempotency-Key",
    location=OpenApiParameter.HEADER,
    required=True,
    description=f"At most {KEY_MAX_LENGTH} characters. A repeated key is answered alike for a day.",
)


MATCH = OpenApiParameter(
    "If-Match",
    location=OpenApiParameter.HEADER,
    required=True,
    description='The version of your agency that you have read, as `"3"`; `"0"` when there is '
    "none.",
)


class MilestoneViewSet(Records):
    """Milestones of all roadmaps in order of time."""

    queryset = Milestone.objects.none()
    serializer_class = timeline_serializers.MilestoneRow
    write_scope = "write:positions"
    filter_set = timeline_filters.MilestoneFilter

    def get_queryset(self) -> Any:
        visible = Milestone.objects.visible_to(self.request.user).published()
        return (
            visible.for_list()
            .annotate(completions=PositionVersion.objects.completions())
            .prefetch_related(
                "partnerships__agency",
                "action_lines",
                "sdgs",
                "resolutions",
                "paragraphs",
                "dependencies",
                "notes",
            )
            .order_by("sort_date", "pk")
        )

    @extend_schema(responses=position_serializers.PositionRow(many=True), filters=False)
    @action(detail=True, pagination_class=None)
    def positions(self, request: Request, pk: int) -> Response:
        """All public versions of all agencies, and your own agency's drafts."""
        milestone = self.get_object()
        versions = PositionVersion.objects.visible_to(request.user).filter(
            milestone=milestone
        )
        page = position_serializers.PositionRow(
            versions.for_list().order_by("agency", "-version"),
            many=True,
            context={"request": request},
        )
        return Response(page.data)

    @extend_schema(
        request=position_serializers.PositionRequest,
        responses={201: position_serializers.PositionRow},
        parameters=[KEY, MATCH],
    )
    @positions.mapping.post
    def state_position(self, request: Request, pk: int) -> Response:
        """Write your agency's next version. 412 when a colleague was quicker; 404 for the
        position of another agency."""
        return answer_once(request, lambda: self._write(request))

    def _write(self, request: Request) -> tuple[int, dict[str, Any]]:
        milestone = self.get_object()
        request_body = position_serializers.PositionRequest(data=request.data)
        request_body.is_valid(raise_exception=True)
        values = dict(request_body.validated_data)
        code = values.pop("agency")
        agency = Agency.objects.of(request.user).filter(pk=code).first()
        if agency is None:
            log.warning(
                "lane_refused",
                user=request.user.pk,
                agency=code,
                milestone=milestone.pk,
            )
            raise Http404
        spend("submit", f"user-{request.user.pk}")
        evidence = [Evidence(**piece) for piece in values.pop("evidence")]
        position = PositionVersion(
            milestone=milestone,
            agency=agency,
            version=seen_version(request) + 1,
            evidence_count=len(evidence),
            by=cast(User, request.user),
            **values,
        )
        position.full_clean(
            exclude=["milestone", "agency", "by"], validate_unique=False
        )
        written = write_position(position, evidence)
        version = PositionVersion.objects.for_list().get(pk=written.pk)
        return 201, dict(
            position_serializers.PositionRow(version, context={"request": request}).data
        )


def seen_version(request: Request) -> int:
    """The version named by If-Match. Raises ValidationError, or PreconditionFailed for an
    unknown version."""
    header = request.headers.get("If-Match", "").strip()
    if not header:
        raise exceptions.ValidationError(
            {
                "If-Match": _(
                    "Enter the version of your agency’s position that you have read, or “0” "
                    "for none."
                )
            }
        )
    number = whole_number(header.removeprefix("W/").strip('"'), BIGGEST_INTEGER)
    if number is None:
        raise PreconditionFailed
    return number
