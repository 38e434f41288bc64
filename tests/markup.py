"""Markup in one form, however its template is set."""

import re


def compact(html: str) -> str:
    """One space for any white space, and none beside tags."""
    return re.sub(r" ?(<[^>]+>) ?", r"\1", re.sub(r"\s+", " ", html))
