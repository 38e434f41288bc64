"""The form that names the next release of an agenda."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from common.forms.values import refuse_unreadable
from forum.agenda.models import EARLY_REASON
from forum.agenda.releasing import require_answers
from forum.edition.models import Edition
from forum.release.models import ReleaseJob


class ReleaseForm(forms.Form):
    """Name and public note of the next release of an agenda."""

    edition = forms.ModelChoiceField(
        queryset=Edition.objects.newest_first(), label=pgettext_lazy("Forum", "Edition")
    )
    name = forms.CharField(
        label=_("Name"),
        max_length=150,
        validators=[refuse_unreadable],
        help_text=_("For example “First agenda” or “Changes of 3 July”."),
    )
    note = forms.CharField(
        label=_("Public note"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        validators=[refuse_unreadable],
    )
    early_reason = forms.CharField(
        label=_("Why before all official inputs are answered"),
        required=False,
        max_length=EARLY_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        validators=[refuse_unreadable],
        help_text=_(
            "Needed only while official inputs to the consultation have no answer. It is printed "
            "on the page of the release."
        ),
    )

    def begin(self, by: Any) -> ReleaseJob:
        """Hand the release to a worker. Raises MoveRefused when another one of the edition is at
        work, or official inputs wait for an answer and no reason is given."""
        data = self.cleaned_data
        require_answers(data["edition"], data["early_reason"])
        return ReleaseJob(by=by, **data).begin()
