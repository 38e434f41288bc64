"""The form of a text in another language, beside the original."""

from typing import Any

from django import forms
from django.utils.translation import get_language_info

from common.forms.two_tabs import TwoTabsMixin
from common.forms.values import refuse_unreadable
from prizes.text.models import EntryTranslation


class EntryTranslationForm(TwoTabsMixin, forms.ModelForm):
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
        language = self.instance.language
        spoken = {
            "lang": language,
            "dir": "rtl" if get_language_info(language)["bidi"] else "ltr",
        }
        for name, field in self.fields.items():
            field.validators = [*field.validators, refuse_unreadable]
            # A browser would truncate a long text silently; the server reports it.
            field.widget.attrs.pop("maxlength", None)
            if name in ("title", "description"):
                field.widget.attrs |= spoken
