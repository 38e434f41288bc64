"""Positions over the API."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from common.api.views import Records
from roadmap.position import filters as position_filters
from roadmap.position import serializers as position_serializers
from roadmap.position.models import PositionVersion


class PositionViewSet(Records):
    """Positions of all agencies, last published first."""

    queryset = PositionVersion.objects.none()
    serializer_class = position_serializers.PositionRow
    write_scope = "write:positions"
    filter_set = position_filters.PositionFilter

    def get_queryset(self) -> Any:
        if self.action == "list":
            return PositionVersion.objects.newest().for_list()
        return PositionVersion.objects.visible_to(self.request.user).for_list()

    @extend_schema(
        request=position_serializers.PositionMoveRequest,
        responses=position_serializers.PositionRow,
        filters=False,
    )
    @action(detail=True, methods=["post"], pagination_class=None)
    def moves(self, request: Request, pk: int) -> Response:
        """Clear, publish, discard or withdraw a version of your own agency."""
        request_body = position_serializers.PositionMoveRequest(data=request.data)
        request_body.is_valid(raise_exception=True)
        position = get_object_or_404(
            PositionVersion.objects.editable_by(request.user), pk=pk
        )
        values = request_body.validated_data
        moved = position.move(values["move"], request.user, values["note"])
        version = PositionVersion.objects.for_list().get(pk=moved.pk)
        return Response(
            position_serializers.PositionRow(version, context={"request": request}).data
        )
