"""One spelling of a text for comparison."""

import unicodedata

from common.text.digits import western


def fold(text: str) -> str:
    """One spelling for comparison: without differences of form, case and spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


LOOSE = str.maketrans(
    {
        "’": "'",
        "‘": "'",
        "ʼ": "'",
        "`": "'",
        "´": "'",
        "ʹ": "'",
        "‐": "-",
        "‑": "-",
        "‒": "-",
        "–": "-",
        "—": "-",
        "−": "-",
        "ـ": None,
        "\u200b": None,
        "\u200c": None,
        "\u200e": None,
        "\u200f": None,
    }
)


ARABIC_FORMS = str.maketrans(
    {"أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ة": "ه", "ي": "ي", "ك": "ك"}
)


def fold_loosely(text: str) -> str:
    """One spelling of a term of a vocabulary: also without accents, apostrophes, dashes and the
    spelling variants of Arabic. Never used to compare the names of people."""
    parts = unicodedata.normalize("NFKD", western(fold(text).translate(LOOSE)))
    plain = "".join(part for part in parts if not unicodedata.combining(part))
    return " ".join(plain.translate(ARABIC_FORMS).strip(" .").split())
