"""The pages of a report's clearance: no axe violation, no sideways scroll, English and Arabic,
light and dark, on a phone and on a desk."""

import pytest
from django.urls import reverse
from django.utils import translation

from tests.browser.test_pages import sign_in, walk
from tests.factories import ProjectFactory, UserFactory
from tests.reports.records import built, invited_early, requested, secretariat

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_clearance(page, live_server, language):
    ProjectFactory()
    officer, reviewer = secretariat(), UserFactory()
    ready = built(requested(language=language))
    in_review = ready.send_to_reviewers([reviewer], officer)
    block = in_review.report.sections.first().blocks.first()
    block.comments.create(text="Say why.", by=reviewer)
    approved = built(requested(language=language, to_year=2025)).move(
        "approve", officer
    )
    _reader, token = invited_early(approved)
    public = built(requested(language=language, to_year=2024)).move("approve", officer)
    invited_early(public)
    public = public.move("publish", officer)

    def address(name, *values):
        with translation.override(language):
            return reverse(f"reports:{name}", args=values)

    everybody = [
        ("report-early", address("early", token)),
        ("report-with-early-readers", address("publication", public.pk)),
        ("report-feedback", address("feedback", public.pk)),
        ("report-methodology", address("methodology")),
    ]
    assert walk(page, live_server, language, everybody) == []
    sign_in(page, live_server, reviewer)
    review = [("report-review", address("review", in_review.pk))]
    assert walk(page, live_server, language, review) == []
    sign_in(page, live_server, officer)
    staff = [
        ("report-clearance-review", address("clearance", in_review.pk)),
        ("report-clearance", address("clearance", approved.pk)),
        ("report-draft", address("publication", approved.pk)),
    ]
    assert walk(page, live_server, language, staff) == []
