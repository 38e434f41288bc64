"""What supporters of a nominee send to others."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import gettext as _

from common.templatetags.names import official_text


def share_text(entry: Any, address: str) -> str:
    """A sentence with the link, in the reader's language."""
    sentence = _(
        "“%(title)s” is a nominee of %(contest)s in category %(category)s. Read about it and vote: "
        "%(address)s"
    )
    return sentence % {
        "title": entry,
        "contest": official_text(entry.contest),
        "category": entry.category.code,
        "address": address,
    }


def share_texts(request: HttpRequest, entry: Any) -> list[tuple[str, str, str]]:
    """The sentence in each language, with the link to the page in it: code, name, text."""
    texts = []
    for code, name in settings.LANGUAGES:
        with translation.override(code):
            address = request.build_absolute_uri(entry.get_absolute_url())
            texts.append((code, name, share_text(entry, address)))
    return texts
