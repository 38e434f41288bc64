"""The form of a move: its reason."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms.values import refuse_unreadable
from common.moves.workflow import NOTE_MAX_LENGTH


class MoveForm(forms.Form):
    """The reason of a move; the move table says when one is needed."""

    note = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=NOTE_MAX_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        validators=[refuse_unreadable],
        help_text=_("Sent to the person concerned. At most 2,000 characters."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].widget.attrs.pop("maxlength", None)
