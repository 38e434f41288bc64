"""A field is written into a copy of the portal, which gets a database of its own, and looked for
there: what a new field costs, and whether it is then everywhere."""

import difflib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[1]


def copied(tmp_path):
    left_out = shutil.ignore_patterns(".*", "var", "__pycache__")
    return shutil.copytree(ROOT, tmp_path / "portal", ignore=left_out)


def put_before(path, mark, text):
    before, found, after = path.read_text(encoding="utf-8").partition(mark)
    assert found, (path, mark)
    path.write_text(before + text + found + after, encoding="utf-8")


def put_beside(path, old, new, mentions):
    """In a migration: the line of the field `old` once more for the new one, and the new name
    behind each mention of the old one in the lists of triggers and words."""

    def beside(found):
        return f"{found[0]}, {found[0].replace(old, new)}"

    lines = []
    for line in path.read_text(encoding="utf-8").splitlines(keepends=True):
        if re.search(mentions[0], line):
            lines += [line, line.replace(old, new)]
            continue
        changed = line
        for mention in mentions[1:]:
            changed = re.sub(mention, beside, changed)
        lines.append(changed)
    path.write_text("".join(lines), encoding="utf-8")


def changed_lines(copy, names):
    """What `git diff` would show of these files: lines that went and lines that came."""
    changed = {}
    for name in names:
        before, after = (
            (root / name).read_text(encoding="utf-8").splitlines()
            for root in (ROOT, copy)
        )
        rows = difflib.unified_diff(before, after, n=0, lineterm="")
        changed[name] = [
            row for row in rows if row[0] in "+-" and row[:3] not in ("---", "+++")
        ]
    return changed


def ask(copy, file):
    """Run the tests of a file in the copy: the whole of what they print, when all are good."""
    stores = urlsplit(os.environ["DATABASE_URL"])
    own = {"DATABASE_URL": stores._replace(path="/one_field_more").geturl()}
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")}
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "--create-db", file],
        cwd=copy,
        env=inherited | own,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-8000:] + run.stderr[-2000:]
    return run.stdout
