"""Words and sentences: counted and parted in the same way in browser, form, API and import."""

import re

from django.core.exceptions import ValidationError
from django.utils.deconstruct import deconstructible
from django.utils.translation import ngettext_lazy

# A Chinese, Japanese or Korean character counts as one word; otherwise a run of letters, digits
# and inner apostrophes or hyphens does. static/js/words.js holds the same expression.
CJK = "㐀-䶿一-鿿぀-ヿ가-힯"
WORD = re.compile(rf"[{CJK}]|[^\W{CJK}]+(?:['’\-][^\W{CJK}]+)*")


def count_words(text: str) -> int:
    return len(WORD.findall(text))


@deconstructible
class WordLimit:
    """Refuses a text of more than `limit` words and says how many there are."""

    def __init__(self, limit: int) -> None:
        self.limit = limit

    def __eq__(self, other: object) -> bool:
        return isinstance(other, WordLimit) and other.limit == self.limit

    def __hash__(self) -> int:
        return hash(self.limit)

    def __call__(self, text: str) -> None:
        count = count_words(text)
        if count > self.limit:
            raise ValidationError(
                ngettext_lazy(
                    "Enter at most %(limit)d word; you have %(count)d.",
                    "Enter at most %(limit)d words; you have %(count)d.",
                    self.limit,
                )
                % {"limit": self.limit, "count": count},
                code="too_many_words",
            )


SENTENCE_END = re.compile(r"(?<=[.!?؟])\s+|(?<=[。！？])|\n")


def sentences(text: str) -> list[str]:
    """The sentences of a text; a line that ends without a stop is one too."""
    parts = (part.strip() for part in SENTENCE_END.split(text))
    return [part for part in parts if part]
