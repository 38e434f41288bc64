"""What readers say about a report: an answer and a text, without an account."""

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

MAX_FEEDBACK = 2000  # characters


class Feedback(models.Model):
    """One reader's answer to one question; nothing says who it was."""

    class Answer(models.TextChoices):
        YES = "yes", _("Yes")
        PARTLY = "partly", _("In part")
        NO = "no", _("No")

    publication = models.ForeignKey(
        "reports.Publication",
        models.CASCADE,
        related_name="feedback",
        verbose_name=_("publication"),
    )
    version = models.PositiveIntegerField(_("version"))
    answer = models.CharField(
        _("Did you find what you were looking for?"),
        max_length=10,
        choices=Answer.choices,
    )
    text = models.TextField(
        _("What would make the report more useful?"),
        blank=True,
        max_length=MAX_FEEDBACK,
        validators=[MaxLengthValidator(MAX_FEEDBACK)],
        help_text=_("Do not enter personal data. At most 2,000 characters."),
    )
    language = models.CharField(
        _("language of the page"), max_length=8, choices=settings.LANGUAGES
    )
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        verbose_name = _("feedback on a report")
        verbose_name_plural = _("feedback on reports")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.publication} v{self.version}: {self.get_answer_display()}"
