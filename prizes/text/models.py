"""Title and short description of an entry in languages other than the one it was written in.

The original is the entry itself, and it is what competes. What was approved stands beside it where
the entry can be read; a machine translation is marked as such wherever it is shown.
"""

from typing import Self

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common.moves.actors import AnyUser
from common.moves.workflow import MoveRefused
from common.translation.models import Translation, TranslationQuerySet
from prizes.entry.models import DESCRIPTION_LENGTH, IN_HAND, Entry
from prizes.entry.workflow import WRITERS
from prizes.text.workflow import ENTRY_TRANSLATION_WORKFLOW


class EntryTranslationQuerySet(TranslationQuerySet):
    def visible_to(self, user: AnyUser) -> Self:
        """Texts of entries that this person writes or, as staff, may read."""
        if not user.is_authenticated:
            return self.none()
        entries = Entry.objects.all()
        if user.is_secretariat:
            return self.filter(
                entry__in=entries.visible_to(user).order_by().values("pk")
            )
        return self.filter(entry__in=entries.written_by(user).order_by().values("pk"))

    def queue(self) -> Self:
        """Texts of unsealed entries that wait for the secretariat, oldest first."""
        unsealed = Entry.objects.unsealed().exclude(status="draft").order_by()
        return super().queue().filter(entry__in=unsealed.values("pk"))


class EntryTranslation(Translation):
    """The text of an entry; it stands beside the original from its approval on."""

    WORKFLOW = ENTRY_TRANSLATION_WORKFLOW
    ORIGINAL = _("The entry itself is written in this language.")
    INCOMPLETE = _("Enter the title and the short description first.")

    entry = models.ForeignKey(
        Entry, models.CASCADE, related_name="other_texts", verbose_name=_("entry")
    )
    title = models.CharField(_("title"), max_length=250, blank=True)
    description = models.TextField(
        _("short description"),
        blank=True,
        max_length=DESCRIPTION_LENGTH,
        help_text=_("Translate what the original says."),
    )

    objects = EntryTranslationQuerySet.as_manager()

    class Meta(Translation.Meta):
        verbose_name = _("text of an entry in another language")
        verbose_name_plural = _("texts of entries in other languages")
        constraints = [
            *Translation.Meta.constraints,
            models.UniqueConstraint(
                fields=["entry", "language"], name="entry_translation_once"
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse(
            "prizes:entry-text",
            args=[self.entry.contest.slug, self.entry_id, self.language],
        )

    @property
    def translated(self) -> Entry:
        return self.entry

    def roles_of(self, user: AnyUser) -> set[str]:
        """Its writers have theirs as long as the entry can be edited."""
        roles = self.entry.roles_of(user)
        return roles if in_hand(self.entry) else roles - WRITERS


def in_hand(entry: Entry) -> bool:
    """Whether its writers can edit the entry now."""
    if entry.status not in IN_HAND:
        return False
    try:
        entry.require_open()
    except MoveRefused:
        return False
    return True
