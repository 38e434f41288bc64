"""“This entry is mine”: the claim, where it stands, and the secretariat's decision."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import IntegrityError, transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import SignedInRequest
from common.throttle import throttled
from common.workflow import NOTE_MAX_LENGTH, MoveRefused
from stocktaking.entry_workflows import ClaimStatus
from stocktaking.forms import MoveForm, refuse_unreadable
from stocktaking.models import Claim, Project

CLAIMS_A_DAY = 10


class ClaimForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Why the entry is yours"),
        max_length=NOTE_MAX_LENGTH,
        validators=[refuse_unreadable],
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy(
            "Your part in the project, and how the secretariat can check it. "
            "At most 2,000 characters. Not published."
        ),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed on as they came
        self.fields["reason"].widget.attrs.pop("maxlength", None)


@login_required
@throttled("claim", CLAIMS_A_DAY, 24 * 3600, by="user", methods="POST")
@require_http_methods(["GET", "HEAD", "POST"])
def claim_new(request: SignedInRequest, pk: int) -> HttpResponse:
    """Claim a published entry; a second claim by the same person is the first one."""
    project = get_object_or_404(Project.objects.published(), pk=pk)
    if project.owner_id == request.user.pk:
        return redirect(project)
    form = ClaimForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        status = 400 if form.is_bound and form.errors else 200
        context = {"project": project, "form": form}
        return render(request, "stocktaking/claim_new.html", context, status=status)
    mine = {"project": project, "by": request.user}
    try:
        with transaction.atomic():
            claim = Claim.objects.create(**mine, reason=form.cleaned_data["reason"])
    except IntegrityError:  # claimed a moment ago: the constraint of the table says so
        claim = Claim.objects.get(**mine, status=ClaimStatus.OPEN)
    messages.success(request, _("The secretariat has your claim and will write to you."))
    return redirect(claim)


@login_required
@require_safe
def claim(request: SignedInRequest, pk: int) -> HttpResponse:
    return _page(request, _found(request, pk), MoveForm())


@login_required
@require_POST
def claim_move(request: SignedInRequest, pk: int) -> HttpResponse:
    """Make the move that the pressed button names; a refusal is a sentence beside the form."""
    found, form = _found(request, pk), MoveForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form, status=400)
    try:
        moved = found.move(request.POST.get("move", ""), request.user, form.cleaned_data["note"])
    except KeyError as error:
        raise Http404 from error
    except MoveRefused as error:
        return _page(request, found, form, [str(error.message)], error.http_status)
    return redirect(moved)


def _found(request: SignedInRequest, pk: int) -> Claim:
    rows = Claim.objects.visible_to(request.user).select_related("project", "by")
    return get_object_or_404(rows, pk=pk)


def _page(
    request: SignedInRequest, found: Claim, form: MoveForm, refusal: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    moves = found.open_moves(request.user)
    context = {
        "claim": found, "project": found.project, "moves": moves, "form": form if moves else None,
        "refusal": refusal or [], "history": found.history(),
    }  # fmt: skip
    return render(request, "stocktaking/claim.html", context, status=status)
