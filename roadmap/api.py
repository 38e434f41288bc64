"""The roadmap over the API: the same rows, filters, rules and moves as the pages."""

from typing import Any

import structlog
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from common.api import KEY_MAX_LENGTH, PreconditionFailed, answer_once, spend
from common.digits import BIGGEST_INTEGER, whole_number
from common.viewsets import Records
from roadmap import filters
from roadmap import serializers as rows
from roadmap.models import (
    ActionLineReview,
    Agency,
    Body,
    Document,
    Evidence,
    Figure,
    Meeting,
    Milestone,
    PositionVersion,
    Resolution,
    Roadmap,
    write_position,
)

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


class Coded(Records):
    lookup_value_converter = "slug"


class RoadmapViewSet(Coded):
    """The roadmaps that stand side by side."""

    queryset = Roadmap.objects.order_by("order", "code")
    serializer_class = rows.RoadmapRow
    filter_set = filters.RoadmapFilter


class AgencyViewSet(Coded):
    """Agencies that lead, share or judge milestones."""

    queryset = Agency.objects.order_by("order", "short")
    serializer_class = rows.AgencyRow
    filter_set = filters.AgencyFilter


class MilestoneViewSet(Records):
    """Milestones of all roadmaps in order of time."""

    queryset = Milestone.objects.none()
    serializer_class = rows.MilestoneRow
    write_scope = "write:positions"
    filter_set = filters.MilestoneFilter

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

    @extend_schema(responses=rows.PositionRow(many=True), filters=False)
    @action(detail=True, pagination_class=None)
    def positions(self, request: Request, pk: int) -> Response:
        """All public versions of all agencies, and your own agency's drafts."""
        milestone = self.get_object()
        found = PositionVersion.objects.visible_to(request.user).filter(
            milestone=milestone
        )
        shown = rows.PositionRow(
            found.for_list().order_by("agency", "-version"),
            many=True,
            context={"request": request},
        )
        return Response(shown.data)

    @extend_schema(
        request=rows.PositionRequest,
        responses={201: rows.PositionRow},
        parameters=[KEY, MATCH],
    )
    @positions.mapping.post
    def state_position(self, request: Request, pk: int) -> Response:
        """Write your agency's next version. 412 when a colleague was quicker; 404 for the lane of
        another agency."""
        return answer_once(request, lambda: self._write(request))

    def _write(self, request: Request) -> tuple[int, dict[str, Any]]:
        milestone = self.get_object()
        asked = rows.PositionRequest(data=request.data)
        asked.is_valid(raise_exception=True)
        values = dict(asked.validated_data)
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
        seen = seen_version(request)
        written = write_position(
            milestone, agency, request.user, seen, values, evidence
        )
        found = PositionVersion.objects.for_list().get(pk=written.pk)
        return 201, dict(rows.PositionRow(found, context={"request": request}).data)


def seen_version(request: Request) -> int:
    """The version named by If-Match. Raises ValidationError, or PreconditionFailed for what is no
    version."""
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


class PositionViewSet(Records):
    """Positions of all agencies, the last published first."""

    queryset = PositionVersion.objects.none()
    serializer_class = rows.PositionRow
    write_scope = "write:positions"
    filter_set = filters.PositionFilter

    def get_queryset(self) -> Any:
        if self.action == "list":
            return PositionVersion.objects.newest().for_list()
        return PositionVersion.objects.visible_to(self.request.user).for_list()

    @extend_schema(
        request=rows.PositionMoveRequest, responses=rows.PositionRow, filters=False
    )
    @action(detail=True, methods=["post"], pagination_class=None)
    def moves(self, request: Request, pk: int) -> Response:
        """Clear, publish, discard or withdraw a version of your own agency."""
        asked = rows.PositionMoveRequest(data=request.data)
        asked.is_valid(raise_exception=True)
        found = get_object_or_404(
            PositionVersion.objects.editable_by(request.user), pk=pk
        )
        values = asked.validated_data
        moved = found.move(values["move"], request.user, values["note"])
        shown = PositionVersion.objects.for_list().get(pk=moved.pk)
        return Response(rows.PositionRow(shown, context={"request": request}).data)


class MeetingViewSet(Records):
    """Consultative meetings, the last first."""

    queryset = Meeting.objects.for_list().order_by("-sort_date", "-pk")
    serializer_class = rows.MeetingRow
    filter_set = filters.MeetingFilter


class ResolutionViewSet(Coded):
    """Resolutions with their paragraphs and relations, the last first."""

    queryset = Resolution.objects.for_page().order_by("-sort_date", "pk")
    serializer_class = rows.ResolutionRow
    filter_set = filters.ResolutionFilter


class BodyViewSet(Coded):
    """Bodies with who chairs them."""

    queryset = Body.objects.for_list().order_by("order", "short")
    serializer_class = rows.BodyRow
    filter_set = filters.BodyFilter


class FigureViewSet(Records):
    """Figures as their sources wrote them."""

    queryset = Figure.objects.side_by_side()
    serializer_class = rows.FigureRow
    filter_set = filters.FigureFilter


class DocumentViewSet(Records):
    """Reports and papers with their versions."""

    queryset = Document.objects.prefetch_related("issues").order_by("title")
    serializer_class = rows.DocumentRow
    filter_set = filters.DocumentFilter


class ReviewViewSet(Records):
    """What facilitators report on their action lines."""

    queryset = ActionLineReview.objects.order_by("action_line", "section", "agency")
    serializer_class = rows.ReviewRow
    filter_set = filters.ReviewFilter
