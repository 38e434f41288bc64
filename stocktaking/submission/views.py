"""A member's own projects: begin, write, check and submit them, and look after them."""

from typing import Any, cast

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.user.models import User
from common.forms.values import with_code
from common.limits.throttle import allow
from common.moves.actors import SignedInRequest
from common.moves.workflow import MoveRefused
from stocktaking.base.workflow import EDITABLE, Status
from stocktaking.file.models import files_of
from stocktaking.member.models import Member
from stocktaking.organization.identity import INTERNATIONAL
from stocktaking.ownership.models import OwnershipRequest
from stocktaking.project.forms import MARKED_REQUIRED, STEPS
from stocktaking.project.models import Project
from stocktaking.revision.differences import label
from stocktaking.screening.checks import remarks
from stocktaking.search.similar import already_entered
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
    with transaction.atomic():
        User.objects.select_for_update().get(pk=request.user.pk)
        draft = Project.objects.blank_drafts_of(request.user).first()
        if draft is None:
            limit, seconds = settings.LIMITS["submit"]
            verdict = allow("submit", f"user-{request.user.pk}", limit, seconds)
            if not verdict.allowed:
                return _too_many(request, limit, verdict.retry_after)
            draft = Project.objects.create(
                owner=request.user, **_values_from_profile(request.user)
            )
    return redirect("stocktaking:project-edit", pk=draft.pk)


def _too_many(request: HttpRequest, limit: int, retry_after: int) -> HttpResponse:
    refusal = ngettext(
        (
            "You have started %(limit)d project today. Continue with it, or come back tomorrow."
        ),
        (
            "You have started %(limit)d projects today. Continue with those, or come back tomorrow."
        ),
        limit,
    ) % {"limit": limit}
    page = render(
        request, "stocktaking/submission/new.html", {"refusal": refusal}, status=429
    )
    page["Retry-After"] = str(retry_after)
    return page


def _values_from_profile(user: User) -> dict[str, Any]:
    """Initial values from the profile."""
    initial: dict[str, Any] = {
        "language": get_language() or settings.LANGUAGE_CODE,
        "contact_name": user.get_full_name()[:150],
        "contact_email": user.email,
    }
    member = Member.objects.select_related("organization").filter(user=user).first()
    if member:
        organization = member.organization
        initial |= {
            "country": member.country,
            "stakeholder_type": member.stakeholder_type,
        }
        if organization:
            initial["organization_name"] = organization.name
            if organization.international:
                initial["organization_country_id"] = INTERNATIONAL
            elif organization.country_id != member.country_id:
                initial["organization_country_id"] = organization.country_id
    return initial


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
