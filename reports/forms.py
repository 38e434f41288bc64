"""The request for a report, and the reason that goes with a move."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reports.models import Publication
from stocktaking.forms import MoveForm as ReasonForm


class PublicationForm(forms.ModelForm):
    """Series, scope, period and language; the model says what goes together."""

    class Meta:
        model = Publication
        fields = ("series", "region", "language", "from_year", "to_year")


class MoveForm(ReasonForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].help_text = _(
            "Needed to amend or withdraw a report. At most 2,000 characters."
        )
