"""Naming a group of inputs, and the reason of an author for whom it is not the same."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms.values import refuse_unreadable
from common.text.digits import whole_number
from forum.grouping.models import MOST_INPUTS, InputGroup


class GroupForm(forms.ModelForm):
    """The theme of a group; its inputs are ticked beside it."""

    class Meta:
        model = InputGroup
        fields = ("name",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].widget.attrs.pop("maxlength", None)

    def numbers(self) -> list[int]:
        """The inputs that are ticked; what is no number is left out."""
        ticked = self.data.getlist("inputs")[: 2 * MOST_INPUTS]  # type: ignore[attr-defined]  # of a request
        return [number for one in ticked if (number := whole_number(one))]


class ObjectionForm(forms.Form):
    reason = forms.CharField(
        required=False,
        max_length=300,
        label=_("Why not (optional)"),
        widget=forms.TextInput(),
        validators=[refuse_unreadable],
        help_text=_("The secretariat reads it. At most 300 characters."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].widget.attrs.pop("maxlength", None)
