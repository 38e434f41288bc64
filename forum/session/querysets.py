"""Queries about planned sessions, and about any agenda."""

from collections import defaultdict
from collections.abc import Iterable
from itertools import permutations
from typing import Any, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from common.moves.actors import AnyUser
from common.search.query import parse
from common.search.queryset import LITERAL, SearchQuerySet
from common.text.collation import holding
from forum.base.status import IN_A_SESSION
from forum.edition.models import Edition
from forum.session.workflow import PLACED


def _links(model: type[models.Model], name: str) -> models.QuerySet[Any]:
    """The rows that link a model with a vocabulary."""
    field: Any = model._meta.get_field(name)
    links: models.QuerySet[Any] = field.remote_field.through._default_manager.all()
    return links


class AgendaQuerySet(SearchQuerySet):
    """Queries about sessions at the desk and in the released programme alike."""

    # Name → expression of a text with the people or organizations of a session.
    names: dict[str, Any] = {}

    def search(self, text: str) -> Self:
        """Also sessions that have each word in their title or in the names of their people and
        organizations, whatever the accents. Phrases and unwanted words are looked for in the
        texts alone."""
        by_words = super().search(text)
        query, _cut = parse(text)
        if query.unwanted or not query.wanted or LITERAL.search(query.wanted):
            return by_words
        by_names = holding(self.alias(**self.names), query.wanted, "title", *self.names)
        return self.filter(
            Q(pk__in=by_words.order_by().values("pk"))
            | Q(pk__in=by_names.order_by().values("pk"))
        )

    def of_edition(self, edition: Edition) -> Self:
        return self.filter(edition=edition)

    def in_order(self) -> Self:
        """In the order of a programme: by day and time; sessions without a day come last."""
        return self.order_by(
            F("day").asc(nulls_last=True),
            F("start").asc(nulls_last=True),
            "title",
            "pk",
        )


class SessionQuerySet(AgendaQuerySet):
    names = {
        "person": F("participations__person__name"),
        "of_person": F("participations__person__organization"),
        "organizer": F("organizers__name"),
    }

    def visible_to(self, user: AnyUser) -> Self:
        """Sessions of the released programme; one's own proposals; all for the secretariat."""
        if getattr(user, "is_secretariat", False):
            return self
        public = Q(released__isnull=False)
        return self.filter(
            public | self.organized_by(user) if user.is_authenticated else public
        )

    def organized_by(self, user: AnyUser) -> Q:
        """Sessions that a person proposed, or that were made from their request and others."""
        requested = self.model._default_manager.filter(
            submissions__owner=user,
            submissions__kind__proposes_session=True,
            submissions__status__in=IN_A_SESSION,
        )
        return Q(owner=user) | Q(pk__in=requested.values("pk"))

    def of_action_line(self, *codes: str) -> Self:
        return self.filter(
            Exists(
                _links(self.model, "action_lines").filter(
                    session_id=OuterRef("pk"), actionline_id__in=codes
                )
            )
        )

    def of_sdg(self, *codes: str) -> Self:
        return self.filter(
            Exists(
                _links(self.model, "sdgs").filter(
                    session_id=OuterRef("pk"), sdg_id__in=codes
                )
            )
        )

    def placed(self) -> Self:
        """Sessions with a time: scheduled or in the programme."""
        return self.filter(status__in=PLACED, start__isnull=False, end__isnull=False)

    def concerned(self) -> dict[int, set[int]]:
        """Account → which of these sessions it organizes, takes part in or has starred."""
        sessions_of: dict[int, set[int]] = defaultdict(set)
        for path in (
            "owner",
            "submissions__owner",
            "participations__person__user",
            "stars__user",
        ):
            rows = self.order_by().filter(**{f"{path}__isnull": False})
            for user, session in rows.values_list(path, "pk"):
                sessions_of[user].add(session)
        return sessions_of

    def overlapping(self, session: Any) -> Self:
        """Other placed sessions at the same time, not those that just follow one another."""
        return (
            self.placed()
            .filter(start__lt=session.end, end__gt=session.start)
            .exclude(pk=session.pk)
            .order_by("start", "pk")
        )

    def first_people_clash(
        self, sessions: list[Any], present: Iterable[str]
    ) -> tuple[Any, str, int] | None:
        """The first of these sessions whose people are in another placed session at the same
        time: session, name of the person, id of the other session. One query for all."""
        if not sessions:
            return None
        by_id = {session.pk: session for session in sessions}
        rows = (
            self.placed()
            .filter(
                start__lt=max(session.end for session in sessions),
                end__gt=min(session.start for session in sessions),
                participations__role__in=present,
            )
            .order_by("start", "pk")
        )
        parts = defaultdict(list)
        for person, *part in rows.values_list(
            "participations__person",
            "participations__person__name",
            "pk",
            "start",
            "end",
        ):
            parts[person].append(part)
        clashes = []
        for busy in parts.values():
            for (name, pk, start, end), (
                _name,
                other,
                other_start,
                other_end,
            ) in permutations(busy, 2):
                if (
                    pk in by_id
                    and pk != other
                    and start < other_end
                    and other_start < end
                ):
                    clashes.append((other_start, other, pk, name))
        if not clashes:
            return None
        _start, other, pk, name = min(clashes)
        return by_id[pk], name, other

    def for_agenda(self) -> Self:
        """With everything that a line of the agenda shows."""
        return self.select_related("room", "type", "track", "edition").prefetch_related(
            "action_lines", "sdgs", "organizers"
        )

    def with_people(self) -> Self:
        """With everything that the page of a session, or a release, contains."""
        return self.for_agenda().prefetch_related(
            "participations__person", "other_texts"
        )
