"""What is asked: many different searches of each kind, the same in every run."""

import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlencode

from reference.names import vocabulary
from stocktaking.project.models import Project
from stocktaking.search.models import Word
from wsis_portal.loading.seeding import REAL, SEED

RARE, USUAL = (
    60,
    0.05,
)  # projects with a rare word; share of them that an ordinary one has at most
COMMON = (
    "digital",
    "education",
    "rural",
    "services",
    "internet",
    "desarrollo",
    "развитие",
)


@dataclass(frozen=True)
class Question:
    text: str = ""
    chosen: dict[str, tuple[str, ...]] = field(default_factory=dict)
    page: int = 1

    @property
    def query(self) -> str:
        pairs = [("q", self.text)] if self.text else []
        pairs += [(name, code) for name, codes in self.chosen.items() for code in codes]
        pairs += [("page", str(self.page))] if self.page > 1 else []
        return urlencode(pairs)


def some(rng: random.Random, name: str) -> tuple[str, ...]:
    """A value of a facet, one of the frequent ones."""
    codes = [str(year) for year in range(2005, 2025)]
    if name != "year":
        codes = sorted(vocabulary.labels(name))[:6]
    return (rng.choice(codes),)


def filters(rng: random.Random, *names: str) -> dict[str, tuple[str, ...]]:
    return {name: some(rng, name) for name in names}


def rare_words() -> list[str]:
    """Words that few projects use, spread over the vocabulary."""
    return list(
        Word.objects.filter(projects__lte=RARE)
        .order_by("word")
        .values_list("word", flat=True)
    )


def pairs_of_words(rng: random.Random, count: int) -> list[str]:
    """Two words that stand in one summary, neither of them rare or common, for each of so many."""
    published = Project.objects.published().order_by("pk")
    total = published.count()
    known = Word.objects.filter(projects__gt=RARE, projects__lte=total * USUAL)
    ordinary = set(known.values_list("word", flat=True))
    found = []
    some = list(published.values_list("pk", flat=True))[:: total // (2 * count)]
    for summary in published.filter(pk__in=some).values_list("summary", flat=True):
        words = sorted(ordinary.intersection(summary.lower().split()))
        found += [" ".join(rng.sample(words, 2))] if len(words) > 1 else []
    return found[:count]


def questions(count: int) -> dict[str, list[Question]]:
    """Kind of search → so many searches; kinds with few possible ones repeat them."""
    rng = random.Random(SEED)  # noqa: S311  (believable, not secret)
    rare, pairs = rng.sample(rare_words(), count), pairs_of_words(rng, count)
    frequent = (
        REAL["en"].split()[20:] + REAL["fr"].split()[20:] + REAL["es"].split()[20:]
    )
    one_of = ("action_line", "sdg", "country", "stakeholder_type", "year")

    def make(kind: str) -> Iterator[Question]:
        for number in range(count):
            yield {
                "unfiltered": lambda n: Question(page=n % 40 + 1),
                "one filter": lambda n: Question(chosen=filters(rng, one_of[n % 5])),
                "three filters": lambda _n: Question(
                    chosen=filters(rng, "action_line", "sdg", "stakeholder_type")
                ),
                "rare word": lambda n: Question(text=rare[n]),
                "two words": lambda n: Question(text=pairs[n % len(pairs)]),
                "two common words": lambda _n: Question(
                    text=" ".join(rng.sample(frequent, 2))
                ),
                "very common word": lambda n: Question(text=COMMON[n % len(COMMON)]),
                "very common word, two filters": lambda n: Question(
                    text=COMMON[n % len(COMMON)], chosen=filters(rng, "sdg", "year")
                ),
            }[kind](number)

    return {kind: list(make(kind)) for kind in KINDS}


KINDS = (
    "unfiltered",
    "one filter",
    "three filters",
    "rare word",
    "two words",
    "two common words",  # each in a tenth to a third of all texts
    "very common word",
    "very common word, two filters",
)


def mix(count: int) -> list[Question]:
    """Different searches of all kinds in turn, as readers send them."""
    by_kind = questions(count)
    together = itertools.chain.from_iterable(zip(*by_kind.values(), strict=True))
    return list(itertools.islice(together, count))
