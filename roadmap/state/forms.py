"""The day of which the state is asked."""

from django import forms
from django.utils.translation import gettext_lazy as _


class DateForm(forms.Form):
    """The day of which the state is asked."""

    at = forms.DateField(
        label=_("State at the end of"), widget=forms.DateInput(attrs={"type": "date"})
    )
