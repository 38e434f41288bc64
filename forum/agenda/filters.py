"""Filters of an agenda: the same for page, calendar and API."""

import zoneinfo
from functools import lru_cache
from typing import Any

import django_filters
from django.conf import settings
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from common.lists.filters import Filters
from common.text.zone_names import zone_names
from forum.base.filters import Rows, choices_of
from forum.edition.models import Edition
from forum.room.models import Room, SessionType, Track
from forum.session.description import Mode
from forum.session.querysets import AgendaQuerySet


@lru_cache
def zones() -> list[tuple[str, str]]:
    """Time zones by the names of the IANA database."""
    return [(name, name) for name in sorted(zone_names())]


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
        """The requested time zone; None when none or an unknown one was requested."""
        self.is_valid()
        name = self.form.cleaned_data.get("tz")
        return zoneinfo.ZoneInfo(name) if name else None


class PageFilters(AgendaFilters):
    """The page also shows one day as a table of rooms: `?view=rooms`."""

    shows_only = frozenset({"tz", "view"})

    view = django_filters.ChoiceFilter(
        choices=[("rooms", _("Rooms"))], method="untouched", label=_("View")
    )


class DeskFilters(PageFilters):
    """The secretariat also reads the draft: `?draft=1`."""

    shows_only = frozenset({"tz", "view", "draft"})

    draft = django_filters.BooleanFilter(method="untouched")
