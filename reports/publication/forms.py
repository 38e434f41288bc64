"""The request for a report, and the reason of a move."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.moves.forms import MoveForm as ReasonForm
from reports.builders.series import BUILDERS
from reports.publication.models import Publication


class PublicationForm(forms.ModelForm):
    """Series, scope, period and language; the model says what is allowed together.

    All fields are always there, each with a hint: a browser that knows `:has()` shows only those of
    the chosen series (static/css/reports.css), any other shows all of them.
    """

    class Meta:
        model = Publication
        fields = (
            "series",
            "region",
            "from_year",
            "to_year",
            "contest",
            "as_of",
            "language",
        )
        widgets = {
            "series": forms.RadioSelect,
            "as_of": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        }

    def scope_fields(self) -> Iterator[tuple[forms.BoundField, str]]:
        """The fields that only some series need, with the CSS classes of those series.

        A field that was filled in or refused is always shown.
        """
        for name in ("region", "from_year", "to_year", "contest", "as_of"):
            needed = [
                series for series, builder in BUILDERS.items() if name in builder.FIELDS
            ]
            field = self[name]
            classes = [f"for-{series}" for series in needed]
            if field.errors or (self.is_bound and field.value()):
                classes.append("always")
            yield field, " ".join(classes)


class MoveForm(ReasonForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].help_text = _(
            "Required to amend or withdraw a report. The reason of an amendment is shown to "
            "readers. At most 2,000 characters."
        )
