"""A new edition from an earlier one: what is chosen is copied, and all its days are shifted by the
distance between the two first days."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from common.records import copying
from common.records.copying import Part, copied, save_rows
from forum.checkin.models import Gate
from forum.consultation.phases import InputKind, Phase, new_access_code
from forum.consultation.questions import Question
from forum.edition.models import Edition
from forum.letter.models import LetterTemplate
from forum.outcome.calls import ReportCall
from forum.review.models import Reviewer
from forum.room.models import Room


class Copy(copying.Copy):
    """An edition that will be made."""

    def __init__(
        self, source: Edition, new: dict[str, Any], chosen: Iterable[str]
    ) -> None:
        first: datetime.date = new["start_date"]
        shift = first - source.start_date if source.start_date else None
        super().__init__(source, chosen, shift)
        self.edition = self._edition(new)

    def _edition(self, new: dict[str, Any]) -> Edition:
        source, shift = self.source, self.shift or datetime.timedelta()
        first = new["start_date"]
        last = source.end_date + shift if source.end_date and self.shift else first
        kept = ("kind", "time_zone", "venue", "host", "co_organizers")
        edition = Edition(
            **{name: getattr(source, name) for name in kept},
            **new,
            end_date=max(first, last),
            first_year=first.year,
            last_year=max(first, last).year,
        )
        if "rooms" in self.chosen:
            edition.interpretation_teams = source.interpretation_teams
            edition.captioning_units = source.captioning_units
        if "registration" in self.chosen:
            for name in ("registration_opens_at", "registration_closes_at"):
                setattr(edition, name, self.moment(getattr(source, name)))
            edition.follow_up_until = self.day(source.follow_up_until)
        return edition

    # --- the parts, as rows that are not saved yet ---

    def rooms(self) -> list[Room]:
        return [
            copied(room, edition=self.edition)
            for room in self.source.rooms.in_columns()
        ]

    def types(self) -> list[models.Model]:
        return list(self.source.session_types.all())

    def tracks(self) -> list[models.Model]:
        return list(self.source.tracks.all())

    def phases(self) -> list[Phase]:
        return [
            copied(
                phase,
                edition=self.edition,
                opens_on=self.day(phase.opens_on),
                closes_on=self.day(phase.closes_on),
                source="",
                notes="",
            )
            for phase in self.source.phases.all()
        ]

    def kinds(self) -> list[InputKind]:
        """With windows of the same hours; without a first day they follow the phases. Whoever knew
        an access code last year does not know the new one."""
        return [
            copied(
                kind,
                edition=self.edition,
                access_code=new_access_code() if kind.access_code else "",
                opens_at=self.moment(kind.opens_at),
                closes_at=self.moment(kind.closes_at),
            )
            for kind in self.source.input_kinds.all()
        ]

    def screening(self) -> list[models.Model]:
        rows = self.source.screening_rules.order_by("kind")
        return [copied(row, edition=self.edition) for row in rows]

    def letters(self) -> list[models.Model]:
        rows = self.source.letters.order_by("move")
        return [copied(row, edition=self.edition) for row in rows]

    def breaks(self) -> list[models.Model]:
        """Those of all rooms; blocked times of one room come with the rooms."""
        return [
            copied(row, edition=self.edition, day=self.day(row.day))
            for row in self.source.blocked_times.filter(room=None)
        ]

    def coordinators(self) -> list[models.Model]:
        rows = self.source.coordinators.select_related("track", "user")
        return [copied(row, edition=self.edition) for row in rows]

    def registration(self) -> list[models.Model]:
        return [
            copied(row, edition=self.edition, taken=0)
            for row in self.source.capacities.all()
        ]

    def certificates(self) -> list[models.Model]:
        """Templates of letters and certificates, in all languages."""
        rows = LetterTemplate.objects.filter(edition=self.source).order_by("pk")
        return [copied(row, edition=self.edition) for row in rows]

    def review_phases(self) -> list[models.Model]:
        return [
            copied(
                row,
                edition=self.edition,
                opens_on=self.day(row.opens_on),
                closes_on=self.day(row.closes_on),
            )
            for row in self.source.review_phases.order_by("opens_on")
        ]

    def criteria(self) -> list[models.Model]:
        rows = self.source.review_criteria.order_by("order", "pk")
        return [copied(row, edition=self.edition) for row in rows]

    def reviewers(self) -> list[models.Model]:
        """Those who have reviewed and whose account is open; they have to accept again."""
        rows = Reviewer.objects.seated().filter(edition=self.source)
        return [
            copied(
                row,
                edition=self.edition,
                accepted=None,
                asked_at=None,
                answered_at=None,
                reminded_at=None,
            )
            for row in rows.filter(user__is_active=True)
            .select_related("track", "user")
            .order_by("track", "pk")
        ]

    def report_call(self) -> list[ReportCall]:
        return [
            copied(row, edition=self.edition, due_at=self.moment(row.due_at))
            for row in ReportCall.objects.filter(edition=self.source)
        ]

    def gates(self) -> list[models.Model]:
        """Those of the whole edition; an entrance of a session ends with the session."""
        rows = Gate.objects.filter(edition=self.source, session=None).order_by("pk")
        return [copied(row, edition=self.edition) for row in rows]

    # --- writing ---

    @transaction.atomic
    def save(self) -> Edition:
        self.edition.save()
        if "types" in self.chosen:
            self.edition.session_types.set(self.source.session_types.all())
        if "tracks" in self.chosen:
            self.edition.tracks.set(self.source.tracks.all())
        for part in PARTS:
            if part.name in self.chosen and part.name not in ("types", "tracks"):
                save_rows(part.rows(self))
        self._save_what_hangs_on_parts()
        return self.edition

    def _save_what_hangs_on_parts(self) -> None:
        if "rooms" in self.chosen:
            self._save_parts_of_rooms()
        if "report_call" in self.chosen:
            self._save_types_that_report()
        if "kinds" in self.chosen:
            self._save_questions()
        elif self.edition.phases.filter(takes_submissions=True).exists():
            InputKind.objects.add_usual(self.edition)

    def _save_parts_of_rooms(self) -> None:
        """Their opening hours, what blocks them, and the walks between their buildings."""
        new = {(room.building, room.name): room for room in self.edition.rooms.all()}
        hours, blocked = [], []
        for room in self.source.rooms.prefetch_related("hours", "blocked_times"):
            twin = new[room.building, room.name]
            hours += [
                copied(row, room=twin, day=self.day(row.day))
                for row in room.hours.all()
            ]
            blocked += [
                copied(row, edition=self.edition, room=twin, day=self.day(row.day))
                for row in room.blocked_times.all()
            ]
        walks = [copied(row, edition=self.edition) for row in self.source.walks.all()]
        for rows in (hours, blocked, walks):
            save_rows(rows)

    def _save_types_that_report(self) -> None:
        for row in ReportCall.objects.filter(edition=self.source):
            self.edition.report_call.session_types.set(row.session_types.all())

    def _save_questions(self) -> None:
        """The forms of the kinds; a question that depends on another follows its copy."""
        new = {kind.code: kind for kind in self.edition.input_kinds.all()}
        for kind in self.source.input_kinds.all():
            rows = list(Question.objects.of_kind(kind))
            twins = [copied(row, kind=new[kind.code], shown_if=None) for row in rows]
            Question.objects.bulk_create(twins)
            twin_of = {row.pk: twin for row, twin in zip(rows, twins, strict=True)}
            for row, twin in zip(rows, twins, strict=True):
                twin.shown_if = twin_of.get(row.shown_if_id)
            Question.objects.bulk_update(twins, ["shown_if"])


PARTS = (
    Part("certificates", _("Templates of letters and certificates"), Copy.certificates),
    Part(
        "rooms",
        _("Rooms, with opening hours, blocked times and walks between buildings"),
        Copy.rooms,
    ),
    Part("types", _("Session types"), Copy.types),
    Part("tracks", _("Tracks"), Copy.tracks),
    Part("coordinators", _("Track coordinators"), Copy.coordinators),
    Part("breaks", _("Breaks in all rooms"), Copy.breaks),
    Part(
        "phases", _("Phases of the consultation, shifted"), Copy.phases, has_days=True
    ),
    Part(
        "kinds",
        _(
            "Kinds of input to the consultation, with their forms and new access codes,"
            " shifted"
        ),
        Copy.kinds,
    ),
    Part("screening", _("Screening rules"), Copy.screening),
    Part("letters", _("Letters on dispositions"), Copy.letters),
    Part(
        "review_phases",
        _("Phases of the review, shifted"),
        Copy.review_phases,
        has_days=True,
    ),
    Part("criteria", _("Review criteria and their weights"), Copy.criteria),
    Part("reviewers", _("Reviewers, who are asked again"), Copy.reviewers),
    Part(
        "report_call",
        _("Call for reports of sessions, shifted"),
        Copy.report_call,
        has_days=True,
    ),
    Part("gates", _("Entrances for check-in"), Copy.gates),
    Part(
        "registration",
        _("Places and days of registration, shifted"),
        Copy.registration,
        has_days=True,
    ),
)

Copy.PARTS = PARTS
