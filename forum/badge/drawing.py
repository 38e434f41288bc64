"""Badges as PDF, and as a picture for the phone."""

from pathlib import Path
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from common.text.direction import direction
from common.text.official_names import official_name
from common.typesetting.documents import typeset
from common.typesetting.fonts import FAMILIES, FONT_FOLDERS, showable
from common.typesetting.qr import qr_code
from forum.badge.models import Badge
from forum.edition.models import Edition

SOURCE = Path(__file__).with_name("badge.typ")
PICTURE_PPI = 200


def passage(text: object) -> dict[str, str]:
    words = " ".join(str(text or "").split())
    return {"text": words, "direction": direction(words)}


def days_of(edition: Edition) -> str:
    days = dict.fromkeys(filter(None, (edition.start_date, edition.end_date)))
    return " – ".join(date_format(day, "DATE_FORMAT") for day in days) or edition.years


def data_of(badges: list[Badge], layout: str) -> dict[str, Any]:
    """What badge.typ prints, in the language that is active."""
    return {
        "layout": layout,
        "language": (get_language() or "en").split("-")[0],
        "fonts": list(FAMILIES),
        "title": _("Badges"),
        "badges": [_badge(one) for one in badges],
    }


def _badge(badge: Badge) -> dict[str, Any]:
    registration, edition = badge.registration, badge.registration.edition
    return {
        "edition": passage(official_name(edition.title) or edition.title),
        "days": passage(days_of(edition)),
        "name": passage(registration.name),
        "organization": passage(registration.organization_name),
        "country": passage(registration.country),
        "role": passage(badge.get_role_display()),
        "attendance": passage(registration.get_attendance_display()),
        "kind": badge.role,
        "qr": str(qr_code(badge.token)),
        "code": badge.grouped,
        "alt": _("QR code of the badge: %(code)s") % {"code": badge.grouped},
    }


def pdf_of(badges: list[Badge], layout: str = "a6") -> bytes:
    """`layout` is "a6", one on each page, or "a4", four on each page."""
    data = showable(data_of(badges, layout))
    made: bytes = typeset(
        [SOURCE], data, FONT_FOLDERS, {}, format="pdf", pdf_standards="ua-1"
    )
    return made


def picture_of(badge: Badge) -> bytes:
    """A PNG: a phone shows it from its pictures, without a network and without an account."""
    data = showable(data_of([badge], "a6"))
    made: bytes = typeset(
        [SOURCE], data, FONT_FOLDERS, {}, format="png", ppi=PICTURE_PPI
    )
    return made
