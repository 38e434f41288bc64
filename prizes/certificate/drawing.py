"""Certificates as PDF and badges as pictures, in the language that is active."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _

from common.text.official_names import official_name
from common.typesetting.documents import WRITING, typeset
from common.typesetting.fonts import FAMILIES, FONT_FOLDERS, showable
from common.typesetting.passages import passage
from common.typesetting.qr import qr_code
from prizes.certificate.models import award_of
from prizes.entry.amendment import Amendment
from prizes.entry.models import Entry
from prizes.entry.workflow import Status
from reference.names.vocabulary import label

FOLDER = Path(__file__).parent
CERTIFICATE = FOLDER / "certificate.typ"
BADGE = FOLDER / "badge.typ"
PICTURE_PPI = 192
# A bar of this colour says the award at a glance; the words say it too.
COLOURS = {
    Status.WINNER.value: "#7a4b00",
    Status.CHAMPION.value: "#004b87",
    Amendment.Kind.RECOGNITION.value: "#0b6b3a",
}
NAMES = {
    Status.WINNER.value: Status.WINNER.label,
    Status.CHAMPION.value: Status.CHAMPION.label,
    Amendment.Kind.RECOGNITION.value: Amendment.Kind.RECOGNITION.label,
}


def address_of(entry: Entry) -> str:
    """The page that verifies the certificate."""
    return settings.SITE_URL + reverse("prizes:certificate", args=[entry.code])


def _one(entry: Entry) -> dict[str, Any]:
    award, address = award_of(entry), address_of(entry)
    contest = entry.contest.title
    official = official_name(contest)
    parts = [entry.organization_name, str(entry.country or "")]
    code = entry.category.code if entry.category else ""
    return {
        "contest": passage(official or contest, "" if official else "en"),
        "award": passage(str(NAMES[award])),
        "colour": COLOURS[award],
        "title": passage(str(entry), entry.language if entry.title else ""),
        "holder": [passage(part) for part in parts if part],
        "category": [
            passage(part) for part in (code, label("action_line", code)) if part
        ],
        "check": passage(_("Anybody can check this certificate at this address:")),
        "address": address,
        "qr": str(qr_code(address)),
    }


def _data(entries: list[Any], title: str) -> Any:
    language = get_language() or "en"
    return showable(
        {
            "language": language.split("-")[0],
            "rtl": get_language_bidi(),
            "fonts": list(FAMILIES),
            "title": title,
            "alt": _("QR code of the address"),
            "pages": [_one(entry) for entry in entries],
        }
    )


def pdf_of(entries: list[Any]) -> bytes:
    """A page of A4 for each entry, as one accessible PDF (PDF/UA-1)."""
    title = str(entries[0]) if len(entries) == 1 else _("Certificates")
    made: bytes = typeset(
        [WRITING, CERTIFICATE],
        _data(entries, title),
        FONT_FOLDERS,
        {},
        format="pdf",
        pdf_standards="ua-1",
    )
    return made


def badge_of(entry: Entry, picture: str) -> bytes:
    """The badge for a website: `picture` is "svg" or "png". Its letters are drawn, so that it
    looks the same on every site."""
    options = {"ppi": PICTURE_PPI} if picture == "png" else {}
    data = _data([entry], str(entry))
    made: bytes = typeset(
        [WRITING, BADGE], data, FONT_FOLDERS, {}, format=picture, **options
    )
    return made
