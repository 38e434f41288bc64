"""Static files: those that pages use, compressed once, collected again only after a change."""

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import brotli
from django.conf import settings
from django.contrib.staticfiles.apps import StaticFilesConfig
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage

# 11, the highest, takes eight times as long as 9 for 5 % less
BROTLI_QUALITY = 9
STAMP = ".collected"
PLAIN = "css/error.css"  # templates/500.html asks for it without the manifest


class PortalStaticFiles(StaticFilesConfig):
    """Leaves out source maps and the parts of packages that no page of ours uses."""

    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        "*.map",
        "redoc",
        "rest_framework",
    ]


class QuickCompressor(Compressor):
    @staticmethod
    def compress_brotli(data: bytes) -> bytes:
        return brotli.compress(data, quality=BROTLI_QUALITY)


class PortalStaticStorage(CompressedManifestStaticFilesStorage):
    """Names with the hash of the content, so that browsers may keep files for ever."""

    # url() and @import of style sheets; not the comments that name source maps, which we leave out
    patterns = (("*.css", CompressedManifestStaticFilesStorage.patterns[0][1][:2]),)

    def delete_files(self, files_to_delete: Iterable[str]) -> None:
        """Keeps only files with a hash, and the one that the error page names itself."""
        super().delete_files(name for name in files_to_delete if name != PLAIN)

    def create_compressor(self, **options: Any) -> Compressor:
        return QuickCompressor(**options)


def collect_if_changed() -> bool:
    """Run collectstatic unless every file is unchanged; True when it ran."""
    stamp = Path(settings.STATIC_ROOT) / STAMP
    now = _fingerprint()
    if stamp.is_file() and stamp.read_text() == now:
        return False
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(now)
    return True


def _fingerprint() -> str:
    """Changes with any file's name, size or time, and with how we compress."""
    digest = hashlib.sha256(Path(__file__).read_bytes())
    for finder in get_finders():
        for name, storage in sorted(finder.list([]), key=lambda pair: str(pair[0])):
            facts = Path(storage.path(name)).stat()
            digest.update(f"{name} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    return digest.hexdigest()
