"""The form by which the panels of a contest are made in one step."""

from django import forms
from django.utils.translation import gettext_lazy as _

from prizes.panel.models import Panel


class PanelsForm(forms.ModelForm):
    """The numbers that all new panels begin with; each can be changed later."""

    class Meta:
        model = Panel
        fields = ("reviews_per_entry", "load_cap")
        help_texts = {
            "load_cap": _(
                "An expert on several panels has the smallest of their numbers, over all panels."
            )
        }
