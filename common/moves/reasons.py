"""Reasons that officers give often for a move, worded in the six languages."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class CannedReason(models.Model):
    """A model of it says for which `move` the reason is, and has `texts`, one for each language."""

    order = models.PositiveSmallIntegerField(_("order"), default=0)
    active = models.BooleanField(_("offered"), default=True)

    texts: Any

    class Meta:
        abstract = True

    def wording(self, language: str) -> Any:
        """The text in that language, else in the portal's default; None when there is no text."""
        texts = {text.language: text for text in self.texts.all()}
        return texts.get(language) or texts.get(settings.LANGUAGE_CODE)


class CannedText(models.Model):
    """A reason in one language: its short name for officers, its text for the person concerned."""

    language = models.CharField(_("language"), max_length=8, choices=settings.LANGUAGES)
    label = models.CharField(_("short name"), max_length=80)
    text = models.TextField(_("text"), max_length=500)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.label
