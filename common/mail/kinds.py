"""Kinds of mail, which people choose to get at once, combined or not at all."""

from fnmatch import fnmatchcase
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _


class Kind(NamedTuple):
    """A kind of mail. Mails with `decisions` on one's own records can be combined but not turned
    off."""

    label: Any  # a sentence that waits for its language
    templates: tuple[str, ...]  # patterns
    decisions: bool = False
    staff_only: bool = False


# The first kind that fits is the mail's; mails of no kind are about the account itself.
KINDS = {
    "news": Kind(_("News of what I follow"), ("stocktaking/digest",)),
    "reminders": Kind(
        _("Reminders of drafts and returned projects, and the yearly check"),
        (
            "stocktaking/draft_reminder",
            "stocktaking/reminder",
            "stocktaking/still_correct",
        ),
    ),
    "desk": Kind(
        _("What waits for the secretariat"),
        (
            "portal/waiting",
            "stocktaking/desk_reminder",
            "reports/drafted",
            "reports/held",
        ),
        staff_only=True,
    ),
    "roles": Kind(
        _("Decisions on my roles in organizations"),
        ("stocktaking/role_*",),
        decisions=True,
    ),
    "projects": Kind(
        _("Decisions on my projects, and messages about them"),
        ("stocktaking/*",),
        decisions=True,
    ),
    "editions": Kind(
        _("New editions of reports that I want to be told of"), ("reports/edition",)
    ),
    "editing": Kind(
        _("Reports that I write: comments, and texts that were asked for"),
        ("reports/contribution_*", "reports/editor_*", "reports/comments"),
    ),
    "reports": Kind(
        _("Reports that I have asked for or am asked to review"), ("reports/*",)
    ),
    "panels": Kind(
        _("Invitations and reminders to the experts of the Prizes"),
        ("prizes/panel_*",),
    ),
    "prizes": Kind(
        _("Decisions on my entries to the Prizes"), ("prizes/*",), decisions=True
    ),
    "agenda": Kind(_("Changes of the agenda of the Forum"), ("forum/release",)),
    "forum_messages": Kind(
        _("Messages of the secretariat about the Forum"), ("forum/message",)
    ),
    "reviewing": Kind(
        _("Reviews of proposals to the Forum: requests and reminders"),
        ("forum/reviewer_*",),
    ),
    "session_reports": Kind(
        _("Reports on my sessions at the Forum: requests and reminders"),
        ("forum/report_reminder",),
    ),
    "forum": Kind(
        _("Decisions on my submissions and registrations at the Forum"),
        ("forum/*",),
        decisions=True,
    ),
    "roadmap": Kind(_("Roadmap and consultations"), ("roadmap/*",)),
}


def kind_of(template: str) -> str:
    """The first kind whose pattern matches; "" for a mail about the account itself."""
    return next(
        (
            n
            for n, kind in KINDS.items()
            if any(fnmatchcase(template, t) for t in kind.templates)
        ),
        "",
    )
