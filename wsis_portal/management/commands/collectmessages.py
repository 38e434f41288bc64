"""Updates the catalogues from the code: new messages are added, unused ones removed."""

import io
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.core.management.base import BaseCommand

from wsis_portal.catalogues.messages import Key, messages


class Command(BaseCommand):
    help = "Add new messages to locale/*/LC_MESSAGES/django.po and remove unused ones."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        in_code = set(messages())
        for path in sorted(
            (settings.BASE_DIR / "locale").glob("*/LC_MESSAGES/django.po")
        ):
            added, removed = update(path, in_code)
            self.stdout.write(f"{path.parts[-3]}: {added} added, {removed} removed")


def update(path: Path, in_code: set[Key]) -> tuple[int, int]:
    """Write a catalogue with exactly these messages; returns how many were added and removed."""
    with path.open("rb") as file:
        catalogue = read_po(file)
    present = {key_of(message) for message in catalogue if message.id}
    for context, message in present - in_code:
        catalogue.delete(message, context)
    for context, message in in_code - present:
        if isinstance(message, tuple):
            catalogue.add(message, ("",) * catalogue.num_plurals, context=context)
        else:
            catalogue.add(message, "", context=context)
    save(path, catalogue)
    return len(in_code - present), len(present - in_code)


def key_of(message: Any) -> Key:
    text = message.id
    return message.context, text if isinstance(text, str) else tuple(text)


def save(path: Path, catalogue: Catalog) -> None:
    """Sorted and unwrapped, so that changes by two people seldom conflict; the header stays."""
    head = path.read_text(encoding="utf-8").partition("\n\n")[0]
    file = io.BytesIO()
    write_po(file, catalogue, width=0, sort_output=True)
    body = file.getvalue().decode().partition("\n\n")[2].rstrip("\n")
    path.write_text(f"{head}\n\n{body}\n", encoding="utf-8")
