"""The kit for supporters of a nominee: link, QR code, badge, texts, rules; for its owner."""

import io
import textwrap
from typing import Any

import qrcode
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from common.moves.actors import SignedInRequest
from common.typesetting.qr import qr_code
from prizes.contest.models import Phase
from prizes.entry.models import Entry
from prizes.page.sharing import share_texts

LINE = 34  # characters of a title in a line of the badge
LINES = 3
BADGE, QR = "badge.svg", "qr.png"


def _own(request: SignedInRequest, edition: str, pk: int) -> Any:
    """An entry of this person on the public ballot. Raises Http404."""
    rows = Entry.objects.public().on_ballot().filter(contest__slug=edition)
    return get_object_or_404(rows.filter(owner=request.user).for_page(), pk=pk)


@never_cache
@login_required
@require_safe
def kit(request: SignedInRequest, edition: str, pk: int) -> HttpResponse:
    entry = _own(request, edition, pk)
    address = request.build_absolute_uri(entry.get_absolute_url())
    context = {
        "contest": entry.contest,
        "entry": entry,
        "address": address,
        "qr": qr_code(address),
        "texts": share_texts(request, entry),
        "phase": entry.contest.phase(Phase.Kind.VOTING),
        "files": ((BADGE, _("Badge (SVG)")), (QR, _("QR code (PNG)"))),
    }
    return render(request, "prizes/page/kit.html", context)


@never_cache
@login_required
@require_safe
def kit_file(
    request: SignedInRequest, edition: str, pk: int, name: str
) -> HttpResponse:
    """The badge as SVG, or the QR code as PNG."""
    entry = _own(request, edition, pk)
    if name == BADGE:
        lines = textwrap.wrap(str(entry), LINE, max_lines=LINES, placeholder="…")
        context = {"entry": entry, "contest": entry.contest, "lines": lines}
        response = render(
            request, "prizes/page/badge.svg", context, content_type="image/svg+xml"
        )
    elif name == QR:
        address = request.build_absolute_uri(entry.get_absolute_url())
        picture = io.BytesIO()
        qrcode.make(address).save(picture)
        response = HttpResponse(picture.getvalue(), content_type="image/png")
    else:
        raise Http404
    response["Content-Disposition"] = f'attachment; filename="{entry.pk}-{name}"'
    return response
