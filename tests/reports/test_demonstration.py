"""What a visitor of `make run` sees: a report that somebody has edited."""

import pytest

from reports.management.commands.demo_reports import ASKS, write_texts
from reports.report.models import Report
from reports.report.segments import Segment
from tests.factories import ProjectFactory, UserFactory
from tests.markup import compact
from tests.reports.records import built, requested
from tests.reports.report.test_checklist import codes

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_demonstration_has_numbers_a_quotation_and_a_contribution(client):
    UserFactory(email=ASKS)
    ProjectFactory(year=2024, main_action_line_id="C3")
    publication = requested(language="en")
    report = Report.objects.get()

    write_texts(report)
    texts = Segment.objects.count()
    write_texts(report)

    assert Segment.objects.count() == texts
    assert codes(report) == []
    publication = built(publication)
    kinds = {
        block["kind"]
        for section in publication.snapshots.get().body
        for block in section["blocks"]
    }
    assert {"text", "quote", "contribution"} <= kinds
    client.force_login(publication.requested_by)
    page = compact(client.get(publication.get_absolute_url()).content.decode())
    assert "UNESCO (demonstration)" in page
    assert "{{" not in page
