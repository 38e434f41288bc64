"""A long report is read page by page: each chapter begins one, and none is heavy on a weak line."""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from reports.markup.nodes import Body, Node

MAX_BYTES = 60_000  # of what is written on a page: about 25 KB on their way

Part = dict[str, Any]  # a section of a body, with the blocks that stand on this page


class Page(NamedTuple):
    number: int  # from 1
    parts: list[Part]

    @property
    def outline(self) -> dict[str, Any]:
        """What the contents of all pages need of it: each part without its blocks, but with the
        names of those that the portal writes itself."""
        return {
            "number": self.number,
            "parts": [
                {name: part[name] for name in part if name != "blocks"}
                | {"standards": [block.get("name") for block in part["blocks"]]}
                for part in self.parts
            ],
        }


def pages_of(body: Body) -> list[Page]:
    """The whole body as one page, unless it is too heavy."""
    if sum(weight(section) for section in body) <= MAX_BYTES:
        return [Page(1, body)]
    pages: list[list[Part]] = []
    room = 0
    for section in body:
        begins = section["level"] == 1
        for part in pieces(section):
            needed = weight(part)
            if begins or needed > room or not pages:
                pages.append([])
                room = MAX_BYTES
            pages[-1].append(part)
            room -= needed
            begins = False
    return [Page(number, parts) for number, parts in enumerate(pages, start=1)]


def weight(value: object) -> int:
    """About how many bytes it takes to write this out."""
    return len(json.dumps(value, ensure_ascii=False).encode())


def pieces(section: Part) -> Iterator[Part]:
    """The section, or its blocks in several parts where it is too heavy for a page."""
    blocks: list[Node] = []
    filled = 0
    is_continued = False
    for block in light_blocks(section["blocks"]):
        needed = weight(block)
        if blocks and filled + needed > MAX_BYTES:
            yield section | {"blocks": blocks, "is_continued": is_continued}
            blocks, filled, is_continued = [], 0, True
        blocks.append(block)
        filled += needed
    yield section | {"blocks": blocks, "is_continued": is_continued}


def light_blocks(blocks: list[Node]) -> Iterator[Node]:
    """The blocks, a long text as several with some of its paragraphs each."""
    for block in blocks:
        if block["kind"] != "text" or weight(block) <= MAX_BYTES:
            yield block
            continue
        nodes: list[Node] = []
        filled = 0
        for node in block["nodes"]:
            needed = weight(node)
            if nodes and filled + needed > MAX_BYTES:
                yield block | {"nodes": nodes}
                nodes, filled = [], 0
            nodes.append(node)
            filled += needed
        yield block | {"nodes": nodes}


def page_with(contents: list[dict[str, Any]], standard: str) -> int | None:
    """The number of the page with this part that the portal writes itself."""
    for outline in contents:
        if any(standard in part["standards"] for part in outline["parts"]):
            return int(outline["number"])
    return None
