"""A member's own entries: begin, write, check, submit, and look after them."""

from datetime import UTC
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.http import SignedInRequest
from accounts.models import User
from common.throttle import allow
from common.workflow import MoveRefused
from stocktaking.checks import examine
from stocktaking.desk_querysets import WAITING, expected_answer
from stocktaking.forms import FIELDSETS, REQUIRED, ProjectForm, with_code
from stocktaking.models import Member, Project
from stocktaking.querysets import EDITABLE
from stocktaking.workflow import Status

PAGE_SIZE = 20


@require_http_methods(["GET", "HEAD", "POST"])
def project_new(request: HttpRequest) -> HttpResponse:
    """What one needs before starting, for everybody; the button begins a draft."""
    if request.method != "POST":
        return render(request, "stocktaking/project_new.html")
    return _begin(cast(SignedInRequest, request))  # its decorator sees to it


@login_required
def _begin(request: SignedInRequest) -> HttpResponse:
    """Begin a draft, or go on with one that is still blank: a double click makes one."""
    with transaction.atomic():
        User.objects.select_for_update().get(pk=request.user.pk)
        draft = Project.objects.blank_drafts_of(request.user).first()
        if draft is None:
            limit, seconds = settings.LIMITS["submit"]
            verdict = allow("submit", f"user-{request.user.pk}", limit, seconds)
            if not verdict.allowed:
                return _too_many(request, limit, verdict.retry_after)
            draft = Project.objects.create(owner=request.user, **_known_about(request.user))
    return redirect("stocktaking:project-edit", pk=draft.pk)


def _too_many(request: HttpRequest, limit: int, retry_after: int) -> HttpResponse:
    refusal = ngettext(
        "You have started %(limit)d project today. Go on with it, or come back tomorrow.",
        "You have started %(limit)d projects today. Go on with those, or come back tomorrow.",
        limit,
    ) % {"limit": limit}
    page = render(request, "stocktaking/project_new.html", {"refusal": refusal}, status=429)
    page["Retry-After"] = str(retry_after)
    return page


def _known_about(user: User) -> dict[str, Any]:
    """What the profile says already need not be typed again."""
    known: dict[str, Any] = {
        "language": get_language() or settings.LANGUAGE_CODE,
        "contact_name": user.get_full_name()[:150],
        "contact_email": user.email,
    }
    member = Member.objects.select_related("organisation").filter(user=user).first()
    if member:
        organisation = member.organisation
        known |= {"country": member.country, "stakeholder_type": member.stakeholder_type}
        known |= {"organisation_name": organisation.name} if organisation else {}
    return known


def stamp(project: Project) -> str:
    """The version a form was made from; it comes back with the form."""
    return project.updated_at.astimezone(UTC).isoformat()


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def project_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """The form of a draft or returned entry."""
    if request.method == "POST":
        return _save(request, pk)
    project = get_object_or_404(Project.objects.of_owner(request.user), pk=pk)
    if project.status not in EDITABLE:
        messages.info(request, _closed(project))
        return redirect(project)
    judged = "complete" in request.GET
    form = ProjectForm.judging(project) if judged else ProjectForm(instance=project)
    return _form_page(request, project, form)


def _closed(project: Project) -> str:
    return _("The status is “%(status)s”: the entry cannot be changed now.") % {
        "status": project.get_status_display()
    }


@transaction.atomic
def _save(request: SignedInRequest, pk: int) -> HttpResponse:
    """Keep what was typed, under a lock; then the same form again, or the page to check answers."""
    mine = Project.objects.of_owner(request.user).select_for_update()
    project = get_object_or_404(mine, pk=pk)
    form = ProjectForm(request.POST, request.FILES, instance=project)
    if project.status not in EDITABLE:
        return _form_page(request, project, form, {"closed": _closed(project)}, 409)
    if request.POST.get("stamp") != stamp(project) and (conflicts := form.conflicts()):
        return _form_page(request, project, form, {"conflicts": conflicts}, 409)
    form.keep_valid()
    checking = "check" in request.POST
    if checking:
        form.require_complete()
    now = date_format(timezone.localtime(), "TIME_FORMAT")
    if form.errors:
        return _form_page(request, project, form, {"saved_at": now})
    if checking:
        return redirect("stocktaking:project-check", pk=pk)
    messages.success(request, _("Draft saved at %(time)s.") % {"time": now})
    return redirect("stocktaking:project-edit", pk=pk)


def _form_page(
    request: HttpRequest, project: Project, form: ProjectForm, extra: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    reason = project.history().first() if project.status == Status.RETURNED else None
    context = {"project": project, "form": form, "stamp": stamp(project), "returned": reason}
    return render(request, "stocktaking/project_form.html", context | (extra or {}), status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def project_check(request: SignedInRequest, pk: int) -> HttpResponse:
    """The answers as they will be read, a way to change each, and the button that submits."""
    project = get_object_or_404(Project.objects.of_owner(request.user).for_page(), pk=pk)
    if project.status not in EDITABLE:  # a second click finds the work done
        return redirect("stocktaking:project-done", pk=pk)
    if request.method == "POST":
        return _submit(request, project)
    if project.missing():
        return redirect(f"{_edit_url(project)}?complete")
    return _check_page(request, project)


def _submit(request: SignedInRequest, project: Project) -> HttpResponse:
    try:
        project.move("submit", request.user)
    except MoveRefused as error:
        project.refresh_from_db()
        if project.status in EDITABLE:
            return _check_page(request, project, [str(error.message)], error.http_status)
    except ValidationError:
        return redirect(f"{_edit_url(project)}?complete")
    return redirect("stocktaking:project-done", pk=project.pk)


def _edit_url(project: Project) -> str:
    return redirect("stocktaking:project-edit", pk=project.pk).url


def _check_page(
    request: HttpRequest, project: Project, refusal: list[str] | None = None, status: int = 200
) -> HttpResponse:
    known = Project.objects.visible_to(request.user).filter(status__in=[*WAITING, Status.PUBLISHED])
    context = {
        "project": project, "groups": answers(project), "refusal": refusal or [],
        "findings": [finding for finding in examine(project, known) if finding.severity],
    }  # fmt: skip
    return render(request, "stocktaking/project_check.html", context, status=status)


def answers(project: Project) -> list[tuple[Any, list[dict[str, Any]]]]:
    """The entry as a person reads it: legend → rows of name, label, text, required."""
    return [
        (legend, [_answer(project, name) for name in names]) for legend, _hint, names in FIELDSETS
    ]


def _answer(project: Project, name: str) -> dict[str, Any]:
    field: Any = Project._meta.get_field(name)
    value = getattr(project, name)
    if field.many_to_many:
        shown = with_code if name in {"other_action_lines", "sdgs"} else str
        value = ", ".join(shown(term) for term in value.all())
    elif name == "main_action_line" and value:
        value = with_code(value)
    elif field.choices:
        value = getattr(project, f"get_{name}_display")()
    image = name == "image" and bool(value)
    return {
        "name": name, "label": field.verbose_name, "text": "" if value is None else str(value),
        "image": image, "required": name in REQUIRED,
    }  # fmt: skip


@login_required
@require_safe
def project_done(request: SignedInRequest, pk: int) -> HttpResponse:
    """The confirmation: number, place in the queue, what happens next."""
    mine = Project.objects.of_owner(request.user).exclude(status__in=EDITABLE)
    project = get_object_or_404(mine, pk=pk)
    place = None
    if project.status == Status.SUBMITTED:
        place = Project.objects.queue().filter(submitted_at__lte=project.submitted_at).count()
    expected = expected_answer(project) if place else None
    context = {"project": project, "place": place, "expected": expected}
    return render(request, "stocktaking/project_done.html", context)


@login_required
@require_safe
def my_projects(request: SignedInRequest) -> HttpResponse:
    rows = Project.objects.of_owner(request.user).with_reason().for_list()
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "stocktaking/my_projects.html", {"page": page})
