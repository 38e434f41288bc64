"""The look keeps its promises: small pages, no style in the markup, one order of languages."""

import re
from pathlib import Path
from secrets import token_hex

import brotli
import pytest
from django import forms
from django.contrib.staticfiles import finders
from django.test import RequestFactory
from django.urls import reverse

from common.lists.facets import FacetValue
from common.text.words import WordLimit
from reference.action_line.models import ActionLine
from tests.factories import ProjectFactory
from tests.markup import compact
from wsis_portal.pages import charts
from wsis_portal.templatetags import portal

ROOT = Path(__file__).resolve().parent.parent
STYLES = sorted((ROOT / "static" / "css").glob("*.css"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
PHYSICAL = re.compile(
    r"(?:margin|padding|border|inset|scroll-margin)-(?:left|right|top|bottom)"
    r"|(?:^|[;{\s])(?:left|right|top|bottom)\s*:"
    r"|(?:text-align|float):\s*(?:left|right)"
)
# A block of JSON, as allauth's scripts read it, is data: no browser runs it.
INLINE = re.compile(
    r"\sstyle=|<style|\son[a-z]+=|javascript:"
    r"|<script(?![^>]*(?:\ssrc=|\stype=\"application/json\"))"
)
STATIC = re.compile(r'(?:src|href)="/static/([^"?]+)"')
KB = 1024
PUBLIC = [
    "home",
    "stocktaking:projects",
    "reference:matrix",
    "help",
    "data",
    "accessibility",
]


def weight(content: bytes) -> int:
    """Bytes on the wire, as the static files are compressed."""
    return len(brotli.compress(content, quality=9))


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_styles_name_no_side_of_the_page(path):
    assert PHYSICAL.findall(path.read_text(encoding="utf-8")) == []


def test_style_sheet_stays_small():
    assert weight((ROOT / "static/css/site.css").read_bytes()) <= 10 * KB


def test_markup_carries_no_style_and_no_script():
    found = {
        str(path.relative_to(ROOT)): INLINE.findall(path.read_text(encoding="utf-8"))
        for path in TEMPLATES
    }

    assert {name: what for name, what in found.items() if what} == {}


@pytest.mark.django_db
@pytest.mark.parametrize("name", PUBLIC)
def test_page_is_light(client, name):
    for line in ActionLine.objects.filter(number__isnull=False):
        summary = " ".join(token_hex(3) for _word in range(100))  # hardly compressible
        ProjectFactory(main_action_line=line, sdgs=["1", "4", "9"], summary=summary)

    html = client.get(reverse(name)).content

    files = {
        path: Path(finders.find(path)).read_bytes()
        for path in STATIC.findall(html.decode())
    }
    limit = 18 if name in {"stocktaking:projects", "reference:matrix"} else 14
    assert weight(html) <= limit * KB
    assert weight(html) + sum(map(weight, files.values())) <= 60 * KB
    assert len(files) + 1 <= 8


@pytest.mark.django_db
@pytest.mark.parametrize("name", PUBLIC)
def test_reading_sets_no_cookie(client, name):
    response = client.get(reverse(name))

    assert dict(response.cookies) == {}


@pytest.mark.django_db
@pytest.mark.parametrize("rows", [1, 10])
def test_home_asks_the_same_questions_however_much_there_is(
    client, django_assert_num_queries, rows
):
    client.get(reverse("home"))  # vocabularies are read once per process
    ProjectFactory.create_batch(rows)
    client.get(reverse("home"))  # the bitmaps of the new rows are read once per change

    # what is new in the log, organizations, latest projects; last and next dates of the process;
    # the contest and the edition of the Forum that are live or next
    with django_assert_num_queries(7):
        response = client.get(reverse("home"))

    assert response.context["projects"].total == rows


@pytest.mark.django_db
def test_languages_stand_in_the_order_of_the_united_nations_and_keep_the_page(client):
    html = client.get(
        reverse("stocktaking:projects") + "?q=water&sdg=6"
    ).content.decode()

    bar = html[html.index('class="languages"') : html.index('class="brand"')]
    assert re.findall(r'href="([^"]+)"', bar) == [
        f"/{code}/projects/?q=water&amp;sdg=6"
        for code in ("ar", "zh-hans", "en", "fr", "ru", "es")
    ]
    assert re.findall(r"lang=\"[^\"]+\"[^>]*>([^<]+)</a>", bar) == [
        "عربي",
        "中文",
        "English",
        "Français",
        "Русский",
        "Español",
    ]


@pytest.mark.parametrize("address", ["/api/v1/", "/en", "/en-gb/x/", "//evil.example/"])
def test_language_links_of_other_addresses_lead_home(address):
    links = portal.language_links({"request": RequestFactory().get(address)})

    assert [link.url for link in links[:2]] == ["/ar/", "/zh-hans/"]


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("ar", "rtl")])
def test_page_says_its_language_and_direction(client, language, direction):
    html = compact(client.get(f"/{language}/").content.decode())

    assert f'<html lang="{language}" dir="{direction}">' in html


@pytest.mark.django_db
def test_title_tells_of_errors_first(client):
    elsewhere = {
        "REMOTE_ADDR": "198.51.100.7"
    }  # other tests use up what their address may try
    html = client.post(
        reverse("account_signup"), {"email": "nobody"}, **elsewhere
    ).content.decode()

    assert (
        re.search("<title>(.*?)</title>", html, re.DOTALL)[1]
        .strip()
        .startswith("Error: ")
    )


@pytest.mark.django_db
def test_entry_in_another_language_says_so(client):
    ProjectFactory(language="fr", title="Villages numériques")

    html = client.get(reverse("stocktaking:projects")).content.decode()

    row = html.partition('<li class="result">')[2].partition("</ol>")[0]
    assert re.findall(r'lang="(\w+)"', row) == ["fr", "fr"]  # title and summary
    assert '<span class="tag tag-language">Français</span>' in row


@pytest.mark.django_db
def test_inferred_facts_are_declared_on_the_page(client):
    project = ProjectFactory(source="A public list", source_note="Country inferred")

    html = client.get(project.get_absolute_url()).content.decode()

    assert (html.count("A public list"), html.count("Country inferred")) == (1, 1)


class EveryKind(forms.Form):
    text = forms.CharField(help_text="A hint.")
    long = forms.CharField(widget=forms.Textarea, validators=[WordLimit(2)])
    one = forms.ChoiceField(choices=[("a", "A")])
    radio = forms.ChoiceField(choices=[("a", "A")], widget=forms.RadioSelect)
    many = forms.MultipleChoiceField(
        choices=[("a", "A")], widget=forms.CheckboxSelectMultiple
    )
    file = forms.FileField()
    yes = forms.BooleanField()


@pytest.mark.parametrize("name", EveryKind.base_fields)
def test_every_kind_of_field_ties_its_error_to_the_control(name):
    html = EveryKind({})[name].as_field_group()

    described = re.search(r'aria-describedby="([^"]+)"', html)[1].split()
    assert described[-1] == f"id_{name}_error"
    assert [html.count(f'id="{key}"') for key in described] == [1] * len(described)
    assert html.count("This field is required.") == 1


def test_long_text_tells_the_counter_its_limit():
    html = compact(EveryKind()["long"].as_field_group())

    assert re.search(r'data-counts="(\w+)" data-limit="(\d+)"', html).groups() == (
        "id_long",
        "2",
    )


@pytest.mark.parametrize(
    ("number", "pages", "shown"),
    [
        (1, 1, [1]),
        (1, 3, [1, 2, 3]),
        (5, 9, [1, None, 4, 5, 6, None, 9]),
        (9, 9, [1, None, 8, 9]),
    ],
)
def test_pager_shows_ends_and_neighbours(number, pages, shown):
    page = type("Page", (), {"number": number, "pages": pages})

    assert portal.page_numbers(page) == shown


def test_bars_stand_on_one_scale():
    rows = [FacetValue("a", "A", 50, False), FacetValue("b", "B", 200, False)]

    assert [portal.share(row.count, portal.largest(rows)) for row in rows] == [
        "25.0%",
        "100.0%",
    ]


def test_columns_grow_from_one_line():
    rows = [
        FacetValue("2024", "2024", 50, False),
        FacetValue("2025", "2025", 100, False),
    ]

    found = charts.columns(rows)

    assert [(c.height, c.y + c.height) for c in found] == [(75, 172), (150, 172)]


def test_areas_of_the_ring_are_in_proportion():
    rows = [FacetValue("C1", "", 25, False), FacetValue("C7-EGOV", "", 100, False)]

    small, large = charts.ring(rows)

    assert (float(small.radius) / float(large.radius)) ** 2 == 0.25
    assert (large.code, large.x, large.y) == ("EGOV", "0.0", "128.0")


def test_prize_editions_read_as_words():
    assert portal.prizes("2015:nominated;2016:champion") == [
        ("2015", "nominated"),
        ("2016", "champion"),
    ]
