"""A member's own projects: begin, write, check and submit them, and look after them."""

from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from common.forms.values import with_code
from common.moves.actors import SignedInRequest
from common.moves.workflow import MoveRefused
from stocktaking.base.workflow import EDITABLE, Status
from stocktaking.file.models import files_of
from stocktaking.ownership.models import OwnershipRequest
from stocktaking.project.forms import MARKED_REQUIRED, STEPS
from stocktaking.project.models import Project
from stocktaking.revision.differences import label
from stocktaking.screening.checks import remarks
from stocktaking.search.similar import already_entered
from stocktaking.submission.beginning import TooManyBegunError, begin
from stocktaking.submission.drafts import Draft, step_of
from stocktaking.submission.duration import expected_answer

PAGE_SIZE = 20
REQUESTS = 20  # ownership requests of others that are shown
# Groups of choices: their first box has the id that links lead to.
RADIOS = {"timescale", "other_action_lines", "sdgs", "target_groups", "technologies"}


@require_http_methods(["GET", "HEAD", "POST"])
def project_new(request: HttpRequest) -> HttpResponse:
    """What is needed before starting, for everybody; the button creates a draft."""
    if request.method != "POST":
        return render(request, "stocktaking/submission/new.html")
    return _begin(cast(SignedInRequest, request))  # @login_required ensures it


@login_required
def _begin(request: SignedInRequest) -> HttpResponse:
    """Create a draft, or continue one that is still blank: a double click creates one only."""
    try:
        draft = begin(request.user)
    except TooManyBegunError as refused:
        return _too_many(request, refused)
    return redirect("stocktaking:project-edit", pk=draft.pk)


def _too_many(request: HttpRequest, refused: TooManyBegunError) -> HttpResponse:
    page = render(
        request,
        "stocktaking/submission/new.html",
        {"refusal": str(refused)},
        status=429,
    )
    page["Retry-After"] = str(refused.retry_after)
    return page


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def project_check(request: SignedInRequest, pk: int) -> HttpResponse:
    """The answers as they will be read, what is missing, and the submit button."""
    rows = Project.objects.written_by(request.user).for_page()
    project = get_object_or_404(rows, pk=pk)
    if project.status not in EDITABLE:  # a second click finds the work done
        return redirect("stocktaking:project-done", pk=pk)
    if request.method == "POST":
        return _submit(request, project)
    return _check_page(request, project)


def _submit(request: SignedInRequest, project: Project) -> HttpResponse:
    try:
        project.move("submit", request.user)
    except MoveRefused as error:
        project.refresh_from_db()
        if project.status in EDITABLE:
            return _check_page(
                request, project, [str(error.message)], error.http_status
            )
    except ValidationError:
        return _check_page(request, project, status=409, judged=True)
    return redirect("stocktaking:project-done", pk=project.pk)


def _check_page(
    request: SignedInRequest,
    project: Project,
    refusal: list[str] | None = None,
    status: int = 200,
    judged: bool = False,
) -> HttpResponse:
    draft = Draft("project", project)
    problems = [
        {
            "name": name,
            "label": label(name),
            "sentences": sentences,
            "url": field_url(draft, name),
        }
        for name, sentences in (draft.problems() if judged else draft.lacking()).items()
    ]
    context = {
        "project": project,
        "draft": draft,
        "groups": answers(draft),
        "problems": problems,
        "similar": already_entered(project),
        "findings": remarks(project),
        "refusal": refusal or [],
        "is_owner": project.owner_id == request.user.pk,
        "files": files_of(project),
        "files_step": step_of("image"),
    }
    return render(request, "stocktaking/submission/check.html", context, status=status)


def field_url(draft: Draft, name: str) -> str:
    """The address of a field in its step, with the messages shown."""
    return f"{draft.step_url(step_of(name))}?complete#id_{name}{'_0' if name in RADIOS else ''}"


def answers(draft: Draft) -> list[tuple[Any, list[dict[str, Any]]]]:
    """The project for reading: legend → rows of name, label, text, required, url."""
    return [
        (step.legend, [_answer(draft, name) for name in step.fields]) for step in STEPS
    ]


def _answer(draft: Draft, name: str) -> dict[str, Any]:
    project, field = draft.project, cast(Any, Project._meta.get_field(name))
    value = getattr(project, name)
    if field.many_to_many:
        text_of = with_code if name in {"other_action_lines", "sdgs"} else str
        value = ", ".join(text_of(term) for term in value.all())
    elif name == "main_action_line" and value:
        value = with_code(value)
    elif field.choices:
        value = getattr(project, f"get_{name}_display")()
    image = name == "image" and bool(value)
    return {
        "name": name,
        "label": field.verbose_name,
        "text": "" if value is None else str(value),
        "image": image,
        "required": name in MARKED_REQUIRED,
        "url": field_url(draft, name),
    }


@login_required
@require_safe
def project_done(request: SignedInRequest, pk: int) -> HttpResponse:
    """The confirmation: number, position in the queue, what happens next."""
    submitted = Project.objects.written_by(request.user).exclude(status__in=EDITABLE)
    project = get_object_or_404(submitted, pk=pk)
    place = None
    if project.status == Status.SUBMITTED:
        place = Project.objects.place_of(project)
    expected = expected_answer(project) if place else None
    context = {"project": project, "place": place, "expected": expected}
    return render(request, "stocktaking/submission/done.html", context)


@login_required
@require_safe
def my_projects(request: SignedInRequest) -> HttpResponse:
    rows = Project.objects.written_by(request.user).with_reason().for_list()
    code = request.GET.get("status", "")
    status = code if code in Status.values else ""
    if status:
        rows = rows.filter(status=status)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    requests = OwnershipRequest.objects.for_owner(request.user)[:REQUESTS]
    context = {"page": page, "status": status, "requests": requests}
    return render(request, "stocktaking/submission/my_projects.html", context)
