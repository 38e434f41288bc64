"""A small register that holds what counts easily wrongly, and SQL of its own to count it."""

from django.db import connection

from stocktaking.base.workflow import Status
from tests.factories import (
    ActionLineFactory,
    CountryFactory,
    ProjectFactory,
    StakeholderTypeFactory,
)

# (country, year, main line, other lines, Goals, type)
PROJECTS = (
    ("KE", 2022, "C10", [], ["4", "9"], "GOV"),
    ("KE", 2023, "C10", ["C10", "C1"], ["4"], "GOV"),
    ("SN", 2023, "C1", ["C10", "C7-EAGR"], [], "CIVIL"),
    ("SN", 2024, "C7-EAGR", ["C7-EHEA"], ["2"], "CIVIL"),
    ("NG", 2024, "C7-EHEA", ["C10"], ["3", "9"], "ACAD"),
    ("NG", 2024, None, [], ["3"], "ACAD"),
    ("FR", 2022, "C9", [], ["11"], "PRIV"),
    ("FR", 2024, "C9", ["C8"], ["11", "4"], "PRIV"),
    ("BR", 2023, "C8", [], [], "GOV"),
    ("INTL", 2023, "C11", ["C10"], ["17"], "IGO"),
    ("INTL", 2024, "C11", [], ["17", "9"], "IGO"),
    (None, 2024, "C2", [], ["9"], "OTHER"),
    (None, 2025, "C10", ["C9"], [], "OTHER"),
)


def register():
    """The projects, published, and two that nobody may count."""
    for row in PROJECTS:
        project(*row)
    project("KE", 2024, "C10", [], ["4"], "GOV", status=Status.DRAFT)
    project("KE", 2024, "C10", [], ["4"], "GOV", status=Status.SUBMITTED)


def project(country, year, line, others, goals, kind, **fields):
    return ProjectFactory(
        country=country and CountryFactory(code=country),
        year=year,
        main_action_line=line and ActionLineFactory(code=line),
        other_action_lines=others,
        sdgs=goals,
        stakeholder_type=StakeholderTypeFactory(code=kind),
        **fields,
    )


LINES = """(
    p.main_action_line_id LIKE '{0}' OR EXISTS (
        SELECT 1 FROM stocktaking_project_other_action_lines l
        WHERE l.project_id = p.id AND l.actionline_id LIKE '{0}'
    )
)"""
PLACES = """
    p.country_id IN (SELECT c.code FROM reference_country c WHERE c.region_id = '{0}')"""
GOALS = """
    p.id IN (SELECT g.project_id FROM stocktaking_project_sdgs g WHERE g.sdg_id = '{0}')"""
CONDITIONS = {
    "region": PLACES,
    "country": "p.country_id = '{0}'",
    "line": LINES,
    "goal": GOALS,
    "type": "p.stakeholder_type_id = '{0}'",
    "year": "p.year = {0}",
    "from": "p.year >= {0}",
    "to": "p.year <= {0}",
}


def counted(**filters):
    """The number of published projects by SQL; C7 asks for all lines that begin with it."""
    wheres = ["p.status = 'published'"]
    for name, value in filters.items():
        asked = f"{value}-%%" if (name, value) == ("line", "C7") else value
        wheres.append(CONDITIONS[name.removesuffix("_")].format(asked))
    with connection.cursor() as cursor:
        sql = f"SELECT count(*) FROM stocktaking_project p WHERE {' AND '.join(wheres)}"
        cursor.execute(sql.replace("%%", "%"))
        return cursor.fetchone()[0]
