"""Typing a text in another language than the page's."""

from typing import Any

from django.utils.translation import get_language_info


class InLanguageMixin:
    """Title and description are typed, spelled and read aloud in the language of the text."""

    fields: Any
    instance: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = self.instance.language
        spoken = {
            "lang": language,
            "dir": "rtl" if get_language_info(language)["bidi"] else "ltr",
        }
        for name in ("title", "description"):
            self.fields[name].widget.attrs |= spoken
