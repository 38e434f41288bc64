"""Digits of all scripts: people type those of their keyboard."""


def western(text: str) -> str:
    """The text with every decimal digit written 0 to 9: “٢٠٢٢” becomes “2022”."""
    if text.isascii():
        return text
    return "".join(str(int(sign)) if sign.isdecimal() else sign for sign in text)


BIGGEST_ID = 2**63 - 1  # of a bigint: larger numbers name no row
BIGGEST_INTEGER = 2**31 - 1


def whole_number(text: str, most: int = BIGGEST_ID) -> int | None:
    """A number from 0 to `most` in the digits 0 to 9, without a sign; None for any other text."""
    digits = len(str(most))
    if not text.isascii() or not text.isdigit() or len(text) > digits:
        return None
    number = int(text)
    return number if number <= most else None
