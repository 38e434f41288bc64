"""From which side a text is read."""

import unicodedata

RIGHT_TO_LEFT = frozenset({"R", "AL"})


def direction(text: str) -> str:
    """ "rtl" or "ltr" by the first letter; numbers and signs without a letter run left to right."""
    for character in text:
        kind = unicodedata.bidirectional(character)
        if kind in RIGHT_TO_LEFT:
            return "rtl"
        if kind == "L":
            return "ltr"
    return "ltr"
