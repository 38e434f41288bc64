"""Every question the portal asks about projects, by name."""

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q

from stocktaking.workflow import Status

if TYPE_CHECKING:
    from stocktaking.models import Project  # noqa: F401  (the type of the rows)

# An owner may change an entry only while it is in their hands.
EDITABLE = (Status.DRAFT, Status.RETURNED)


class ProjectQuerySet(models.QuerySet["Project"]):
    def published(self) -> Self:
        return self.filter(status=Status.PUBLISHED)

    def of_owner(self, user: Any) -> Self:
        """A member's own entries, the last touched first."""
        return self.filter(owner=user).order_by("-updated_at", "-pk")

    def visible_to(self, user: Any) -> Self:
        """What this person may read: published work, one's own, or all for the secretariat."""
        if not user.is_authenticated:
            return self.published()
        if user.is_secretariat:
            return self
        return self.filter(Q(status=Status.PUBLISHED) | Q(owner=user))

    def editable_by(self, user: Any) -> Self:
        """What this person may change; strangers get 404."""
        if not user.is_authenticated:
            return self.none()
        if user.is_secretariat:
            return self
        return self.filter(owner=user, status__in=EDITABLE)

    def queue(self) -> Self:
        """What waits for the secretariat, the oldest first."""
        return self.filter(status=Status.SUBMITTED).order_by("submitted_at", "pk")

    def newest(self) -> Self:
        return self.published().order_by("-published_at", "-pk")

    def for_list(self) -> Self:
        """Rows of a list page: names come from the vocabularies held in the process."""
        return self.defer(
            "partners", "results", "replicability", "sustainability", "source", "source_note"
        )

    def for_page(self) -> Self:
        return self.select_related(
            "organisation", "activity_type", "stakeholder_type", "country__region", "coverage",
            "main_action_line", "owner",
        ).prefetch_related("other_action_lines", "sdgs", "target_groups", "technologies")
