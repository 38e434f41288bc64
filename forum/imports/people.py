"""The people of a file: who is known already, who is new, and who may be somebody known."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import islice

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from common.imports.reader import Question
from common.text.folding import fold
from forum.imports.rows import Speaker
from forum.people.models import Person, name_key

MOST_CHOICES = 5  # known people offered for one of the file
SHARED_WORDS = 2  # so many make “Maria García” and “Maria García López” alike
SHORTEST, LIKENESS = 4, 0.8  # of the one word in which two names differ
NEW = "new"
Ask = Callable[[Question], str]
Name = tuple[str, str]  # as the file writes them: name, organization
Parts = list[tuple[Person, str]]  # people with their roles


@dataclass
class Named:
    """Somebody as the file names them: first row, and e-mail address where a row gives one."""

    row: int
    email: str = ""
    other_email: str = ""  # a second address, which is a contradiction


class Names:
    """People by name, and by the words of it."""

    def __init__(self) -> None:
        self.by_key: defaultdict[str, list[Person]] = defaultdict(list)
        self.by_word: defaultdict[str, list[Person]] = defaultdict(list)

    def add(self, person: Person) -> None:
        if any(one is person for one in self.by_key[person.name_key]):
            return
        self.by_key[person.name_key].append(person)
        for word in person.name_key.split():
            self.by_word[word].append(person)

    def alike(self, key: str) -> list[Person]:
        """People of this name, then those whose name differs in one word or by some more."""
        words = key.split()
        sharing = {
            id(person): person
            for word in words
            for person in self.by_word[word]
            if person.name_key != key and are_near(words, person.name_key.split())
        }
        return [*self.by_key[key], *sharing.values()]


def are_near(one: list[str], other: list[str]) -> bool:
    """Whether two names, by their words, may be spellings of one name."""
    shared = set(one) & set(other)
    left, right = set(one) - shared, set(other) - shared
    if not (left and right):
        return len(shared) >= SHARED_WORDS
    if len(left) != 1 or len(right) != 1:
        return False
    (first,), (second,) = left, right
    if min(len(first), len(second)) < SHORTEST:
        return False
    likeness = SequenceMatcher(None, first, second)
    return likeness.quick_ratio() >= LIKENESS and likeness.ratio() >= LIKENESS


class People:
    """Speakers by name and organization; somebody whose organization is not said, or was not
    known, is the one person of that name. With `ask`, the person who imports is asked about
    everybody who may be somebody known: of the same name elsewhere, or of a similar name."""

    def __init__(
        self, speakers: Iterable[tuple[int, Speaker]], ask: Ask | None = None
    ) -> None:
        self.ask = ask
        self.named: dict[Name, Named] = {}
        for row, speaker in speakers:
            self._note(row, speaker)
        self.standing = self._read()
        self.persons: dict[Name, Person] = {}
        self.addresses: list[tuple[Person, str]] = []  # of known people who had none
        self.made_of: dict[int, str] = {}  # a new person → their value as an answer
        for name, named in self.named.items():
            self.persons[name] = self._person(name, named)

    def _note(self, row: int, speaker: Speaker) -> None:
        named = self.named.setdefault(
            (speaker.name, speaker.organization), Named(row, speaker.email)
        )
        if speaker.email and named.email and speaker.email != named.email:
            named.other_email = speaker.email
        named.email = named.email or speaker.email

    def _read(self) -> Names:
        """Those of the same name; with questions also all others, whose name may be similar."""
        names = Names()
        rows = Person.objects.unmerged().order_by("pk")
        if not self.ask:
            rows = rows.filter(name_key__in={name_key(name) for name, _o in self.named})
        for person in rows if self.named else ():
            names.add(person)
        return names

    def _person(self, name: Name, named: Named) -> Person:
        key = name_key(name[0])
        same = self._same(self.standing.by_key[key], name[1], named.email)
        person = same or self._answered(name, named, key)
        if person is None:
            person = Person(
                name=name[0], organization=name[1], name_key=key, email=named.email
            )
            self.made_of[id(person)] = f"file-{mark(name)}"
            self.standing.add(person)
        elif named.email and not person.email:
            person.email = named.email
            if person.pk:
                self.addresses.append((person, named.email))
        return person

    @staticmethod
    def _same(people: list[Person], organization: str, email: str) -> Person | None:
        folded = fold(organization)
        for person in people:
            if fold(person.organization) == folded or (email and person.email == email):
                return person
        if len(people) == 1 and not (folded and people[0].organization):
            return people[0]
        return None

    def _answered(self, name: Name, named: Named, key: str) -> Person | None:
        """The known person that was chosen for one of the file; None: a new one."""
        choices = {
            self._value(person): person
            for person in islice(self.standing.alike(key), MOST_CHOICES)
        }
        if not (self.ask and choices):
            return None
        text = f"{name[0]} ({name[1]})" if name[1] else name[0]
        answers = [
            (value, _("The same person: %(person)s") % {"person": person})
            for value, person in choices.items()
        ]
        sentence = _("Row %(row)d names %(person)s. Is this someone else?") % {
            "row": named.row,
            "person": f"\u2068{text}\u2069",
        }
        question = Question(
            f"person-{mark(name)}", sentence, [*answers, (NEW, _("Someone else, new"))]
        )
        return choices.get(self.ask(question))

    def _value(self, person: Person) -> str:
        return str(person.pk) if person.pk else self.made_of[id(person)]

    def require_one_address(self, speakers: Iterable[Speaker]) -> None:
        """Raises ValidationError for somebody to whom the file gives two addresses."""
        for speaker in speakers:
            named = self.named[speaker.name, speaker.organization]
            if named.other_email:
                sentence = _("%(person)s has two e-mail addresses: %(one)s, %(other)s.")
                values = {
                    "person": speaker.name,
                    "one": named.email,
                    "other": named.other_email,
                }
                raise ValidationError({"speakers": sentence % values})

    def parts(self, speakers: list[Speaker]) -> Parts:
        """Person and role of each speaker, each once."""
        parts = [
            (self.persons[one.name, one.organization], one.role) for one in speakers
        ]
        return list(
            {(id(person), role): (person, role) for person, role in parts}.values()
        )


def mark(name: Name) -> str:
    """A short mark of somebody of a file, the same at each reading of it."""
    return hashlib.sha256("\n".join(name).encode()).hexdigest()[:16]
