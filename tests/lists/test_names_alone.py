"""Links, tables, forms and buttons say what they are when they are read out alone."""

import re
from collections import Counter, defaultdict
from html import unescape

import pytest

from tests.factories import ActionLineFactory, ProjectFactory, SDGFactory
from tests.lists.forms import Page, main_of
from tests.prizes.records import ContestFactory
from tests.roadmap.records import MilestoneFactory

pytestmark = pytest.mark.django_db
GRIDS = ["/en/projects/heat/", "/en/projects/gaps/", "/en/matrix/"]
CELL = re.compile(r"<td[^>]*>\s*<a ([^>]*)>([^<]*)</a>")
ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')
TABLE = re.compile(r"<table\b([^>]*)>(.*?)</table>", re.DOTALL)


@pytest.fixture
def projects():
    lines = [ActionLineFactory(code=code) for code in ("C1", "C4", "C7-EGOV")]
    for n, line in enumerate(lines):
        project = ProjectFactory(main_action_line=line)
        project.sdgs.set([SDGFactory(code=code) for code in ("4", "9", "17")[: n + 1]])
        project.record_change("update", by=project.owner)


@pytest.mark.parametrize("address", GRIDS)
def test_links_of_a_grid_are_named_by_line_goal_and_number(client, projects, address):
    main = main_of(client.get(address).content.decode())

    targets = defaultdict(set)
    for attributes, shown in CELL.findall(main):
        link = dict(ATTRIBUTE.findall(attributes))
        label = unescape(link["aria-label"])
        targets[label].add(link["href"])
        assert (
            shown.strip("()") in label
        )  # who speaks the number that is seen finds the link
        assert re.match(r"C\d\S* (and SDG \d+|in [^:]+): \S+ projects?$", label), label

    assert len(targets) >= 6
    assert {label: hrefs for label, hrefs in targets.items() if len(hrefs) > 1} == {}
    assert any(label.startswith("C7-EGOV and SDG 17: ") for label in targets)


@pytest.mark.parametrize(
    "address",
    [
        *GRIDS,
        "/en/prizes/",
        "/en/roadmap/",
        "/en/projects/map/",
        "/en/roadmap/state/",
        "/en/",
    ],
)
def test_each_table_of_a_page_has_a_name_of_its_own(client, projects, address):
    ContestFactory()
    MilestoneFactory()
    main = main_of(client.get(address).content.decode())

    names = []
    for attributes, content in TABLE.findall(main):
        table = dict(ATTRIBUTE.findall(attributes))
        caption = re.search(r"<caption[^>]*>(.*?)</caption>", content, re.DOTALL)
        heading = table.get("aria-labelledby")
        names.append(
            table.get("aria-label") or (caption and caption[1].strip()) or heading
        )
        assert heading is None or f'id="{heading}"' in main

    assert all(names)
    assert [name for name, count in Counter(names).items() if count > 1] == []


@pytest.mark.parametrize(
    "address",
    ["/en/", "/en/projects/", "/en/search/", "/en/roadmap/", "/en/forum/people/"],
)
def test_search_forms_have_names_and_no_two_buttons_of_a_form_are_alike(
    client, address
):
    page = Page(client.get(address).content.decode())

    assert page.forms
    labels = [form.label for form in page.forms]
    assert all(labels)
    assert len(set(labels)) == len(labels)
    for form in page.forms:
        buttons = [" ".join("".join(texts).split()) for texts in form.buttons]
        assert len(set(buttons)) == len(buttons), buttons


def test_a_project_without_an_action_line_has_no_heading_for_them(client):
    without = ProjectFactory(main_action_line=None)
    without.other_action_lines.clear()
    with_one = ProjectFactory(main_action_line=ActionLineFactory(code="C4"))
    heading = "<h2>Action lines</h2>"

    assert heading not in client.get(without.get_absolute_url()).content.decode()
    assert heading in client.get(with_one.get_absolute_url()).content.decode()
