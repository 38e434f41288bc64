"""The pages of the reports: no axe violation, no sideways scroll, English and Arabic, light and
dark, on a phone and on a desk."""

import io

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone, translation

from reports.publication.models import Publication
from tests.browser.test_pages import sign_in, walk
from tests.factories import ProjectFactory
from tests.reports.records import (
    approved_and_published,
    awarded_contest,
    built,
    requested,
    secretariat,
    stories,
)

pytestmark = pytest.mark.django_db(transaction=True)


def published(publication):
    return approved_and_published(built(publication))


@pytest.mark.parametrize("language", ["en", "ar"])
def test_reports_can_be_read_by_everybody(page, live_server, language):
    call_command("load_roadmap", verbosity=0, stdout=io.StringIO())
    call_command("load_editions", verbosity=0, stdout=io.StringIO())
    ProjectFactory()
    contest = awarded_contest()
    reports = {
        "regional": published(
            requested(series="regional", region_id="AFR", language=language)
        ),
        "twenty": published(requested(series="wsis20", language=language)),
        "stories": published(stories(contest, language=language)),
        "roadmap": published(
            requested(
                series="roadmap_state", as_of=timezone.now().date(), language=language
            )
        ),
    }
    with translation.override(language):
        addresses = [(f"report-{n}", r.get_absolute_url()) for n, r in reports.items()]
        line = {"pk": reports["stories"].pk, "code": "C7-EGOV"}
        addresses.append(("report-chapter", reverse("reports:chapter", kwargs=line)))
        figure = {"pk": reports["twenty"].pk, "version": 1}
        addresses += [
            (
                f"figure-{name}",
                reverse("reports:figure", kwargs=figure | {"name": name}),
            )
            for name in ("map", "line-by-goal", "heat-line-by-region", "years-C1")
        ]
        listed = reverse("reports:publications")
    addresses += [
        ("reports", listed),
        ("reports-filtered", f"{listed}?series=regional&region=AFR&year=2026"),
        ("reports-refused", f"{listed}?series=novel&year=soon&colour=red"),
    ]

    assert walk(page, live_server, language, addresses) == []


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_report_can_be_asked_for_by_everybody_of_the_secretariat(
    page, live_server, language
):
    sign_in(page, live_server, secretariat())
    with translation.override(language):
        new = reverse("reports:new")
    addresses = [
        (f"new-{s}", f"{new}?series={s}")
        for s in ("regional", "custom", "roadmap_state")
    ]

    assert walk(page, live_server, language, addresses) == []


def test_only_the_fields_of_the_chosen_series_are_shown(page, live_server):
    sign_in(page, live_server, secretariat())
    page.goto(f"{live_server.url}/en/reports/new/")

    seen = {}
    for series in Publication.Series.values:
        page.check(f"[name=series][value={series}]")
        fields = (
            *("region", "from_year", "to_year"),
            *("title", "query", "contest", "as_of", "edition"),
        )
        seen[series] = [
            name for name in fields if page.locator(f"[name={name}]").is_visible()
        ]

    assert seen == {
        "global": ["from_year", "to_year"],
        "regional": ["region", "from_year", "to_year"],
        "wsis20": ["from_year", "to_year"],
        "custom": ["title", "query"],
        "success_stories": ["contest"],
        "roadmap_state": ["as_of"],
        "forum_outcome": ["edition"],
    }
