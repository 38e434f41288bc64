"""Letters and certificates as PDF."""

import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from common.text.direction import direction
from common.text.official_names import official_name
from common.typesetting.documents import typeset
from common.typesetting.fonts import FAMILIES, FONT_FOLDERS, showable
from forum.badge.drawing import days_of, passage
from forum.base.qr import qr_code
from forum.edition.models import Edition
from forum.letter.models import (
    CERTIFICATES,
    PLACEHOLDER,
    PLACEHOLDERS_OF,
    IssuedLetter,
    LetterTemplate,
)

SOURCE = Path(__file__).with_name("letter.typ")
Values = dict[str, str]


def filled(text: str, values: Values) -> str:
    return PLACEHOLDER.sub(lambda match: values.get(match[1], match[0]), text)


def values_of(letter: IssuedLetter) -> Values:
    registration = letter.registration
    document = getattr(registration, "follow_up", None)
    return of_edition(registration.edition, letter.issued_at) | {
        "name": registration.name,
        "organization": registration.organization_name,
        "country": str(registration.country or ""),
        "attendance": registration.get_attendance_display(),
        "number": letter.number,
        "passport_name": document.passport_name if document else "",
        "passport_number": document.passport_number if document else "",
    }


def of_edition(edition: Edition, at: datetime.datetime) -> Values:
    return {
        "edition": official_name(edition.title) or edition.title,
        "days": days_of(edition),
        "venue": edition.venue,
        "date": date_format(edition.local_day(at), "DATE_FORMAT"),
    }


def pdf_of(template: LetterTemplate, letters: list[IssuedLetter]) -> bytes:
    """One page or more for each letter, in the language that is active."""
    pages = [
        page(template, values_of(one), settings.SITE_URL + one.get_absolute_url())
        for one in letters
    ]
    return _typeset(template, pages)


def preview_of(template: LetterTemplate) -> bytes:
    """The template with the names of its placeholders in place of a person."""
    values = {
        name: f"[{label}]" for name, label in PLACEHOLDERS_OF[template.kind].items()
    }
    values |= of_edition(template.edition, timezone.now())
    values["number"] = _("Preview")
    return _typeset(template, [page(template, values, settings.SITE_URL)])


def page(template: LetterTemplate, values: Values, address: str) -> dict[str, Any]:
    paragraphs = filled(template.body, values).replace("\r", "").split("\n\n")
    return {
        "edition": passage(values["edition"]),
        "days": passage(values["days"]),
        "title": passage(filled(template.title, values)),
        "number": passage(f"{values['number']} · {values['date']}"),
        "paragraphs": [
            {"text": one.strip(), "direction": direction(one)}
            for one in paragraphs
            if one.strip()
        ],
        "signatory": passage(template.signatory),
        "check": passage(_("Anybody can check this letter at this address:")),
        "address": address,
        "qr": str(qr_code(address)),
    }


def _typeset(template: LetterTemplate, pages: list[dict[str, Any]]) -> bytes:
    data = {
        "language": (get_language() or "en").split("-")[0],
        "fonts": list(FAMILIES),
        "title": str(template.get_kind_display()),
        "certificate": template.kind in CERTIFICATES,
        "alt": _("QR code of the address"),
        "pages": pages,
    }
    made: bytes = typeset(
        [SOURCE], showable(data), FONT_FOLDERS, {}, format="pdf", pdf_standards="ua-1"
    )
    return made
