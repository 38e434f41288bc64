"""The form for a new API key."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.api_key.models import ApiKey, Scope

KEY_LIVES = [(30, _("30 days")), (90, _("90 days")), (365, _("1 year"))]


class KeyForm(forms.Form):
    """Name, scopes and lifetime of a new key."""

    name = forms.CharField(
        label=_("Name"),
        max_length=80,
        help_text=ApiKey._meta.get_field("name").help_text,
    )
    scopes = forms.MultipleChoiceField(
        label=_("Permissions"),
        choices=Scope.choices,
        initial=[Scope.READ],
        widget=forms.CheckboxSelectMultiple,
    )
    days = forms.TypedChoiceField(
        label=_("Valid for"), choices=KEY_LIVES, coerce=int, initial=90
    )
