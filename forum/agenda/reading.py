"""A released session in the reader's language: which text is shown, and which others there are."""

from dataclasses import dataclass
from typing import NamedTuple

from django.conf import settings
from django.http import Http404
from django.utils.translation import get_language

from forum.agenda.models import ReleasedSession

ORIGINAL, HUMAN, MACHINE = "original", "human", "machine"


class Choice(NamedTuple):
    """A language in which the session can be read; `kind` is "original", "human" or "machine"."""

    language: str
    name: str
    kind: str
    is_current: bool


class Text(NamedTuple):
    text: str
    language: str


@dataclass(frozen=True)
class Reading:
    """A session with the language in which it is shown. What a translation leaves empty is read in
    the original."""

    session: ReleasedSession
    language: str

    @property
    def shown(self) -> dict[str, str]:
        """The translation that is shown; empty for the original."""
        if self.language == self.session.language:
            return {}
        found: dict[str, str] = self.session.texts.get(self.language, {})
        return found

    def text(self, name: str) -> Text:
        translated = self.shown.get(name, "")
        if translated:
            return Text(translated, self.language)
        return Text(getattr(self.session, name), self.session.language)

    @property
    def title(self) -> Text:
        return self.text("title")

    @property
    def description(self) -> Text:
        return self.text("description")

    @property
    def kind(self) -> str:
        return self.shown.get("kind", ORIGINAL)

    @property
    def engine(self) -> str:
        return self.shown.get("engine", "")

    @property
    def choices(self) -> list[Choice]:
        """The original first; nothing when there is no other language."""
        kinds = {self.session.language: ORIGINAL} | {
            code: text["kind"]
            for code, text in self.session.texts.items()
            if code != self.session.language
        }
        if len(kinds) == 1:
            return []
        names = dict(settings.LANGUAGES)
        order = dict.fromkeys([self.session.language, *names])
        return [
            Choice(code, names[code], kinds[code], code == self.language)
            for code in order
            if code in kinds
        ]


def reading(session: ReleasedSession, language: str = "") -> Reading:
    """The text in the requested language; else one by people in the reader's language; else the
    original. A machine translation is shown only on request. Raises Http404 for a language in
    which there is no text."""
    if language:
        if language not in (session.language, *session.texts):
            raise Http404
        return Reading(session, language)
    own = get_language() or settings.LANGUAGE_CODE
    return Reading(session, own if own in session.titles else session.language)
