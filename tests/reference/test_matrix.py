"""The matrix page: true numbers, few queries, small, readable in both directions."""

import gzip
import re
from pathlib import Path

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import translation

from reference.names import vocabulary
from stocktaking.base.workflow import Status
from stocktaking.search.index import current_index
from tests.factories import ProjectFactory
from tests.markup import compact

pytestmark = pytest.mark.django_db

COUNTS = """
SELECT line, sdg_id, count(DISTINCT p.id) FROM stocktaking_project AS p
JOIN (
    SELECT id AS project_id, main_action_line_id AS line FROM stocktaking_project
    UNION ALL SELECT project_id, actionline_id FROM stocktaking_project_other_action_lines
) AS carried ON carried.project_id = p.id
JOIN stocktaking_project_sdgs AS goals ON goals.project_id = p.id
WHERE status = 'published' AND line IS NOT NULL GROUP BY line, sdg_id
"""
FOREGROUND = {"white": (255, 255, 255), "black": (0, 0, 0)}


def projects():
    """Main and other lines, a line named twice, several goals, a draft, a goal off the matrix."""
    ProjectFactory(main_action_line__code="C4", sdgs=["4", "17"])
    ProjectFactory(
        main_action_line__code="C4", other_action_lines=["C4", "C7-ELEA"], sdgs=["4"]
    )
    ProjectFactory(main_action_line__code="C3", sdgs=["4"])
    ProjectFactory(main_action_line__code="C4", sdgs=["4"], status=Status.DRAFT)


def page(client, language="en"):
    with translation.override(language):
        return client.get(reverse("reference:matrix"))


def numbers(response):
    return {
        (row.line.pk, cell.goal.pk): cell.projects
        for row in response.context["lines"]
        for cell in row.cells
        if cell.projects
    }


def test_numbers_are_those_of_the_database(client):
    projects()

    shown = numbers(page(client))

    with connection.cursor() as cursor:
        cursor.execute(COUNTS)
        assert shown == {(line, goal): count for line, goal, count in cursor.fetchall()}
    assert shown == {
        ("C3", "4"): 1,
        ("C4", "4"): 2,
        ("C4", "17"): 1,
        ("C7-ELEA", "4"): 1,
    }


def test_each_number_leads_to_the_projects_it_counts(client):
    projects()
    html = page(client).content.decode()

    links = re.findall(r'<td[^>]*><a href="([^"]+)"[^>]*>\(?(\d+)\)?</a>', html)

    found = {
        link: client.get(link.replace("&amp;", "&")).context["search"].total
        for link, _n in links
    }
    assert found == {link: int(number) for link, number in links}
    assert len(links) == 4


def test_links_of_the_matrix_and_others_look_different(client):
    projects()

    html = page(client).content.decode()

    assert re.search(r'class="goal-4"><a href="[^"]*=C4&amp;sdg=4"[^>]*>2</a>', html)
    assert re.search(r'<td><a href="[^"]*=C3&amp;sdg=4"[^>]*>\(1\)</a>', html)
    assert html.count(" none") == 124 - 3


def test_every_link_of_the_matrix_says_why(client):
    html = page(client).content.decode()

    assert html.count('<p class="match" lang="en" dir="ltr">') == 124
    assert "Shared health data supports planning of care" in html


@pytest.mark.parametrize("rows", [1, 10])
def test_queries(client, django_assert_num_queries, rows):
    ProjectFactory.create_batch(rows)
    current_index()

    with django_assert_num_queries(4):  # goals, lines, their cells, news of the index
        response = page(client)

    assert response.status_code == 200


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_page_is_small(client, language):
    projects()

    html = page(client, language).content

    assert len(gzip.compress(html)) <= 14 * 1024


def test_arabic_page_has_arabic_names_and_marks_english_reasons(client):
    html = compact(page(client, "ar").content.decode())

    assert '<html lang="ar" dir="rtl">' in html
    assert "القضاء على الفقر" in html
    assert '<p class="match" lang="en" dir="ltr">' in html


@pytest.mark.parametrize("code", [str(number) for number in range(1, 18)])
def test_goals_have_their_colour_and_readable_ink(code):
    css = Path("static/css/matrix.css").read_text(encoding="utf-8")
    colour = re.search(rf"\.goal-{code} {{ --goal: (#\w{{6}}); }}", css)[1]
    white = re.search(r":is\((.*)\) { color: #fff; }", css)[1].split(", ")

    ink = FOREGROUND["white" if f".goal-{code}" in white else "black"]

    assert colour.upper() == vocabulary.colours()[code]
    assert contrast(ink, tuple(bytes.fromhex(colour[1:]))) >= 4.5


def contrast(one, other):
    """WCAG 2.2: contrast of two sRGB colours."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour):
    parts = [part / 255 for part in colour]
    red, green, blue = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in parts
    ]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
