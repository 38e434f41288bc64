"""Small pieces of HTML that help while the form is filled in; the form works without them."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.http import SignedInRequest
from reference.models import MatrixCell
from stocktaking.models import Organisation

MIN_TEXT, MAX_TEXT, SUGGESTIONS = 2, 100, 10
CODE_LENGTH = 12


@login_required
@require_safe
def organisation_names(request: SignedInRequest) -> HttpResponse:
    """Options of the type-ahead: confirmed organisations with the typed text in a name or alias."""
    text = request.GET.get("organisation_name", "").strip().replace("\0", "")
    found = Organisation.objects.none()
    if MIN_TEXT <= len(text) <= MAX_TEXT:
        found = Organisation.objects.suggested(text)[:SUGGESTIONS]
    return render(
        request, "stocktaking/_organisation_names.html", {"organisations": found}
    )


@login_required
@require_safe
def suggested_sdgs(request: SignedInRequest) -> HttpResponse:
    """The goals that the Matrix links to an action line, with the reason for each."""
    code = request.GET.get("main_action_line", "")[:CODE_LENGTH].replace("\0", "")
    cells = MatrixCell.objects.filter(action_line=code).select_related("sdg")
    return render(request, "stocktaking/_suggested_sdgs.html", {"cells": cells})
