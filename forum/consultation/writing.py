"""Writing a submission: begun, saved by itself while somebody types, and submitted."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.user.models import User
from common.dates.zones import clock_in_words
from common.forms.autosave import answer_of_autosave
from common.forms.two_tabs import MARKS
from common.limits.throttle import allow, throttled, too_often
from common.moves.actors import SignedInRequest
from common.moves.workflow import MoveRefused
from common.text.digits import whole_number
from forum.consultation.forms import SubmissionForm
from forum.consultation.models import Submission
from forum.consultation.phases import MAX_CODE, InputKind
from forum.consultation.views import PAGE
from forum.edition.models import Edition
from stocktaking.member.models import Member

LIMIT, TEXT = settings.LIMITS["forum-write"], settings.LIMITS["forum-text"]


@login_required
@require_http_methods(PAGE)
@throttled("forum-text", *TEXT, by="user", methods="POST")
def submission_new(request: SignedInRequest, slug: str) -> HttpResponse:
    """Begin a submission of a kind that is open to this person."""
    edition = get_object_or_404(Edition, slug=slug)
    if "unlock" in request.POST:
        return unlock(request, edition)
    begun = whole_number(request.POST.get(BEGUN, ""))
    if (
        begun
        and Submission.objects.filter(
            pk=begun, edition=edition, owner=request.user
        ).exists()
    ):
        return submission_edit(request, begun)
    kinds = kinds_for(request, edition)
    if not kinds:
        messages.info(request, _("The consultation is not open for submissions."))
        return redirect("forum:consultation", slug=slug)
    draft = Submission(
        edition=edition, owner=request.user, **values_from_profile(request.user)
    )
    # Also when the form comes back: it is sent to the address that it was opened at.
    chosen = {kind.code: kind for kind in kinds}.get(request.GET.get("kind", ""))
    if chosen:
        draft.kind = chosen
    if request.method != "POST":
        return form_page(request, draft, SubmissionForm(instance=draft, kinds=kinds))
    verdict = allow("forum-write", f"user-{request.user.pk}", *LIMIT)
    if not verdict.allowed:
        return too_often(request, verdict.retry_after)
    return save(request, draft)


# In the form of a new submission: the draft that has been made of it by saving itself.
BEGUN = "draft"
ENTERED = "forum_codes"  # in the session: the access codes that were right


def unlock(request: SignedInRequest, edition: Edition) -> HttpResponse:
    """Open the kinds of an access code to this person, until they sign out. Without its counter
    the portal takes no codes: they could be guessed."""
    key = f"user-{request.user.pk}"
    verdict = allow("forum-code", key, *LIMIT, closed_when_down=True)
    if not verdict.allowed:
        return too_often(request, verdict.retry_after)
    code = request.POST.get("access_code", "").strip()[:MAX_CODE]
    opened = list(InputKind.objects.with_code(code).filter(edition=edition))
    if not opened:
        messages.error(request, _("No kind of input is open with this access code."))
        return redirect("forum:consultation", slug=edition.slug)
    codes = {code, *request.session.get(ENTERED, [])}
    request.session[ENTERED] = sorted(codes)
    address = reverse("forum:submission-new", args=[edition.slug])
    return redirect(f"{address}?kind={opened[0].code}")


def kinds_for(
    request: SignedInRequest, edition: Edition, own: int | None = None
) -> QuerySet[InputKind]:
    """The kinds that this person may choose; of an existing input also its own."""
    kinds = InputKind.objects.filter(edition=edition)
    return kinds.offered(request.session.get(ENTERED, []), own)


def values_from_profile(user: User) -> dict[str, Any]:
    """Initial values from the profile."""
    initial: dict[str, Any] = {"language": get_language() or settings.LANGUAGE_CODE}
    member = Member.objects.select_related("organization").filter(user=user).first()
    if member:
        initial |= {
            "country": member.country,
            "stakeholder_type": member.stakeholder_type,
        }
        if member.organization:
            initial["organization_name"] = member.organization.name
    return initial


@login_required
@require_http_methods(PAGE)
@throttled("forum-text", *TEXT, by="user", methods="POST")
def submission_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    submissions = Submission.objects.of_owner(request.user).select_related(
        "edition", "kind"
    )
    with transaction.atomic():
        submission = get_object_or_404(
            submissions.select_for_update(of=("self",)), pk=pk
        )
        if not submission.is_editable:
            if is_script(request):
                told = {"closed": closed(submission)}
                return answer_of_autosave(request, told, "closed", 409)
            messages.info(request, closed(submission))
            return redirect(submission)
        if request.method != "POST":
            kinds = kinds_for(request, submission.edition, submission.kind_id)
            form = SubmissionForm(instance=submission, kinds=kinds)
            return form_page(request, submission, form)
        return save(request, submission)


def closed(submission: Submission) -> str:
    return _("The status is “%(status)s”: the submission cannot be changed now.") % {
        "status": submission.get_status_display()
    }


def save(request: SignedInRequest, draft: Submission) -> HttpResponse:
    """Store what was typed; with “submit” submit it when it is complete."""
    kinds = kinds_for(request, draft.edition, draft.kind_id)
    form = SubmissionForm(request.POST, instance=draft, kinds=kinds)
    form.is_valid()
    if is_script(request):
        return autosaved(request, form)
    if form.errors:
        return form_page(request, draft, form, status=409 if form.conflicts else 400)
    saved = form.save()
    if "submit" not in request.POST:
        messages.success(request, _("Your draft is saved."))
        return redirect("forum:submission-edit", pk=saved.pk)
    return submit(request, form, saved)


def submit(
    request: SignedInRequest, form: SubmissionForm, saved: Submission
) -> HttpResponse:
    """A draft that is stored: what it still lacks, what the screening finds, or that it is sent."""
    form.require_complete()
    if form.errors:
        if not form.kept_of_others:
            kinds = kinds_for(request, saved.edition, saved.kind_id)
            form = incomplete(form.data, saved, kinds)
        return form_page(request, saved, form, status=400)
    if saved.edition.screening_rules.all().findings_of(saved):
        return redirect("forum:submission-screening", saved.pk)
    try:
        saved.move("submit", request.user)
    except MoveRefused as error:
        form.add_error(None, str(error.message))
        return form_page(request, saved, form, status=error.http_status)
    messages.success(request, _("Your submission has been received."))
    return redirect(saved)


def is_script(request: HttpRequest) -> bool:
    """Whether the form saves itself (static/js/draft.js)."""
    return request.headers.get("HX-Request") == "true"


def autosaved(request: SignedInRequest, form: SubmissionForm) -> HttpResponse:
    """What the script is told: saved at, or which fields were not and why. Nothing is stored before
    a kind is chosen."""
    told: dict[str, Any] = {"conflicts": form.conflicts}
    if form.conflicts:
        told["opened_with"] = form.data[MARKS]
        return answer_of_autosave(request, told, "conflict", 409)
    told["refused"] = [field for field in form if field.errors]
    told["others"] = form.kept_of_others
    if form.instance.kind_id:
        draft = form.keep()
        stored = Submission.objects.select_related("edition", "kind").get(pk=draft.pk)
        kinds = kinds_for(request, stored.edition, stored.kind_id)
        told["opened_with"] = form.marks_after(
            SubmissionForm(instance=stored, kinds=kinds, also=form.questions)
        )
        told["saved_at"] = clock_in_words(timezone.now(), "H:i:s")
        told["begun"] = draft.pk
        if form.not_on_page:
            told["note"] = _("Save the draft to see what “%(kind)s” asks for.") % {
                "kind": stored.kind
            }
    return answer_of_autosave(request, told, "saved", 200)


def incomplete(
    posted: Any, saved: Submission, kinds: QuerySet[InputKind]
) -> SubmissionForm:
    """The form with what a submission still lacks. The draft is saved: what is sent next is
    compared with what is stored now, and changes this draft."""
    sent = posted.copy()
    if MARKS in sent:
        sent[MARKS] = SubmissionForm(instance=saved, kinds=kinds).fields[MARKS].initial
    form = SubmissionForm(sent, instance=saved, kinds=kinds)
    form.full_clean()
    form.require_complete()
    return form


def form_page(
    request: HttpRequest,
    submission: Submission,
    form: SubmissionForm,
    status: int = 200,
) -> HttpResponse:
    address = request.get_full_path()
    if submission.pk:
        address = reverse("forum:submission-edit", args=[submission.pk])
    context = {
        "submission": submission,
        "edition": submission.edition,
        "form": form,
        "address": address,
    }
    return render(
        request, "forum/consultation/submission_form.html", context, status=status
    )
