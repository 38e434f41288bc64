"""Office files with fixed times inside, so that the same content makes the same bytes."""

import io
import zipfile
from collections.abc import Callable

FIRST_DAY_OF_ZIP = (1980, 1, 1, 0, 0, 0)


def with_fixed_times(
    saved: io.BytesIO, rewritten: dict[str, Callable[[bytes], bytes]] | None = None
) -> bytes:
    """The archive again, each part dated alike; `rewritten` is name of a part → what it becomes."""
    target = io.BytesIO()
    changes = rewritten or {}
    with (
        zipfile.ZipFile(saved) as parts,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as fixed,
    ):
        for name in parts.namelist():
            content = parts.read(name)
            if name in changes:
                content = changes[name](content)
            part = zipfile.ZipInfo(name, FIRST_DAY_OF_ZIP)
            fixed.writestr(part, content, zipfile.ZIP_DEFLATED)
    return target.getvalue()
