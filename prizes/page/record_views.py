"""The public record of a vote: roots, frame, files, and how everybody checks them."""

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from common.lists.paging import keyset_page
from prizes.contest.models import Contest, Phase
from prizes.contest.views import the_contest
from prizes.public_record.models import Root
from prizes.public_record.verifying import is_on_record
from prizes.public_record.views import frame_of
from prizes.result.files import VERIFIER, RecordFile

ROOTS = 24
HASH = 64  # characters of a root


@require_safe
def record(request: HttpRequest, edition: str) -> HttpResponse:
    """What was published of the vote, and what it proves; `?root=` asks for one hash."""
    contest = the_contest(edition)
    roots = Root.objects.of_contest(contest)
    asked = request.GET.get("root", "").strip().lower()[: HASH + 1]
    files = RecordFile.objects.visible().filter(contest=contest).first()
    context = {
        "contest": contest,
        "latest": roots.first(),
        "page": keyset_page(request, roots, ROOTS),
        "frame": frame_of(contest),
        "asked": asked,
        "is_hash": len(asked) == HASH and set(asked) <= set("0123456789abcdef"),
        "found": is_on_record(contest, asked) if asked else False,
        "files": files,
        "voting_over": contest.has_ended(Phase.Kind.VOTING),
        "site": settings.SITE_URL,
    }
    return render(request, "prizes/page/record.html", context)


@require_safe
def verifier(request: HttpRequest, edition: str) -> HttpResponse:
    """The program that recounts the files."""
    the_contest(edition)
    text = VERIFIER.read_text(encoding="utf-8")
    return HttpResponse(
        text,
        content_type="text/x-python; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="recount.py"'},
    )


def _files_of(contest: Contest) -> RecordFile:
    files = RecordFile.objects.visible().filter(contest=contest).first()
    if files is None or not files.exists():
        raise Http404
    return files


@require_safe
def archive(request: HttpRequest, edition: str) -> FileResponse:
    """All files in one archive."""
    contest = the_contest(edition)
    name = f"wsis-prizes-{contest.slug}-record.zip"
    return FileResponse(_files_of(contest).open(), as_attachment=True, filename=name)


@require_safe
def one_file(request: HttpRequest, edition: str, name: str) -> FileResponse:
    """One file of the archive."""
    contest = the_contest(edition)
    member = _files_of(contest).member(name)
    if member is None:
        raise Http404
    return FileResponse(
        member, as_attachment=True, filename=name, content_type="text/plain"
    )
