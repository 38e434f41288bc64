"""Problems of the machine, each in one sentence that says what to do."""

import errno
import shutil
from pathlib import Path

MEGABYTE = 1024 * 1024
NEEDED_MEGABYTES = (
    500  # programs 80, empty database 50, write-ahead log up to 200, real data, static
)


class Trouble(Exception):  # noqa: N818 (its reader is whoever typed the command)
    """A problem that the person who started the command can solve; the text says how."""


def explain(error: OSError, var: Path) -> str | None:
    """The sentence for a problem of the machine, or None for a fault of ours."""
    where = error.filename or var
    sentences = {
        errno.ENOSPC: f"The disk is full at {where}: free some space and start again.",
        errno.EDQUOT: f"The disk quota is used up at {where}: free some space and start again.",
        errno.EACCES: f"{where} belongs to another user: start as that user, or set VAR_DIR to a"
        " folder of your own.",
        errno.EPERM: f"{where} belongs to another user: start as that user, or set VAR_DIR to a"
        " folder of your own.",
        errno.EROFS: f"{where} is read-only: set VAR_DIR to a folder that can be written.",
        errno.ENOTDIR: f"{where} should be a folder and is not: move it away and start again.",
        errno.EEXIST: f"{where} should be a folder and is not: move it away and start again.",
    }
    return sentences.get(error.errno or 0)


def need_space(folder: Path, megabytes: int = NEEDED_MEGABYTES) -> None:
    """Refuse to start on a disk that would soon be full."""
    free = shutil.disk_usage(folder).free // MEGABYTE
    if free < megabytes:
        raise Trouble(
            f"The disk is nearly full: {folder} has {free} MB left and {megabytes} MB are needed;"
            " free some space, or set VAR_DIR to a folder on another disk."
        )


def damaged(what: Path, var: Path, detail: str = "") -> Trouble:
    """The stores cannot be read: nothing is deleted automatically."""
    reason = f" ({detail})" if detail else ""
    return Trouble(
        f"{what} is damaged{reason}: put back a backup of {var}, or move it away"
        f" (mv {var} {var}.damaged) and start again with an empty database."
    )
