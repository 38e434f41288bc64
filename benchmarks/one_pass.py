"""Facet counts by one SQL statement: the rows that fail at most one filter, grouped by each facet.

The benchmark's yardstick, and the judge of the bitmaps in the tests. `source` is a table or
subquery with id, action_line text[], sdg text[], region, country, stakeholder_type, year text.
"""

from typing import Any

from django.db import connection

from stocktaking.search.index import FACETS

LISTS = ("action_line", "sdg")
SCALARS = tuple(name for name in FACETS if name not in LISTS)

# The same rows without a table of their own: slow, but it reads nothing that search keeps.
NORMALISED = """(
    SELECT p.id, p.published_at, c.region_id AS region, p.country_id AS country,
           p.stakeholder_type_id AS stakeholder_type, nullif(p.year, 0)::text AS year,
           ARRAY(SELECT actionline_id::text FROM stocktaking_project_other_action_lines
                 WHERE project_id = p.id UNION SELECT p.main_action_line_id
                 WHERE p.main_action_line_id IS NOT NULL) AS action_line,
           ARRAY(SELECT sdg_id::text FROM stocktaking_project_sdgs WHERE project_id = p.id) AS sdg
    FROM stocktaking_project p LEFT JOIN reference_country c ON c.code = p.country_id
    WHERE p.status = 'published'
)"""


def fails(name: str) -> str:
    test = (
        f"{name} && %({name})s::text[]"
        if name in LISTS
        else f"{name} = ANY(%({name})s::text[])"
    )
    return (
        f"CASE WHEN %({name})s::text[] = '{{}}' OR coalesce({test}, false) THEN 0 ELSE 1 END"
        f" AS no_{name}"
    )


def statement(source: str, text: str) -> str:
    """The SQL; `text` is a condition on the source's rows such as "TRUE"."""
    failed = " + ".join(f"no_{name}" for name in FACETS)
    lists = "".join(
        f" UNION ALL SELECT '{name}', code, count(*) FROM kept, unnest({name}) AS code"
        f" WHERE failed = no_{name} GROUP BY code"
        for name in LISTS
    )
    scalars = "".join(
        f" WHEN GROUPING({name}) = 0 THEN count(*) FILTER (WHERE failed = no_{name})"
        for name in SCALARS
    )
    names = "".join(f" WHEN GROUPING({name}) = 0 THEN '{name}'" for name in SCALARS)
    return f"""
    WITH kept AS MATERIALIZED (
        SELECT *, {failed} AS failed FROM (
            SELECT *, {", ".join(fails(name) for name in FACETS)} FROM {source} AS r WHERE {text}
        ) AS judged WHERE {failed} <= 1
    )
    SELECT 'total', '', count(*) FROM kept WHERE failed = 0 {lists}
    UNION ALL SELECT CASE {names} END, coalesce({", ".join(SCALARS)}), CASE {scalars} END
    FROM kept GROUP BY GROUPING SETS ({", ".join(f"({name})" for name in SCALARS)})
    """


def counts(
    chosen: dict[str, tuple[str, ...]],
    source: str = NORMALISED,
    text: str = "TRUE",
    parameters: dict[str, Any] | None = None,
) -> tuple[int, dict[str, dict[str, int]]]:
    """Total, and facet → value → projects, each facet counted with all other filters."""
    asked = {name: list(chosen.get(name, ())) for name in FACETS} | (parameters or {})
    found: dict[str, dict[str, int]] = {name: {} for name in ("total", *FACETS)}
    with connection.cursor() as cursor:
        cursor.execute(statement(source, text), asked)
        for name, code, count in cursor.fetchall():
            if count and code is not None:
                found[name][code] = count
    return found.pop("total").get("", 0), found
