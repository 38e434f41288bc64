"""Where a session is to be: the small form that works without a script, and that scripts send."""

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from common.dates.zones import read
from forum.edition.models import Edition
from forum.planning.slots import Slot
from forum.room.models import Room
from forum.session.models import LONGEST, Session

USUAL_MINUTES = 60
LONGEST_MINUTES = int(LONGEST.total_seconds() // 60)


class SlotForm(forms.Form):
    day = forms.TypedChoiceField(
        label=_("Day"), coerce=datetime.date.fromisoformat, required=True
    )
    time = forms.TimeField(
        label=_("Start"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        input_formats=["%H:%M"],
    )
    minutes = forms.IntegerField(
        label=_("Length in minutes"), min_value=1, max_value=LONGEST_MINUTES
    )
    room: Any = forms.ModelChoiceField(
        label=_("Room"),
        queryset=Room.objects.none(),
        required=False,
        empty_label=_("No room (held remotely)"),
    )

    def __init__(self, edition: Edition, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.edition = edition
        offered: Any = self.fields
        offered["day"].choices = [
            (day.isoformat(), date_format(day, "l j F Y")) for day in edition.days
        ]
        offered["room"].queryset = edition.rooms.in_columns()
        offered["time"].help_text = edition.zone.label

    def clean(self) -> dict[str, Any]:
        """The start as an instant: no clock shows some times, and some come twice."""
        data = super().clean() or {}
        if data.get("day") and data.get("time"):
            naive = datetime.datetime.combine(data["day"], data["time"])
            try:
                with timezone.override(self.edition.zone):
                    data["start"] = read(naive)
            except ValidationError as error:
                self.add_error("time", error)
        return data

    @property
    def slot(self) -> Slot:
        data = self.cleaned_data
        room = data["room"].pk if data["room"] else None
        return Slot.at(data["start"], data["minutes"], room, self.edition.zone)


def initial_of(session: Session) -> dict[str, Any]:
    """The form as it stands now."""
    minutes = session.minutes_wanted or USUAL_MINUTES
    values: dict[str, Any] = {"room": session.room_id, "minutes": minutes}
    if session.start:
        start = session.start.astimezone(session.edition.zone)
        values |= {"day": start.date().isoformat(), "time": start.time()}
        if session.end:
            length = session.end - session.start
            values["minutes"] = int(length.total_seconds() // 60)
    return values
