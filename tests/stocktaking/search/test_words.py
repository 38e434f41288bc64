import datetime

import pytest
from django.http import QueryDict
from django.utils import timezone

from common.records.models import Change
from common.search.query import MAX_LENGTH, MAX_WORDS, parse
from stocktaking.project.models import Project
from stocktaking.search.filters import ProjectSearch
from stocktaking.search.models import Word
from stocktaking.search.tasks import refresh_words
from tests.factories import ProjectFactory

TITLES = {
    "en": "Training farmers for the digital market",
    "fr": "Éducation numérique des élèves",
    "es": "Formación de las niñas en tecnologías",
    "ru": "Развитие школьного образования в сёлах",
    "ar": "التَّعْلِيمُ الرقمي والصحة في القرى",
    "zh-hans": "农村教育技术发展",
}


def search(text: str, **more: str) -> ProjectSearch:
    query = QueryDict(mutable=True)
    query.update({"q": text, **more})
    return ProjectSearch(query)


def titles(text: str, **more: str) -> list[str]:
    return [project.title for project in search(text, **more).page()]


@pytest.fixture
def six(db):
    for language, title in TITLES.items():
        ProjectFactory(title=title, language=language, summary="", organization_name="")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("farmer", "en"),
        ("FARMERS market", "en"),
        ("eleve", "fr"),
        ("élève numériques", "fr"),
        ("nina", "es"),
        ("tecnología niñas", "es"),
        ("образование", "ru"),
        ("СЕЛАХ", "ru"),
        ("школьное", "ru"),
        ("التعليم", "ar"),
        ("الصحة", "ar"),
        ("قرى", "ar"),
        ("教育", "zh-hans"),
        ("教育技术", "zh-hans"),
        ("农", "zh-hans"),
        ("农村 发展", "zh-hans"),
    ],
)
def test_words_are_found_in_their_language(six, text, language):
    """What says the word in its own language comes first, what says it in another after it."""
    assert titles(text)[0] == TITLES[language]


@pytest.mark.parametrize("text", ["技教", "farmer élève", "образов", "xyz"])
def test_what_is_not_said_is_not_found(six, text):
    assert ProjectSearch(QueryDict(f"q={text}"), strict=True).total == 0


def test_stop_words_do_not_hide_anything(six):
    assert titles("the farmers of the market") == [TITLES["en"]]


def test_phrases_want_their_order(db):
    ProjectFactory(title="Rural health network", summary="")
    ProjectFactory(title="Health of rural youth", summary="")

    assert titles('"rural health"') == ["Rural health network"]
    assert sorted(titles("rural health")) == [
        "Health of rural youth",
        "Rural health network",
    ]


def test_a_minus_leaves_words_out_in_any_form(db):
    ProjectFactory(title="Internet for farms", summary="", language="en")
    ProjectFactory(title="Internet for schools", summary="", language="en")

    assert titles("internet -farm") == ["Internet for schools"]
    assert titles("-school") == ["Internet for farms"]
    assert titles('internet -"for farms" -schools') == []


def test_a_slash_parts_words(db):
    ProjectFactory(title="Education/training", summary="")

    assert titles("training") == ["Education/training"]


def test_titles_come_before_texts_and_the_newest_first(db):
    in_text = ProjectFactory(title="Villages", summary="About broadband")
    in_title = ProjectFactory(title="Broadband", summary="")
    both = ProjectFactory(title="Villages again", summary="About broadband")

    assert search("broadband").pks(9) == [in_title.pk, both.pk, in_text.pk]
    assert search("broadband", sort="newest").pks(9) == [
        both.pk,
        in_title.pk,
        in_text.pk,
    ]


@pytest.mark.parametrize(
    "field", ["summary", "organization_name", "partners", "results"]
)
def test_all_public_texts_are_searched(db, field):
    ProjectFactory(**{field: "Quixotic words"})

    assert search("quixotic").total == 1


def test_drafts_are_not_found(db):
    ProjectFactory(title="Quixotic", status="draft")

    assert search("quixotic").total == 0


def test_words_follow_every_way_of_writing(db):
    project = ProjectFactory(title="First")
    Project.objects.filter(pk=project.pk).update(title="Second")
    by_update = titles("second")
    project.title = "Third"
    Project.objects.bulk_update([project], ["title"])
    project.record_change("update")

    assert by_update == ["Second"]
    assert titles("second") == []


def test_the_quoted_number_finds_its_project(db):
    project, _other = ProjectFactory.create_batch(2)

    assert search(project.number.lower()).pks(9) == [project.pk]


def test_a_typing_error_is_answered_with_a_proposal(db):
    ProjectFactory.create_batch(2, title="Telecentres and éducation", summary="")
    Word.objects.refresh()

    assert search("telecenters educasion").suggestion == "telecentres éducation"
    assert search("telecentres").suggestion is None
    assert search("zzzzzzzzzz").suggestion is None


def test_refreshing_words_counts_projects(db):
    ProjectFactory.create_batch(2, title="Telecentres telecentres", summary="")
    ProjectFactory(title="Rarely", summary="", status="draft")

    Word.objects.refresh()

    assert Word.objects.get(word="telecentres").projects == 2
    assert not Word.objects.filter(word="rarely").exists()


def test_words_are_counted_when_projects_changed(db):
    ProjectFactory.create_batch(2, title="Telecentres", summary="")
    refresh_words()
    first = Word.objects.filter(word="telecentres").exists()
    Change.objects.update(at=timezone.now() - datetime.timedelta(hours=1))
    Word.objects.filter(word="telecentres").update(projects=99)

    refresh_words()

    assert first
    assert Word.objects.get(word="telecentres").projects == 99


@pytest.mark.parametrize(
    "text",
    [
        "'",
        '"',
        '"""',
        "-",
        "--",
        "- -",
        "!",
        "&|",
        "a:*b",
        "\\",
        "%",
        "\x00",
        "\ud7ff\uffff",
        "()<->",
        "-" * 300,
        "教" * 250,
        "ـ",
        "ً",
        "le la",
        "OR",
        "or or",
        "<script>",
    ],
)
def test_no_text_breaks_the_search(db, text):
    ProjectFactory()

    assert search(text).page().number == 1


def test_long_texts_are_cut_and_say_so(db):
    long, many = search("a" * (MAX_LENGTH + 1)), search("word " * (MAX_WORDS + 1))

    assert long.errors == {"q": ["Only the first 200 characters were searched."]}
    assert many.errors == {"q": ["Only the first 16 words were searched."]}


def test_parse_parts_wanted_from_unwanted():
    query, cut = parse('rural "digital market" -farm -"old data" 教育技术')

    assert query.wanted == 'rural "digital market" 教育 育技 技术'
    assert query.unwanted == 'farm or "old data"'
    assert cut == []
