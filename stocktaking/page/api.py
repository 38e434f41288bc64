"""Projects over the API: the same rows, filters, rules and moves as the pages."""

from http import HTTPStatus
from typing import Any

from django.db import transaction
from django.http import QueryDict
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import (
    OpenApiParameter,
    extend_schema,
    extend_schema_serializer,
)
from rest_framework import exceptions, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.role.roles import is_own
from common.api.errors import Gone, PreconditionFailed
from common.api.repeats import KEY_MAX_LENGTH, answer_once
from common.api.throttle import spend
from common.api.views import ApiViewSet, moved_to
from common.lists.paging import PAGE_SIZE, page_size
from common.moves.actors import AnyUser
from common.moves.workflow import CONCERNED, SECOND_STEP
from common.records.hashing import content_hash
from stocktaking.page.serializers import MoveRequest, MoveRow, ProjectRecord, ProjectRow
from stocktaking.project.changes import as_served
from stocktaking.project.models import Project
from stocktaking.search.filters import CursorError, ProjectSearch
from stocktaking.search.parameters import SORTS
from stocktaking.search.relaxation import Match


class FacetValueRow(serializers.Serializer):
    code = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field called label
    count = serializers.IntegerField()
    selected = serializers.BooleanField()


@extend_schema_serializer(many=False)
class ProjectPage(serializers.Serializer):
    """A page of projects; `next` is the address of the following one, null at the end.

    `match` says how the projects have the words of `q`, as the search page does: `all` (also
    without a text), `forms` (as parts of other words or in another spelling), `alike` (words with a
    similar spelling), `all_but_one` or `some`. Each way is tried only when those before it find
    nothing; ask with `exact=1` for `all` alone.
    """

    count = serializers.IntegerField()
    match = serializers.ChoiceField(choices=list(Match))
    next = serializers.URLField(allow_null=True)
    results = ProjectRow(many=True)
    facets = serializers.DictField(child=FacetValueRow(many=True), required=False)


FILTERS = [
    OpenApiParameter(
        "q", description="Words to find; “phrases” and -unwanted words work."
    ),
    *(
        OpenApiParameter(
            name, many=True, description="Code; repeat it for “one of these”."
        )
        for name in (
            "action_line",
            "sdg",
            "region",
            "country",
            "stakeholder_type",
            "year",
        )
    ),
    OpenApiParameter("sort", enum=list(SORTS)),
    OpenApiParameter("facets", enum=["1"], description="1 adds counts per value."),
    OpenApiParameter(
        "exact",
        enum=["1"],
        description="1 finds only projects that have all the words of `q`.",
    ),
]
MATCH = OpenApiParameter(
    "If-Match",
    location=OpenApiParameter.HEADER,
    description="The `ETag` that you have read: 412 when the record has changed since.",
)
KEY = OpenApiParameter(
    "Idempotency-Key",
    location=OpenApiParameter.HEADER,
    description=f"At most {KEY_MAX_LENGTH} characters. A repeated key is answered alike for a day.",
)


class ProjectViewSet(ApiViewSet):
    """The projects of the Stocktaking database; members add their own."""

    queryset = Project.objects.none()
    serializer_class = ProjectRecord
    write_scope = "write:projects"

    @extend_schema(parameters=FILTERS, responses=ProjectPage, filters=False)
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Published projects, with the filters of the search page."""
        search, size = (
            self._search(request),
            page_size(request.GET.get("page_size", str(PAGE_SIZE))),
        )
        try:
            page = search.cursor_page(request.GET.get("cursor"), size)
        except CursorError as error:
            raise exceptions.ValidationError(
                {"cursor": _("The cursor is not valid.")}
            ) from error
        rows = ProjectRow(
            as_served(page.object_list), many=True, context={"request": request}
        ).data
        body: dict[str, Any] = {
            "count": search.total,
            "match": search.match,
            "next": self._next(request, page.next),
            "results": rows,
        }
        if request.GET.get("facets") == "1":
            body["facets"] = {
                facet.name: [value._asdict() for value in facet.values]
                for facet in search.facets
            }
        return Response(body)

    @staticmethod
    def _search(request: Request) -> ProjectSearch:
        parameters: QueryDict = request.GET.copy()
        parameters.pop("lang", None)
        if parameters.pop("facets", ["1"]) != ["1"]:
            raise exceptions.ValidationError(
                {"facets": _("The value of “facets” must be 1.")}
            )
        if parameters.pop("exact", ["1"]) != ["1"]:
            raise exceptions.ValidationError(
                {"exact": _("The value of “exact” must be 1.")}
            )
        search = ProjectSearch(parameters, strict="exact" in request.GET)
        if not search.is_valid:
            raise exceptions.ValidationError(search.errors)
        return search

    @staticmethod
    def _next(request: Request, cursor: str | None) -> str | None:
        if cursor is None:
            return None
        query = request.GET.copy()
        query["cursor"] = cursor
        return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")

    @extend_schema(responses={200: ProjectRecord, 301: None})
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One project; `ETag` and `If-None-Match` avoid sending an unchanged one. A merged
        record is answered with 301 to its successor."""
        merged = Project.objects.merged().filter(pk=kwargs["pk"]).first()
        if merged:
            return moved_to("api:project-detail", merged.successor_id, request)
        return self._answer(request, self._get(request, kwargs["pk"]))

    @extend_schema(parameters=[KEY], responses={201: ProjectRecord})
    def create(self, request: Request) -> Response:
        """Create a draft, or with `submit` submit a complete project."""
        if "Idempotency-Key" in request.headers:
            return answer_once(request, lambda: self._create(request))
        with transaction.atomic():
            status, body = self._create(request)
        return Response(body, status, headers={"Location": body["url"]})

    def _create(self, request: Request) -> tuple[int, dict[str, Any]]:
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        spend("submit", f"user-{request.user.pk}")
        return 201, self._shown(serializer.save())

    @extend_schema(parameters=[MATCH])
    @transaction.atomic
    def partial_update(self, request: Request, pk: int) -> Response:
        """Change one's own project while it is a draft or returned. `If-Match` is honoured."""
        seen = self._get(request, pk)
        project = (
            Project.objects.editable_by(request.user)
            .select_for_update()
            .filter(pk=pk)
            .first()
        )
        if project is None:
            raise exceptions.PermissionDenied(why_closed(seen, request.user))
        if "If-Match" in request.headers:
            refused = get_conditional_response(request, etag=etag(self._shown(project)))
            if (
                refused is not None
                and refused.status_code == PreconditionFailed.status_code
            ):
                raise PreconditionFailed
        serializer = self.get_serializer(project, data=request.data, partial=True)
        serializer.is_valid(raise_exception=True)
        return self._answer(request, serializer.save())

    @extend_schema(responses=MoveRow(many=True), filters=False)
    @action(detail=True, pagination_class=None)
    def moves(self, request: Request, pk: int) -> Response:
        """The moves that are open to you now."""
        return Response(
            MoveRow(self._get(request, pk).open_moves(request.user), many=True).data
        )

    @extend_schema(request=MoveRequest, responses=ProjectRecord)
    @moves.mapping.post
    def move(self, request: Request, pk: int) -> Response:
        """Make one of them; a reason, where one is needed, is taken from `note`."""
        request_body = MoveRequest(data=request.data)
        request_body.is_valid(raise_exception=True)
        project = self._get(request, pk)
        moved = project.move(
            request_body.validated_data["move"],
            request.user,
            request_body.validated_data["note"],
        )
        return self._answer(request, moved)

    def _get(self, request: Request, pk: int) -> Project:
        """A project that this person may read; 410 for one that was public, 404 for others."""
        project = (
            Project.objects.visible_to(request.user).for_page().filter(pk=pk).first()
        )
        if project is None:
            gone = get_object_or_404(Project.objects.tombstones().with_reason(), pk=pk)
            raise Gone(getattr(gone, "reason", None) or None)
        return project

    def _shown(self, project: Project) -> dict[str, Any]:
        return dict(self.get_serializer(as_served([project])[0]).data)

    def _answer(self, request: Request, project: Project) -> Response:
        """The whole record, or 304 when the reader has it already."""
        body = self._shown(project)
        headers = {"ETag": etag(body)}
        unchanged = request.method == "GET" and get_conditional_response(
            request, etag=etag(body)
        )
        if unchanged and unchanged.status_code == HTTPStatus.NOT_MODIFIED:
            return Response(status=HTTPStatus.NOT_MODIFIED, headers=headers)
        return Response(body, headers=headers)


def why_closed(project: Project, user: AnyUser) -> str:
    """Why this person, who may read the project, cannot change it."""
    if getattr(user, "waits_for_second_factor", False):
        return str(SECOND_STEP)
    if user.is_authenticated and is_own(project, user):
        return str(CONCERNED)
    status = {"status": project.get_status_display()}
    return (
        gettext("The status is “%(status)s”: the project cannot be changed now.")
        % status
    )


def etag(body: dict[str, Any]) -> str:
    return f'"{content_hash(body)[:32]}"'
