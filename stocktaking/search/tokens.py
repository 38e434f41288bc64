"""The words of a text for comparing names: without case, accents and spelling variants."""

import re
import unicodedata

from common.search.query import HAN

TOKEN = re.compile(rf"[{HAN}]|(?:(?![{HAN}])\w)+")
# Arabic letters that are written in several ways; the article, also behind "and", "in", "as", "to".
ARABIC = str.maketrans("ىیةہۀک", "ييهههك")
ARTICLE = re.compile(r"\b(?:[وبفك]?ال|لل)(?=[ء-ي]{3})")

Tokens = tuple[str, ...]


def without_accents(text: str) -> str:
    """Without case and accents; Arabic vowel signs and kashida are removed, and each letter has
    one form, as in the stored words of projects."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(
        sign for sign in plain if not unicodedata.combining(sign) and sign != "ـ"
    )
    return ARTICLE.sub("", bare.translate(ARABIC))


def tokens(text: str) -> Tokens:
    return tuple(TOKEN.findall(without_accents(text)))
