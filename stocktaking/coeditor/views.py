"""Co-editors of a project: the owner invites by e-mail and revokes; the invited person accepts
once."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from accounts.user.models import User
from common.limits.throttle import throttled
from common.mail import outbox
from common.mail.addresses import AddressInput
from common.moves.actors import SignedInRequest
from stocktaking.coeditor.models import AT_MOST, CoEditor
from stocktaking.project.models import Project

INVITATIONS_A_DAY = 20


class InvitationForm(forms.Form):
    email = AddressInput(
        label=gettext_lazy("E-mail address"),
        help_text=gettext_lazy(
            "The invitation is valid for 14 days and can be used once."
        ),
    )


@login_required
@throttled("invite", INVITATIONS_A_DAY, 24 * 3600, by="user", methods="POST")
@require_http_methods(["GET", "HEAD", "POST"])
def coeditors(request: SignedInRequest, pk: int) -> HttpResponse:
    """The people who may edit the project besides its owner, and the form to invite one."""
    project = get_object_or_404(Project.objects.of_owner(request.user), pk=pk)
    form = InvitationForm(request.POST if request.method == "POST" else None)
    people = CoEditor.objects.filter(project=project).standing().select_related("user")
    if request.method == "POST" and form.is_valid():
        if people.count() >= AT_MOST:
            text = _(
                "A project can have at most %(limit)d co-editors and open invitations."
            )
            form.add_error(None, text % {"limit": AT_MOST})
        else:
            _invite(request, project, form.cleaned_data["email"])
            return redirect("stocktaking:coeditors", pk)
    context = {"project": project, "people": people, "form": form}
    status = 400 if form.is_bound and form.errors else 200
    return render(
        request, "stocktaking/coeditor/coeditors.html", context, status=status
    )


def _invite(request: SignedInRequest, project: Project, email: str) -> None:
    _made, token = CoEditor.objects.invite(project, email, request.user)
    invited = User.objects.filter(email=email).first()
    language = invited.language if invited else request.LANGUAGE_CODE
    context = {"project": project, "by": request.user, "token": token}
    outbox.send_to_address("stocktaking/coeditor_invited", email, language, context)
    messages.success(
        request, _("We have sent the invitation to %(to)s.") % {"to": email}
    )


@login_required
@require_POST
def coeditor_revoke(request: SignedInRequest, pk: int) -> HttpResponse:
    """Revoke an invitation or somebody's access; what they wrote stays."""
    coeditors = CoEditor.objects.standing().filter(project__owner=request.user)
    coeditor = get_object_or_404(coeditors, pk=pk)
    coeditor.revoke()
    messages.success(
        request,
        _("%(who)s is no longer a co-editor of the project.") % {"who": coeditor},
    )
    return redirect("stocktaking:coeditors", coeditor.project_id)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def coeditor_accept(request: SignedInRequest, token: str) -> HttpResponse:
    """The page of an invitation link: a button accepts it, because mail scanners open links too."""
    if request.method == "POST":
        accepted = CoEditor.objects.accept(token, request.user)
        if accepted:
            return redirect("stocktaking:project-edit", accepted.project_id)
    invitation = (
        CoEditor.objects.waiting_with(token).select_related("project", "by").first()
    )
    context = {"invitation": invitation}
    status = 200 if invitation else 404
    response = render(
        request, "stocktaking/coeditor/accept.html", context, status=status
    )
    response["Referrer-Policy"] = "same-origin"
    return response
