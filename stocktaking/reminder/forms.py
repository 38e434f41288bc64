"""The form for a date on which staff want to be reminded of a project."""

import datetime

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stocktaking.reminder.models import Reminder

FARTHEST = datetime.timedelta(days=731)  # ahead, for a reminder or a day of publication


def within_reach(at: datetime.datetime) -> datetime.datetime:
    if not timezone.now() < at < timezone.now() + FARTHEST:
        raise ValidationError(
            _("Enter a time in the future, at most two years from now.")
        )
    return at


class ReminderForm(forms.ModelForm):
    """A day on which the officer gets a mail about a project."""

    about = forms.DateTimeField(
        label=gettext_lazy("Remind me on"),
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    class Meta:
        model = Reminder
        fields = ("about", "note")
        labels = {"note": gettext_lazy("Subject")}

    def clean_about(self) -> datetime.datetime:
        """Midnight of that day, in Geneva."""
        return within_reach(self.cleaned_data["about"])
