"""What an officer writes when deciding about a group of votes."""

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms.values import refuse_unreadable
from prizes.ballot.group_void import GroupVoid
from prizes.hold.models import REASON_LENGTH


class ReleaseForm(forms.Form):
    reason = forms.CharField(
        label=_("Why the votes are released"),
        max_length=REASON_LENGTH,
        validators=[refuse_unreadable],
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Kept in the log; only the secretariat reads it."),
    )


class VoidForm(forms.ModelForm):
    class Meta:
        model = GroupVoid
        fields = ("told", "reason")
        widgets = {
            "told": forms.Textarea(attrs={"rows": 2}),
            "reason": forms.Textarea(attrs={"rows": 2}),
        }
