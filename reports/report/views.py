"""The editor's page of a report: its outline, one section with its blocks, comments, languages."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db import transaction
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.views.decorators.http import require_http_methods, require_safe

from accounts.session.requests import SignedInRequest
from common.dates.zones import clock_in_words
from common.forms.autosave import answer_of_autosave
from common.forms.two_tabs import Conflict
from common.text.digits import BIGGEST_ID
from reports.builders.texts import labels
from reports.living.counting import Counter
from reports.living.evaluation import Evaluation
from reports.report import arranging
from reports.report.actions import act, comment_on
from reports.report.checklist import Problem, count_missing, missing_in, problems_of
from reports.report.forms import SectionForm, texts_of_gone
from reports.report.freezing import Freezer
from reports.report.glossary import terms_in
from reports.report.kinds import kinds_of
from reports.report.models import Block, Report, Section
from reports.report.segments import Comment, EarlierText
from stocktaking.text.reading import direction

LANGUAGES = dict(settings.LANGUAGES)
EARLIER_SHOWN = 50


def report_for(request: SignedInRequest, pk: int, lock: bool = False) -> Report:
    """The report with its outline. Raises Http404 for people who do not write it."""
    reports = Report.objects.visible_to(request.user).with_outline()
    if lock:
        reports = reports.select_for_update(of=("self",))
    return get_object_or_404(reports, pk=min(pk, BIGGEST_ID))


def section_in(report: Report, pk: int) -> Section:
    """The section that the address names. Raises Http404."""
    for section in report.sections.all():
        if section.pk == pk:
            return section
    raise Http404


def block_of(section: Section, pk: int, kind: str) -> Block:
    """The block of this kind that the address names. Raises Http404."""
    for block in section.blocks.all():
        if block.pk == pk and block.kind == kind:
            return block
    raise Http404


def opened(report: Report, pk: int | None) -> Section | None:
    """The section that the address names, or the first one. Raises Http404."""
    return section_in(report, pk) if pk else next(iter(report.sections.all()), None)


def language_of(request: SignedInRequest, report: Report) -> str:
    """The language of the text that is edited: the original unless the address names another."""
    language = request.GET.get("language", report.language)
    if language not in LANGUAGES:
        raise Http404
    return language


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: SignedInRequest, pk: int, section: int | None = None) -> HttpResponse:
    """One section: shown, autosaved while somebody types, or saved by a button."""
    if request.method == "POST":
        return _save(request, pk, section)
    report = report_for(request, pk)
    chosen = opened(report, section)
    language = language_of(request, report)
    form = SectionForm(chosen, language) if chosen else None
    return _page(request, report, language, form)


@transaction.atomic
def _save(request: SignedInRequest, pk: int, section: int | None) -> HttpResponse:
    """Store what was typed, under a lock, without overwriting what somebody else wrote
    meanwhile; then do what the button says."""
    report = report_for(request, pk, lock=True)
    chosen = opened(report, section)
    language = language_of(request, report)
    if chosen is None:
        return _act(request, report, None, language)
    form = SectionForm(chosen, language, request.POST, request.FILES)
    conflicts = form.reconcile(request.POST.get("versions", ""))
    form.keep(request.user)
    gone = texts_of_gone(chosen, request.POST)
    at = clock_in_words(timezone.now(), "H:i:s")
    if request.headers.get("HX-Request") == "true":
        return _saved_by_itself(request, report, form, conflicts, gone, at)
    if conflicts or gone or form.errors:
        told = {"saved_at": at, "conflicts": conflicts, "gone": gone}
        status = 409 if conflicts or gone else 400
        return _page(request, report, language, form, told, status)
    comment_on(form, request.user)
    return _act(request, report, chosen, language)


def _act(
    request: SignedInRequest, report: Report, section: Section | None, language: str
) -> HttpResponse:
    try:
        return redirect(act(report, section, language, request.POST, request.user))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect((section or report).edit_url(language))


def _saved_by_itself(
    request: SignedInRequest,
    report: Report,
    form: SectionForm,
    conflicts: list[Conflict],
    gone: list[str],
    at: str,
) -> HttpResponse:
    """The line that says what was saved and when, with new fingerprints for the open page."""
    begun = request.POST.get("versions", "")
    stored = _as_stored(request, report, form)
    if conflicts or gone:
        told: dict[str, Any] = {"conflicts": conflicts, "gone": gone}
        told["versions"] = stored.versions()
        return answer_of_autosave(request, told, "conflict", 409)
    context: dict[str, Any] = {
        "saved_at": at,
        "versions": form.versions_after(stored, begun),
        "refused": [field for field in form if field.errors],
        "others": [form[name] for name in form.left_alone],
    }
    response = answer_of_autosave(request, context, "saved", 200)
    response["HX-Trigger"] = "section-saved"  # an open preview reads the new text
    return response


def _as_stored(
    request: SignedInRequest, report: Report, form: SectionForm
) -> SectionForm:
    section = section_in(report_for(request, report.pk), form.section.pk)
    return SectionForm(section, form.language)


def _page(
    request: SignedInRequest,
    report: Report,
    language: str,
    form: SectionForm | None,
    extra: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    section = form.section if form else None
    if form and form.is_bound:
        report = report_for(request, report.pk)
        versions = _as_stored(request, report, form).versions()
    else:
        versions = form.versions() if form else ""
    problems = problems_of(report, language)
    context = {
        "report": report,
        "section": section,
        "language": language,
        "language_name": LANGUAGES[language],
        "text_direction": direction(language),
        "original_direction": direction(report.language),
        "is_original": language == report.language,
        "form": form,
        "parts": _parts(form) if form else [],
        "versions": versions,
        "outline": _outline(report, section, language, problems),
        "languages": _languages(report, section, language),
        "problems": problems,
        "errors": sum(problem.is_error for problem in problems),
        "terms": _terms(section, language) if section else [],
        "kinds": kinds_of(report.series),
        "missing_sections": arranging.missing_sections(report),
        "publications": report.publications.order_by("language", "-pk"),  # type: ignore[attr-defined]  # of a higher noun
        "to_remove": request.GET.get("remove", ""),
    }
    return render(
        request, "reports/report/edit.html", context | (extra or {}), status=status
    )


def _terms(section: Section, language: str) -> list[tuple[str, str]]:
    """The glossary of what a translation is made from; it knows English terms."""
    if section.report.language != "en" or language == "en":
        return []
    owners: list[Any] = [section, *section.blocks.all()]
    originals = [
        s.text for one in owners for s in one.segments.all() if s.language == "en"
    ]
    return terms_in("\n".join(originals), language)


def _parts(form: SectionForm) -> list[dict[str, Any]]:
    """The blocks with their fields and comments, for the page."""
    comments: dict[int, list[Comment]] = {}
    rows = Comment.objects.filter(block__section=form.section)
    for comment in rows.select_related("by", "resolved_by"):
        comments.setdefault(comment.block_id, []).append(comment)
    return [
        {
            "block": block,
            "fields": fields,
            "comment": form.comment(block),
            "comments": comments.get(block.pk, []),
            "open": sum(not one.resolved_at for one in comments.get(block.pk, [])),
        }
        for block, fields in form.parts()
    ]


def _outline(
    report: Report, chosen: Section | None, language: str, problems: list[Problem]
) -> list[dict[str, Any]]:
    """The sections with their marks: empty, problems, missing translations."""
    return [
        {
            "section": section,
            "url": section.edit_url(language),
            "is_chosen": section == chosen,
            "missing": missing_in(section, language),
            "problems": sum(
                problem.is_error
                and problem.place.startswith(f"{section.get_absolute_url()}?")
                for problem in problems
            ),
        }
        for section in report.sections.all()
    ]


def _languages(
    report: Report, section: Section | None, language: str
) -> list[dict[str, Any]]:
    """The six languages, each with the number of texts that it lacks."""
    rows = []
    for code, name in LANGUAGES.items():
        missing, texts = count_missing(report, code)
        rows.append(
            {
                "code": code,
                "name": name,
                "url": (section or report).edit_url(code),
                "is_chosen": code == language,
                "is_original": code == report.language,
                "missing": missing,
                "texts": texts,
            }
        )
    return rows


@login_required
@require_safe
def preview(request: SignedInRequest, pk: int, section: int) -> HttpResponse:
    """The section as its readers will see it; as a page, or in place for the script."""
    report = report_for(request, pk)
    chosen, language = section_in(report, section), language_of(request, report)
    freezer = Freezer(Evaluation(Counter(report.counted)), language, [])
    with translation.override(language):
        frozen = freezer.section(chosen)
        texts = {"labels": labels()}
    blocks = {block.pk: block for block in chosen.blocks.all()}
    context = {
        "report": report,
        "section": chosen,
        "language": language,
        "text_direction": direction(language),
        "part": frozen,
        "parts": [(blocks[one["id"]], one) for one in frozen["blocks"]],
        "publication": {"language": language},
        "texts": texts,
    }
    in_place = request.headers.get("HX-Request") == "true"
    template = "_preview.html" if in_place else "preview.html"
    response = render(request, f"reports/report/{template}", context)
    response["Cache-Control"] = "no-store"
    return response


@login_required
@require_safe
def earlier(request: SignedInRequest, pk: int, section: int) -> HttpResponse:
    """What the texts of the section said before: who wrote it, until when it stood."""
    report = report_for(request, pk)
    chosen, language = section_in(report, section), language_of(request, report)
    rows = EarlierText.objects.of(chosen.pk, language).select_related("by")
    context = {
        "report": report,
        "section": chosen,
        "language": language,
        "text_direction": direction(language),
        "texts": rows[:EARLIER_SHOWN],
    }
    return render(request, "reports/report/earlier.html", context)


@login_required
@require_safe
def picture(request: SignedInRequest, pk: int, name: str) -> FileResponse:
    """A picture of the report, for the people who write it. It never changes."""
    report = report_for(request, pk)
    path = f"reports/pictures/{report.pk}/{name}.webp"
    if not default_storage.exists(path):
        raise Http404
    response = FileResponse(default_storage.open(path), content_type="image/webp")
    response["Cache-Control"] = "private, max-age=31536000, immutable"
    response["X-Content-Type-Options"] = "nosniff"
    return response
