"""The messages to translate, read from the code and the templates."""

import io
import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.extract import extract
from django.conf import settings
from django.utils.translation import template as django_templates

APPS = (
    "accounts",
    "common",
    "forum",
    "privacy",
    "prizes",
    "reference",
    "reports",
    "roadmap",
    "stocktaking",
    "wsis_portal",
)
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
STRING = r"u?'(?:\\.|[^'\\])*'|u?\"(?:\\.|[^\"\\])*\""
CALL = re.compile(rf"\b(?:n?p?gettext|_)\((?:{STRING}|[\s,])+")
Key = tuple[
    str | None, str | tuple[str, ...]
]  # context; message, or singular and plural


def sources() -> Iterator[tuple[Path, str]]:
    """Every file that may contain messages, as Python: templates are converted to calls."""
    for app in APPS:
        for path in sorted((settings.BASE_DIR / app).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path, path.read_text(encoding="utf-8")
    for path in sorted((settings.BASE_DIR / "templates").rglob("*")):
        if path.suffix in {".html", ".txt"}:
            text = path.read_text(encoding="utf-8")
            yield path, calls_of(django_templates.templatize(text, origin=str(path)))


def calls_of(templatized: str) -> str:
    """The calls only: the rest of a converted template is not valid Python."""
    return "\n".join(
        match[0].rstrip(" ,") + ")" for match in CALL.finditer(templatized)
    )


def messages() -> dict[Key, list[Path]]:
    """Each message with the files that use it."""
    messages: dict[Key, list[Path]] = {}
    for path, code in sources():
        file = io.BytesIO(code.encode())
        for _line, message, _comments, context in extract(
            "python", file, keywords=KEYWORDS, options={"encoding": "utf-8"}
        ):
            parts = (
                (message,) if isinstance(message, str) else tuple(filter(None, message))
            )
            if not parts or not parts[0]:
                continue
            key = parts if len(parts) > 1 else parts[0]
            messages.setdefault((context, key), []).append(path)
    return messages
