"""Texts that keep their own language and direction wherever a report shows them.

A line of a report joins texts in several languages. Set in the direction of the page, "13 240"
would read 240 13 in Arabic, and a screen reader would speak English with an Arabic voice. So every
such text is a passage of its own: the page shows it in `<bdi>`, the PDF in a box.
"""

import re
from typing import Any

from common.text.direction import direction
from common.text.official_names import official_name

Passage = dict[str, Any]

WEB_ADDRESS = re.compile(r"https?://[^\s<>“”]+")
AFTER_AN_ADDRESS = ".,;:!?)"  # ends the sentence rather than the address
WEB = ("http://", "https://")
ISOLATES = dict.fromkeys(map(ord, "\u2066\u2067\u2068\u2069"))


def passage(text: str, language: str = "", link: str = "") -> Passage:
    """`{"text", "language", "direction", "runs"}`; language "" is that of the report.

    `runs` are the same text in pieces, each `{"text", "link"}`: web addresses are links.
    """
    plain = str(text)
    runs = [{"text": plain, "link": link}] if link else linked(plain)
    return {
        "text": plain,
        "language": language,
        "direction": direction(plain),
        "runs": runs,
    }


def linked(text: str) -> list[dict[str, str]]:
    """The text in pieces, with its web addresses as links."""
    runs, at = [], 0
    for match in WEB_ADDRESS.finditer(text):
        address = match[0].rstrip(AFTER_AN_ADDRESS)
        if match.start() > at:
            runs.append({"text": text[at : match.start()], "link": ""})
        runs.append({"text": address, "link": address})
        at = match.start() + len(address)
    if at < len(text) or not runs:
        runs.append({"text": text[at:], "link": ""})
    return runs


def named(name: str) -> Passage:
    """The official name, or the name as stored, which is in English."""
    official = official_name(name)
    return passage(official or name, "" if official else "en")


def passages(*parts: Any) -> list[Passage]:
    """The passages that are not empty; a plain string is in the language of the report."""
    every = (
        part if isinstance(part, dict) else passage(part) for part in parts if part
    )
    return [part for part in every if part["text"]]


def remark(label: str, text: str, language: str = "", link: str = "") -> Passage:
    """`{"label", "passage"}`: its subject, in the language of the report, and its text."""
    return {"label": label, "passage": passage(text, language, link)}
