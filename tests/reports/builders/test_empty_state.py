"""The state of a roadmap of which nothing is recorded yet."""

import datetime

import pytest

from reports.builders import roadmap_state
from reports.builders.checks import require_agreement
from tests.reports.records import built, requested

BEFORE_ALL = datetime.date(2003, 1, 1)


@pytest.mark.django_db
def test_empty_registers_make_a_report_too():
    figures, entries = roadmap_state.collect(roadmap_state.Scope(BEFORE_ALL))

    require_agreement(figures, entries)
    assert (figures["total"], entries) == (0, [])


@pytest.mark.django_db(transaction=True)
def test_a_day_without_records_compiles():
    build = built(requested(series="roadmap_state", as_of=BEFORE_ALL))

    assert build.status == "ready"
