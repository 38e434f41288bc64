"""Sessions of the released agendas, over the API."""

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from common.api.views import ApiViewSet
from forum.agenda.filters import AgendaFilters
from forum.agenda.models import ReleasedSession
from forum.agenda.serializers import SessionRow


class SessionViewSet(ApiViewSet):
    """Sessions of the released agendas."""

    queryset = ReleasedSession.objects.none()
    serializer_class = SessionRow
    filter_set = AgendaFilters

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Sessions with the filters of the agenda page, in order of creation."""
        rows = ReleasedSession.objects.select_related("edition")
        return self.page(rows.defer("words").order_by("pk"))

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        rows = ReleasedSession.objects.select_related("edition")
        self.queryset = rows.defer("words")
        return self.one(self.get_object())
