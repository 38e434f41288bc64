"""My pages: the tasks and records of a signed-in person in each part of the portal."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts import my_pages as my_accounts
from common.moves.actors import SignedInRequest
from forum import my_pages as my_forum
from prizes import my_pages as my_prizes
from roadmap import my_pages as my_roadmap
from stocktaking import my_pages as my_stocktaking

APPS = (my_stocktaking, my_prizes, my_forum, my_roadmap, my_accounts)


@require_safe
@login_required
def my_pages(request: SignedInRequest) -> HttpResponse:
    sections = [app.section(request.user) for app in APPS]
    context = {
        "desk": [line for section in sections for line in section.desk],
        "waiting": [
            line for section in sections for line in section.waiting if line.count
        ],
        "sections": [section for section in sections if section.lines],
    }
    return render(request, "pages/my_pages.html", context)
