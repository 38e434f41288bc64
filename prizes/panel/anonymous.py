"""Reviews without names, where the contest wants it: experts read a redacted copy of an entry.

Until staff edit it, the copy is made each time: what names the entrant is covered.
"""

import copy
import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.conf import settings
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from accounts.user.models import User
from prizes.contest.models import Contest, Phase
from prizes.entry.models import DESCRIPTION_LENGTH, Entry
from prizes.entry.querysets import IN_PANEL

COVER = "▮▮▮"
SHORTEST = 3  # letters of a name that is covered
ADDRESSES = r"https?://\S+|www\.\S+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"


class RedactedText(models.Model):
    """The copy of an entry that experts read; staff edit it until the first review of the entry."""

    entry = models.OneToOneField(
        Entry, models.CASCADE, related_name="redacted", verbose_name=_("entry")
    )
    title = models.CharField(_("title"), max_length=250)
    description = models.TextField(
        _("short description"), blank=True, max_length=DESCRIPTION_LENGTH
    )
    updated_at = models.DateTimeField(_("changed at"), auto_now=True)

    class Meta:
        verbose_name = _("redacted text of an entry")
        verbose_name_plural = _("redacted texts of entries")
        ordering = ["entry"]

    def __str__(self) -> str:
        return self.title

    @property
    def is_read(self) -> bool:
        """Whether an expert has submitted a review by this text."""
        return self.entry.reviews.exclude(state="draft").exists()  # type: ignore[attr-defined]


class Texts(NamedTuple):
    title: str
    description: str


def names_in(entry: Entry) -> set[str]:
    """What tells who entered: organization, people, country in six languages. The entry has its
    relations loaded."""
    names = {entry.organization_name}
    if entry.organization:
        names |= {entry.organization.name, *entry.organization.aliases}
    if entry.owner:
        names |= {
            entry.owner.get_full_name(),
            entry.owner.last_name,
        }
    if entry.project:
        names |= {entry.project.organization_name, entry.project.contact_name}
    if entry.country:
        names |= {
            getattr(entry.country, f"name_{code.replace('-', '_').lower()}", "") or ""
            for code, _name in settings.LANGUAGES
        }
    return {name.strip() for name in names if len(name.strip()) >= SHORTEST}


def cover(text: str, names: Iterable[str]) -> str:
    """The text with these names, and all addresses of sites and of mail, covered."""
    words = [
        re.sub(r"(?:\\\s|\s)+", r"\\s+", re.escape(name))
        for name in sorted(names, key=lambda name: (-len(name), name))
    ]
    pattern = "|".join([ADDRESSES, *(_whole(word) for word in words)])
    return re.sub(pattern, COVER, text, flags=re.IGNORECASE)


def _whole(word: str) -> str:
    """Not inside a longer word; scripts without spaces have no such limits."""
    begins = r"(?<!\w)" if word[:1].isascii() else ""
    return f"{begins}{word}" + (r"(?!\w)" if word[-1:].isascii() else "")


def texts_of(entry: Entry) -> Texts:
    """As staff have edited them, or with all names covered."""
    stored = RedactedText.objects.filter(entry=entry.pk).first()
    return Texts(stored.title, stored.description) if stored else _covered(entry)


def _covered(entry: Entry) -> Texts:
    names = names_in(entry)
    return Texts(cover(str(entry), names), cover(entry.description, names))


def is_blind(contest: Contest, user: User) -> bool:
    """Whether this person reads the entries of this contest without names. Once people vote, the
    names of the nominees are public."""
    return (
        contest.reviews_anonymous
        and not user.is_secretariat
        and not contest.has_begun(Phase.Kind.VOTING)
    )


def without_names(entries: Iterable[Any]) -> list[Any]:
    """Copies of entries for showing, never to be saved; one query. They have the relations that
    `for_page` loads."""
    entries = list(entries)
    stored = {
        row.entry_id: Texts(row.title, row.description)
        for row in RedactedText.objects.filter(entry__in=[one.pk for one in entries])
    }
    return [_copy(entry, stored.get(entry.pk) or _covered(entry)) for entry in entries]


def _copy(entry: Any, texts: Texts) -> Any:
    shown = copy.copy(entry)
    shown.title, shown.description = texts
    shown.organization_name = ""
    shown.organization = shown.country = shown.stakeholder_type = None
    shown.owner = shown.project = None
    return shown


@transaction.atomic
def prepare(contest: Contest) -> int:
    """A copy to edit for each entry that the panels review and that has none; returns how many."""
    entries = Entry.objects.filter(
        contest=contest, source="", status__in=IN_PANEL, redacted=None
    )
    rows = [
        RedactedText(entry=entry, **_covered(entry)._asdict())
        for entry in entries.for_page()
    ]
    return len(RedactedText.objects.bulk_create(rows, ignore_conflicts=True))
