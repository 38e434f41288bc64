"""A project in the reader's language: which text is shown, and which others there are."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.conf import settings
from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import get_language, get_language_info

from stocktaking.project.content import texts_hash
from stocktaking.project.fields import FIELDS
from stocktaking.project.models import Project
from stocktaking.text.models import ProjectText

# What came of it first, then the rest.
SECTIONS = sorted(
    (field for field in FIELDS if field.heading is not None),
    key=lambda field: field.step != "results",
)


def direction(language: str) -> str:
    return "rtl" if get_language_info(language)["bidi"] else "ltr"


class Passage(NamedTuple):
    """A text with its language and its heading."""

    text: str
    language: str
    heading: Any = ""

    @property
    def dir(self) -> str:
        return direction(self.language)


class Choice(NamedTuple):
    """A language in which the project can be read; `kind` is "original", "human" or "machine"."""

    language: str
    name: str
    kind: str
    current: bool


@dataclass(frozen=True)
class Reading:
    """A project with the text that is shown: `text` is None when it is the original.

    What the shown text leaves empty is read in the original, marked with its language.
    """

    project: Project
    text: ProjectText | None
    texts: tuple[ProjectText, ...] = ()

    def passage(self, name: str, heading: str | Promise = "") -> Passage:
        text = getattr(self.text, name) if self.text else ""
        if text and self.text:
            return Passage(text, self.text.language, heading)
        return Passage(getattr(self.project, name), self.project.language, heading)

    @property
    def title(self) -> Passage:
        title = self.passage("title")
        return title if title.text else title._replace(text=str(self.project))

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
        current = self.text.language if self.text else self.project.language
        names = dict(settings.LANGUAGES)
        order = [
            self.project.language,
            *(code for code in names if code != self.project.language),
        ]
        return [
            Choice(code, names[code], kinds[code], code == current)
            for code in order
            if code in kinds
        ]


def reading(project: Project, language: str = "") -> Reading:
    """The text in the requested language; else an approved one in the reader's language; else the
    original. A machine translation is shown only on request.

    Raises Http404 for a language in which there is no text.
    """
    texts = best_of_each(project)
    if language:
        if language == project.language:
            return Reading(project, None, texts)
        text_read = next((text for text in texts if text.language == language), None)
        if text_read is None:
            raise Http404
        return Reading(project, text_read, texts)
    own = [t for t in texts if t.language == get_language() and not t.is_machine]
    return Reading(project, own[0] if own else None, texts)


def texts_for_readers(projects: Iterable[int]) -> dict[int, ProjectText]:
    """Project → its public text in the reader's language, an approved one before that of a
    machine; one query."""
    texts = ProjectText.objects.public().filter(
        project__in=projects, language=get_language()
    )
    best: dict[int, ProjectText] = {}
    for text in texts.order_by("kind"):  # "human" sorts before "machine"
        best.setdefault(text.project_id, text)
    return best


def best_of_each(project: Project) -> tuple[ProjectText, ...]:
    """The approved text of each language, else the machine translation; without the original."""
    best: dict[str, ProjectText] = {}
    for text in ProjectText.objects.public().filter(project=project).order_by("kind"):
        best.setdefault(text.language, text)  # "human" sorts before "machine"
    best.pop(project.language, None)
    return tuple(best.values())
