"""Words of a row in a generated column, and the search that every app's lists share."""

import pytest
from django.contrib.postgres.search import SearchVectorField
from django.db import connection, models
from django.test.utils import isolate_apps

from common.search.fields import Words
from common.search.queryset import SearchQuerySet

with isolate_apps("common"):  # a model of this file only, no part of the portal

    class Note(models.Model):
        title = models.CharField(max_length=100)
        text = models.TextField(blank=True)
        language = models.CharField(max_length=8, default="en")
        words = models.GeneratedField(
            expression=Words("title", "text"),
            output_field=SearchVectorField(),
            db_persist=True,
        )

        objects = SearchQuerySet.as_manager()

        class Meta:
            app_label = "common"

        def __str__(self):
            return self.title


@pytest.fixture
def notes(transactional_db):
    with connection.schema_editor() as editor:
        editor.create_model(Note)
    for language, title, text in [
        ("en", "Villages connected", "Broadband for schools"),
        ("fr", "Écoles numériques", "Des réseaux pour les villages"),
        ("zh-hans", "农村教育技术", "学校网络"),
        ("ar", "القرى الرقمية", "شبكات للمدارس"),
    ]:
        Note.objects.create(language=language, title=title, text=text)
    yield
    with connection.schema_editor() as editor:
        editor.delete_model(Note)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("village", ["Villages connected", "Écoles numériques"]),
        ("village -school", ["Écoles numériques"]),
        ("ecole", ["Écoles numériques"]),
        ("教育", ["农村教育技术"]),
        ("قرى", ["القرى الرقمية"]),
        ("xylophone", []),
        (
            "",
            [
                "Villages connected",
                "Écoles numériques",
                "农村教育技术",
                "القرى الرقمية",
            ],
        ),
        ("' OR 1=1 --", []),
    ],
)
def test_words_are_found_in_their_language(notes, asked, found):
    assert [note.title for note in Note.objects.search(asked).order_by("pk")] == found


def test_the_best_match_comes_first(notes):
    found = Note.objects.search("villages").best_first("villages")

    assert [note.title for note in found] == ["Villages connected", "Écoles numériques"]
