"""What “My pages” shows people who write for an agency."""

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.user.models import User
from common.overview.my_pages import Line, Section, counted
from roadmap.position.models import PositionVersion
from roadmap.position.workflow import PositionStatus


def section(user: User) -> Section:
    positions = PositionVersion.objects.editable_by(user)
    n = counted(
        user,
        agencies=user.agencies.all(),
        positions=positions.filter(status=PositionStatus.PUBLISHED),
        drafts=positions.filter(
            status__in=(PositionStatus.DRAFT, PositionStatus.CLEARED)
        ),
    )
    if not n["agencies"]:
        return Section(_("Roadmap"), [])
    drafts = _("%(count)d to finish") % {"count": n["drafts"]} if n["drafts"] else ""
    page = reverse("roadmap:my-positions")
    lines = [Line(_("Positions of my agency"), page, n["positions"], drafts)]
    waiting = Line(_("Positions in draft at my agency"), page, n["drafts"])
    return Section(_("Roadmap"), lines, waiting=(waiting,))
