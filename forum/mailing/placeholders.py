"""The signs in braces of a mail: which there are, and what stands for them."""

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from common.mail import placeholders
from forum.edition.models import Edition

PLACEHOLDERS = {
    "name": _("name of the reader"),
    "edition": _("name of the edition"),
    "first_day": _("first day of the edition"),
    "agenda": _("address of the agenda"),
    "my_agenda": _("address of the reader’s own agenda"),
}


def require_known(text: str) -> None:
    """Raises ValidationError that names the first sign that nothing stands for."""
    placeholders.require_known(text, PLACEHOLDERS)


def values_for(edition: Edition, name: str, language: str) -> dict[str, str]:
    """What stands for each sign, for one reader in their language."""
    with translation.override(language):
        day = edition.start_date
        return {
            "name": name,
            "edition": edition.title,
            "first_day": date_format(day, "DATE_FORMAT") if day else "",
            "agenda": settings.SITE_URL + reverse("forum:agenda", args=[edition.slug]),
            "my_agenda": settings.SITE_URL + reverse("forum:my-agenda"),
        }
