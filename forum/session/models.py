"""Sessions as the desk plans them; what the public reads is stored in `ReleasedSession`."""

import datetime
from collections.abc import Iterable
from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Deferrable
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.role.roles import roles_towards
from common.moves.actors import AnyUser
from common.moves.models import Moved, StatusChange
from common.moves.workflow import MoveRefused, status_check
from common.search.fields import Words
from forum.base.workflow import COORDINATOR
from forum.edition.models import Edition
from forum.people.models import PRESENT, Participation, Person
from forum.room.models import Coordinator, names_of
from forum.room.times import Openings
from forum.session.description import Description, Precision, Said, TimeRange
from forum.session.fields import SEARCHED
from forum.session.querysets import SessionQuerySet
from forum.session.times import isolated
from forum.session.workflow import PLACED, SESSION_WORKFLOW, SessionStatus

LONGEST = datetime.timedelta(hours=24)
SHORTEST_WANTED = 5  # minutes


class JoinFor(models.TextChoices):
    """Who may read the link by which a session is joined from elsewhere."""

    REGISTERED = "registered", _("People whose registration is approved")
    EVERYBODY = "everybody", _("Everybody")


class Session(Moved, Description):
    edition = models.ForeignKey(
        Edition, models.PROTECT, related_name="sessions", verbose_name=_("edition")
    )
    action_lines = models.ManyToManyField(
        "reference.ActionLine",
        blank=True,
        related_name="sessions",
        verbose_name=_("action lines"),
        limit_choices_to={"number__isnull": False},
    )
    sdgs = models.ManyToManyField(
        "reference.SDG", blank=True, related_name="sessions", verbose_name=_("SDGs")
    )
    people = models.ManyToManyField(
        Person, through="forum.Participation", related_name="sessions"
    )
    WORKFLOW = SESSION_WORKFLOW
    status = models.CharField(
        _("status"),
        max_length=20,
        choices=SessionStatus.choices,
        default=SessionStatus.DRAFT,
        editable=False,
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="forum_sessions",
        verbose_name=_("proposed by"),
    )
    seats_wanted = models.PositiveIntegerField(
        _("seats wanted"),
        null=True,
        blank=True,
        help_text=_("How many people the organizers expect in the room."),
    )
    minutes_wanted = models.PositiveSmallIntegerField(
        _("minutes wanted"),
        null=True,
        blank=True,
        validators=[MinValueValidator(SHORTEST_WANTED), MaxValueValidator(24 * 60)],
        help_text=_("How long the session is to be, as long as it has no time."),
    )
    # No part of a release: a link that fails is replaced at once, and not everybody may read it.
    join_link = models.URLField(
        _("link to join remotely"),
        max_length=500,
        blank=True,
        help_text=_(
            "Empty: that of the room. It is shown from an hour before the start."
        ),
    )
    join_for = models.CharField(
        _("who may read the link to join"),
        max_length=10,
        choices=JoinFor.choices,
        default=JoinFor.REGISTERED,
    )
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("changed by"),
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed at"), auto_now=True)
    words = models.GeneratedField(
        expression=Words(*SEARCHED),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ["edition", "day", "start", "pk"]
        indexes = [
            models.Index(
                fields=["edition", "day", "start", "id"], name="session_order"
            ),
            models.Index(fields=["owner", "-updated_at"], name="session_of_owner"),
            GinIndex(fields=["words"], name="session_words"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(minutes_wanted=None)
                | models.Q(minutes_wanted__gte=5, minutes_wanted__lte=24 * 60),
                name="session_minutes_wanted",
            ),
            status_check(SessionStatus.values, "session_status"),
            models.CheckConstraint(
                condition=models.Q(end=None) | models.Q(end__gt=models.F("start")),
                name="session_ends_after_start",
                violation_error_message=_("The end must be after the start."),
            ),
            models.CheckConstraint(
                condition=models.Q(start=None, end=None)
                | models.Q(
                    start__isnull=False, precision=Precision.TIME, day__isnull=False
                ),
                name="session_time_has_day",
            ),
            ExclusionConstraint(
                name="session_room_once_at_a_time",
                expressions=[
                    ("room", RangeOperators.EQUAL),
                    (
                        TimeRange("start", "end", RangeBoundary()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=models.Q(
                    status__in=sorted(PLACED),
                    start__isnull=False,
                    end__isnull=False,
                    room__isnull=False,
                ),
                # Checked at the end of a statement, because an import moves many sessions by one.
                deferrable=Deferrable.IMMEDIATE,
                violation_error_message=_(
                    "Another session is in this room at this time."
                ),
            ),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """The day follows from the start, in the edition's time zone."""
        fields = kwargs.get("update_fields")
        if self.start and (fields is None or "start" in fields):
            self.day, self.precision = (
                self.edition.local_day(self.start),
                Precision.TIME,
            )
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("forum:session", args=[self.pk])

    def clean(self) -> None:
        """Raises ValidationError: times out of order, room or people taken."""
        if self.end and not self.start:
            raise ValidationError({"start": _("Enter the start as well as the end.")})
        if self.start and self.end and self.end - self.start > LONGEST:
            raise ValidationError({"end": _("A session lasts 24 hours at most.")})
        if self.room and self.edition_id and self.room.edition_id != self.edition_id:
            raise ValidationError({"room": _("This room belongs to another edition.")})
        if self.start and self.edition_id:
            self.day, self.precision = (
                self.edition.local_day(self.start),
                Precision.TIME,
            )
        if self.status in PLACED:
            closed = Openings(self.edition).why_closed(self) if self.room_id else ""
            if clash := closed or self.room_clash():
                raise ValidationError({"room": clash})

    def validate_constraints(self, exclude: Iterable[Any] | None = None) -> None:
        """Forms do not contain the status, but it decides which constraints hold."""
        super().validate_constraints(exclude=set(exclude or ()) - {"status"})

    # --- roles and moves ---

    def roles_of(self, user: AnyUser) -> set[str]:
        if not user.is_authenticated:
            return super().roles_of(user)
        roles = roles_towards(user, owns=self.is_organized_by(user))
        return roles | ({COORDINATOR} if self.is_coordinated_by(user) else set())

    def is_coordinated_by(self, user: AnyUser) -> bool:
        """Whether this person plans the sessions of the track that this one belongs to."""
        if not (self.track_id and user.pk):
            return False
        rows = Coordinator.objects.filter(edition=self.edition_id, track=self.track_id)
        return rows.filter(user_id=user.pk).exists()

    def is_organized_by(self, user: AnyUser) -> bool:
        """Whether this person proposed the session, alone or by a merged request."""
        if self.owner_id == user.pk:
            return True
        sessions = Session.objects.all()
        return (
            bool(self.pk)
            and sessions.filter(sessions.organized_by(user), pk=self.pk).exists()
        )

    @transaction.atomic
    def move(self, name: str, user: AnyUser, note: str = "") -> Self:
        """Make one move of the table under the lock of the edition. Raises MoveRefused."""
        self.edition.lock()
        return super().move(name, user, note)

    def cancel_in_public(self, change: StatusChange) -> None:
        """Announce the cancellation at once, without a release, if the session was public.

        Nobody should come to a session that does not take place.
        """
        released = getattr(self, "released", None)
        if released:
            released.cancel(change)

    # --- places ---

    def require_place(self) -> None:
        """Raises MoveRefused with a sentence when time or room is missing or taken.

        Sessions from a public source may be incomplete: nothing is invented.
        """
        self.require_time_and_room()
        closed = Openings(self.edition).why_closed(self) if self.room_id else ""
        clash = closed or self.room_clash() or self.people_clash()
        if clash:
            raise MoveRefused(clash)

    def require_time_and_room(self) -> None:
        """Raises MoveRefused with a sentence when time or room is missing."""
        if self.source and not (self.start and self.end):
            return
        if not (self.start and self.end):
            raise MoveRefused(
                _("“%(session)s” has no time yet.") % {"session": self.title}
            )
        if not self.room_id and not self.is_remote and not self.source:
            raise MoveRefused(
                _("“%(session)s” has no room: choose one, or hold it remotely.")
                % {"session": self.title}
            )

    @staticmethod
    def require_places(sessions: Iterable["Session"]) -> None:
        """`require_place` for many sessions of one edition, in four queries.

        A database constraint prevents that a room is taken twice.
        """
        timed: list[Session] = []
        for session in sessions:
            session.require_time_and_room()
            if session.start and session.end:
                timed.append(session)
        openings = Openings(timed[0].edition) if timed else None
        for session in timed:
            if openings and (closed := openings.why_closed(session)):
                raise MoveRefused(f"“{session.title}”: {closed}")
        if clash := Session.objects.first_people_clash(timed, PRESENT):
            session, person, other = clash
            raise MoveRefused(session.person_elsewhere(person, other))

    def room_clash(self) -> str:
        """A sentence that names the other session in this room at this time; "" if it is free."""
        if not (self.room_id and self.start and self.end):
            return ""
        other = Session.objects.overlapping(self).filter(room=self.room_id).first()
        if other is None:
            return ""
        return gettext("“%(room)s” is occupied by “%(session)s”, %(time)s.") % {
            "room": self.room,
            "session": other.title,
            "time": other.time_text(),
        }

    def people_clash(self, people: Iterable[Any] | None = None) -> str:
        """A sentence that names a person who is elsewhere at this time, and where; "" if none.

        `people` are ids; those of the stored parts when it is None.
        """
        if not (self.start and self.end):
            return ""
        if people is None:
            parts = self.participations.filter(role__in=PRESENT) if self.pk else []
            people = [part.person_id for part in parts]
        elsewhere = (
            Session.objects.overlapping(self)
            .filter(participations__person__in=people, participations__role__in=PRESENT)
            .values_list("participations__person__name", "pk")
        )
        for name, pk in elsewhere[:1]:
            return self.person_elsewhere(name, pk)
        return ""

    def namesake_clash(self, people: Iterable[Any] | None = None) -> str:
        """A sentence for staff to confirm: somebody of the same name, perhaps the same person in
        a second record, is elsewhere at this time; "" if nobody is."""
        if not (self.start and self.end):
            return ""
        parts = self.participations.filter(role__in=PRESENT) if self.pk else []
        ids = [part.person_id for part in parts] if people is None else list(people)
        keys = Person.objects.filter(pk__in=ids).exclude(name_key="").values("name_key")
        other = (
            Participation.objects.filter(
                session__in=Session.objects.overlapping(self).order_by(),
                role__in=PRESENT,
                person__name_key__in=keys,
            )
            .exclude(person__in=ids)
            .select_related("person", "session__edition")
            .order_by("session__start", "pk")
            .first()
        )
        if other is None:
            return ""
        return gettext(
            "%(person)s is in “%(session)s” at this time, %(time)s. Is this the same person? "
            "Then merge the two records."
        ) % {
            "person": other.person,
            "session": other.session.title,
            "time": other.session.time_text(),
        }

    @staticmethod
    def person_elsewhere(name: str, pk: int) -> str:
        other = Session.objects.select_related("edition").get(pk=pk)
        return gettext("%(person)s is in “%(session)s” at this time, %(time)s.") % {
            "person": name,
            "session": other.title,
            "time": other.time_text(),
        }

    def time_text(self) -> str:
        """“7 July 2025, 09:34-10:30” in the edition's time zone."""
        if not (self.start and self.end):
            return ""
        start, end = (
            moment.astimezone(self.edition.zone) for moment in (self.start, self.end)
        )
        return (
            f"{date_format(start, 'DATE_FORMAT')}, "
            f"{isolated(f'{start:%H:%M}–{end:%H:%M}')}"
        )

    # --- as lines of an agenda show it ---

    @property
    def room_name(self) -> str:  # type: ignore[override]  # a column of the released form
        return self.room.name if self.room else ""

    @property
    def building(self) -> str:  # type: ignore[override]  # a column of the released form
        return self.room.building if self.room else ""

    @property
    def type_names(self) -> dict[str, str]:  # type: ignore[override]  # a column of the released form
        return names_of(self.type)

    @property
    def track_names(self) -> dict[str, str]:  # type: ignore[override]  # a column of the released form
        return names_of(self.track)

    @property
    def said(self) -> Said:
        """At the desk a session is read as it was written."""
        return Said(self.title, self.language)

    @property
    def texts(self) -> dict[str, dict[str, str]]:
        """Language → the approved text, as the next release shows it."""
        return {
            text.language: text.approved
            for text in self.other_texts.all()
            if text.approved and text.language != self.language
        }

    @property
    def titles(self) -> dict[str, str]:  # type: ignore[override]  # a column of the released form
        """Language → the title, of texts that people have written."""
        return {
            code: text["title"]
            for code, text in self.texts.items()
            if text["kind"] == "human"
        }

    @property
    def session_id(self) -> int:
        return self.pk

    @property
    def action_line_codes(self) -> list[str]:
        return [line.pk for line in self.action_lines.all()]

    @property
    def sdg_codes(self) -> list[str]:
        return sorted((goal.pk for goal in self.sdgs.all()), key=int)

    @property
    def organizer_names(self) -> list[str]:
        return [organizer.name for organizer in self.organizers.all()]

    def parts(self) -> list[dict[str, Any]]:
        """The people of the session, as a release stores them."""
        return [
            {
                "person": part.person_id,
                "name": part.person.name,
                "role": part.role,
                "organization": part.person.organization,
            }
            for part in self.participations.all()
        ]


class Organizer(models.Model):
    """An organizer of a session: an organization of the authority list, or a name as written."""

    session = models.ForeignKey(
        Session, models.CASCADE, related_name="organizers", verbose_name=_("session")
    )
    name = models.CharField(_("name"), max_length=250)
    organization = models.ForeignKey(
        "stocktaking.Organization",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="forum_sessions",
        verbose_name=_("organization"),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("organizer")
        verbose_name_plural = _("organizers")
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["session", "name"], name="organizer_once"),
        ]

    def __str__(self) -> str:
        return self.name
