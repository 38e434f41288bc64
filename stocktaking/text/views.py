"""Texts of a project in other languages: the list, writing one, deciding on one."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from common.moves.actors import SignedInRequest
from common.moves.forms import MoveForm
from common.moves.workflow import MoveRefused
from stocktaking.project.fields import TEXT_FIELDS
from stocktaking.project.models import Project
from stocktaking.text.forms import ProjectTextForm, seen
from stocktaking.text.models import ProjectText
from stocktaking.text.reading import Passage, direction
from stocktaking.text.workflow import (
    EDITABLE_TEXTS,
    OPEN_TEXTS,
    PUBLIC_TEXTS,
    TextStatus,
)


@login_required
@require_safe
def texts(request: SignedInRequest, pk: int) -> HttpResponse:
    """The languages in which the project has a text, what waits, and links to write one."""
    project = get_object_or_404(Project.objects.written_by(request.user), pk=pk)
    by_language: dict[str, list[ProjectText]] = {}
    standing = project.texts.filter(status__in=[*OPEN_TEXTS, *PUBLIC_TEXTS]).defer(
        *TEXT_FIELDS[1:]
    )
    for text in standing.order_by("kind", "pk"):
        by_language.setdefault(text.language, []).append(text)
    rows = [
        {"code": code, "name": name, "texts": by_language.get(code, [])}
        for code, name in settings.LANGUAGES
        if code != project.language
    ]
    return render(
        request, "stocktaking/text/texts.html", {"project": project, "rows": rows}
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def text_edit(request: SignedInRequest, pk: int, language: str) -> HttpResponse:
    """Original and text side by side; saving creates a draft where there is none."""
    project = get_object_or_404(Project.objects.written_by(request.user), pk=pk)
    if language not in dict(settings.LANGUAGES) or language == project.language:
        raise Http404
    if request.method == "POST":
        return _save(request, project, language)
    text = _open(project, language)
    if text.pk and text.status not in EDITABLE_TEXTS:
        return redirect(text)
    return _form_page(
        request, project, text, ProjectTextForm(instance=text, project=project)
    )


def _open(project: Project, language: str) -> ProjectText:
    """The open text; else an unsaved one with the content that is public now."""
    own = project.texts.filter(language=language)
    text = own.open().first()
    if text:
        return text
    published = own.public().order_by("kind").first()
    begun: dict[str, Any] = (
        {name: getattr(published, name) for name in TEXT_FIELDS} if published else {}
    )
    return ProjectText(project=project, language=language, **begun)


@transaction.atomic
def _save(request: SignedInRequest, project: Project, language: str) -> HttpResponse:
    """Store the text when all of it is valid; conflicts and errors come back with the page."""
    project = Project.objects.select_for_update().get(pk=project.pk)
    text = _open(project, language)
    form = ProjectTextForm(request.POST, instance=text, project=project)
    if text.pk and text.status not in EDITABLE_TEXTS:
        refusal = _("The status is “%(status)s”: the text cannot be changed now.") % {
            "status": text.get_status_display()
        }
        return _form_page(request, project, text, form, [refusal], 409)
    if not form.is_valid():
        return _form_page(request, project, text, form, status=400)
    if request.POST.get("seen", "") != seen(project, text):
        refusal = _(
            "The original or this text has changed since you opened the page. Compare, and "
            "save again to keep your text."
        )
        return _form_page(request, project, text, form, [refusal], 409)
    try:
        kept = text.keep(request.user)
    except MoveRefused as error:
        return _form_page(
            request, project, text, form, [str(error.message)], error.http_status
        )
    messages.success(request, _("The text is saved. Only you can read it."))
    return redirect(kept)


def _form_page(
    request: SignedInRequest,
    project: Project,
    text: ProjectText,
    form: ProjectTextForm,
    refusal: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "project": project,
        "text": text,
        "form": form,
        "dir": direction(text.language),
        "original_dir": direction(project.language),
        "seen": seen(project, text),
        "refusal": refusal or [],
    }
    return render(request, "stocktaking/text/edit.html", context, status=status)


@login_required
@require_safe
def text(request: SignedInRequest, pk: int) -> HttpResponse:
    """The text beside the original, its status, and the moves that are open."""
    return _page(request, _visible(request, pk), MoveForm())


def _visible(request: SignedInRequest, pk: int) -> ProjectText:
    visible = ProjectText.objects.visible_to(request.user).select_related(
        "project__owner", "by"
    )
    return get_object_or_404(visible, pk=pk)


@login_required
@require_POST
def text_move(request: SignedInRequest, pk: int) -> HttpResponse:
    """Make the move of the button that was pressed; a refusal is shown beside the form."""
    text = _visible(request, pk)
    form = MoveForm(request.POST)
    if not form.is_valid():
        return _page(request, text, form, status=400)
    try:
        moved = text.move(
            request.POST.get("move", ""), request.user, form.cleaned_data["note"]
        )
    except KeyError as error:
        raise Http404 from error
    except MoveRefused as error:
        return _page(request, text, form, [str(error.message)], error.http_status)
    told = _("The status is now “%(status)s”.") % {"status": moved.get_status_display()}
    messages.success(request, told)
    return redirect(moved)


def _page(
    request: SignedInRequest,
    text: ProjectText,
    form: MoveForm,
    refusal: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    labels = dict(TextStatus.choices)
    moves = text.open_moves(request.user)
    writers = Project.objects.written_by(request.user).filter(pk=text.project_id)
    context = {
        "text": text,
        "project": text.project,
        "pairs": pairs(text),
        "can_edit": text.status in EDITABLE_TEXTS and writers.exists(),
        "moves": moves,
        "form": form if moves else None,
        "refusal": refusal or [],
        "history": [
            {
                "change": c,
                "source": labels.get(c.source),
                "target": labels.get(c.target),
            }
            for c in text.history()
        ],
    }
    return render(request, "stocktaking/text/text.html", context, status=status)


def pairs(text: ProjectText) -> list[dict[str, Any]]:
    """Original and text, field by field."""
    labels = {field.name: field.verbose_name for field in ProjectText._meta.fields}
    return [
        {
            "label": labels[name],
            "original": Passage(getattr(text.project, name), text.project.language),
            "told": Passage(getattr(text, name), text.language),
        }
        for name in TEXT_FIELDS
        if getattr(text.project, name) or getattr(text, name)
    ]
