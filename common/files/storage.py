"""File storage in which each file is complete or absent."""

import os
import uuid
from contextlib import suppress
from pathlib import Path

from django.core.files.storage import FileSystemStorage

MOST_TRIES = 100


class WholeFiles(FileSystemStorage):
    """Writes under a temporary name first: a full disk leaves nothing behind, and nobody reads
    half a file. Raises the OSError of the disk, for which errors.py has a sentence."""

    def _save(self, name: str, content: object) -> str:
        folder = os.path.dirname(name)
        partial = os.path.join(folder, f"{uuid.uuid4().hex}.partial")
        try:
            super()._save(partial, content)  # type: ignore[misc]  # the stubs leave it out
            return self._give_name(partial, name)
        finally:
            with suppress(OSError):
                os.unlink(self.path(partial))

    def _give_name(self, partial: str, name: str) -> str:
        """The final name of the file; another one where the name has been taken meanwhile."""
        for _try in range(MOST_TRIES):
            try:
                os.close(os.open(self.path(name), os.O_WRONLY | os.O_CREAT | os.O_EXCL))
            except FileExistsError:
                name = self.get_available_name(name)
            else:
                os.replace(self.path(partial), self.path(name))
                return Path(name).as_posix()
        raise FileExistsError(name)
