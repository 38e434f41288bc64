"""Compiles catalogues from .po to .mo without gettext's programs, which may not be installed."""

import os
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation.reloader import translation_file_changed


class Command(BaseCommand):
    help = "Compile locale/*/LC_MESSAGES/*.po, those that changed."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        for folder in settings.LOCALE_PATHS:
            for source in sorted(Path(folder).glob("*/LC_MESSAGES/*.po")):
                if compile_catalogue(source) and options["verbosity"]:
                    self.stdout.write(f"{source.relative_to(folder)} compiled")
        read_again()


def read_again() -> None:
    """This process may have looked for catalogues when they were not there yet, whichever process
    has compiled them since."""
    language = translation.get_language()
    translation_file_changed(None, Path("any.mo"))
    if language:
        translation.activate(language)


def compile_catalogue(source: Path) -> bool:
    """Write the .mo beside a .po unless it is newer; True when it was written."""
    target = source.with_suffix(".mo")
    if target.exists() and target.stat().st_mtime_ns > source.stat().st_mtime_ns:
        return False
    try:
        with source.open("rb") as lines:
            catalogue = read_po(lines, abort_invalid=True)
    except (PoFileError, UnicodeDecodeError) as error:
        raise CommandError(f"{source}: {error}") from None
    partial = target.with_suffix(
        f".{os.getpid()}"
    )  # two processes may do this side by side
    with partial.open("wb") as out:
        write_mo(out, catalogue)
    partial.replace(target)
    return True
