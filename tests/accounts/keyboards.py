"""A code as six keyboards write it."""

import itertools

# Zeros of scripts whose digits follow one another: Arabic, Persian, full-width, Hindi, Bengali,
# Thai, Burmese, N'Ko and mathematical digits.
ZEROS = [
    "\u0660",
    "\u06f0",
    "\uff10",
    "\u0966",
    "\u09e6",
    "\u0e50",
    "\u1040",
    "\u07c0",
    "\U0001d7d8",
]


def in_digits_of(zero, code):
    return "".join(chr(ord(zero) + int(one)) if one.isdigit() else one for one in code)


def spellings(code):
    """The same code as people of many scripts type it."""
    plain = code.replace("-", "")
    half = len(plain) // 2
    yield from (in_digits_of(zero, code) for zero in ZEROS)
    yield f"\u202b\u200f{in_digits_of(ZEROS[0], plain)}\u202c"  # marks of a right-to-left keyboard
    yield f" {plain[:half]}\u00a0{plain[half:]} "
    yield f"{plain[:half]}\u2013{plain[half:]}"
    yield f"{plain[:half]}\u3000{plain[half:]}"
    yield f"{in_digits_of(ZEROS[0], plain[:half])}{in_digits_of(ZEROS[2], plain[half:])}"
    yield plain.replace("0", "\u041e")  # Cyrillic O


def first_spellings(code, count):
    return list(itertools.islice(spellings(code), count))
