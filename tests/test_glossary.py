"""One word for each thing (locale/glossary.csv): in pages, mails, admin, and in each language."""

import csv
import re

import pytest
from babel.messages.pofile import read_po
from django.conf import settings

from wsis_portal.catalogues.messages import messages

LOCALE = settings.BASE_DIR / "locale"
FOLDERS = {"ar": "ar", "zh": "zh_Hans", "fr": "fr", "ru": "ru", "es": "es"}
PLACEHOLDER = re.compile(r"%\([^)]*\)[sd]|<[^>]*>")
BUILDERS_WORDS = re.compile(
    r"seed document|the seed\b|github pages?\b|general[ -]knowledge|low-grade|sources at hand",
    re.IGNORECASE,
)


def glossary():
    with (LOCALE / "glossary.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def texts_of(message):
    return (message,) if isinstance(message, str) else tuple(message)


def banned(language):
    """The words that a language does not use, as one pattern for each row of the glossary."""
    column = f"not_{language}"
    return {
        row[column]: re.compile(
            row[column], re.IGNORECASE if row["case"] == "any" else 0
        )
        for row in glossary()
        if row[column]
    }


def offences(patterns, texts):
    found = {}
    for text in texts:
        plain = PLACEHOLDER.sub(" ", text)
        for name, pattern in patterns.items():
            if pattern.search(plain):
                found.setdefault(name, []).append(text)
    return found


def test_english_messages_use_the_words_of_the_glossary():
    texts = [text for _context, message in messages() for text in texts_of(message)]

    assert offences(banned("en"), texts) == {}


@pytest.mark.parametrize("language", FOLDERS)
def test_translations_use_the_words_of_the_glossary(language):
    path = LOCALE / FOLDERS[language] / "LC_MESSAGES" / "django.po"
    with path.open("rb") as file:
        texts = [text for m in read_po(file) if m.id for text in texts_of(m.string)]

    assert offences(banned(language), texts) == {}


def test_catalogues_hold_just_the_messages_of_the_code():
    wanted = set(messages())

    for folder in FOLDERS.values():
        with (LOCALE / folder / "LC_MESSAGES" / "django.po").open("rb") as file:
            present = {
                (m.context, m.id if isinstance(m.id, str) else tuple(m.id))
                for m in read_po(file)
                if m.id
            }
        assert wanted - present == set(), folder
        assert present - wanted == set(), folder


def test_placeholders_survive_translation():
    pattern = re.compile(r"%\([^)]*\)[sd]")
    wrong = {}
    for folder in FOLDERS.values():
        with (LOCALE / folder / "LC_MESSAGES" / "django.po").open("rb") as file:
            for message in read_po(file):
                if not message.id:
                    continue
                allowed = {
                    name
                    for text in texts_of(message.id)
                    for name in pattern.findall(text)
                }
                for text in texts_of(message.string):
                    if not set(pattern.findall(text)) <= allowed:
                        wrong[(folder, message.id)] = text

    assert wrong == {}


@pytest.mark.parametrize(
    "path", sorted(settings.BASE_DIR.glob("*/data/*.csv")), ids=str
)
def test_sources_are_named_in_public_words(path):
    with path.open(encoding="utf-8", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]

    assert [cell for cell in cells if BUILDERS_WORDS.search(cell)] == []
