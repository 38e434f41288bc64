"""Held votes: the link by which a voter confirms, and what the public reads."""

from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from common.limits.throttle import throttled
from common.mail.links import private
from common.moves.actors import SignedInRequest
from common.tables.csv_files import csv_response
from prizes.ballot.voter import voter_of
from prizes.checking.figures import COLUMNS, figures_of, public_voids
from prizes.checking.telling import send_letter
from prizes.contest.views import the_contest
from prizes.hold.models import Hold
from prizes.hold.steps import confirm

LINKS_AN_HOUR = 3


@require_http_methods(["GET", "HEAD", "POST"])
def held(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the link in the mail. Mail scanners open links, so a button confirms; whoever
    has the mail need not be signed in."""
    rows = Hold.objects.with_token(token).select_related("contest", "rule", "pattern")
    row = rows.first()
    if row is None:
        page = render(request, "prizes/checking/held.html", status=HTTPStatus.NOT_FOUND)
        return private(page)
    if request.method == "POST":
        confirm(row)  # the page says what has become of it
        return private(redirect("prizes:held", token))
    context = {
        "contest": row.contest,
        "held": row,
        "in_time": Hold.objects.confirmable().filter(pk=row.pk).exists(),
    }
    return private(render(request, "prizes/checking/held.html", context))


@login_required
@require_POST
@throttled("held-link", LINKS_AN_HOUR, 3600, by="user")
def send_again(request: SignedInRequest, edition: str) -> HttpResponse:
    """Another link, for somebody who does not find the mail."""
    contest = the_contest(edition)
    voter = voter_of(contest.pk, request.user)
    row = Hold.objects.of_voter(contest.pk, voter).confirmable().first()
    if row is None:
        messages.info(request, _("You have no votes that you can confirm."))
    else:
        send_letter(contest, row, request.user)
        messages.success(request, _("We have sent you the link again."))
    return redirect("prizes:my-votes", contest.slug)


@require_safe
def checking(request: HttpRequest, edition: str) -> HttpResponse:
    """The rules, and how many votes were held, confirmed, lapsed and void."""
    contest = the_contest(edition)
    context = {
        "contest": contest,
        "rules": contest.hold_rules.all(),
        "figures": figures_of(contest),
        "voids": public_voids(contest),
    }
    return render(request, "prizes/checking/checking.html", context)


@require_safe
def checking_csv(request: HttpRequest, edition: str) -> HttpResponse:
    """The same figures by category and day, for programs."""
    contest = the_contest(edition)
    figures = figures_of(contest)
    rows = [("contest", "category", "day", *COLUMNS)]
    rows += [
        (
            contest.slug,
            row.category,
            row.day.isoformat(),
            *(cell.code for cell in row.cells),
        )
        for row in figures.days
    ]
    return csv_response(f"wsis-prizes-{contest.slug}-held-votes.csv", rows)
