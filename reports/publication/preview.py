"""The open section of an editor as the pages of a PDF, with what the database counts now."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils import translation
from django.views.decorators.http import require_safe

from common.limits.throttle import throttled
from common.moves.actors import SignedInRequest
from reference.action_line.models import SDG
from reports.build.taking import taken
from reports.builders.figures import Figures, collect_figures
from reports.builders.projects import collect_entries
from reports.builders.scope import Scope
from reports.builders.series import builder_of
from reports.charts.drawing import draw_all
from reports.download.draft import marked_pdf
from reports.output.models import Snapshot
from reports.output.writers import write_pdf
from reports.publication.models import Publication
from reports.report.models import Report, Section
from reports.report.views import language_of, report_for, section_in

PREVIEWS_AN_HOUR = 60
MOST_PROJECTS = (
    1000  # of more, lists and boxes are left out: nobody waits for their pages
)


@login_required
@throttled("report-pdf-preview", PREVIEWS_AN_HOUR, 3600, by="user")
@require_safe
def section_pdf(request: SignedInRequest, pk: int, section: int) -> HttpResponse:
    """Shown in the browser; no copy of it is kept."""
    report = report_for(request, pk)
    chosen, language = section_in(report, section), language_of(request, report)
    with translation.override(language):
        content = write_pdf(snapshot_of(report, chosen, language))
    response = HttpResponse(
        marked_pdf(content, language), content_type="application/pdf"
    )
    response["Content-Disposition"] = 'inline; filename="preview.pdf"'
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def snapshot_of(report: Report, section: Section, language: str) -> Snapshot:
    """A snapshot of one section that is not stored, in the active language."""
    publication = Publication(
        report=report,
        series=report.series,
        region=report.region,
        contest=report.contest,
        from_year=report.from_year,
        to_year=report.to_year,
        query=report.query,
        language=language,
    )
    builder = builder_of(publication)
    publication.title = builder.title(publication)
    collect = builder.collect if report.contest else collect_few
    snapshot = taken(publication, 0, [section], collect)
    colours = dict(SDG.objects.values_list("code", "colour"))
    charts = [one for one in builder.CHARTS if is_drawn(one[0], snapshot.body)]
    snapshot.charts = draw_all(
        snapshot.figures, snapshot.texts, language, colours, charts
    )
    return snapshot


def collect_few(scope: Scope) -> tuple[Figures, list[dict[str, Any]]]:
    """The figures, and the records unless they are too many; the Prizes have a few hundred."""
    figures = collect_figures(scope)
    is_small = figures["total"] <= MOST_PROJECTS
    return figures, collect_entries(scope) if is_small else []


def is_drawn(chart: str, body: list[dict[str, Any]]) -> bool:
    """Whether the section shows this chart, by itself or among all."""
    return any(
        block.get("chart") == chart or block.get("name") == "statistics"
        for section in body
        for block in section["blocks"]
    )
