"""Every question the portal asks about projects, by name."""

import re
from typing import TYPE_CHECKING, Any, Self

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Now, Trim
from django.utils.translation import get_language

from common.models import StatusChange
from stocktaking.desk_querysets import DeskQuerySet
from stocktaking.workflow import Status

if TYPE_CHECKING:
    from stocktaking.models import Project

NUMBER = re.compile(r"\s*WSIS-\d{4}-(\d{1,18})\s*", re.IGNORECASE | re.ASCII)
# An owner may change an entry only while it is in their hands.
EDITABLE = (Status.DRAFT, Status.RETURNED)
# The many-to-many fields that hold terms of a vocabulary.
LISTS = ("other_action_lines", "sdgs", "target_groups", "technologies")

# The title and the summary are those of the reader's language where such a text is approved.
CARDS = """
SELECT project.id, number, coalesce(told.title, project.title) AS title,
       CASE WHEN told.id IS NULL THEN project.summary ELSE told.summary END AS summary,
       coalesce(told.language, project.language) AS language, organisation_name, country_id,
       main_action_line_id, stakeholder_type_id, year, project.status, published_at,
       project.updated_at
FROM stocktaking_project AS project LEFT JOIN stocktaking_entrytext AS told
    ON told.project_id = project.id AND told.language = %s AND 'approved' = told.status
    AND told.language <> project.language
WHERE project.id = ANY(%s) AND 'published' = project.status
"""


class ProjectQuerySet(DeskQuerySet):
    def published(self) -> Self:
        return self.filter(status=Status.PUBLISHED)

    def of_owner(self, user: Any) -> Self:
        """A member's own entries, the last touched first."""
        return self.filter(owner=user).order_by("-updated_at", "-pk")

    def written_by(self, user: Any) -> Self:
        """Entries in which this person writes, whatever their status."""
        return self.filter(Q(owner=user) | self._coedited_by(user)).order_by(
            "-updated_at", "-pk"
        )

    def _coedited_by(self, user: Any) -> Exists:
        coeditors: Any = self.model._meta.get_field("coeditors").related_model
        mine = coeditors.objects.filter(
            project=OuterRef("pk"), user=user, revoked_at=None
        )
        return Exists(mine)

    def blank_drafts_of(self, user: Any) -> Self:
        """Drafts in which nothing of substance has been written yet."""
        return self.filter(
            owner=user,
            status=Status.DRAFT,
            title="",
            summary="",
            website="",
            image="",
            attachments=[],
            partners="",
            results="",
            main_action_line=None,
        ).order_by("pk")

    def with_reason(self) -> Self:
        """`reason`: what was written with the move that brought the entry where it is."""
        moves = StatusChange.objects.filter(
            record_kind="stocktaking.project",
            record_id=OuterRef("pk"),
            target=OuterRef("status"),
        )
        return self.annotate(
            reason=Subquery(moves.order_by("-at", "-pk").values("note")[:1])
        )

    def tombstones(self) -> Self:
        """Entries that were public once and are so no more."""
        return self.filter(status=Status.ARCHIVED, version__gt=0)

    def to_be_released(self) -> Self:
        """Approved entries whose date has come, by the clock of the database."""
        due = self.filter(status=Status.APPROVED, public_from__lte=Now())
        return due.order_by("public_from", "pk")

    def numbered(self, text: str) -> Self:
        """The entry of this public number. Its last part is the id, so that a slip in the year
        does no harm; nothing for a text that is no number."""
        match = NUMBER.fullmatch(text)
        return self.filter(pk=int(match[1])) if match else self.none()

    def merged(self) -> Self:
        """Entries that have become part of another, to which they lead."""
        return self.filter(status=Status.ARCHIVED, successor__isnull=False)

    def visible_to(self, user: Any) -> Self:
        """What this person may read: published work, one's own, or all for the secretariat."""
        if not user.is_authenticated:
            return self.published()
        if user.is_secretariat:
            return self
        mine = Q(owner=user) | self._coedited_by(user)
        return self.filter(Q(status=Status.PUBLISHED) | mine)

    def editable_by(self, user: Any) -> Self:
        """What this person may change; strangers get 404.

        Staff change what is public too, but not on their own authority what they wrote.
        """
        if not user.is_authenticated:
            return self.none()
        mine = Q(owner=user) | self._coedited_by(user)
        if user.is_secretariat:
            return self.filter(~mine | Q(status__in=EDITABLE))
        return self.filter(mine, status__in=EDITABLE)

    def newest(self) -> Self:
        return self.published().order_by("-published_at", "-pk")

    def count_organisations(self) -> int:
        """How many organizations stand behind these projects, by name: that of the authority list,
        or what was written while the organization waits to be listed."""
        written = Trim("organisation_name")
        named = self.order_by().annotate(
            known_as=Coalesce("organisation__name", written)
        )
        return named.exclude(known_as="").values("known_as").distinct().count()

    def for_list(self) -> Self:
        """Rows of a list page: names come from the vocabularies held in the process."""
        return self.defer(
            "partners",
            "results",
            "replicability",
            "sustainability",
            "source",
            "source_note",
        )

    def with_codes(self) -> Self:
        """`<list>_codes` for each list of terms, in no order, without a query of their own."""
        lists: dict[str, Any] = {}
        for name in LISTS:
            through = getattr(self.model, name).through
            term = through._meta.get_fields()[-1].attname  # id, project, term
            rows = through.objects.filter(project_id=OuterRef("pk")).values(term)
            lists[f"{name}_codes"] = ArraySubquery(rows)
        return self.annotate(**lists)

    def cards(self, ids: list[int]) -> dict[int, "Project"]:
        """Published entries as the cards of a list show them, by id.

        In the language of the page where an approved text is in it: to be shown, never saved.
        Written as SQL because the list is the busiest page: composing it took as long as the rest.
        """
        return {card.pk: card for card in self.raw(CARDS, [get_language(), ids])}

    def for_page(self) -> Self:
        return self.select_related(
            "organisation",
            "activity_type",
            "stakeholder_type",
            "country__region",
            "coverage",
            "main_action_line",
            "owner",
        ).prefetch_related(
            "other_action_lines", "sdgs", "target_groups", "technologies"
        )
