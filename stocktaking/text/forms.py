"""The form of a text in another language: the fields that the original has, one by one."""

import hashlib
from typing import Any, NamedTuple

from django import forms

from common.forms.values import refuse_unreadable
from stocktaking.project.content import texts_hash
from stocktaking.project.fields import HINTS, TEXT_FIELDS
from stocktaking.project.models import Project
from stocktaking.text.models import ProjectText
from stocktaking.text.reading import direction


class Pair(NamedTuple):
    """A text of the original, and the field for its translation."""

    original: str
    field: forms.BoundField


class ProjectTextForm(forms.ModelForm):
    """A draft may be incomplete; the model checks what a submission needs."""

    class Meta:
        model = ProjectText
        fields = TEXT_FIELDS
        widgets = {"image_alt": forms.TextInput, "title": forms.TextInput}

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.project = project
        language = self.instance.language
        for name in TEXT_FIELDS:
            if not getattr(project, name) and not getattr(self.instance, name):
                del self.fields[name]
        for name, field in self.fields.items():
            field.required = False
            field.help_text = HINTS.get(name, field.help_text)
            field.validators = [*field.validators, refuse_unreadable]
            # A browser would truncate a long text silently; the server reports it.
            field.widget.attrs.pop("maxlength", None)
            field.widget.attrs |= {"lang": language, "dir": direction(language)}

    def pairs(self) -> list[Pair]:
        return [Pair(getattr(self.project, name), self[name]) for name in self.fields]


def seen(project: Project, text: ProjectText | None) -> str:
    """A fingerprint of what the writer sees: the original, and the text as stored."""
    stored = f"{text.pk} {text.updated_at.isoformat()}" if text and text.pk else "new"
    return hashlib.sha256(f"{texts_hash(project)} {stored}".encode()).hexdigest()[:16]
