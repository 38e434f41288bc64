"""A new field of projects costs three files and at most twenty lines, and is then everywhere.

It is written into a copy of the portal, which gets a database of its own. What is asked there
stands in new_field.py.
"""

import difflib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

ROOT = Path(__file__).resolve().parents[3]
MODEL = "stocktaking/project/description.py"
TABLE = "stocktaking/project/fields.py"
MIGRATION = "stocktaking/migrations/0001_initial.py"
ASKED = "tests/stocktaking/project/new_field.py"
ON_THE_MODEL = '    safeguards = long_text(_("safeguards"))\n'
IN_THE_TABLE = """\
    long_text(
        "safeguards",
        step="results",
        hint=_("How people are protected. At most 1,000 words."),
        heading=_("How people are protected"),
        column_names="safeguards; garanties; salvaguardias; гарантии; الضمانات; 保障措施",
        in_report=True,
    ),
"""
MENTIONS = (
    r"(?<!\()'sustainability'",
    r"\('sustainability', 'D'\)",
    r'part\."sustainability"',
)


def put_before(path, mark, text):
    before, found, after = path.read_text(encoding="utf-8").partition(mark)
    assert found, (path, mark)
    path.write_text(before + text + found + after, encoding="utf-8")


def put_into_the_migration(path):
    """Beside `sustainability`, in both tables and in the lists of both triggers."""
    lines = []
    for line in path.read_text(encoding="utf-8").splitlines(keepends=True):
        if "('sustainability', models." in line:
            lines += [line, line.replace("sustainability", "safeguards")]
            continue
        for mention in MENTIONS:
            line = re.sub(mention, beside, line)  # noqa: PLW2901
        lines.append(line)
    path.write_text("".join(lines), encoding="utf-8")


def beside(found):
    return f"{found[0]}, {found[0].replace('sustainability', 'safeguards')}"


def changed_lines(copy, name):
    """What `git diff` would show: lines that went and lines that came."""
    before, after = (
        (root / name).read_text(encoding="utf-8").splitlines() for root in (ROOT, copy)
    )
    rows = difflib.unified_diff(before, after, n=0, lineterm="")
    return [row for row in rows if row[0] in "+-" and row[:3] not in ("---", "+++")]


@pytest.fixture
def copy(tmp_path):
    """The portal with one field more."""
    left_out = shutil.ignore_patterns(".*", "var", "__pycache__")
    copied = shutil.copytree(ROOT, tmp_path / "portal", ignore=left_out)
    put_before(copied / MODEL, "    image_alt = ", ON_THE_MODEL)
    put_before(copied / TABLE, '    Field("image", ', IN_THE_TABLE)
    put_into_the_migration(copied / MIGRATION)
    return copied


def test_a_new_field_is_three_files_and_is_then_everywhere(copy):
    changed = {name: changed_lines(copy, name) for name in (MODEL, TABLE, MIGRATION)}
    lines = sum(map(len, changed.values()))
    stores = urlsplit(os.environ["DATABASE_URL"])
    own = {"DATABASE_URL": stores._replace(path="/one_field_more").geturl()}
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")}

    run = subprocess.run(
        [sys.executable, "-m", "pytest", "--create-db", ASKED],
        cwd=copy,
        env=inherited | own,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )

    assert lines <= 20, changed
    assert run.returncode == 0, run.stdout[-8000:] + run.stderr[-2000:]
    assert re.search(r"\b15 passed\b", run.stdout), run.stdout
