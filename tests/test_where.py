"""The documentation names files that exist, and what it says stands in them."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
ROW = re.compile(r"\| (.+\?) \| `([^`]+)` \| `([^`]+)` \|")
FOLDERS = sorted(
    path.name
    for path in ROOT.iterdir()
    if path.is_dir() and not path.name.startswith(".") and path.name != "var"
)
CODE = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")
FILE = re.compile(
    r"\.(?:css|csv|html|js|md|po|png|py|sql|svg|toml|txt|typ|xml|yml)$|/Makefile$"
)
METHODS = re.compile(r"(?:GET|POST|PATCH|PUT|DELETE)\b")
# A definition, a key, a block of a template, or a function or trigger of the database.
PLACES = (
    r"^\s*(?:async def|def|class|const|function|#let) {name}\b",
    r"^\s*{name}\s*[:=](?!=)",
    r"""^\s*["']?{name}["']?\s*:""",
    r"""\bname=["']{name}["']""",
    r"\b(?:FUNCTION|TRIGGER) (?:public\.)?{name}\b",
    r"{{% block {name} %}}",
)
COLUMN = r"(?:^|,){name}(?:,|$)"


def rows(page: str) -> list[tuple[str, str, str]]:
    return [match.groups() for match in map(ROW.fullmatch, page.splitlines()) if match]


def holds(path: Path, name: str) -> bool:
    """Whether the file defines the name, or has it as a key or as a column."""
    places = (COLUMN,) if path.suffix == ".csv" else PLACES
    text = path.read_text(encoding="utf-8")
    return any(
        re.search(place.format(name=re.escape(name)), text, re.MULTILINE)
        for place in places
    )


def paths_in(page: str) -> list[tuple[str, str]]:
    """Paths of the repository that a page names in code, each with the name after a colon."""
    named = []
    for code in CODE.findall(page):
        words = [] if METHODS.match(code) else code.split()
        for word, following in zip(words, [*words[1:], ""], strict=False):
            path = word.rstrip(":,;")
            is_file = FILE.search(path) is not None
            is_below = "/" in path and path.partition("/")[0] in FOLDERS
            if path.startswith(("/", ".")) or not (is_file or is_below):
                continue
            name = following if word.endswith(":") else ""
            named.append((path, name.partition("(")[0]))
    return named


def files_of(path: str) -> list[Path]:
    """The files that a path means: `<app>` and `*` stand for any name, a name alone for a file in
    any folder."""
    if "/" not in path and not (ROOT / path).exists():
        return [file for folder in FOLDERS for file in (ROOT / folder).rglob(path)]
    return sorted(ROOT.glob(re.sub(r"<[^>]*>", "*", path)))


WHERE = rows((ROOT / "docs" / "where.md").read_text(encoding="utf-8"))


def nouns_in_order() -> dict[str, list[str]]:
    """The nouns of each app, the lowest first, as the linter of imports holds them."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        contracts = tomllib.load(file)["tool"]["importlinter"]["contracts"]
    return {
        app: contract["layers"][::-1]
        for contract in contracts
        for app in contract.get("containers", [])
    }


def nouns_described() -> dict[str, list[str]]:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    parts = re.split(r"^##+ ", page, flags=re.MULTILINE)
    return {
        heading[1]: re.findall(r"^\| `(\w+)` \|", part, re.MULTILINE)
        for part in parts
        if (heading := re.match(r"`(\w+)/`\n", part))
    }


def test_a_newcomer_finds_forty_answers():
    assert len(WHERE) >= 40
    assert len({question for question, _file, _name in WHERE}) == len(WHERE)


@pytest.mark.parametrize(("question", "file", "name"), WHERE)
def test_the_file_exists_and_holds_the_name(question, file, name):
    assert (ROOT / file).is_file(), question
    assert holds(ROOT / file, name), question


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_paths_in_the_documentation_exist(page):
    text = page.read_text(encoding="utf-8")
    missing = [
        path if not files_of(path) else f"{path}: {name}"
        for path, name in paths_in(text)
        if not (found := files_of(path)) or (name and not holds(found[0], name))
    ]
    missing += [
        link for link in LINK.findall(text) if not (page.parent / link).exists()
    ]

    assert missing == []


def test_every_noun_is_described_in_its_order():
    assert nouns_described() == nouns_in_order()
