"""Reports: the report as a page; for the secretariat its creation."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from accounts.role.roles import Role
from accounts.session.requests import role_required
from common.limits.throttle import throttled
from common.moves.actors import SignedInRequest
from common.moves.workflow import MoveRefused
from common.text.digits import BIGGEST_ID, BIGGEST_INTEGER, whole_number
from forum.edition.models import Edition
from prizes.contest.models import Contest
from reports.build.table import rows_of
from reports.build.tasks import start_builds
from reports.builders.figures import table_named
from reports.builders.series import builder_of
from reports.figure.files import FORMATS_OF_CHARTS, FORMATS_OF_TABLES
from reports.layout.layout import RTL_LANGUAGES, source_line
from reports.layout.sections import counts
from reports.markup.pages import Page, page_with
from reports.output.models import Artefact, Snapshot, SnapshotRecord
from reports.publication.forms import MoveForm, PublicationForm
from reports.publication.models import Publication
from reports.publication.workflow import Status

RECORDS_ON_PAGE = 50


NOT_STATED = "not-stated"  # in addresses, the chapter of records that name no chapter


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.SECRETARIAT, Role.ADMINISTRATOR)
@throttled("report-request", 30, 3600, by="user", methods="POST")
def publication_new(request: SignedInRequest) -> HttpResponse:
    """The secretariat requests a report; a worker builds it at once."""
    initial = {
        "language": request.LANGUAGE_CODE,
        "series": request.GET.get("series", ""),
        "query": request.GET.get("query", ""),
    }
    form = PublicationForm(request.POST or None, initial=initial)
    if form.is_valid():
        form.instance.requested_by = request.user
        requested = form.save().move("build", request.user)
        start_builds()
        return redirect("reports:build", requested.pk)
    context = {"form": form}
    status = 400 if form.errors else 200
    return render(
        request, "reports/publication/publication_new.html", context, status=status
    )


@role_required(Role.SECRETARIAT, Role.ADMINISTRATOR)
@require_POST
@throttled("report-request", 30, 3600, by="user", methods="POST")
def compile_outcome(request: SignedInRequest, slug: str) -> HttpResponse:
    """One click: the outcome document of an edition of the Forum, built from the reports of
    today; a document that exists gets a new version."""
    with transaction.atomic():
        edition = get_object_or_404(Edition.objects.select_for_update(), slug=slug)
        scope = {"series": Publication.Series.FORUM_OUTCOME, "edition": edition}
        note = _("Compiled again from the reports of sessions.")
        compiled = compile_again(request, scope, note)
    if compiled is None:
        return redirect("forum:reports", slug)
    start_builds()
    return redirect("reports:build", compiled.pk)


@role_required(Role.SECRETARIAT, Role.ADMINISTRATOR)
@require_POST
@throttled("report-request", 30, 3600, by="user", methods="POST")
def compile_stories(request: SignedInRequest, slug: str) -> HttpResponse:
    """One click: the success stories of a contest, built from its winners, champions and nominees
    as they are public now; a report that exists gets a new version."""
    with transaction.atomic():
        contest: Contest = get_object_or_404(
            Contest.objects.select_for_update(), slug=slug
        )
        scope = {"series": Publication.Series.SUCCESS_STORIES, "contest": contest}
        note = _("Compiled again from the results of the Prizes.")
        compiled = compile_again(request, scope, note)
    if compiled is None:
        return redirect("prizes:results", slug)
    start_builds()
    return redirect("reports:build", compiled.pk)


def compile_again(
    request: SignedInRequest, scope: dict[str, Any], note: str
) -> Publication | None:
    """The report of this series and scope, being built in the language that was asked for; None,
    and a message, when the records allow none. The caller holds a lock on the scope."""
    language = request.POST.get("language", request.LANGUAGE_CODE)
    if language not in dict(settings.LANGUAGES):
        language = request.LANGUAGE_CODE
    publications = Publication.objects.filter(**scope, language=language)
    latest = publications.order_by("-pk").first() or Publication(
        **scope, language=language, requested_by=request.user
    )
    if refusals := builder_of(latest).refusals(latest):
        messages.error(request, " ".join(map(str, refusals.values())))
        return None
    if latest.status == Status.BUILDING:
        return latest
    latest.save()
    move = {Status.DRAFT: "build", Status.PUBLISHED: "amend"}.get(
        Status(latest.status), "rebuild"
    )
    return latest.move(move, request.user, note if move == "amend" else "")


@require_safe
def publication(request: HttpRequest, pk: int) -> HttpResponse:
    publication = readable(request, pk)
    return publication_page(request, publication, MoveForm())


@require_safe
def earlier_version(request: HttpRequest, pk: int, version: int) -> HttpResponse:
    """An earlier version, for readers who have cited it; a note links to the present one."""
    publication, snapshot = version_of(request, pk, version)
    context = {
        "publication": publication,
        **report_context(request, publication, snapshot),
    }
    context |= {"versions": versions_of(request, publication), "is_earlier": True}
    return render(request, "reports/publication/publication.html", context)


def readable(request: HttpRequest, pk: int) -> Publication:
    """The publication for this person. Raises Http404 when they may not read it."""
    rows = Publication.objects.visible_to(request.user).select_related(
        "region", "contest", "edition", "report"
    )
    return get_object_or_404(rows, pk=min(pk, BIGGEST_ID))


def version_of(
    request: HttpRequest, pk: int, version: int
) -> tuple[Publication, Snapshot]:
    """A version that this person may read. Raises Http404."""
    publication = readable(request, pk)
    visible = publication.snapshots.visible_to(request.user)
    snapshot = get_object_or_404(visible, version=min(version, BIGGEST_INTEGER))
    return publication, snapshot


def snapshot_of(request: HttpRequest, publication: Publication) -> Snapshot | None:
    """The snapshot that this person reads; the public never reads one being made.

    `?version=` asks for an earlier one. Raises Http404 for one that this person may not read.
    """
    if number := request.GET.get("version"):
        version = min(whole_number(number) or 0, BIGGEST_INTEGER)
        return get_object_or_404(
            publication.snapshots.visible_to(request.user), version=version
        )
    latest = publication.readable_version(request.user)
    return publication.snapshots.filter(version=latest).first() if latest else None


def publication_page(
    request: HttpRequest,
    publication: Publication,
    form: MoveForm,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    insider = request.user.is_authenticated and request.user.is_secretariat
    snapshot = snapshot_of(request, publication)
    context: dict[str, Any] = {
        "publication": publication,
        "insider": insider,
        "refusal": refusal,
        "versions": versions_of(request, publication),
        "is_reviewer": request.user.is_authenticated
        and publication.is_reviewed_by(request.user),
    }
    if insider:
        build = publication.build()
        context |= {
            "build": build,
            "rows": rows_of(build) if build else [],
            "moves": publication.open_moves(request.user),
            "waits_for_another": publication.status in (Status.READY, Status.IN_REVIEW)
            and publication.is_author(request.user),
            "history": labelled(publication),
            "move_form": form,
            "problems": publication.problems(),
        }
    if snapshot:
        context |= report_context(request, publication, snapshot)
    return render(
        request, "reports/publication/publication.html", context, status=status
    )


def report_context(
    request: HttpRequest,
    publication: Publication,
    snapshot: Snapshot,
    number: int | None = 1,
) -> dict[str, Any]:
    """The context of a page of one version; its `page` is None when it has no such page."""
    snapshot.publication = publication
    builder = builder_of(publication)
    entries = [row.content for row in snapshot.records.all()] if builder.INLINE else []
    files = Artefact.objects.visible_to(request.user).filter(
        publication=publication, version=snapshot.version
    )
    return {
        "snapshot": snapshot,
        "rtl": publication.language in RTL_LANGUAGES,
        **builder.page(snapshot, entries),
        **leaf_of(snapshot, number),
        "report": builder.PAGE,
        "tables": bool(builder.FACETS),  # a reader can build some of its records
        "citation": publication.citation_of(snapshot),
        "source": source_line(snapshot),
        "formats_of_charts": FORMATS_OF_CHARTS,
        "formats_of_tables": FORMATS_OF_TABLES,
        "files": [file for file in files if not file.volume],
        "volumes": [file for file in files if file.volume],
        "early_readers": publication.early_readers.of(
            publication.pk, snapshot.version
        ).listed(snapshot.published_at),
    }


def leaf_of(snapshot: Snapshot, number: int | None) -> dict[str, Any]:
    """The page of this number and the contents of all. Without a number the whole body is one
    page: before the publication, other pages have no address that its readers may open."""
    page = Page(1, snapshot.body) if number is None else snapshot.page(number)
    contents = [page.outline] if isinstance(page, Page) else snapshot.contents
    return {
        "pages": contents,
        "page": page,
        "statistics_page": page_with(contents, "statistics"),
    }


def versions_of(request: HttpRequest, publication: Publication) -> list[Snapshot]:
    """The versions that this person may read, newest first, each with its note: why it replaced
    the one before."""
    note = publication.builds.filter(version=OuterRef("version")).values("note")
    rows = publication.snapshots.visible_to(request.user).annotate(note=Subquery(note))
    rows = rows.only("publication", "version", "taken_at", "published_at")
    return list(rows.order_by("-version"))


def labelled(publication: Publication) -> list[dict[str, Any]]:
    """The moves made so far, with the names of the statuses."""
    names = dict(Status.choices)
    return [
        {
            "at": change.at,
            "by": change.by,
            "note": change.note,
            "source": names[change.source],
            "target": names[change.target],
        }
        for change in publication.history()
    ]


@require_safe
def chapter(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """The frozen records of one chapter, 50 at a time by position."""
    publication = readable(request, pk)
    snapshot, builder = snapshot_of(request, publication), builder_of(publication)
    if snapshot is None or not builder.CHAPTERS:
        raise Http404
    snapshot.publication = publication
    chapter = "" if code == NOT_STATED else code
    table = table_named(snapshot.figures, builder.CHAPTERS)
    line = next((row for row in table["rows"] if row["code"] == chapter), None)
    if line is None:
        raise Http404
    words = counts(line, table["columns"], snapshot.texts["labels"])
    context = {
        "line": line,
        "heading": line["label"],
        "counts": words,
        **records_page(request, snapshot, snapshot.records.filter(chapter=chapter)),
    }
    return render(request, "reports/publication/chapter.html", context)


@require_safe
def index(request: HttpRequest, pk: int) -> HttpResponse:
    """The annex of all records, which the PDF prints as an index."""
    snapshot = annexed(request, pk)
    context = {
        "heading": snapshot.texts["headings"]["index"],
        **records_page(request, snapshot, snapshot.records.all()),
    }
    return render(request, "reports/publication/chapter.html", context)


@require_safe
def sources(request: HttpRequest, pk: int) -> HttpResponse:
    """The annex of sources, and of what is inferred or unconfirmed."""
    snapshot = annexed(request, pk)
    labels = snapshot.texts["labels"]
    context = {
        "count_label": labels.get("projects") or labels["entries"],
        "publication": snapshot.publication,
        "snapshot": snapshot,
        "rtl": snapshot.publication.language in RTL_LANGUAGES,
        "heading": snapshot.texts["headings"]["sources"],
        "sources": snapshot.sources(),
    }
    return render(request, "reports/publication/sources.html", context)


def annexed(request: HttpRequest, pk: int) -> Snapshot:
    """The version that this person reads of a report with annexes. Raises Http404."""
    publication = readable(request, pk)
    snapshot = snapshot_of(request, publication)
    if snapshot is None or builder_of(publication).INLINE:
        raise Http404
    snapshot.publication = publication
    return snapshot


def records_page(
    request: HttpRequest, snapshot: Snapshot, rows: QuerySet[SnapshotRecord]
) -> dict[str, Any]:
    """50 records at a time, by position; raises Http404 for an invalid position."""
    after = whole_number(request.GET.get("after", "0"))
    if after is None:
        raise Http404
    following = rows.filter(position__gt=min(after, BIGGEST_INTEGER)).order_by(
        "position"
    )
    records = list(following[: RECORDS_ON_PAGE + 1])
    publication = snapshot.publication
    return {
        "publication": publication,
        "snapshot": snapshot,
        "item": builder_of(publication).CHAPTER,
        "rtl": publication.language in RTL_LANGUAGES,
        "records": records[:RECORDS_ON_PAGE],
        "more": len(records) > RECORDS_ON_PAGE,
        "is_earlier": "version" in request.GET,
    }


@role_required(Role.SECRETARIAT, Role.ADMINISTRATOR)
@require_safe
def build(request: SignedInRequest, pk: int) -> HttpResponse:
    """The progress of the build; the page refreshes itself, and redirects when it is finished."""
    publication = readable(request, pk)
    job = publication.build()
    polled = request.headers.get("HX-Request") == "true"
    if job is None or not job.is_live:
        if not polled:
            return redirect(publication)
        response = HttpResponse(status=204)
        response["HX-Redirect"] = publication.get_absolute_url()
        return response
    context = {"publication": publication, "build": job, "rows": rows_of(job)}
    template = "reports/build/_progress.html" if polled else "reports/build/build.html"
    return render(request, template, context)


@role_required(Role.SECRETARIAT, Role.ADMINISTRATOR)
@require_POST
def publication_move(request: SignedInRequest, pk: int) -> HttpResponse:
    """Make the move of the button that was pressed; a refusal is shown beside the form."""
    publication = readable(request, pk)
    form = MoveForm(request.POST)
    if not form.is_valid():
        return publication_page(request, publication, form, status=400)
    try:
        moved = publication.move(
            request.POST.get("move", ""), request.user, form.cleaned_data["note"]
        )
    except KeyError as error:
        raise Http404 from error
    except MoveRefused as error:
        return publication_page(
            request, publication, form, str(error.message), error.http_status
        )
    if moved.status == Status.BUILDING:
        start_builds()
        return redirect("reports:build", moved.pk)
    messages.success(
        request,
        _("The status is now “%(status)s”.") % {"status": moved.get_status_display()},
    )
    return redirect(moved)
