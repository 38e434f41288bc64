"""Triggers that are declared with a model: `makemigrations` sees when they have to change."""

from typing import Any

from django.db import models


class Triggers(models.BaseConstraint):
    """In the constraints of a `Meta`, though it refuses nothing. `create_sql` makes functions and
    triggers, `remove_sql` takes them away, `deconstruct` names what they are made from."""

    def __eq__(self, other: object) -> bool:
        if isinstance(other, type(self)):
            return self.deconstruct() == other.deconstruct()
        return NotImplemented

    def __hash__(self) -> int:
        return hash(self.name)

    def validate(self, *args: Any, **options: Any) -> None:
        """Nothing is refused: what the triggers keep follows whatever is written."""

    def constraint_sql(self, model: Any, schema_editor: Any) -> str:
        """Within CREATE TABLE there is nothing to say: the triggers come behind it."""
        schema_editor.deferred_sql.append(self.create_sql(model, schema_editor))
        return ""
