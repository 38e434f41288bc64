"""What a reader may ask of an agenda: the same for page, calendar and API."""

import zoneinfo
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Any, NamedTuple

import django_filters
from django.conf import settings
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from common.collation import holding
from common.filters import Filters
from forum.models import Edition, Person, Room, SessionType, Track
from forum.models.documents import Document
from forum.models.people import Role
from forum.models.session import Mode
from forum.querysets import AgendaQuerySet
from reference import vocabulary


def choices_of(kind: str) -> Callable[[], list[tuple[str, str]]]:
    """The codes and names of a vocabulary, as a filter takes them."""
    return lambda: list(vocabulary.labels(kind).items())


@lru_cache
def zones() -> list[tuple[str, str]]:
    """Time zones by the names of the IANA database."""
    return [(name, name) for name in sorted(zoneinfo.available_timezones())]


class Rows(django_filters.ModelMultipleChoiceFilter):
    """One or more rows of a small table: `?track=YOUTH&track=GENDER` is “or”."""

    def __init__(self, **options: Any) -> None:
        super().__init__(distinct=False, **options)


class AgendaFilters(Filters):
    shows_only = frozenset({"tz"})

    edition = Rows(
        queryset=Edition.objects.all(),
        field_name="edition__slug",
        to_field_name="slug",
        label=pgettext_lazy("Forum", "Edition"),
    )
    day = django_filters.DateFilter(label=_("Day"))
    room = Rows(queryset=Room.objects.all(), label=_("Room"))
    track = Rows(queryset=Track.objects.all(), label=_("Track"))
    type = Rows(queryset=SessionType.objects.all(), label=_("Type"))
    action_line = django_filters.MultipleChoiceFilter(
        choices=choices_of("action_line"), method="by_line", label=_("Action line")
    )
    sdg = django_filters.MultipleChoiceFilter(
        choices=choices_of("sdg"), method="by_goal", label=_("SDG")
    )
    language = django_filters.MultipleChoiceFilter(
        choices=settings.LANGUAGES, distinct=False, label=_("Language")
    )
    mode = django_filters.MultipleChoiceFilter(
        choices=Mode.choices, distinct=False, label=_("Mode")
    )
    tz = django_filters.ChoiceFilter(
        choices=zones, method="untouched", label=_("Time zone")
    )

    def by_line(self, rows: AgendaQuerySet, name: str, codes: list[str]) -> Any:
        return rows.of_action_line(*codes)  # type: ignore[attr-defined]  # both agendas have it

    def by_goal(self, rows: AgendaQuerySet, name: str, codes: list[str]) -> Any:
        return rows.of_sdg(*codes)  # type: ignore[attr-defined]  # both agendas have it

    def untouched(
        self, rows: models.QuerySet, name: str, value: str
    ) -> models.QuerySet:
        """The time zone changes how rows are shown, not which."""
        return rows

    @cached_property
    def zone(self) -> zoneinfo.ZoneInfo | None:
        """The time zone that was asked for, None when none or an unknown one was."""
        self.is_valid()
        name = self.form.cleaned_data.get("tz")
        return zoneinfo.ZoneInfo(name) if name else None


class DeskFilters(AgendaFilters):
    """The secretariat also reads the draft: `?draft=1`."""

    shows_only = frozenset({"tz", "draft"})

    draft = django_filters.BooleanFilter(method="untouched")


class PersonFilters(Filters):
    edition = django_filters.CharFilter(method="by_edition", max_length=20)
    role = django_filters.MultipleChoiceFilter(
        choices=Role.choices, method="by_role", label=_("Role")
    )
    country = django_filters.MultipleChoiceFilter(
        choices=choices_of("country"), distinct=False, label=_("Country")
    )

    class Meta:
        model = Person
        fields: tuple[str, ...] = ()

    def by_text(self, rows: models.QuerySet, name: str, text: str) -> models.QuerySet:
        return holding(rows, text, "name", "organisation")

    def by_edition(
        self, rows: models.QuerySet, name: str, slug: str
    ) -> models.QuerySet:
        return rows.filter(
            pk__in=Person.objects.filter(sessions__released__edition__slug=slug).values(
                "pk"
            )
        )

    def by_role(
        self, rows: models.QuerySet, name: str, roles: list[str]
    ) -> models.QuerySet:
        return rows.filter(
            pk__in=Person.objects.filter(
                participations__role__in=roles,
                participations__session__released__isnull=False,
            ).values("pk")
        )


class DocumentFilters(Filters):
    edition = Rows(
        queryset=Edition.objects.all(),
        field_name="edition__slug",
        to_field_name="slug",
        label=pgettext_lazy("Forum", "Edition"),
    )
    kind = django_filters.MultipleChoiceFilter(
        choices=Document.Kind.choices, distinct=False, label=_("Kind")
    )
    language = django_filters.MultipleChoiceFilter(
        choices=settings.LANGUAGES, distinct=False, label=_("Language")
    )

    def by_text(self, rows: models.QuerySet, name: str, text: str) -> models.QuerySet:
        return holding(rows, text, "title")


class FacetValue(NamedTuple):
    code: str
    label: str
    count: int  # type: ignore[assignment]  # hides tuple.count, which nobody needs here
    selected: bool


@dataclass(frozen=True)
class Facet:
    name: str
    title: str
    values: list[FacetValue]


ONE_VALUE = ("type", "track", "room", "language", "mode")
MANY_VALUES = {"action_line": "action_line_codes", "sdg": "sdg_codes"}


class Facets:
    """The values that occur in a programme. Beside each stands how many sessions it would show
    under the other filters that are in use."""

    def __init__(self, rows: list[Any], chosen: Any, kept: dict[str, set[Any]]) -> None:
        self.rows, self.chosen, self.kept = rows, chosen, kept
        self.found = self.left_by_others("")

    def left_by_others(self, name: str) -> list[Any]:
        """The sessions that all filters but this one leave."""
        others = [pks for other, pks in self.kept.items() if other != name]
        return [row for row in self.rows if all(row.pk in pks for pks in others)]

    def all(self) -> list[Facet]:
        """Facets with at least two values, or one that is chosen."""
        found = [
            self._facet(name)
            for name in ("type", "track", *MANY_VALUES, "room", "mode")
        ]
        found.append(self._facet("language"))
        return [
            f for f in found if len(f.values) > 1 or any(v.selected for v in f.values)
        ]

    def days(self) -> list[tuple[Any, int]]:
        """All days that are known as such, with the number of their sessions, in order."""
        counts = Counter(self._exact_days(self.rows))
        counts.subtract(Counter(counts))  # a day without a match stays, with 0
        counts.update(self._exact_days(self.left_by_others("day")))
        return sorted(counts.items())

    @staticmethod
    def _exact_days(rows: list[Any]) -> list[Any]:
        return [row.day for row in rows if row.precision in ("time", "day") and row.day]

    def _facet(self, name: str) -> Facet:
        """How often each code occurs; a name is looked up once for each code, not for each row.
        When nothing matches, all values stay, so that a reader sees what there is."""
        rows = self.left_by_others(name)
        counts = Counter(chain.from_iterable(self._codes(row, name) for row in rows))
        labels, chosen = self._labels(name), set(self.chosen.getlist(name))
        everywhere = set(
            chain.from_iterable(self._codes(row, name) for row in self.rows)
        )
        shown = everywhere if not self.found else everywhere & (counts.keys() | chosen)
        values = [
            FacetValue(code, labels.get(code, code), counts[code], code in chosen)
            for code in shown
        ]
        values.sort(key=lambda value: self._place(name, value))
        return Facet(name, str(AgendaFilters.base_filters[name].label), values)

    @staticmethod
    def _codes(row: Any, name: str) -> list[str]:
        if name in MANY_VALUES:
            codes: list[str] = getattr(row, MANY_VALUES[name])
            return codes
        code = getattr(row, name if name in ("language", "mode") else f"{name}_id")
        return [str(code)] if code else []

    def _labels(self, name: str) -> dict[str, str]:
        if name == "action_line":
            return {
                code: f"{code} {text}" for code, text in vocabulary.labels(name).items()
            }
        if name == "sdg":  # the template writes the number of a goal itself
            return vocabulary.labels(name)
        if name == "language":
            return {code: str(text) for code, text in settings.LANGUAGES}
        if name == "mode":
            return {code: str(text) for code, text in Mode.choices}
        rows = {getattr(row, f"{name}_id"): row for row in self.rows}
        return {str(pk): getattr(row, f"{name}_text") for pk, row in rows.items() if pk}

    @staticmethod
    def _place(name: str, value: FacetValue) -> Any:
        """Vocabularies in their order, rooms by name and number, others the most frequent first."""
        if name in MANY_VALUES:
            order = list(vocabulary.labels(name))
            return order.index(value.code) if value.code in order else len(order)
        alphabetical = vocabulary.sort_key(value.label, get_language() or "en")
        return alphabetical if name == "room" else (-value.count, alphabetical)
