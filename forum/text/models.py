"""Title and description of a session in languages other than the one it was written in.

The original is the session itself. What was approved is public with the next release, like every
other change of the desk; a machine translation is marked as such wherever it is shown.
"""

from typing import Self

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common.moves.actors import AnyUser
from common.translation.models import Translation, TranslationQuerySet
from forum.session.models import Session
from forum.text.workflow import SESSION_TRANSLATION_WORKFLOW


class SessionTranslationQuerySet(TranslationQuerySet):
    def visible_to(self, user: AnyUser) -> Self:
        """For the organizers of the session; all for the secretariat."""
        if not user.is_authenticated:
            return self.none()
        if user.is_secretariat:
            return self
        sessions = Session.objects.all()
        organized = sessions.filter(sessions.organized_by(user))
        return self.filter(session__in=organized.values("pk"))


class SessionTranslation(Translation):
    """The text of a session; the next release shows what is approved."""

    WORKFLOW = SESSION_TRANSLATION_WORKFLOW
    ORIGINAL = _("The session itself is written in this language.")
    INCOMPLETE = _("Enter the title and the description first.")

    session = models.ForeignKey(
        Session,
        models.CASCADE,
        related_name="other_texts",
        verbose_name=_("session"),
    )
    title = models.CharField(_("title"), max_length=300, blank=True)
    description = models.TextField(
        _("description"),
        blank=True,
        max_length=10000,
        help_text=_(
            "Translate what the original says. Fields left empty are shown in the original "
            "language."
        ),
    )

    objects = SessionTranslationQuerySet.as_manager()

    class Meta(Translation.Meta):
        verbose_name = _("text of a session in another language")
        verbose_name_plural = _("texts of sessions in other languages")
        constraints = [
            *Translation.Meta.constraints,
            models.UniqueConstraint(
                fields=["session", "language"], name="session_translation_once"
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("forum:session-text", args=[self.session_id, self.language])

    @property
    def translated(self) -> Session:
        return self.session

    def roles_of(self, user: AnyUser) -> set[str]:
        return self.session.roles_of(user)
