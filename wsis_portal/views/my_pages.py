"""My pages: what a signed-in person has to do with in each part of the portal."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

import accounts.mine
import forum.mine
import prizes.mine
import roadmap.mine
import stocktaking.mine
from accounts.http import SignedInRequest

APPS = (stocktaking.mine, prizes.mine, forum.mine, roadmap.mine, accounts.mine)


@require_safe
@login_required
def my_pages(request: SignedInRequest) -> HttpResponse:
    found = [app.section(request.user) for app in APPS]
    context = {
        "desk": [line for section in found for line in section.desk],
        "waiting": [
            line for section in found for line in section.waiting if line.count
        ],
        "sections": [section for section in found if section.lines],
    }
    return render(request, "account/my_pages.html", context)
