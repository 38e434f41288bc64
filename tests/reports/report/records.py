"""Texts of reports for the tests."""

from reports.report.models import Report, Section
from reports.report.skeletons import report_of


def report(
    series="global", region_id=None, from_year=None, to_year=2024, language="en"
) -> Report:
    """A report as the template of its series makes it."""
    scope = {"contest_id": None, "query": "", "region_id": region_id}
    years = {"from_year": from_year, "to_year": to_year}
    return report_of(series, language, **scope, **years)


def section_of(text: Report, **fields) -> Section:
    """The one section with these fields."""
    return text.sections.get(**fields)
