"""Import of machine translations from a CSV file (docs/import.md); the portal calls no machine."""

import re
from typing import BinaryIO

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.user.models import User
from common.imports.command import only_import
from common.imports.reader import (
    CONTROL,
    ImportResult,
    Row,
    RowError,
    read_rows,
    read_text,
    shown,
)
from common.locks.advisory import Lock
from common.moves.workflow import MoveRefused
from stocktaking.project.fields import TEXT_FIELDS
from stocktaking.project.models import Project
from stocktaking.text.models import ProjectText
from stocktaking.text.workflow import TextStatus

COLUMNS = ("project", "language", "engine", "title", "summary")
EXTRA_COLUMNS = tuple(name for name in TEXT_FIELDS if name not in COLUMNS)
NUMBER = re.compile(r"WSIS-[0-9]{4}-([0-9]{1,18})")


def import_texts(
    file: BinaryIO,
    *,
    dry_run: bool = False,
    by: User | None = None,
    only_new: bool = False,
) -> ImportResult:
    """Bring a machine's texts, a row for each entry and language; a newer one takes the place of
    the older. With `only_new`, languages in which a machine's text stands are left as they are.

    Raises ValidationError when the file as a whole cannot be read or another import is running.
    """
    text = read_text(file)
    rows = list(read_rows(text, COLUMNS, EXTRA_COLUMNS))
    result = ImportResult()
    with only_import(Lock.TEXT_IMPORT):
        for row in rows:
            if isinstance(row, RowError):
                result.refuse([row])
                continue
            try:
                _take(row, result, dry_run, by, only_new)
            except MoveRefused as error:
                result.refuse([RowError(row.number, "project", str(error.message))])
            except ValidationError as error:
                result.refuse(_refused(row, error))
    return result


def _take(
    row: Row, result: ImportResult, dry_run: bool, by: User | None, only_new: bool
) -> None:
    cells = row.cells
    if any(CONTROL.search(cell) for cell in cells.values()):
        raise ValidationError({"project": _("This row contains a control character.")})
    for name in ("engine", "title"):
        if not cells[name]:
            raise ValidationError({name: _("Fill in this cell.")})
    project = _project(cells["project"])
    texts = {name: cells.get(name, "") for name in TEXT_FIELDS}
    machine = ProjectText.objects.filter(
        project=project, language=cells["language"], status=TextStatus.SHOWN
    )
    stands = machine.exists()
    if stands and only_new:
        result.unchanged += 1
        return
    with transaction.atomic():
        changed = ProjectText.objects.keep_machine(
            project, cells["language"], texts, cells["engine"], by
        )
        if dry_run:
            transaction.set_rollback(True)
    result.created += changed and not stands
    result.updated += changed and stands
    result.unchanged += not changed


def _project(text: str) -> Project:
    """The entry by its number or its external identifier. Raises ValidationError."""
    number = NUMBER.fullmatch(text)
    key = {"pk": int(number[1])} if number else {"external_id": text}
    found = Project.objects.filter(**key).first() if text else None
    if found is None:
        sentence = _(
            "There is no project “%(value)s”: enter its number or its external identifier."
        )
        raise ValidationError({"project": sentence % {"value": shown(text)}})
    return found


def _refused(row: Row, error: ValidationError) -> list[RowError]:
    return [
        RowError(row.number, name if name in row.cells else "", " ".join(sentences))
        for name, sentences in error.message_dict.items()
    ]
