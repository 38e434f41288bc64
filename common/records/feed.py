"""Which records are in the log of public changes: triggers, declared in the `Meta` of a model.

`InFeed` says what the API shows of a record: columns of its own row, and parts from other tables.
Any write to one of these (admin, import, command, plain SQL) marks the record as touched. At the
end of the transaction the database compares what the touched records serve now with what they
served before (`common.ServedState`) and writes a row of the log for each difference, unless the
program has written a more specific one itself. A write that changes nothing that is served is not a
change.
"""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from django.apps import apps as registry
from django.db import connection, models
from django.db.models import Model

from common.schema.triggers import Triggers

NAMES = ("name_en", "name_ar", "name_es", "name_fr", "name_ru", "name_zh_hans")

TOUCH = """
        INSERT INTO common_touched (record_kind, record_id) {keys} ON CONFLICT DO NOTHING;"""

TRIGGER = """
CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $feed$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD IS NOT DISTINCT FROM NEW THEN
        RETURN NULL;
    END IF;
    IF TG_OP <> 'INSERT' THEN{old}
    END IF;
    IF TG_OP <> 'DELETE' THEN{new}
    END IF;
    RETURN NULL;
END $feed$;
CREATE TRIGGER {name} AFTER INSERT OR UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION {name}();
"""

# `content` is NULL for what is not public; `successor` is where a merged record leads.
SERVED = """
CREATE FUNCTION {function}(ids text[]) RETURNS TABLE (record_id text, content jsonb, successor text)
STABLE LANGUAGE plpgsql AS $feed$
BEGIN
    RETURN QUERY {query};
END $feed$;
"""

DUE = """
INSERT INTO common_touched (record_kind, record_id)
SELECT DISTINCT %s, due.record_id FROM ({moments}) AS due (record_id, moment)
LEFT JOIN common_servedstate AS state
    ON state.record_kind = %s AND state.record_id = due.record_id
WHERE due.moment <= now() AND due.moment > coalesce(state.examined_at, '-infinity')
ON CONFLICT DO NOTHING
"""


class Part(NamedTuple):
    """What the API shows with a record but another table holds.

    table: its name.
    where: SQL, whether the row `changed` of it concerns the row `record`.
    content: SQL, a subquery of one JSON value for the row `record`.
    owner: the column of the table that points to the record, where a row names its record itself.
    In SQL, `{own}` stands for the primary key of the record.
    """

    table: str
    where: str
    content: str
    owner: str = ""


def quoted(names: Iterable[str], row: str) -> str:
    return ", ".join(f'{row}."{name}"' for name in names)


def owned(table: str, owner: str, content: str) -> Part:
    """What rows of a table say whose column `owner` points to the record."""
    return Part(table, f'changed."{owner}" = record.{{own}}', content, owner)


def rows(table: str, owner: str, *columns: str, only: str = "true") -> Part:
    """Rows of a table whose column `owner` points to the record; `only` is SQL over `part`."""
    chosen = (
        f"""FROM {table} AS part WHERE part."{owner}" = record.{{own}} AND ({only})"""
    )
    return owned(
        table,
        owner,
        f"SELECT jsonb_agg(to_jsonb(shown) ORDER BY to_jsonb(shown)) "
        f"FROM (SELECT {quoted(columns, 'part')} {chosen}) AS shown",
    )


def related(table: str, column: str, *columns: str, key: str = "id") -> Part:
    """Columns of the one row of a table to which the record's `column` points."""
    return Part(
        table,
        f'changed."{key}" = record."{column}"',
        f"SELECT jsonb_build_array({quoted(columns, 'part')}) FROM {table} AS part "
        f'WHERE part."{key}" = record."{column}"',
    )


def term(table: str, column: str, *columns: str) -> Part:
    """The names, in all languages, of the code that the record has in `column`."""
    return related(table, column, *NAMES, *columns, key="code")


def related_through(
    link: str, owner: str, column: str, table: str, *columns: str, key: str = "id"
) -> Part:
    """Columns of the rows of a table to which the record is linked by another table."""
    linked = f"""FROM {link} AS link WHERE link."{owner}" = record.{{own}}"""
    return Part(
        table,
        f"""record.{{own}} IN (SELECT link."{owner}" FROM {link} AS link """
        f"""WHERE link."{column}" = changed."{key}")""",
        f"SELECT jsonb_agg(jsonb_build_array({quoted(columns, 'part')}) "
        f'ORDER BY part."{key}") FROM {table} AS part '
        f'WHERE part."{key}" IN (SELECT link."{column}" {linked})',
    )


def terms(link: str, owner: str, column: str, table: str) -> list[Part]:
    """The codes of a list of which the record has several, with their names in all languages."""
    return [
        owned(
            link,
            owner,
            f'SELECT jsonb_agg(part."{column}" ORDER BY part."{column}") FROM {link} AS part '
            f'WHERE part."{owner}" = record.{{own}}',
        ),
        related_through(link, owner, column, table, *NAMES, key="code"),
    ]


class InFeed(Triggers):
    """Records of this model are in the feed under `kind` (the model's label when it is empty).

    key: the column that the API's address of a record holds; the primary key when it is empty.
    public: SQL over the row `record`, whether everybody may read it.
    leads_to: SQL over `record`, the key of the record into which it was merged, or NULL.
    columns: of the table, what the API shows; a column `version` becomes that of the change.
    parts: what it shows from other tables.
    whole: when not empty, the table as a whole is one record with this key.
    moments: SQL, pairs of a key and a time at which what is served changes without a write.
    """

    def __init__(  # noqa: PLR0913  (named only, as those of all constraints)
        self,
        *,
        name: str,
        columns: Sequence[str],
        kind: str = "",
        key: str = "",
        public: str = "true",
        leads_to: str = "NULL",
        parts: Sequence[Sequence[str]] = (),
        whole: str = "",
        moments: str = "",
    ) -> None:
        super().__init__(name=name)
        self.columns, self.kind, self.key = tuple(columns), kind, key
        self.public, self.leads_to, self.whole, self.moments = (
            public,
            leads_to,
            whole,
            moments,
        )
        self.parts = tuple(Part(*part) for part in parts)

    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        path, arguments, options = super().deconstruct()
        options["columns"] = self.columns
        for name in ("kind", "key", "public", "leads_to", "whole", "moments"):
            if getattr(self, name) != getattr(InFeed(name="", columns=()), name):
                options[name] = getattr(self, name)
        if self.parts:
            options["parts"] = tuple(tuple(part) for part in self.parts)
        return path, arguments, options

    def kind_of(self, model: type[Model]) -> str:
        return self.kind or str(model._meta.label_lower)

    # --- SQL ---

    def create_sql(self, model: Any, schema_editor: Any) -> str:
        table, kind = model._meta.db_table, self.kind_of(model)
        statements = [
            self._served(model),
            self._own_trigger(table, kind, self._key(model)),
        ]
        for number, part in enumerate(self._parts(model), 1):
            statements.append(self._part_trigger(number, part, model))
        # existing rows are compared once
        statements.append(TOUCH.format(keys=f"{self._all_keys(model)}"))
        return "\n".join(statements)

    def remove_sql(self, model: Any, schema_editor: Any) -> str:
        names = [self._served_name(model), *self._trigger_names()]
        return "\n".join(f"DROP FUNCTION IF EXISTS {name} CASCADE;" for name in names)

    def _trigger_names(self) -> list[str]:
        return [self.name, *(f"{self.name}_{n}" for n in range(1, len(self.parts) + 1))]

    def _served_name(self, model: type[Model]) -> str:
        return f"served_{self.kind_of(model).replace('.', '_')}"

    def _key(self, model: type[Model]) -> str:
        return self.key or str(model._meta.pk.column)

    def _parts(self, model: type[Model]) -> list[Part]:
        own = f'"{model._meta.pk.column}"'
        return [
            Part(*(text.replace("{own}", own) for text in part)) for part in self.parts
        ]

    def _all_keys(self, model: type[Model]) -> str:
        kind, table = self.kind_of(model), model._meta.db_table
        if self.whole:
            return f"SELECT '{kind}', '{self.whole}' WHERE EXISTS (SELECT FROM {table})"
        return f"""SELECT '{kind}', "{self._key(model)}"::text FROM {table}"""

    def _served(self, model: type[Model]) -> str:
        table = model._meta.db_table
        parts = "".join(f", ({part.content})" for part in self._parts(model))
        shown = f"(SELECT to_jsonb(shown) FROM (SELECT {quoted(self.columns, 'record')}) AS shown)"
        if self.whole:
            query = (
                f"SELECT '{self.whole}', jsonb_build_array((SELECT jsonb_agg({shown} ORDER BY "
                f"{shown}) FROM {table} AS record){parts}), NULL::text"
            )
        else:
            key, cast = self._key(model), self._cast(model)
            query = (
                f'SELECT record."{key}"::text, CASE WHEN {self.public} '
                f"THEN jsonb_build_array({shown}{parts}) END, ({self.leads_to})::text "
                f'FROM {table} AS record WHERE record."{key}" = ANY(ids{cast})'
            )
        return SERVED.format(function=self._served_name(model), query=query)

    def _cast(self, model: Any) -> str:
        """The keys in the type of the column, so that its index can be used."""
        field = next(
            f for f in model._meta.concrete_fields if f.column == self._key(model)
        )
        number = isinstance(
            field.target_field if field.is_relation else field, models.IntegerField
        )
        return "::bigint[]" if number else ""

    def _own_trigger(self, table: str, kind: str, key: str) -> str:
        def keys(row: str) -> str:
            value = f"'{self.whole}'" if self.whole else f'{row}."{key}"::text'
            return TOUCH.format(keys=f"SELECT '{kind}', {value}")

        return TRIGGER.format(
            name=self.name, table=table, old=keys("OLD"), new=keys("NEW")
        )

    def _part_trigger(self, number: int, part: Part, model: type[Model]) -> str:
        kind, table, key = self.kind_of(model), model._meta.db_table, self._key(model)

        def keys(row: str) -> str:
            if self.whole:
                return TOUCH.format(keys=f"SELECT '{kind}', '{self.whole}'")
            if part.owner and key == model._meta.pk.column:
                # The row names its record. To look that up would be slow when many rows come
                # into empty tables: the plan made for the first of them reads the whole table.
                column = f'{row}."{part.owner}"'
                return TOUCH.format(
                    keys=f"SELECT '{kind}', {column}::text WHERE {column} IS NOT NULL"
                )
            records = (
                f"""SELECT DISTINCT '{kind}', record."{key}"::text """
                f"FROM {table} AS record, (SELECT {row}.*) AS changed WHERE {part.where}"
            )
            return TOUCH.format(keys=records)

        name = f"{self.name}_{number}"
        return TRIGGER.format(
            name=name, table=part.table, old=keys("OLD"), new=keys("NEW")
        )


def declared() -> list[tuple[Any, InFeed]]:
    """Model and declaration of each kind of record that is in the feed."""
    return [
        (model, constraint)
        for model in registry.get_models()
        for constraint in model._meta.constraints
        if isinstance(constraint, InFeed)
    ]


def examine_due() -> int:
    """Compare again the records whose time has come since they were last compared, such as a
    session that is over. Returns how many there were."""
    examined = 0
    with connection.cursor() as cursor:
        for model, feed in declared():
            if feed.moments:
                kind = feed.kind_of(model)
                cursor.execute(DUE.format(moments=feed.moments), [kind, kind])
                examined += cursor.rowcount
    return examined
