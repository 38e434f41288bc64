"""What people call the columns of a sheet of projects, in the six languages."""

import re

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from common.text.folding import fold_loosely
from stocktaking.project.fields import FIELDS
from stocktaking.project.models import Project

# The words of the page for each column that can be filled, in the order of the form.
LABELS = {
    field.column: capfirst(Project._meta.get_field(field.name).verbose_name)  # type: ignore[union-attr]  # plain fields
    for field in FIELDS
    if field.column_names
}
LABELS["action_lines"] = _("Action lines")  # the main one and the others
LABELS["sdgs"] = _("Sustainable Development Goals")


def plain(text: str) -> str:
    """A heading without signs, so that “Project name *:” and “Project (name)” can be compared."""
    outside = re.sub(r"\([^)]*\)", " ", text)
    return fold_loosely(re.sub(r"[_\W]+", " ", outside))


# A heading matches when it is one of these, case, accents and signs put aside.
COLUMN_OF = {
    plain(name): field.column
    for field in FIELDS
    if field.column_names
    for name in (field.column, *field.column_names.split(";"))
}


def column_of(heading: str) -> str | None:
    """Our column that this heading seems to mean."""
    return COLUMN_OF.get(plain(heading)) or COLUMN_OF.get(
        plain(heading.partition("/")[0])
    )
