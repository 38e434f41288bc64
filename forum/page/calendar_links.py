"""Ways from a page into the reader's own calendar: links of the usual programs, and a QR code."""

from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from forum.agenda.models import CalendarKey, ReleasedSession
from forum.session.workflow import SessionStatus

GOOGLE = "https://calendar.google.com/calendar"
OUTLOOK = "https://outlook.office.com/calendar/0"


class CalendarLink(NamedTuple):
    name: str
    address: str


def webcal(address: str) -> str:
    """The address of a calendar file as programs subscribe to it."""
    return urlsplit(address)._replace(scheme="webcal").geturl()


def links_to_session(session: ReleasedSession) -> list[CalendarLink]:
    """None for a session that is cancelled or has no time."""
    if not (session.start and session.end) or session.status != SessionStatus.RELEASED:
        return []
    page = settings.SITE_URL + session.get_absolute_url()
    file = settings.SITE_URL + reverse("forum:session-calendar", args=[session.pk])
    start, end = (
        f"{moment.astimezone(session.edition.zone):%Y%m%dT%H%M%S}"
        for moment in (session.start, session.end)
    )
    google = {
        "action": "TEMPLATE",
        "text": session.title,
        "dates": f"{start}/{end}",
        "ctz": session.edition.time_zone,
        "location": session.room_text,
        "details": page,
    }
    outlook = {
        "rru": "addevent",
        "subject": session.title,
        "startdt": session.start.isoformat(),
        "enddt": session.end.isoformat(),
        "location": session.room_text,
        "body": page,
    }
    return [
        CalendarLink(_("Calendar program (webcal)"), webcal(file)),
        CalendarLink("Google Calendar", f"{GOOGLE}/render?{urlencode(google)}"),
        CalendarLink("Outlook", f"{OUTLOOK}/deeplink/compose?{urlencode(outlook)}"),
    ]


def links_to_my_calendar(key: CalendarKey) -> list[CalendarLink]:
    """Subscriptions: the program reads the address again by itself."""
    file = webcal(settings.SITE_URL + key.get_absolute_url())
    outlook = {"url": file, "name": _("My WSIS Forum")}
    return [
        CalendarLink(_("Calendar program (webcal)"), file),
        CalendarLink("Google Calendar", f"{GOOGLE}/r?{urlencode({'cid': file})}"),
        CalendarLink("Outlook", f"{OUTLOOK}/addfromweb?{urlencode(outlook)}"),
    ]
