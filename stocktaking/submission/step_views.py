"""Writing a project or a new version of it: the task list, its steps, autosave and preview."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from common.dates.zones import clock_in_words
from common.forms.autosave import answer_of_autosave
from common.forms.two_tabs import Conflict
from common.moves.actors import SignedInRequest
from reference.action_line.models import MatrixCell
from stocktaking.file.forms import AttachmentsForm
from stocktaking.file.models import files_of
from stocktaking.organization.models import Organization
from stocktaking.project.forms import STEPS, Step
from stocktaking.submission.drafts import Draft, step_after, step_named
from stocktaking.submission.forms import ProjectForm
from stocktaking.submission.presence import BEAT, arrive, leave
from stocktaking.text.reading import Reading

NAMESAKES = 20  # offered at once


def found_draft(
    request: SignedInRequest, kind: str, pk: int, lock: bool = False
) -> Draft:
    draft = Draft.find(request.user, kind, pk, lock)
    if draft is None:
        raise Http404
    return draft


def closed(draft: Draft) -> str:
    return _("The status is “%(status)s”: the project cannot be changed now.") % {
        "status": draft.record.get_status_display()
    }


@login_required
@require_safe
def task_list(request: SignedInRequest, kind: str, pk: int) -> HttpResponse:
    """The steps with their states, in any order; what is missing, and the link to the check."""
    draft = found_draft(request, kind, pk)
    if not draft.is_open:
        messages.info(request, closed(draft))
        return redirect(draft.record)
    steps = draft.steps()
    returned = (
        draft.record.history().first() if draft.record.status == "returned" else None
    )
    context = {
        "draft": draft,
        "project": draft.project,
        "steps": steps,
        "done": sum(state.state == "done" for state in steps),
        "total": len(steps) + 1,  # the last one is to check and submit
        "missing": sum(len(state.missing) for state in steps),
        "returned": returned,
        "is_owner": draft.project.owner_id == request.user.pk,
    }
    return render(request, "stocktaking/submission/task_list.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: SignedInRequest, kind: str, pk: int, slug: str) -> HttpResponse:
    """One step: shown, autosaved while somebody types, or saved by a button."""
    chosen = step_named(slug)
    if chosen is None:
        raise Http404
    if request.method == "POST":
        return _save(request, kind, pk, chosen)
    draft = found_draft(request, kind, pk)
    if not draft.is_open:
        messages.info(request, closed(draft))
        return redirect(draft.record)
    if request.headers.get("HX-Request") == "true":
        return _beat(request, draft, chosen)
    form = draft.form(chosen)
    if "complete" in request.GET:
        form = _judged(draft, chosen, form)
    return _page(request, draft, chosen, form)


def _present(request: SignedInRequest, draft: Draft, chosen: Step) -> dict[str, Any]:
    """Note that the reader has the step open; returns who else has, for the page."""
    others = arrive(draft.kind, draft.record.pk, chosen.slug, request.user)
    told = "-".join(f"{other.since.timestamp():.0f}" for other in others)
    return {
        "others": others,
        "there": told,
        "beat": BEAT,
        "step_url": draft.step_url(chosen),
    }


def _beat(request: SignedInRequest, draft: Draft, chosen: Step) -> HttpResponse:
    """An open page asks who else is there; 204 when that has not changed."""
    present = _present(request, draft, chosen)
    if present["there"] == request.GET.get("there"):
        return HttpResponse(status=204)
    response = render(request, "stocktaking/submission/_presence.html", present)
    response["Cache-Control"] = "no-store"
    return response


def _judged(draft: Draft, chosen: Step, form: ProjectForm) -> ProjectForm:
    """The step as stored, with a message at each field that a submission lacks."""
    stored = {bound.name: bound.field.prepare_value(bound.initial) for bound in form}
    judged = draft.form(chosen, stored)
    judged.is_valid()
    for name, sentences in draft.problems().items():
        if name in judged.fields and name not in judged.errors:
            judged.add_error(name, [*sentences])
    return judged


@transaction.atomic
def _save(request: SignedInRequest, kind: str, pk: int, chosen: Step) -> HttpResponse:
    """Store what was typed, under a lock, without overwriting what somebody else wrote
    meanwhile."""
    draft = found_draft(request, kind, pk, lock=True)
    by_itself = request.headers.get("HX-Request") == "true"
    form = draft.form(chosen, request.POST, request.FILES)
    if not draft.is_open:
        if by_itself:
            return answer_of_autosave(request, {"closed": closed(draft)}, "closed", 409)
        return _page(request, draft, chosen, form, {"closed": closed(draft)}, 409)
    begun = request.POST.get("versions", "")
    conflicts = form.reconcile(begun)
    files = draft.files_form(chosen, request.POST, request.FILES, request.user)
    if files:
        files.write(by_itself)
    draft.keep(form)
    at = clock_in_words(timezone.now(), "H:i:s")
    if by_itself:
        return _saved_by_itself(request, draft, chosen, (form, files), conflicts, at)
    if conflicts or form.errors or (files and files.errors):
        extra: dict[str, Any] = {"saved_at": at, "conflicts": conflicts}
        if files and files.errors:
            extra["files"] = files
        return _page(request, draft, chosen, form, extra, 409 if conflicts else 200)
    leave(draft.kind, draft.record.pk, chosen.slug, request.user)
    if form.first_frame_only:
        messages.info(
            request, _("The picture moved. Its first frame is kept and shown.")
        )
    messages.success(request, _("Saved at %(time)s.") % {"time": at})
    return redirect(_next(request, draft, chosen))


def _next(request: HttpRequest, draft: Draft, chosen: Step) -> str:
    if "list" in request.POST:
        return draft.list_url
    if "attach" in request.POST:
        return f"{draft.step_url(chosen)}#files"
    later = step_after(chosen)
    return draft.step_url(later) if later else draft.check_url


def _saved_by_itself(
    request: HttpRequest,
    draft: Draft,
    chosen: Step,
    forms: tuple[ProjectForm, AttachmentsForm | None],
    conflicts: list[Conflict],
    at: str,
) -> HttpResponse:
    """The line that says what was saved and when, with new fingerprints for the open page."""
    form, files = forms
    stored = Draft(draft.kind, draft.record).form(chosen)
    begun = request.POST.get("versions", "")
    if conflicts:
        told: dict[str, Any] = {"conflicts": conflicts, "versions": stored.versions()}
        return answer_of_autosave(request, told, "conflict", 409)
    context: dict[str, Any] = {
        "saved_at": at,
        "versions": form.versions_after(stored, begun),
        "refused": [field for field in (*form, *(files or ())) if field.errors],
        "others": [form[name] for name in form.left_alone],
    }
    return answer_of_autosave(request, context, "saved", 200)


def _page(
    request: SignedInRequest,
    draft: Draft,
    chosen: Step,
    form: ProjectForm,
    extra: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    stored = Draft(draft.kind, draft.record).form(chosen) if form.is_bound else form
    form.read_choices()
    context = {
        "draft": draft,
        "project": draft.project,
        "step": chosen,
        "form": form,
        "number": STEPS.index(chosen) + 1,
        "steps": len(STEPS) + 1,
        "versions": stored.versions(),
        "step_url": draft.step_url(chosen),
        "last": step_after(chosen) is None,
        "files": draft.files_form(chosen),
        "namesakes": _namesakes(draft, chosen),
    } | _present(request, draft, chosen)
    return render(
        request,
        "stocktaking/submission/step.html",
        context | (extra or {}),
        status=status,
    )


def _namesakes(draft: Draft, chosen: Step) -> Any:
    """Organizations with the written name, which a page without JavaScript offers, too."""
    name = draft.project.organization_name
    if "organization_name" not in chosen.fields or not name:
        return ()
    return (
        Organization.objects.confirmed().named(name).order_by("name", "pk")[:NAMESAKES]
    )


@login_required
@require_safe
def preview(request: SignedInRequest, kind: str, pk: int) -> HttpResponse:
    """The public page, rendered from the draft by the same template."""
    draft = found_draft(request, kind, pk)
    project = draft.project
    context = {
        "project": project,
        "reading": Reading(project, None),
        "draft": draft,
        "preview": True,
        "files": files_of(project),
    }
    return render(request, "stocktaking/page/project.html", context)


CODE_LENGTH = 12


@login_required
@require_safe
def suggested_sdgs(request: SignedInRequest) -> HttpResponse:
    """The Goals that the matrix links to an action line, with the reason for each."""
    code = request.GET.get("main_action_line", "")[:CODE_LENGTH].replace("\0", "")
    cells = MatrixCell.objects.filter(action_line=code).select_related("sdg")
    return render(
        request, "stocktaking/submission/_suggested_sdgs.html", {"cells": cells}
    )
