"""Markdown → nodes: what editors write, and what nobody should be able to write."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.markup.nodes import plain
from reports.markup.parsing import LONGEST, nodes_of, refusals_of

SECONDS = 60  # a text of the greatest length, on a busy machine


def text(words):
    return {"kind": "text", "text": words}


def paragraph(*inlines):
    return {"kind": "paragraph", "inlines": list(inlines)}


def test_what_editors_write():
    written = """# Progress *since* 2005

The **first** [report](https://itu.int/r).\\
See <mailto:wsis@itu.int>
now.

3. one
4. two

   > said
"""
    address = "mailto:wsis@itu.int"

    assert nodes_of(written) == [
        {
            "kind": "heading",
            "level": 1,
            "inlines": [
                text("Progress "),
                {"kind": "emphasis", "inlines": [text("since")]},
                text(" 2005"),
            ],
        },
        paragraph(
            text("The "),
            {"kind": "strong", "inlines": [text("first")]},
            text(" "),
            {
                "kind": "link",
                "address": "https://itu.int/r",
                "inlines": [text("report")],
            },
            text("."),
            {"kind": "break"},
            text("See "),
            {"kind": "link", "address": address, "inlines": [text(address)]},
            text(" now."),
        ),
        {
            "kind": "list",
            "ordered": True,
            "start": 3,
            "items": [
                [paragraph(text("one"))],
                [
                    paragraph(text("two")),
                    {"kind": "quotation", "nodes": [paragraph(text("said"))]},
                ],
            ],
        },
    ]
    assert plain(nodes_of(written)) == (
        "Progress since 2005\nThe first report.\nSee mailto:wsis@itu.int now.\n"
        "one\ntwo\nsaid"
    )


def test_a_heading_below_nothing_is_raised():
    nodes = nodes_of("### a\n\n## b\n\n# c\n\n## d")

    assert [node["level"] for node in nodes] == [1, 1, 1, 2]


def kinds(nodes):
    return {part for part in json.dumps(nodes).split('"') if part in ("token", "link")}


@pytest.mark.parametrize(
    "written",
    [
        "`{{total}}`",
        "```\n{{total}}\n```",
        "\\{{total}}",
    ],
)
def test_tokens_in_code_are_text(written):
    assert plain(nodes_of(written)) == "{{total}}"
    assert kinds(nodes_of(written)) == set()


def test_tokens_in_addresses_are_text():
    (block,) = nodes_of("[list](https://a.org/?q={{total}})")

    assert kinds([block]) == {"link"}
    assert "{{" not in block["inlines"][0]["address"]


def test_what_stands_in_a_token_is_no_markdown():
    (block,) = nodes_of(
        "**all {{ratio: from=2020, to=2021, at_least=2 | *two*_fold_}}**"
    )

    (strong,) = block["inlines"]
    token = strong["inlines"][1]
    assert token["source"] == "ratio: from=2020, to=2021, at_least=2 | *two*_fold_"
    assert token["line"] == 1


@pytest.mark.parametrize(
    "written",
    [
        "<script>alert(1)</script>",
        '<img src="x" onerror="alert(1)">',
        "a <b>bold</b> word",
        "<!-- hidden -->",
        "#set page(width: 1pt) $x$ @a <label>",
    ],
)
def test_markup_of_other_kinds_is_text(written):
    assert plain(nodes_of(written)) == written


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "//evil.example",
        "/admin/",
        "https:evil",
        "&#106;avascript:alert(1)",
    ],
)
def test_links_lead_only_to_the_web_or_write_a_mail(address):
    for written in (f"[x]({address})", f"<{address}>", f"[x][1]\n\n[1]: {address}"):
        assert kinds(nodes_of(written)) == set()


def test_images_are_refused_with_their_line_and_their_words_stay():
    written = "Text.\n\n![A map](https://a.org/m.png)"

    (refusal,) = refusals_of(written)

    assert refusal.line == 3
    assert refusal.sentence == (
        "Images cannot stand in a text. Add a picture block instead."
    )
    assert plain(nodes_of(written)) == "Text.\nA map"


def test_signs_that_nobody_sees_are_removed():
    written = "a\x00b \u202e12\u202c \u2066x\u2069 \x1b[0m \ud800 \u200fc\u200d"

    assert plain(nodes_of(written)) == "ab 12 x [0m  \u200fc\u200d"
    json.dumps(nodes_of(written)).encode()


def test_a_text_that_is_too_long_is_refused():
    (refusal,) = refusals_of("x" * (LONGEST + 1))

    assert refusal.sentence == (
        "A text has at most 100,000 characters; this one has 100,001."
    )
    assert len(plain(nodes_of("x" * (LONGEST + 1)))) == LONGEST


def test_deep_nesting_is_refused():
    for written in (">" * 5000, "\n".join(" " * 2 * n + "- a" for n in range(60))):
        assert "Lists and quotations are nested too deeply." in {
            refusal.sentence for refusal in refusals_of(written)
        }
        nodes_of(written)


def test_too_many_living_numbers_are_refused():
    (refusal,) = refusals_of("{{total}} " * 501)

    assert refusal.sentence == "A text has at most 500 living numbers."


@pytest.mark.parametrize(
    "part", ["*", "[", "![", "<", "`a", "{{", "[a](", "- a\n", "**b "]
)
def test_no_text_takes_long(part):
    begun = time.monotonic()

    nodes_of(part * (LONGEST // len(part)))

    assert time.monotonic() - begun < SECONDS


@given(
    st.text(
        alphabet=st.sampled_from("ab*_[]()<>!`#>-1. \n{}|:=\\&;\u202e\x00"),
        max_size=200,
    )
)
def test_any_text_becomes_nodes(written):
    json.dumps(nodes_of(written))
    refusals_of(written)
