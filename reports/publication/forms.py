"""The request for a report, and the reason of a move."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.moves.forms import MoveForm as ReasonForm
from reports.builders.series import BUILDERS
from reports.publication.models import Publication
from reports.publication.scope import parameters_of

SCOPE = (
    "region",
    "from_year",
    "to_year",
    "title",
    "query",
    "contest",
    "as_of",
    "edition",
)


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
            "title",
            "query",
            "contest",
            "as_of",
            "edition",
            "language",
        )
        widgets = {
            "series": forms.RadioSelect,
            "query": forms.TextInput(attrs={"dir": "ltr"}),
            "as_of": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        }
        error_messages = {"series": {"required": _("Choose a series.")}}

    def clean_title(self) -> str:
        """Only reports on a search have a title of their own; others are named by their scope."""
        is_custom = self.data.get("series") == Publication.Series.CUSTOM
        return self.cleaned_data["title"] if is_custom else ""

    def clean_query(self) -> str:
        """The parameters of the search, without order and page, also from a whole address."""
        return parameters_of(self.cleaned_data["query"])

    def scope_fields(self) -> Iterator[tuple[forms.BoundField, str]]:
        """The fields that only some series need, with the CSS classes of those series.

        A field that was filled in or refused is always shown.
        """
        for name in SCOPE:
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
