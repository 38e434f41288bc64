"""Markdown → nodes, read by markdown-it; what an editor writes is text, never markup of ours.

HTML is text. Images are refused, for pictures have blocks of their own. Links lead to the web or
write a mail. A token `{{…}}` in running text is left for `reports.living` to evaluate; one inside
code or an address is text.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from reports.layout.layout import number
from reports.markup.nodes import Node, inlines_of, text

LONGEST = 100_000  # characters of one text
MOST_TOKENS = 500  # in one text
LONGEST_TOKEN = 500  # characters between the braces
DEEPEST = 20  # lists and quotations within each other
ADDRESS = re.compile(r"(https?://[^/\s]|mailto:[^@\s]+@)", re.IGNORECASE)
# Signs that turn the direction of what follows them, other texts included.
TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclass(frozen=True)
class Refusal:
    """Why a text cannot be taken as it is; `line` counts from 1, 0 is the whole text."""

    sentence: str
    line: int = 0


def is_allowed(address: str) -> bool:
    return bool(ADDRESS.match(address))


def read_token(state: StateInline, silent: bool) -> bool:
    """`{{…}}` as one inline. What has no end, or none near enough, is a token too: it is wrong,
    and whoever checks the text says so."""
    if not state.src.startswith("{{", state.pos):
        return False
    if state.env.get("living", 0) > MOST_TOKENS:
        return False  # the text is refused as a whole
    begin = state.pos + 2
    end = state.src.find("}}", begin, begin + LONGEST_TOKEN + 2)
    following = end + 2 if end >= 0 else begin
    if following > state.posMax:  # a link would end inside it
        return False
    if not silent:
        state.env["living"] = state.env.get("living", 0) + 1
        token = state.push("living", "", 0)
        token.content = state.src[begin:end].strip() if end >= 0 else ""
        token.meta = {
            "written": state.src[state.pos : following],
            "line": state.src.count("\n", 0, state.pos),
            "has_end": end >= 0,
        }
    state.pos = following
    return True


def reader() -> MarkdownIt:
    options = {"html": False, "maxNesting": DEEPEST}
    markdown = MarkdownIt("commonmark", options)
    markdown.disable(["code", "hr", "html_block", "html_inline"])
    markdown.inline.ruler.before("escape", "living", read_token)
    markdown.validateLink = is_allowed  # type: ignore[assignment,method-assign]
    return markdown


def reader_of_lines() -> MarkdownIt:
    """For texts of one line, which have tokens and are else as they are written."""
    plain = MarkdownIt("zero")
    plain.inline.ruler.before("text", "living", read_token)
    return plain


READER, READER_OF_LINES = reader(), reader_of_lines()


def cleaned(markdown: str) -> str:
    """Without characters that no reader sees: control characters, and signs that turn lines."""
    return "".join(
        character
        for character in markdown.replace("\r\n", "\n").replace("\r", "\n")
        if character in "\n\t"
        or (
            character not in TURNING
            and unicodedata.category(character) not in {"Cc", "Cs"}
        )
    )


def nodes_of(markdown: str) -> list[Node]:
    """The nodes of a text, of its first 100,000 characters; tokens stand in them unevaluated."""
    tokens = iter(READER.parse(cleaned(markdown[:LONGEST])))
    nodes = list(blocks(tokens, ""))
    is_inside = False
    for heading in inlines_of(nodes, frozenset({"heading"})):
        is_inside = is_inside or heading["level"] == 1
        if not is_inside:  # a heading below nothing, which PDF/UA forbids
            heading["level"] = 1
    return nodes


def inlines_of_line(line: str) -> list[Node]:
    """The text and the tokens of a heading, label or caption."""
    return [
        inline
        for token in READER_OF_LINES.parseInline(cleaned(line))
        for inline in inlines_in(token)
    ]


def refusals_of(markdown: str) -> list[Refusal]:
    """Why this text cannot be taken, in the active language; empty when it can."""
    if len(markdown) > LONGEST:
        return [
            Refusal(
                _("A text has at most %(limit)s characters; this one has %(count)s.")
                % {"limit": number(LONGEST), "count": number(len(markdown))}
            )
        ]
    seen: dict[str, int] = {}
    tokens = READER.parse(cleaned(markdown), seen)
    refusals = [
        Refusal(
            _("Images cannot stand in a text. Add a picture block instead."), line + 1
        )
        for token in tokens
        for line in pictures_in(token)
    ]
    if any(token.level >= DEEPEST - 1 for token in tokens):
        refusals.append(Refusal(_("Lists and quotations are nested too deeply.")))
    if seen.get("living", 0) > MOST_TOKENS:
        refusals.append(
            Refusal(
                _("A text has at most %(limit)s living numbers.")
                % {"limit": number(MOST_TOKENS)}
            )
        )
    return refusals


def pictures_in(token: Token) -> Iterator[int]:
    """The lines, from 0, on which the paragraphs with images begin."""
    for child in token.children or []:
        if child.type == "image":
            yield (token.map or [0])[0]


def blocks(tokens: Iterator[Token], end: str) -> Iterator[Node]:
    """The blocks up to the token that ends their parent; "" is the end of the text."""
    for token in tokens:
        if token.type == end:
            return
        if token.type in ("paragraph_open", "heading_open"):
            inlines = inlines_in(next(tokens))
            next(tokens)  # the end of it
            if inlines:
                yield line_of(token) | {"inlines": inlines}
        elif token.type == "blockquote_open":
            inner = list(blocks(tokens, "blockquote_close"))
            yield {"kind": "quotation", "nodes": inner}
        elif token.type in ("bullet_list_open", "ordered_list_open"):
            yield list_of(token, tokens)
        elif token.type == "fence":
            yield {"kind": "paragraph", "inlines": with_breaks(token.content)}


def line_of(token: Token) -> Node:
    if token.type == "paragraph_open":
        return {"kind": "paragraph"}
    return {"kind": "heading", "level": min(int(token.tag[1:]), 2)}


def list_of(opening: Token, tokens: Iterator[Token]) -> Node:
    items = []
    for token in tokens:
        if token.type == "list_item_open":
            items.append(list(blocks(tokens, "list_item_close")))
        else:  # the end of the list
            break
    node: Node = {
        "kind": "list",
        "ordered": opening.type == "ordered_list_open",
        "items": items,
    }
    start = opening.attrGet("start")
    return node if start is None else node | {"start": int(start)}


def with_breaks(content: str) -> list[Node]:
    inlines: list[Node] = []
    for line in content.rstrip("\n").split("\n"):
        inlines += [{"kind": "break"}, text(line)]
    return inlines[1:]


def inlines_in(token: Token) -> list[Node]:
    """The inlines of one paragraph; `open_parts` are the strong, emphasis and links around."""
    first_line = (token.map or [0])[0] + 1
    whole: list[Node] = []
    open_parts = [whole]
    for child in token.children or []:
        here = open_parts[-1]
        if child.nesting > 0:
            part = part_of(child)
            here.append(part)
            open_parts.append(part["inlines"])
        elif child.nesting < 0:
            open_parts.pop()
        elif child.type == "hardbreak":
            here.append({"kind": "break"})
        elif child.type == "living":
            here.append(
                {"kind": "token", "source": child.content, **child.meta}
                | {"text": child.meta["written"]}
                | {"line": first_line + child.meta["line"]}
            )
        else:
            words = " " if child.type == "softbreak" else child.content
            if here and here[-1]["kind"] == "text":
                here[-1]["text"] += words
            elif words:
                here.append(text(words))
    return whole


def part_of(token: Token) -> Node:
    if token.type == "link_open":
        address = str(token.attrGet("href") or "")
        return {"kind": "link", "address": address, "inlines": []}
    kind = "strong" if token.type == "strong_open" else "emphasis"
    return {"kind": kind, "inlines": []}
