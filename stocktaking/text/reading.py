"""An entry as its reader reads it: in which of its languages, and which others there are."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from django.conf import settings
from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import get_language, get_language_info

from stocktaking.project.content import texts_hash
from stocktaking.project.fields import FIELDS
from stocktaking.project.models import Project
from stocktaking.text.models import EntryText

# What came of it first, then the rest.
SECTIONS = sorted(
    (field for field in FIELDS if field.heading is not None),
    key=lambda field: field.step != "results",
)


def direction(language: str) -> str:
    return "rtl" if get_language_info(language)["bidi"] else "ltr"


class Passage(NamedTuple):
    """One text with the language in which it is, and what stands above it."""

    text: str
    language: str
    heading: Any = ""

    @property
    def dir(self) -> str:
        return direction(self.language)


class Choice(NamedTuple):
    """A language in which the entry can be read; `kind` is "original", "human" or "machine"."""

    language: str
    name: str
    kind: str
    current: bool


@dataclass(frozen=True)
class Reading:
    """An entry with the text that is shown: `text` is None when it is the original.

    What the shown text leaves empty is read in the original, under its own language.
    """

    project: Project
    text: EntryText | None
    texts: tuple[EntryText, ...] = ()

    def passage(self, name: str, heading: str | Promise = "") -> Passage:
        said = getattr(self.text, name) if self.text else ""
        if said and self.text:
            return Passage(said, self.text.language, heading)
        return Passage(getattr(self.project, name), self.project.language, heading)

    @property
    def title(self) -> Passage:
        found = self.passage("title")
        return found if found.text else found._replace(text=str(self.project))

    @property
    def summary(self) -> Passage:
        return self.passage("summary")

    @property
    def image_alt(self) -> Passage:
        return self.passage("image_alt")

    @property
    def sections(self) -> list[Passage]:
        told = [self.passage(field.name, field.heading or "") for field in SECTIONS]
        return [passage for passage in told if passage.text]

    @property
    def is_older(self) -> bool:
        return self.text is not None and self.text.original != texts_hash(self.project)

    @property
    def choices(self) -> list[Choice]:
        """The original first, then the others in the order of the language bar."""
        if not self.texts:
            return []
        kinds = {text.language: text.kind for text in self.texts}
        kinds[self.project.language] = "original"
        shown = self.text.language if self.text else self.project.language
        names = dict(settings.LANGUAGES)
        order = [
            self.project.language,
            *(code for code in names if code != self.project.language),
        ]
        return [
            Choice(code, names[code], kinds[code], code == shown)
            for code in order
            if code in kinds
        ]


def reading(project: Project, asked: str = "") -> Reading:
    """The text in the language asked for; else in the reader's own if people wrote it and it was
    approved; else the original. A machine's text is shown only to who asks for it.

    Raises Http404 for a language in which there is no text.
    """
    texts = best_of_each(project)
    if asked:
        if asked == project.language:
            return Reading(project, None, texts)
        found = next((text for text in texts if text.language == asked), None)
        if found is None:
            raise Http404
        return Reading(project, found, texts)
    own = [t for t in texts if t.language == get_language() and not t.is_machine]
    return Reading(project, own[0] if own else None, texts)


def best_of_each(project: Project) -> tuple[EntryText, ...]:
    """Per language the approved text, else the machine's; none in the language of the entry."""
    best: dict[str, EntryText] = {}
    for text in EntryText.objects.public().filter(project=project).order_by("kind"):
        best.setdefault(text.language, text)  # "human" sorts before "machine"
    best.pop(project.language, None)
    return tuple(best.values())
