"""Digits of all scripts: people type those of their keyboard."""


def western(text: str) -> str:
    """The text with every decimal digit written 0 to 9: “٢٠٢٢” becomes “2022”."""
    if text.isascii():
        return text
    return "".join(str(int(sign)) if sign.isdecimal() else sign for sign in text)
