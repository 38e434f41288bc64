"""What changed between two versions, or since the edition before: a page, and the same as data."""

import re

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from common.moves.actors import AnyUser
from reports.living.problems import Problem
from reports.output.comparison import changes
from reports.output.models import Snapshot
from reports.publication.models import Publication
from reports.report.freezing import problems_of_body
from reports.report.models import Report

VERSION = re.compile(r"(\d{1,19})v(\d{1,10})", re.ASCII)  # such as 12v3


@require_safe
def changes_page(request: HttpRequest, pk: int, version: int) -> HttpResponse:
    """Every number that changed since another version, and each sentence that is not true."""
    later = version_of(request.user, pk, version)
    earlier = base_of(request.user, later, request.GET.get("base", ""))
    is_insider = request.user.is_authenticated and request.user.is_secretariat
    context = {
        "publication": later.publication,
        "later": later,
        "earlier": earlier,
        "changes": changes(earlier, later) if earlier else [],
        "problems": untrue(later) if is_insider else [],
    }
    return render(request, "reports/publication/changes.html", context)


def version_of(user: AnyUser, pk: int, version: int) -> Snapshot:
    """A version that this person may read. Raises Http404."""
    rows = Snapshot.objects.visible_to(user).select_related("publication")
    return get_object_or_404(rows.of_version(pk, version))


def base_of(user: AnyUser, later: Snapshot, asked: str) -> Snapshot | None:
    """The version it is compared with: the one that is asked for, such as 12v3, else the one
    before, else the last one of the edition before. Raises Http404."""
    if asked:
        match = VERSION.fullmatch(asked)
        if match is None:
            raise Http404
        return version_of(user, int(match[1]), int(match[2]))
    rows = Snapshot.objects.visible_to(user).select_related("publication")
    before = rows.filter(publication=later.publication, version__lt=later.version)
    return before.order_by("-version").first() or of_edition_before(user, later)


def of_edition_before(user: AnyUser, later: Snapshot) -> Snapshot | None:
    """The newest version of an earlier edition of the series, in the same language."""
    publication = later.publication
    if publication.to_year is None:
        ended = Q(publication__created_at__lt=publication.created_at)
    else:
        ended = Q(publication__to_year__lt=publication.to_year)
    rows = Snapshot.objects.visible_to(user).filter(
        ended,
        publication__series=publication.series,
        publication__region=publication.region_id,
        publication__language=publication.language,
    )
    newest = rows.order_by("-publication__to_year", "-publication", "-version")
    return newest.select_related("publication").first()


def untrue(snapshot: Snapshot) -> list[Problem]:
    """The claims of this version that are not true, and its tokens that are wrong."""
    publication: Publication = snapshot.publication
    report = Report.objects.filter(pk=publication.report_id or 0).first()
    if report is None:
        return []
    return problems_of_body(report, publication.language, snapshot.body)
