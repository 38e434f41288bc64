"""The public record of a vote: roots, the frame, and how everybody can check them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from prizes.contest.models import Contest
from prizes.public_record.models import HELD, FrameEvent, Root
from prizes.public_record.telling import sentence

FRAME_SHOWN = 40
BIGGEST = 2**31 - 1  # of a number of a root


def frame_of(contest: Contest) -> list[tuple[FrameEvent, str]]:
    """The latest events of the frame that everybody may read, newest first, with what they say."""
    rows = FrameEvent.objects.visible(contest).exclude(kind=FrameEvent.Kind.CATEGORY)
    latest = rows.order_by("-number")[:FRAME_SHOWN]
    return [(event, sentence(event, contest)) for event in latest]


@require_safe
def root(request: HttpRequest, edition: str, number: int) -> HttpResponse:
    """A root as plain text: its hash, and what is hashed, so that a tool of everybody's own can
    compute it again."""
    contest = get_object_or_404(Contest, slug=edition)
    rows = Root.objects.filter(contest=contest)
    one = get_object_or_404(rows, number=min(number, BIGGEST))
    chains = "\n".join(
        f"log of held votes: {end}"
        if chain == HELD
        else f"{chain}: {events} events, {end}"
        for chain, (events, end) in one.ends.items()
    )
    text = (
        f"{contest.title}\nroot {one.number}\nSHA-256 {one.hash}\nof the line\n\n"
        f"{one.previous}|{one.line}\n\n{chains}\n"
    )
    return HttpResponse(text, content_type="text/plain; charset=utf-8")
