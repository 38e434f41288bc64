"""Frozen nodes for templates: inlines without nesting, and rows by their name."""

from collections.abc import Iterable, Iterator
from typing import Any

from django import template

from common.typesetting.passages import Passage, passage
from reports.markup.nodes import Node

register = template.Library()


@register.filter
def runs(inlines: Node | list[Node]) -> list[Node]:
    """The inlines one after the other, each with what stands around it: `is_strong`,
    `is_emphasis`, and the address of its link. A template that includes itself would put spaces
    between them."""
    return list(unnested([inlines] if isinstance(inlines, dict) else inlines, {}))


def unnested(inlines: Iterable[Node], around: Node) -> Iterator[Node]:
    for inline in inlines:
        if "inlines" not in inline:
            yield {"address": "", **inline, **around}
            continue
        if inline["kind"] == "link":
            more = {"address": inline["address"], "is_outside": True}
        else:
            more = {f"is_{inline['kind']}": True}
        yield from unnested(inline["inlines"], around | more)


@register.filter
def with_links(text: str) -> Passage:
    """A sentence with its web addresses as links. Django's own `urlize` needs a space before an
    address, which Chinese does not write after a colon."""
    return passage(text)


@register.filter
def named(rows: Iterable[dict[str, Any]], name: str) -> dict[str, Any] | None:
    return next((row for row in rows if row["name"] == name), None)
