"""Hints of forms are in the language of the page, their values included."""

import pytest
from django.utils import translation

from reports.box.views import BoxForm
from reports.contribution.forms import AskForm, NoteForm
from reports.report.settings import PictureForm


@pytest.mark.parametrize(
    ("form", "field", "value"),
    [
        (BoxForm, "text", "2000"),
        (NoteForm, "note", "2000"),
        (AskForm, "question", "2000"),
        (AskForm, "deadline", "14"),
        (PictureForm, "file", "MB"),
    ],
)
def test_a_hint_with_a_value_is_translated(form, field, value):
    hint = form.base_fields[field].help_text
    with translation.override("en"):
        english = str(hint)
    with translation.override("fr"):
        french = str(hint)

    assert value in english
    assert french != english
