"""The form of a text in another language, beside the original."""

from django import forms

from common.forms.two_tabs import TwoTabsMixin
from common.translation.forms import InLanguageMixin
from forum.base.forms import PlainForm
from forum.text.models import SessionTranslation


class SessionTranslationForm(InLanguageMixin, TwoTabsMixin, PlainForm):
    """A draft may be incomplete; the move checks what a submission needs."""

    optional = ("title", "description", "engine")

    class Meta:
        model = SessionTranslation
        fields = ("title", "description", "kind", "engine")
        widgets = {"title": forms.TextInput}
