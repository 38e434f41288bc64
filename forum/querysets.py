"""Every question the portal asks about the Forum, by name."""

import zoneinfo
from collections import defaultdict
from collections.abc import Iterable
from functools import reduce
from itertools import permutations
from operator import or_
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Now, TruncDate

from common.collation import InReadersOrder
from common.models import StatusChange
from common.search import SearchQuerySet
from forum.workflow import HOLDING, LIVE, PLACED, RegistrationStatus, SubmissionStatus

if TYPE_CHECKING:
    from forum.models import (  # noqa: F401  (the names in the annotations below)
        AgendaRelease,
        Document,
        Edition,
        OutcomeReport,
        Person,
        Phase,
        Registration,
        Submission,
    )

GENEVA = zoneinfo.ZoneInfo("Europe/Zurich")


def today() -> TruncDate:
    """The day it is in Geneva, by the database's clock."""
    return TruncDate(Now(), tzinfo=GENEVA)


def _links(model: type[models.Model], name: str) -> models.QuerySet[Any]:
    """The rows that join a model with a vocabulary."""
    field: Any = model._meta.get_field(name)
    links: models.QuerySet[Any] = field.remote_field.through._default_manager.all()
    return links


class EditionQuerySet(models.QuerySet["Edition"]):
    def newest_first(self) -> Self:
        return self.order_by("-last_year", "-start_date", "-pk")

    def timeline(self) -> Self:
        """All editions, the newest first, each with the number of its released sessions."""
        return self.newest_first().annotate(in_programme=models.Count("programme"))

    def current_or_next(self) -> "Edition | None":
        """The edition that is held today, else the next one with a known date, else None."""
        return self.filter(end_date__gte=today()).order_by("start_date", "pk").first()

    def open_for_registration(self) -> Self:
        """Editions to which people may register now, by the database's clock."""
        return self.filter(
            Q(registration_closes_at__gt=Now()) | Q(registration_closes_at=None),
            registration_opens_at__lte=Now(),
        )


class PhaseQuerySet(models.QuerySet["Phase"]):
    def with_state(self) -> Self:
        """`is_current`: today lies in the phase; `is_over`: it has ended."""
        ended = Q(closes_on__lt=today())
        begun = Q(opens_on__lte=today()) | Q(opens_on=None, closes_on__gte=today())
        return self.annotate(
            is_over=models.ExpressionWrapper(ended, models.BooleanField()),
            is_current=models.ExpressionWrapper(begun & ~ended, models.BooleanField()),
        )

    def taking_submissions(self) -> Self:
        return self.with_state().filter(is_current=True, takes_submissions=True)


class AgendaQuerySet(SearchQuerySet):
    """What can be asked of sessions at the desk and of the released programme alike."""

    def of_edition(self, edition: Any) -> Self:
        return self.filter(edition=edition)

    def in_order(self) -> Self:
        """As a programme reads: by day and time; sessions without a day come last."""
        return self.order_by(
            F("day").asc(nulls_last=True),
            F("start").asc(nulls_last=True),
            "title",
            "pk",
        )

    def of_room(self, rooms: Any) -> Self:
        return self.filter(room__in=rooms)


class SessionQuerySet(AgendaQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Sessions of the released programme; those one proposed; all for the secretariat."""
        if getattr(user, "is_secretariat", False):
            return self
        public = Q(released__isnull=False)
        return self.filter(
            public | self.organized_by(user) if user.is_authenticated else public
        )

    def organized_by(self, user: Any) -> Q:
        """Sessions that a person proposed, or that were made of their request and others."""
        links: Any = self.model._meta.get_field("submissions")
        requests = links.related_model.objects.part_of_a_session().filter(owner=user)
        return Q(owner=user) | Q(pk__in=requests.values("session"))

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
        """Sessions that hold a time: scheduled or in the programme."""
        return self.filter(status__in=PLACED, start__isnull=False, end__isnull=False)

    def concerned(self) -> dict[int, set[int]]:
        """Account → which of these sessions it organises, takes part in or has starred."""
        found: dict[int, set[int]] = defaultdict(set)
        for path in (
            "owner",
            "submissions__owner",
            "participations__person__user",
            "stars__user",
        ):
            rows = self.order_by().filter(**{f"{path}__isnull": False})
            for user, session in rows.values_list(path, "pk"):
                found[user].add(session)
        return found

    def overlapping(self, session: Any) -> Self:
        """Other placed sessions at the same time; those that only touch do not overlap."""
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
        wanted = {session.pk: session for session in sessions}
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
                    pk in wanted
                    and pk != other
                    and start < other_end
                    and other_start < end
                ):
                    clashes.append((other_start, other, pk, name))
        if not clashes:
            return None
        _start, other, pk, name = min(clashes)
        return wanted[pk], name, other

    def for_agenda(self) -> Self:
        """With all that a line of the agenda shows."""
        return self.select_related("room", "type", "track", "edition").prefetch_related(
            "action_lines", "sdgs", "organisers"
        )

    def with_people(self) -> Self:
        """With all that a page of a session, or a release, holds."""
        return self.for_agenda().prefetch_related("participations__person")


class ReleasedSessionQuerySet(AgendaQuerySet):
    def visible_to(self, user: Any) -> Self:
        return self

    def of_action_line(self, *codes: str) -> Self:
        return self.filter(action_line_codes__overlap=list(codes))

    def of_sdg(self, *codes: str) -> Self:
        return self.filter(sdg_codes__overlap=list(codes))

    def of_person(self, *ids: int) -> Self:
        """Sessions in which one of these records has a part."""
        parts = [Q(people__contains=[{"person": pk}]) for pk in ids]
        return self.filter(reduce(or_, parts))

    def for_agenda(self) -> Self:
        return self.select_related("edition").defer("description", "words")

    def for_programme(self) -> Self:
        """Lines of an agenda of one edition: no more than they show."""
        return self.prefetch_related("edition").defer(
            "description",
            "words",
            "people",
            "changed_at",
            "content_hash",
            "source",
            "link",
            "recording",
        )

    def starred_by(self, user: Any) -> Self:
        return self.filter(session__stars__user=user)

    def of_calendar(self, user: Any) -> Self:
        """What stands in a person's own calendar: starred sessions, and those they take part in."""
        own = Q(session__stars__user=user) | Q(
            session__participations__person__user=user
        )
        ids = self.filter(own | Q(session__owner=user)).values("pk")
        return self.filter(pk__in=ids)

    def with_stars(self, user: Any) -> Self:
        """`is_starred`: whether this person has put the session on their list."""
        if not user.is_authenticated:
            return self.annotate(is_starred=models.Value(False))
        mine = self.model._meta.apps.get_model("forum", "Star").objects.filter(
            session_id=OuterRef("session_id"), user=user
        )
        return self.annotate(is_starred=Exists(mine))


class PersonQuerySet(models.QuerySet["Person"]):
    def public(self) -> Self:
        """People who have, or had, a part in the released programme."""
        return self.unmerged().filter(is_public=True).by_name()

    def by_name(self) -> Self:
        """In the order of the reader's alphabet; `sort_name` is the key of a page's cursor."""
        return self.annotate(sort_name=InReadersOrder("name")).order_by(
            "sort_name", "pk"
        )

    def unmerged(self) -> Self:
        """Without records that were found to be somebody else's double."""
        return self.filter(merged_into=None)


class SubmissionQuerySet(models.QuerySet["Submission"]):
    def visible_to(self, user: Any) -> Self:
        """One's own; for the secretariat all that were handed in."""
        if not user.is_authenticated:
            return self.none()
        if user.is_secretariat:
            return self.filter(Q(owner=user) | ~Q(status=SubmissionStatus.DRAFT))
        return self.filter(owner=user)

    def of_owner(self, user: Any) -> Self:
        return self.filter(owner=user).order_by("-updated_at", "-pk")

    def handed_in(self) -> Self:
        return self.exclude(
            status__in=[SubmissionStatus.DRAFT, SubmissionStatus.RETURNED]
        )

    def part_of_a_session(self) -> Self:
        """Workshop requests that a session was made of, alone or merged with others."""
        return self.filter(
            kind="workshop",
            session__isnull=False,
            status__in=[SubmissionStatus.USED, SubmissionStatus.MERGED],
        )

    def except_used(self) -> Self:
        return self.exclude(status=SubmissionStatus.USED)

    def with_reason(self) -> Self:
        """`reason`: what was written with the move that brought the submission where it is."""
        moves = StatusChange.objects.filter(
            record_kind="forum.submission",
            record_id=OuterRef("pk"),
            target=OuterRef("status"),
        )
        return self.annotate(
            reason=Subquery(moves.order_by("-at", "-pk").values("note")[:1])
        )

    def counts(self, column: str) -> list[tuple[str, int]]:
        """Submissions handed in by a column's value, the most frequent first."""
        rows = (
            self.handed_in().order_by().values_list(Coalesce(column, models.Value("")))
        )
        return [
            (code, count)
            for code, count in rows.annotate(count=models.Count("pk")).order_by(
                "-count", column
            )
        ]


class RegistrationQuerySet(models.QuerySet["Registration"]):
    def visible_to(self, user: Any) -> Self:
        if not user.is_authenticated:
            return self.none()
        return self if user.is_secretariat else self.filter(user=user)

    def live(self) -> Self:
        return self.filter(status__in=LIVE)

    def holding(self) -> Self:
        """Those that hold a place of the capacity."""
        return self.filter(status__in=HOLDING)

    def waiting(self) -> Self:
        """The waiting list, in order."""
        return self.filter(status=RegistrationStatus.WAITLISTED).order_by(
            "waitlisted_at", "pk"
        )


class DocumentQuerySet(models.QuerySet["Document"]):
    def visible_to(self, user: Any) -> Self:
        """Published documents; for the secretariat also those that are being prepared."""
        if getattr(user, "is_secretariat", False):
            return self
        return self.filter(is_public=True)

    def for_list(self) -> Self:
        return self.select_related("edition", "session").order_by(
            "-edition__last_year", "kind", "title", "pk"
        )


class OutcomeReportQuerySet(models.QuerySet["OutcomeReport"]):
    def visible_to(self, user: Any) -> Self:
        """Published reports; one's own; all for the secretariat."""
        if getattr(user, "is_secretariat", False):
            return self
        public = Q(published_at__isnull=False)
        if not user.is_authenticated:
            return self.filter(public)
        field: Any = self.model._meta.get_field("session")
        sessions = field.related_model.objects
        own = sessions.filter(sessions.all().organized_by(user))
        return self.filter(public | Q(session__in=own))

    def published(self) -> Self:
        return self.filter(published_at__isnull=False)


class AgendaReleaseQuerySet(models.QuerySet["AgendaRelease"]):
    def newest_first(self) -> Self:
        return self.select_related("edition").order_by("-at", "-pk")

    def untold(self) -> Self:
        """Releases whose readers were not written to yet, the oldest first."""
        return self.filter(told_at=None).order_by("at", "pk")
