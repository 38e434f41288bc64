"""The text that editors wrote, in a Word document: its frozen nodes, and its pictures."""

import io
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from PIL import Image

from common.text.direction import direction
from reports.layout.layout import Document
from reports.markup.nodes import Node, words_of
from reports.output.word.document import DEEPEST, WordDocument

LISTS = {True: "List Number", False: "List Bullet"}
DEEPEST_LIST = 3  # levels for which Word has a style


class Writer:
    """Writes the nodes of one text, which is in one language."""

    def __init__(self, word: WordDocument, language: str, level: int) -> None:
        self.word, self.language, self.level = word, language, level

    def write(self, nodes: list[Node], style: str = "Normal", depth: int = 0) -> None:
        for node in nodes:
            if node["kind"] == "list":
                self.items(node, depth + 1)
            elif node["kind"] == "quotation":
                self.write(node["nodes"], "Quote", depth)
            elif node["kind"] == "heading":
                level = min(self.level + node["level"], DEEPEST)
                self.line(node["inlines"], f"Heading {level}")
            else:
                self.line(node["inlines"], style)

    def items(self, node: Node, depth: int) -> None:
        """Each item begins with its mark; what follows in it stands below without one."""
        style = LISTS[node["ordered"]]
        style = style if depth == 1 else f"{style} {min(depth, DEEPEST_LIST)}"
        number = None
        if node["ordered"]:
            number = self.word.new_numbering(style, node.get("start", 1))
        for item in node["items"]:
            first, *others = item or [{"kind": "paragraph", "inlines": []}]
            if first["kind"] == "paragraph":
                self.line(first["inlines"], style, number)
            else:
                self.write([first], style, depth)
            self.write(others, "List Continue", depth)

    def line(self, inlines: list[Node], style: str, number: int | None = None) -> None:
        runs = [run for inline in inlines for run in self.runs(inline)]
        way = direction(words_of(inlines)) if inlines else self.word.direction
        self.word.append(style, way, runs, number)

    def runs(
        self, inline: Node, link: str = "", bold: bool = False, italic: bool = False
    ) -> list[Any]:
        """The runs of an inline, however deep its words stand."""
        bold = bold or inline["kind"] == "strong"
        italic = italic or inline["kind"] == "emphasis"
        link = link or address_of(inline)
        if "inlines" in inline:
            inner = inline["inlines"]
            return [run for one in inner for run in self.runs(one, link, bold, italic)]
        text = "\n" if inline["kind"] == "break" else inline["text"]
        return [self.word.run(text, link, self.language, bold=bold, italic=italic)]


def address_of(inline: Node) -> str:
    """Where a link, a number or a claim leads; addresses of the portal begin with a slash."""
    address = str(inline.get("address", ""))
    return settings.SITE_URL + address if address.startswith("/") else address


def picture_of(block: Document) -> bytes:
    """The picture as PNG, which every Word reads; b"" when it cannot be read."""
    target = io.BytesIO()
    try:
        with default_storage.open(block["file"]) as file:
            Image.open(file).save(target, "PNG")
    except (OSError, SyntaxError, ValueError):
        return b""
    return target.getvalue()
