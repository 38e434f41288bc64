"""Rooms of an edition, and the types and tracks of sessions."""

from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from modeltranslation.utils import build_localized_fieldname

from common.text.collation import InReadersOrder
from forum.edition.models import Edition
from reference.term.models import Term


def room_text(name: str, building: str) -> str:
    return f"{name}, {building}" if building else name


def names_of(term: Term | None) -> dict[str, str]:
    """The names of a type or track by language, as a release stores them."""
    if term is None:
        return {}
    names = {
        code: getattr(term, build_localized_fieldname("name", code))
        for code, _language in settings.LANGUAGES
    }
    return {code: name for code, name in names.items() if name}


def in_language(names: dict[str, str]) -> str:
    """The name in the reader's language, else in English, else in any."""
    for code in (get_language(), settings.LANGUAGE_CODE):
        if code in names:
            return names[code]
    return next(iter(names.values()), "")


class SessionType(Term):  # type: ignore[django-manager-missing]  # modeltranslation gives it
    """The type of a session; rows, because each year brings new ones."""

    class Meta(Term.Meta):
        verbose_name = _("session type")
        verbose_name_plural = _("session types")


class Track(Term):  # type: ignore[django-manager-missing]  # modeltranslation gives it
    class Meta(Term.Meta):
        verbose_name = _("track")
        verbose_name_plural = _("tracks")


class Coordinator(models.Model):
    """Somebody who plans the sessions of one track in one edition, and no others."""

    edition = models.ForeignKey(
        Edition,
        models.CASCADE,
        related_name="coordinators",
        verbose_name=_("edition"),
    )
    track = models.ForeignKey(
        Track, models.CASCADE, related_name="coordinators", verbose_name=_("track")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="coordinated_tracks",
        verbose_name=_("account"),
    )

    class Meta:
        verbose_name = _("track coordinator")
        verbose_name_plural = _("track coordinators")
        ordering = ["edition", "track", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "track", "user"], name="coordinator_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.track}"


class RoomQuerySet(models.QuerySet["Room"]):
    def in_columns(self) -> Self:
        """By building, then by name: the columns of a timetable."""
        return self.order_by(InReadersOrder("building"), InReadersOrder("name"), "pk")


class Room(models.Model):
    """A room of one edition: next year it may have another name and number of seats."""

    edition = models.ForeignKey(
        Edition, models.CASCADE, related_name="rooms", verbose_name=_("edition")
    )
    name = models.CharField(_("name"), max_length=100)
    building = models.CharField(_("building"), max_length=150, blank=True)
    capacity = models.PositiveIntegerField(_("seats"), null=True, blank=True)
    features = ArrayField(
        models.CharField(max_length=60),
        verbose_name=_("equipment"),
        default=list,
        blank=True,
        help_text=_("Separated by commas: interpretation booths, induction loop …"),
    )
    booths = models.PositiveSmallIntegerField(
        _("interpretation booths"),
        null=True,
        blank=True,
        help_text=_("One for each language; leave empty if not known."),
    )
    has_captioning = models.BooleanField(_("captioning"), default=False)
    remote_link = models.URLField(
        _("link for remote participation"), max_length=500, blank=True
    )

    objects = RoomQuerySet.as_manager()

    class Meta:
        verbose_name = _("room")
        verbose_name_plural = _("rooms")
        ordering = [InReadersOrder("building"), InReadersOrder("name"), "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "building", "name"],
                name="room_once",
                violation_error_message=_(
                    "This edition has a room of this name already."
                ),
            )
        ]

    def __str__(self) -> str:
        return room_text(self.name, self.building)


def offered_types(
    edition: Edition, also: QuerySet | None = None
) -> models.QuerySet[Any]:
    """Session types that forms of an edition offer, and the one already chosen."""
    return _offered(SessionType.objects.all(), edition.session_types, also)


def offered_tracks(
    edition: Edition, also: QuerySet | None = None
) -> models.QuerySet[Any]:
    """Tracks that forms of an edition offer, and the one already chosen."""
    return _offered(Track.objects.all(), edition.tracks, also)


def _offered(
    terms: models.QuerySet[Any], of_edition: Any, also: object
) -> models.QuerySet[Any]:
    chosen = list(of_edition.values_list("pk", flat=True))
    if not chosen:
        return terms
    return terms.filter(pk__in=[*chosen, also] if also else chosen)
