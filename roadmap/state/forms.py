"""The date of the requested state."""

from django import forms
from django.utils.translation import gettext_lazy as _


class DateForm(forms.Form):
    """The date of the requested state."""

    at = forms.DateField(
        label=_("State at the end of"), widget=forms.DateInput(attrs={"type": "date"})
    )
