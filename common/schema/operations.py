"""Migration operations: all tables of an app at once, and SQL from files beside the models."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.conf import settings
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState


class CreateTables(Operation):
    """Create tables that may refer to each other.

    For each single `CreateModel` Django renders again every model that is related to the new one,
    which is nearly all of them: that takes most of a minute for the portal. Here they are rendered
    once, and the foreign keys follow when all tables exist.
    """

    reversible = True
    reduces_to_sql = True
    serialization_expand_args: ClassVar[list[str]] = ["tables"]

    def __init__(self, tables: Sequence[migrations.CreateModel]) -> None:
        self.tables = list(tables)

    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        return type(self).__name__, [], {"tables": self.tables}

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        state.__dict__.pop("apps", None)  # the models rendered so far
        for table in self.tables:
            table.state_forwards(app_label, state)

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for table in self.tables:
            table.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for table in reversed(self.tables):
            table.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return f"Create the tables {', '.join(table.name for table in self.tables)}"


def run_file(path: str) -> migrations.RunSQL:
    """Run the SQL of a file; its path is relative to the project. Going back leaves its
    functions: they are replaced when the step is taken again."""
    sql = (settings.BASE_DIR / path).read_text(encoding="utf-8")
    return migrations.RunSQL(sql, migrations.RunSQL.noop)
