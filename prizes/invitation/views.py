"""An expert answers an invitation by the link in the mail, without signing in."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from common.mail.links import private
from prizes.contest.models import Phase
from prizes.invitation.forms import AnswerForm, seat_name
from prizes.invitation.models import of_link

PAGE = "prizes/invitation/invitation.html"


@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Mail scanners open links, so a button answers."""
    found = of_link(token)
    if not found:
        status = HTTPStatus.NOT_FOUND if found is None else HTTPStatus.GONE
        return private(render(request, PAGE, status=status))
    rows = list(found.select_related("expert", "panel__category__contest"))
    sent = request.POST if request.method == "POST" else None
    form = AnswerForm([row for row in rows if row.accepted is None], sent)
    if form.is_valid():
        form.save()
        return private(redirect("prizes:invitation", token))
    contest = rows[0].panel.category.contest
    context = {
        "contest": contest,
        "work": contest.phase(Phase.Kind.NOMINATION),
        "expert": rows[0].expert,
        "form": form,
        "answered": [
            (seat_name(row), row.accepted) for row in rows if row.accepted is not None
        ],
    }
    status = HTTPStatus.BAD_REQUEST if form.errors else HTTPStatus.OK
    return private(render(request, PAGE, context, status=status))
