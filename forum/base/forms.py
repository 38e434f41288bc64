"""The base class of all forms of the Forum."""

from typing import Any

from django import forms
from django.utils.translation import gettext

from common.forms.values import refuse_unreadable


class PlainForm(forms.ModelForm):
    """The server validates: browsers do not truncate, and unreadable characters are reported."""

    optional: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.validators = [*field.validators, refuse_unreadable]
            field.widget.attrs.pop("maxlength", None)
            if name in self.optional:
                say_optional(field)


def say_optional(field: forms.Field) -> None:
    field.label = gettext("%(label)s (optional)") % {"label": field.label}
