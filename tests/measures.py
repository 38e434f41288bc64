"""`python -m tests.measures`: how the code reads, in figures (goals: docs/architecture.md)."""

import ast
import re
import statistics
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NOT_COUNTED = ("tests/", "benchmarks/")
Function = ast.FunctionDef | ast.AsyncFunctionDef


def tracked() -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", "*.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return listed.stdout.split()


def code_files() -> dict[str, str]:
    """Path → text of what runs: tests, benchmarks and migrations apart."""
    return {
        path: (ROOT / path).read_text(encoding="utf-8")
        for path in tracked()
        if "/migrations/" not in path and not path.startswith(NOT_COUNTED)
    }


def functions(texts: dict[str, str]) -> Iterator[Function]:
    for text in texts.values():
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, Function):
                yield node


def nodes_a_line(texts: dict[str, str]) -> float:
    """How much a line of a function says: nodes of the syntax tree."""
    lines = nodes = 0
    for function in functions(texts):
        lines += function.end_lineno - function.lineno + 1
        nodes += sum(1 for _node in ast.walk(function))
    return nodes / lines


def any_share(texts: dict[str, str]) -> float:
    """The share of parameters whose type is Any."""
    parameters = []
    for function in functions(texts):
        given = [*function.args.args, *function.args.kwonlyargs]
        parameters += [a for a in given if a.arg not in ("self", "cls")]
    unknown = [
        a
        for a in parameters
        if isinstance(a.annotation, ast.Name) and a.annotation.id == "Any"
    ]
    return len(unknown) / len(parameters)


def count(texts: dict[str, str], pattern: str) -> int:
    return sum(len(re.findall(pattern, text)) for text in texts.values())


def crowded(texts: dict[str, str], most: int = 15) -> dict[str, int]:
    """Folders with more than so many files."""
    files = [path for path in texts if "/" in path and not path.endswith("__init__.py")]
    folders = Counter(path.rpartition("/")[0] for path in files)
    return {folder: number for folder, number in folders.items() if number > most}


def measures() -> dict[str, object]:
    texts = code_files()
    lines = [text.count("\n") for text in texts.values()]
    lengths = [f.end_lineno - f.lineno + 1 for f in functions(texts)]
    return {
        "files": len(texts),
        "lines": sum(lines),
        "lines of a file, median": statistics.median(lines),
        "lines of a file, most": max(lines),
        "lines of a function, median": statistics.median(lengths),
        "lines of a function, most": max(lengths),
        "nodes a line": round(nodes_a_line(texts), 2),
        "formatter switched off": count(texts, r"# ?fmt:"),
        "parameters that are Any": f"{any_share(texts):.1%}",
        "models by their names": count(texts, r"get_model\(|\.related_model"),
        "folders with more than 15 files": crowded(texts) or "none",
    }


def main() -> None:
    for name, value in measures().items():
        sys.stdout.write(f"{name:<34}{value}\n")


if __name__ == "__main__":
    main()
