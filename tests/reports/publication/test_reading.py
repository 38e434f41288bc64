"""Reading a report on the web: its contents, page by page when it is long, and the search in it."""

import random
import re

import brotli
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reports.markup import pages
from reports.markup.pages import pages_of
from tests.factories import ProjectFactory
from tests.reports.output.test_written import Reader
from tests.reports.records import approved_and_published, built, requested
from tests.reports.written import report_of, written

pytestmark = pytest.mark.django_db(transaction=True)

BUDGET = 60 * 1024  # bytes of a public page on its way, with style sheet and script
FRAME = 25 * 1024  # of them for style sheets and scripts
WORDS = 20_000
SYLLABLES = ("ra", "ko", "mi", "ten", "lu", "sha", "bor", "di", "el", "fa", "gu", "po")


def long_text(seed, words):
    """Paragraphs of words that no dictionary has, so that nothing compresses too well."""
    chance = random.Random(seed)  # noqa: S311  # words for a test
    made = [
        "".join(chance.choices(SYLLABLES, k=chance.randint(1, 4))) for _ in range(words)
    ]
    lines = [" ".join(made[at : at + 90]) for at in range(0, words, 90)]
    return "\n\n".join(lines)


def text_of(html):
    reader = Reader()
    reader.feed(html)
    return " ".join("".join(reader.text).split())


def published(text, **fields):
    publication = requested(language="en", **fields)
    for one in [text] if isinstance(text, str) else text:
        written(publication, one)
    return approved_and_published(built(publication))


def test_a_short_report_is_one_page_with_its_contents(client):
    publication = published("A word before.")

    page = client.get(publication.get_absolute_url()).content.decode()

    contents = page.split('<nav aria-labelledby="contents">')[1].split("</nav>")[0]
    for place in re.findall(r'href="([^"]*)"', contents):
        assert place.startswith("#s-")
        assert f'id="{place[1:]}"' in page
    assert ">Foreword</a>" in contents
    assert 'class="turn"' not in page


def test_twenty_thousand_words_are_read_page_by_page(client):
    texts = [long_text(seed, WORDS // 2) for seed in (1, 2)]
    publication = published(texts)
    told = []

    address = publication.get_absolute_url()
    while address:
        answer = client.get(address)
        page = answer.content.decode()
        assert len(brotli.compress(answer.content, quality=5)) <= BUDGET - FRAME
        told.append(text_of(page))
        following = re.search(r'rel="next"\s+href="([^"]+)"', page)
        address = following and following[1]

    assert len(told) > 2
    every = " ".join(told)
    for text in texts:
        for paragraph in text.split("\n\n"):
            assert every.count(paragraph) == 1
    first = client.get(publication.get_absolute_url()).content.decode()
    contents = first.split('<nav aria-labelledby="contents">')[1].split("</nav>")[0]
    for place in re.findall(r'href="([^"]+)"', contents):
        path, anchor = place.split("#")
        page = client.get(path or publication.get_absolute_url()).content.decode()
        assert f'id="{anchor}"' in page


def queries_of(client, address):
    """The SQL of a request for this page, which is there."""
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return [query["sql"] for query in queries]


def test_a_request_reads_its_own_page_only(client, monkeypatch):
    publication = published([long_text(seed, WORDS // 2) for seed in (1, 2)])
    small = published("A word before.", from_year=2020)
    snapshot = publication.snapshots.get()
    divided = pages_of(snapshot.body)
    assert len(divided) > 3
    assert [page.parts for page in snapshot.every_page()] == [
        page.parts for page in divided
    ]
    assert snapshot.contents == [page.outline for page in divided]
    assert small.snapshots.get().contents == []
    assert not small.snapshots.get().pages.exists()

    def weighed(_value):
        raise AssertionError("the body is divided by the build")

    monkeypatch.setattr(pages, "weight", weighed)
    start = f"/en/reports/{publication.pk}/v1/"
    client.get(start)  # what the process keeps is read once
    first, third = queries_of(client, start), queries_of(client, f"{start}pages/3/")

    for queries, number in ((first, 1), (third, 3)):
        assert not any('"body"' in sql for sql in queries)
        [read] = [sql for sql in queries if '"parts"' in sql]
        assert f'"number" = {number}' in read
    assert len(first) == len(queries_of(client, f"/en/reports/{small.pk}/v1/"))


def test_pages_that_are_not_there(client):
    publication = published("A word before.")
    start = f"/en/reports/{publication.pk}/v1/pages/"

    assert client.get(f"{start}1/").url == f"/en/reports/{publication.pk}/v1/"
    for number in ("0", "2", "99999999999999999999"):
        assert client.get(f"{start}{number}/").status_code == 404
    waiting = built(requested(language="en", from_year=2020))
    for path in ("pages/1/", "search/?q=projects"):
        answer = client.get(f"/en/reports/{waiting.pk}/v1/{path}")
        assert answer.status_code == 404


def search(client, publication, words, **more):
    path = f"/en/reports/{publication.pk}/v1/search/"
    answer = client.get(path, {"q": words, **more})
    return " ".join(answer.content.decode().split())


def test_the_search_finds_sentences_and_leads_to_their_section(client):
    publication = published(
        "First comes this. Cities of Côte d’Ivoire joined in time. Last comes that.\n\n"
        "تقرير الإمارات عن المدارس.\n\n信息社会世界峰会推动发展。"
    )
    foreword = report_of(publication).sections.get(kind="foreword")
    place = f'href="/en/reports/{publication.pk}/v1/#s-{foreword.pk}"'

    for words, sentence in (
        ("cote cities", "Cities of Côte d’Ivoire joined in time."),
        ("الامارات", "تقرير الإمارات عن المدارس."),
        ("世界峰会", "信息社会世界峰会推动发展。"),
    ):
        page = search(client, publication, words)
        assert f'<p dir="auto">{sentence}</p>' in page
        assert place in page
    assert "Nothing in this version of the report has all these words." in search(
        client, publication, "cote zebra"
    )


def test_the_search_finds_the_frozen_records(client):
    ProjectFactory(title="Télécentre de Dakar", organization_name="Réseau", year=2025)
    project = ProjectFactory(title="School mesh", year=2025)
    publication = published("A word before.")
    project.title = "Another name"
    project.save()

    page = search(client, publication, "telecentre reseau")
    assert "Télécentre de Dakar" in page
    assert "School mesh" not in page
    page = search(client, publication, "school")
    link = re.search(r'<a href="([^"]+)">School mesh</a>', page)[1]
    assert "School mesh" in client.get(link.replace("&amp;", "&")).content.decode()
    assert "School mesh" not in search(client, publication, "school", after=9999)


@pytest.mark.parametrize("words", ["", " ", "%", "a" * 5000, "<script>", "'"])
def test_any_words_are_searched(client, words):
    publication = published("A word before.")

    page = search(client, publication, words)

    assert "<h1>Search in this report</h1>" in page
    assert "<script>&" not in page
