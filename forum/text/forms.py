"""The form of a text in another language, beside the original."""

from typing import Any

from django import forms
from django.utils.translation import get_language_info

from common.forms.two_tabs import TwoTabsMixin
from forum.base.forms import PlainForm
from forum.text.models import SessionTranslation


class SessionTranslationForm(TwoTabsMixin, PlainForm):
    """A draft may be incomplete; the move checks what a submission needs."""

    optional = ("title", "description", "engine")

    class Meta:
        model = SessionTranslation
        fields = ("title", "description", "kind", "engine")
        widgets = {"title": forms.TextInput}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = self.instance.language
        spoken = {
            "lang": language,
            "dir": "rtl" if get_language_info(language)["bidi"] else "ltr",
        }
        for name in ("title", "description"):
            self.fields[name].widget.attrs |= spoken
