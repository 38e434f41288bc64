"""The elements of WordprocessingML that all parts of a Word document are made of.

They are written as text, not built as a tree: a report on the whole register has a million of them.
"""

from contextlib import suppress
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit
from xml.sax.saxutils import escape, quoteattr

from django.utils.encoding import iri_to_uri
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from common.tables.xlsx import INVALID_XML
from reports.layout.layout import RTL_LANGUAGES

LETTERS, CHINESE_LETTERS = "Arial", "Microsoft YaHei"  # every office has them
NAMESPACES = nsdecls("w", "r", "wp", "a", "pic")


def node(tag: str, *children: str, **attributes: object) -> str:
    """An element: `node("jc", val="end")`."""
    named = "".join(
        f" w:{name}={quoteattr(str(value))}" for name, value in attributes.items()
    )
    content = "".join(children)
    return f"<w:{tag}{named}>{content}</w:{tag}>" if content else f"<w:{tag}{named}/>"


def element(xml: str) -> Any:
    """The element itself, for the parts that python-docx holds."""
    head, rest = xml.split(">", 1) if not xml.endswith("/>") else (xml[:-2], "")
    closing = ">" if rest else "/>"
    return parse_xml(f"{head} {NAMESPACES}{closing}{rest}")


def text_of(words: str) -> str:
    """The words, with a break for each end of a line."""
    lines = INVALID_XML.sub("", words).split("\n")
    return "<w:br/>".join(
        f'<w:t xml:space="preserve">{escape(line)}</w:t>' if line else ""
        for line in lines
    )


def field(order: str) -> str:
    return f'<w:instrText xml:space="preserve">{escape(order)}</w:instrText>'


def fonts() -> str:
    return node(
        "rFonts", ascii=LETTERS, hAnsi=LETTERS, cs=LETTERS, eastAsia=CHINESE_LETTERS
    )


def language_of(code: str) -> str:
    """The language for spelling and for screen readers, by kind of script."""
    if code.startswith("zh"):
        return node("lang", val="en-US", eastAsia="zh-CN")
    return node("lang", bidi=code) if code in RTL_LANGUAGES else node("lang", val=code)


@lru_cache(1000)
def look_of(
    language: str, way: str, bold: bool = False, italic: bool = False, colour: str = ""
) -> str:
    """The properties of a run."""
    return node(
        "rPr",
        node("b") + node("bCs") if bold else "",
        node("i") + node("iCs") if italic else "",
        node("color", val=colour) if colour else "",
        node("rtl") if way == "rtl" else "",
        language_of(language),
    )


def valid_address(address: str) -> str:
    """The address as Word accepts it; "" for one that would make it refuse the whole file."""
    with suppress(ValueError):
        parts = urlsplit(address)
        if parts.hostname and parts.port is None:
            return str(iri_to_uri(address))
    return ""
