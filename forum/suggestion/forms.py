"""What planners ask the solver for."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from forum.planning.grid import STEPS
from forum.suggestion.models import Suggestion


class SuggestionForm(forms.ModelForm):
    """The hours of a day in which sessions may be put, and on which minutes they may begin."""

    grid = forms.TypedChoiceField(
        label=_("Starts every so many minutes"),
        coerce=int,
        choices=[(step, str(step)) for step in STEPS],
        initial=15,
    )

    class Meta:
        model = Suggestion
        fields = ["since", "until", "grid"]
        widgets = {
            "since": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            "until": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zone = self.instance.edition.zone.label
        for name in ("since", "until"):
            self.fields[name].help_text = zone

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        since, until = data.get("since"), data.get("until")
        if since and until and until <= since:
            raise ValidationError({"until": _("The end must be after the start.")})
        return data
