"""The forms of one letter: its text while it is a draft, and that it came back."""

from typing import Any

from django import forms

from common.forms.two_tabs import TwoTabsMixin
from common.forms.values import refuse_unreadable
from prizes.letter.models import Letter


class PlainLetterForm(forms.ModelForm):
    """The server says what is too long; browsers do not cut."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.validators = [*field.validators, refuse_unreadable]
            field.widget.attrs.pop("maxlength", None)


class LetterForm(TwoTabsMixin, PlainLetterForm):
    class Meta:
        model = Letter
        fields = ("subject", "text")
        widgets = {
            "subject": forms.TextInput(attrs={"dir": "auto", "size": 80}),
            "text": forms.Textarea(attrs={"dir": "auto", "rows": 18, "cols": 80}),
        }


class BounceForm(PlainLetterForm):
    class Meta:
        model = Letter
        fields = ("bounce", "is_settled")
        widgets = {"bounce": forms.TextInput(attrs={"size": 80})}
