"""No template carries anything that the strict policy would block."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
FORBIDDEN = {
    "inline style": re.compile(r"\sstyle\s*=", re.I),
    "style element": re.compile(r"<style\b", re.I),
    "inline handler": re.compile(r"\son[a-z]+\s*=\s*[\"']", re.I),
    "inline script": re.compile(
        r"<script\b(?![^>]*\b(?:src=|type=\"application/(?:ld\+)?json\"))", re.I
    ),
    "script address": re.compile(r"javascript:", re.I),
    "foreign file": re.compile(
        r"\b(?:src|srcset|action)\s*=\s*[\"'](?:https?:)?//", re.I
    ),
    "foreign style sheet": re.compile(r"<link\b[^>]*href=[\"'](?:https?:)?//", re.I),
    "nonce": re.compile(r"\bnonce\s*=", re.I),
}


@pytest.mark.parametrize("kind", FORBIDDEN)
def test_templates_hold_no(kind):
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in TEMPLATES
        for match in FORBIDDEN[kind].finditer(path.read_text(encoding="utf-8"))
    ]

    assert found == []


@pytest.mark.parametrize(
    ("kind", "bad"),
    [
        ("inline style", '<p style="color:red">'),
        ("style element", "<style>"),
        ("inline handler", '<a onclick="go()">'),
        ("inline script", "<script>"),
        ("script address", '<a href="javascript:go()">'),
        ("foreign file", '<img src="//cdn.example/x.png">'),
        (
            "foreign style sheet",
            '<link rel="stylesheet" href="https://cdn.example/x.css">',
        ),
        ("nonce", '<script nonce="x" src="y">'),
    ],
)
def test_the_search_finds_what_it_looks_for(kind, bad):
    assert FORBIDDEN[kind].search(bad) is not None


def test_our_scripts_build_no_code_and_no_style_from_text():
    risky = re.compile(
        r"\beval\(|new Function\(|innerHTML|insertAdjacentHTML|document\.write|cssText"
    )

    found = [
        f"{path.name}: {match.group()}"
        for path in sorted((ROOT / "static" / "js").rglob("*.js"))
        for match in risky.finditer(path.read_text(encoding="utf-8"))
    ]

    assert found == []
