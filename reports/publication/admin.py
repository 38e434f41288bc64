"""Publications in the admin; statuses change by the move table."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin import ModelAdmin
from django.db import models, transaction
from django.http import HttpRequest
from django.utils.translation import gettext

from common.admin.deletion import DeletesMistakes
from common.admin.read_only import KeptAdmin
from common.moves.workflow import Move, MoveRefused
from reports.build.models import Build, Step
from reports.build.tasks import start_builds
from reports.citation.models import Cited
from reports.output.models import Artefact, Snapshot, SnapshotRecord, remove_strays
from reports.publication.models import Publication
from reports.publication.workflow import PUBLICATION_WORKFLOW, STAFF, Status


def move_action(move: Move) -> Callable[..., None]:
    """The action that makes the move for each selected publication; a refusal names it and the
    reason."""

    def action(
        desk: ModelAdmin, request: HttpRequest, chosen: models.QuerySet[Publication]
    ) -> None:
        for publication in chosen:
            try:
                publication.move(move.name, request.user)
            except MoveRefused as refused:
                messages.error(request, f"{publication}: {refused.message}")
            else:
                messages.success(request, f"{publication}: {move.label}")
        start_builds()

    return action


@admin.register(Publication)
class PublicationAdmin(DeletesMistakes, KeptAdmin):
    """Moves that need a reason are made on the publication's own page ("View on site").

    What libraries gave a report is entered here; all else follows from its request and its moves. A
    draft that was never public can be deleted with all that was built for it.
    """

    goes_along = (Build, Step, Snapshot, Artefact, SnapshotRecord)

    list_display = (
        "title",
        "series",
        "language",
        "status",
        "version",
        "published_version",
        "due_on",
    )
    list_filter = ("status", "series", "region", "language")
    search_fields = ("title",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_readonly_fields(
        self, request: HttpRequest, obj: Publication | None = None
    ) -> list[str]:
        """All fields but the identifiers."""
        written = {field.name for field in Cited._meta.get_fields()}
        names = [field.name for field in Publication._meta.fields]
        return [name for name in names if name not in {"id", *written}]

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return {
            move.name: (move_action(move), move.name, str(move.label))
            for move in PUBLICATION_WORKFLOW
            if move.by & STAFF and move.offered and not move.needs_note
        }

    def kept_because(self, record: Publication) -> str:
        if record.published_at or record.published_version:
            return gettext("It has been public: withdraw it instead.")
        if record.status == Status.BUILDING:
            return gettext("It is being built: cancel the build first.")
        return super().kept_because(record)

    @transaction.atomic
    def delete_model(self, request: HttpRequest, obj: Publication) -> None:
        for version in range(1, obj.version + 1):
            transaction.on_commit(partial(remove_strays, obj.pk, version))
        super().delete_model(request, obj)
