"""Ownership requests: “this project is mine”, the owner's answer, the secretariat's decision."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.humanize.templatetags.humanize import intcomma
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from common.forms.values import refuse_unreadable
from common.limits.throttle import throttled
from common.moves.actors import SignedInRequest
from common.moves.forms import MoveForm
from common.moves.workflow import NOTE_MAX_LENGTH, MoveRefused
from stocktaking.organization.models import Organization
from stocktaking.ownership.models import Answer, OwnershipRequest
from stocktaking.ownership.workflow import OwnershipStatus
from stocktaking.project.models import Project

REQUESTS_A_DAY = 10
ANSWERS = [
    (Answer.AGREED, gettext_lazy("I agree: this person should own the project")),
    (Answer.OBJECTED, gettext_lazy("I object: the project stays mine")),
]


class OwnershipForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Why the project is yours"),
        max_length=NOTE_MAX_LENGTH,
        validators=[refuse_unreadable],
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy(
            "Your part in the project, and how this can be checked. The present owner and the "
            "secretariat read it; it is not published. At most %(limit)s characters."
        ),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed on as they came
        reason = self.fields["reason"]
        reason.widget.attrs.pop("maxlength", None)
        reason.help_text = reason.help_text % {"limit": intcomma(NOTE_MAX_LENGTH)}


class AnswerForm(forms.Form):
    """The present owner's answer to a request."""

    answer = forms.ChoiceField(
        label=gettext_lazy("Your answer"), choices=ANSWERS, widget=forms.RadioSelect
    )
    text = forms.CharField(
        label=gettext_lazy("What the secretariat should know"),
        required=False,
        max_length=NOTE_MAX_LENGTH,
        validators=[refuse_unreadable],
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed on as they came
        self.fields["text"].widget.attrs.pop("maxlength", None)


@login_required
@throttled("ownership-request", REQUESTS_A_DAY, 24 * 3600, by="user", methods="POST")
@require_http_methods(["GET", "HEAD", "POST"])
def ownership_request_new(request: SignedInRequest, pk: int) -> HttpResponse:
    """Request ownership of a published project; a second request leads to the first."""
    project = get_object_or_404(Project.objects.published(), pk=pk)
    if project.owner_id == request.user.pk:
        return redirect(project)
    form = OwnershipForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        status = 400 if form.is_bound and form.errors else 200
        context = {"project": project, "form": form}
        return render(
            request, "stocktaking/ownership/request_new.html", context, status=status
        )
    own = OwnershipRequest.objects.filter(
        project=project, by=request.user, status=OwnershipStatus.OPEN
    )
    try:
        with transaction.atomic():
            ownership_request = OwnershipRequest.objects.ask(
                project, request.user, form.cleaned_data["reason"]
            )
    except IntegrityError:  # asked a moment ago: the constraint of the table says so
        ownership_request = own.get()
    sent = _("Your ownership request was sent. The secretariat will write to you.")
    messages.success(request, sent)
    return redirect(ownership_request)


@require_http_methods(["GET", "HEAD", "POST"])
def ownership_answer(request: HttpRequest, token: str) -> HttpResponse:
    """The present owner agrees or objects, by the link in the mail, signed in or not."""
    signed = OwnershipRequest.objects.signed(token)
    if signed is None:
        return render(request, "stocktaking/ownership/over.html", status=410)
    ownership_request, owner = signed
    answered = {
        "answer": ownership_request.answer,
        "text": ownership_request.answer_text,
    }
    form = AnswerForm(
        request.POST if request.method == "POST" else None, initial=answered
    )
    if form.is_valid():
        ownership_request.keep_answer(
            form.cleaned_data["answer"], form.cleaned_data["text"]
        )
        messages.success(request, _("Your answer was sent to the secretariat."))
        return redirect(request.path)
    context = {
        "ownership_request": ownership_request,
        "project": ownership_request.project,
        "form": form,
        "owner": owner,
        "organization": Organization.objects.filter(
            members__user=ownership_request.by
        ).first(),
    }
    page = render(
        request,
        "stocktaking/ownership/answer.html",
        context,
        status=400 if form.errors else 200,
    )
    page["Cache-Control"] = "no-store"
    page["X-Robots-Tag"] = "noindex"
    return page


@login_required
@require_safe
def ownership_request(request: SignedInRequest, pk: int) -> HttpResponse:
    return _page(request, _visible(request, pk), MoveForm())


@login_required
@require_POST
def ownership_request_move(request: SignedInRequest, pk: int) -> HttpResponse:
    """Make the move of the button that was pressed; a refusal is shown beside the form."""
    ownership_request, form = _visible(request, pk), MoveForm(request.POST)
    if not form.is_valid():
        return _page(request, ownership_request, form, status=400)
    try:
        moved = ownership_request.move(
            request.POST.get("move", ""), request.user, form.cleaned_data["note"]
        )
    except KeyError as error:
        raise Http404 from error
    except MoveRefused as error:
        return _page(
            request, ownership_request, form, [str(error.message)], error.http_status
        )
    return redirect(moved)


def _visible(request: SignedInRequest, pk: int) -> OwnershipRequest:
    rows = OwnershipRequest.objects.visible_to(request.user).select_related(
        "project__owner", "by"
    )
    return get_object_or_404(rows, pk=pk)


def _page(
    request: SignedInRequest,
    ownership_request: OwnershipRequest,
    form: MoveForm,
    refusal: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    moves = ownership_request.open_moves(request.user)
    owner = ownership_request.project.owner
    staff = request.user.is_secretariat
    context = {
        "owner": owner if staff and owner and owner.is_active else None,
        "owner_has": owner.projects.count() if staff and owner else 0,
        "ownership_request": ownership_request,
        "project": ownership_request.project,
        "moves": moves,
        "form": form if moves else None,
        "refusal": refusal or [],
        "history": ownership_request.history(),
    }
    return render(request, "stocktaking/ownership/request.html", context, status=status)
