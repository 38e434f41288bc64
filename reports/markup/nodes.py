"""Nodes: the form in which a written text is frozen, plain values that page, PDF and files draw.

Blocks are `{"kind": "paragraph", "inlines"}`, `{"kind": "heading", "level": 1|2, "inlines"}`,
`{"kind": "list", "ordered", "items": [[blocks], …]}` (with `"start"` where it is not 1) and
`{"kind": "quotation", "nodes"}`. Inlines are `text`, `strong` and `emphasis`, `link` (with
`address`), `break`, and what a token in the text became: `figure` or `claim`. `token` stands only
in a text that nobody has evaluated yet; it is never frozen.
"""

from collections.abc import Callable, Iterator
from typing import Any

Node = dict[str, Any]
LINES = ("label", "attribution", "alt", "caption")  # texts of a block that are one line
Body = list[dict[str, Any]]  # of a report: reports/report/freezing.py


def text(words: str) -> Node:
    return {"kind": "text", "text": words}


def plain(nodes: list[Node]) -> str:
    """The words of the nodes, one line for each paragraph: for search, tables and comparison."""
    return "\n".join(line for node in nodes for line in lines_of(node))


def lines_of(node: Node) -> Iterator[str]:
    if node["kind"] == "list":
        for item in node["items"]:
            yield plain(item)
    elif node["kind"] == "quotation":
        yield plain(node["nodes"])
    else:
        yield words_of(node["inlines"])


def words_of(inlines: list[Node]) -> str:
    return "".join(spoken(inline) for inline in inlines)


def spoken(inline: Node) -> str:
    if inline["kind"] == "break":
        return "\n"
    if "inlines" in inline:
        return words_of(inline["inlines"])
    return str(inline["text"])


def inlines_of(nodes: list[Node], kinds: frozenset[str]) -> Iterator[Node]:
    """The inlines of these kinds in the order of the text, however deep they stand."""
    for node in nodes:
        if node["kind"] in kinds:
            yield node
        for inner in ("inlines", "nodes"):
            yield from inlines_of(node.get(inner, []), kinds)
        for item in node.get("items", []):
            yield from inlines_of(item, kinds)


def replaced(nodes: list[Node], put: Callable[[Node, bool], Node]) -> list[Node]:
    """The nodes with each token replaced by `put(token, inside_a_link)`."""
    return [replaced_in(node, put, False) for node in nodes]


def replaced_in(node: Node, put: Callable[[Node, bool], Node], linked: bool) -> Node:
    if node["kind"] == "token":
        return put(node, linked)
    linked = linked or node["kind"] == "link"
    new = dict(node)
    for inner in ("inlines", "nodes"):
        if inner in node:
            new[inner] = [replaced_in(one, put, linked) for one in node[inner]]
    if "items" in node:
        new["items"] = [
            [replaced_in(one, put, linked) for one in item] for item in node["items"]
        ]
    return new


def nodes_of_block(block: Node) -> list[Node]:
    """The written text of a block of a body, its key number, and what stands in its lines."""
    figure = block.get("figure")
    lines = [node for name in LINES for node in nodes_of_line(block.get(name, {}))]
    return [*block.get("nodes", []), *([figure] if figure else []), *lines]


def nodes_of_line(line: Node) -> list[Node]:
    """The text and numbers of a frozen heading, label or caption; [] where it has no tokens."""
    inlines: list[Node] = line.get("inlines", [])
    return inlines


def nodes_of_body(body: Body) -> list[Node]:
    return [
        node
        for section in body
        for nodes in (
            nodes_of_line(section["heading"]),
            *map(nodes_of_block, section["blocks"]),
        )
        for node in nodes
    ]
