"""The form of a message between the people of a project and the secretariat."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from common.forms.values import refuse_unreadable
from stocktaking.message.models import MESSAGE_MAX_LENGTH


class MessageForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("Message"),
        max_length=MESSAGE_MAX_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        validators=[refuse_unreadable],
        help_text=gettext_lazy("At most 2,000 characters. Never public."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].widget.attrs.pop("maxlength", None)
