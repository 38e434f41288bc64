"""The conversation on a project: its owner and the secretariat, nobody else."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common.limits.throttle import throttled
from common.mail import outbox
from common.moves.actors import SignedInRequest
from stocktaking.former_owner.models import readable_by
from stocktaking.message.forms import MessageForm
from stocktaking.message.models import Message
from stocktaking.project.models import Project

SHOWN = 100  # the last ones; more is no conversation


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@throttled("message", *settings.LIMITS["message"], by="user", methods="POST")
def project_messages(request: HttpRequest, pk: int) -> HttpResponse:
    """Read and write messages; the other side gets a mail."""
    return _conversation(request, pk)  # type: ignore[arg-type]  # signed in, says the decorator


def _conversation(request: SignedInRequest, pk: int) -> HttpResponse:
    own = Project.objects.filter(owner=request.user)
    readable = Project.objects.all() if request.user.is_secretariat else own
    project = get_object_or_404(readable.select_related("owner"), pk=pk)
    form = MessageForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        _write(project, request, form.cleaned_data["text"])
        messages.success(request, _("Your message was sent."))
        return redirect("stocktaking:project-messages", pk=pk)
    kept = project.messages.all()
    if not request.user.is_secretariat:
        kept = kept.filter(readable_by(request.user))
    rows = list(kept.select_related("by").order_by("-at", "-pk")[:SHOWN])
    context = {"project": project, "rows": rows[::-1], "form": form}
    page = "stocktaking/message/messages.html"
    return render(request, page, context, status=400 if form.errors else 200)


@transaction.atomic
def _write(project: Project, request: SignedInRequest, text: str) -> None:
    """Store the message and notify the other side; the desk shows it to the secretariat as well."""
    staff = request.user.is_secretariat and project.owner != request.user
    message = Message.objects.create(
        project=project, by=request.user, from_staff=staff, text=text
    )
    if staff and project.owner:
        context = {"project": project, "message": message}
        outbox.send("stocktaking/message", project.owner, context)
    elif not staff and settings.CONTACT_EMAIL:
        address = request.build_absolute_uri(request.path)
        subject = _("%(number)s: a message from the owner of a project") % {
            "number": project.number
        }
        outbox.queue(settings.CONTACT_EMAIL, subject, f"{text}\n\n{address}")
