"""Dates and numbers of the registers that ship with the portal, on all pages and in the report."""

import io
import itertools
import re

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.html import strip_tags

from reports.builders import roadmap_state
from roadmap.body.models import Body
from roadmap.figure.models import Figure
from roadmap.record import dates
from tests import restoring

pytestmark = pytest.mark.django_db
LANGUAGES = ("en", "fr", "es", "ru", "ar", "zh-hans")


def load_registers():
    for name in ("load_roadmap", "load_editions", "load_contests"):
        call_command(name, verbosity=0, stdout=io.StringIO())


@pytest.fixture(scope="module", autouse=True)
def _registers(django_db_setup, django_db_blocker):
    yield from restoring.for_one_file(django_db_blocker, load_registers)


# A month or a span as no reader writes it; a large number without separators.
RAW_MONTH = re.compile(r"(?<![\d/-])(?:19|20)\d\d-(?:0[1-9]|1[0-2])(?![\d-])")
EQUAL_SPAN = re.compile(r"\b((?:19|20)\d\d)\s?[–-]\s?\1\b")
RAW_NUMBER = re.compile(r"(?<![\d.,/:_A-Za-z-])\d{5,}(?![\d/:_A-Za-z-])")
FOREIGN = re.compile(r'<(\w+)[^>]*\blang="en"[^>]*>.*?</\1>', re.DOTALL)
UNSEEN = re.compile(r"<(script|style|head)\b.*?</\1>", re.DOTALL)
PAGES = [
    "roadmap:timeline",
    "roadmap:meetings",
    "roadmap:bodies",
    "roadmap:figures",
    "roadmap:resolutions",
    "roadmap:state",
    "forum:editions",
    "prizes:contests",
]


def seen(html):
    """The text of the portal: what a source wrote in English is its own."""
    return strip_tags(FOREIGN.sub(" ", UNSEEN.sub(" ", html)))


def faults_in(text):
    return [m.group() for rule in (RAW_MONTH, EQUAL_SPAN) for m in rule.finditer(text)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_prints_a_raw_month_an_equal_span_or_a_raw_number(client, language):
    with translation.override(language):
        addresses = [reverse(name) for name in PAGES]
        addresses += [body.get_absolute_url() for body in Body.objects.all()]
        addresses += [
            reverse("forum:edition", args=[year]) for year in ("2024", "2025")
        ]

    for address in addresses:
        text = seen(client.get(address).content.decode())
        assert faults_in(text) == [], address
        assert RAW_NUMBER.findall(text) == [], address


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_report_of_the_roadmap_prints_dates_in_words_and_numbers_in_groups(
    language,
):
    with translation.override(language):
        today = timezone.now().date()
        figures, entries = roadmap_state.collect(roadmap_state.Scope(today))
    ours = [e["when"] for e in entries] + [e["status"] for e in entries]
    papers = [e["text"] for e in entries if e["kind"] == "document"]
    offices = [e["status"] for e in entries if e["kind"] == "body"]

    for text in [*ours, *papers, *offices]:
        assert faults_in(text) == []
    for text in ours:
        assert RAW_NUMBER.findall(text) == [], text
    assert any(offices)
    assert figures["total"] == len(entries)


def test_the_newest_draft_of_a_paper_comes_first_and_figures_too():
    figures, entries = roadmap_state.collect(roadmap_state.Scope(timezone.now().date()))
    stated = next(t for t in figures["tables"] if t["name"] == "stated")["rows"]
    shown = [(row["code"], row["values"][2]) for row in stated]
    written = dict(Figure.objects.values_list("pk", "as_of"))
    by_words = {
        str(dates.parse(text)): dates.sort_key(text) for text in written.values()
    }

    for (code, when), (next_code, next_when) in itertools.pairwise(shown):
        assert code != next_code or by_words[when] >= by_words[next_when]
    drafts = [
        [issue["text"] for issue in entry["details"]]
        for entry in entries
        if entry["kind"] == "document"
    ]
    (drafts,) = [texts for texts in drafts if "Revision 3" in texts][:1]
    assert drafts.index("Revision 3") < drafts.index("Revision 2")
