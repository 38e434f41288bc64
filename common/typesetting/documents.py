"""Typst: what is printed reaches it as data in `sys.inputs`, never as markup.

Only the fonts of our packages are used, so that every worker makes the same file. The root is a
folder with the pictures of the document and nothing else.
"""

import json
import tempfile
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, cast

import typst

# What every source begins with: the data, and how their language is set.
WRITING = Path(__file__).with_name("writing.typ")


@cache
def fonts(folders: tuple[str, ...]) -> typst.Fonts:
    """Found once per process: reading the folders takes a quarter of a second."""
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=list(folders),
    )


def typeset(
    sources: Iterable[Path],
    data: dict[str, Any],
    folders: tuple[str, ...],
    pictures: dict[str, bytes],
    **options: Any,
) -> bytes:
    """The document that these files, one after the other, make of the data."""
    source = b"".join(path.read_bytes() for path in sources)
    with tempfile.TemporaryDirectory() as root:
        for name, content in pictures.items():
            (Path(root) / name).write_bytes(content)
        compiler = typst.Compiler(
            source,
            root=root,
            font_paths=fonts(folders),
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        )
        document = compiler.compile(**options)
    return cast(bytes, document)  # a list comes only for several pages of pictures
