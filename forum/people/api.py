"""People with a part in a released agenda, over the API."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from common.api.views import ApiViewSet, moved_to
from forum.people.filters import PersonFilters
from forum.people.models import Person
from forum.people.serializers import PersonRow


class PersonViewSet(ApiViewSet):
    """People with a part in a released agenda."""

    queryset = Person.objects.none()
    serializer_class = PersonRow
    filter_set = PersonFilters

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.page(Person.objects.public())

    @extend_schema(responses={200: PersonRow, 301: None})
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One person. A merged record is answered with 301 to the other one."""
        merged = Person.objects.filter(
            pk=kwargs["pk"], merged_into__is_public=True
        ).first()
        if merged:
            return moved_to("api:forum-person-detail", merged.merged_into_id, request)
        self.queryset = Person.objects.public()
        return self.one(self.get_object())
