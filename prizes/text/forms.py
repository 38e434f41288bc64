"""The form of a text in another language, beside the original."""

from typing import Any

from django import forms

from common.forms.two_tabs import TwoTabsMixin
from common.forms.values import refuse_unreadable
from common.translation.forms import InLanguageMixin
from prizes.text.models import EntryTranslation


class EntryTranslationForm(InLanguageMixin, TwoTabsMixin, forms.ModelForm):
    """A draft may be incomplete; the move checks what a submission needs."""

    class Meta:
        model = EntryTranslation
        fields = ("title", "description", "kind", "engine")
        widgets = {
            "title": forms.TextInput,
            "description": forms.Textarea(attrs={"rows": 12}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.validators = [*field.validators, refuse_unreadable]
            # A browser would truncate a long text silently; the server reports it.
            field.widget.attrs.pop("maxlength", None)
