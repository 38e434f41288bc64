"""Every form that searches or filters answers when it is pressed: as it is served, with all fields
empty, and filled. The forms are found by following the links from page to page."""

import re
from urllib.parse import urljoin, urlsplit

import pytest
from django.urls import Resolver404, resolve

from accounts.role.roles import Role
from accounts.second_factor.session import SecondFactor
from prizes.contest.models import Contest
from tests.admin.records import one_of_each
from tests.factories import UserFactory
from tests.lists.forms import Page, main_of
from tests.prizes.records import voter
from tests.second_factor import bring_to

pytestmark = pytest.mark.django_db
ELSEWHERE = re.compile(
    r"/(logout|download|export|feed|set-language|jsi18n|history|delete)\b|\.\w+$"
)
PROBLEM = re.compile(
    r"There is a problem|class=\"errornote\"|is not one of the available choices"
)
# What tells a reader that a list answered: a count, a caption, a sentence.
ANSWER = re.compile(
    r"<h[23]\b|<caption\b|class=\"[^\"]*\bempty\b|class=\"paginator\"|class=\"card-list\""
    r"|<form\b[^>]*method=\"post\""  # a page that asks to confirm
)
# Django's forms for one record, which tests/admin walks; they search nothing.
ONE_RECORD = re.compile(
    r"^admin:.*_(add|change|delete|history)$|^admin:(app_list|password_change)"
)
OFTEN_ENOUGH = 2  # pages of one kind that are opened


def walk(client, *starts, within="/en/"):
    """(address, page) of one or two pages of each kind that the links lead to, below `within`."""
    waiting, opened, seen = list(starts), {}, set()
    while waiting:
        address = waiting.pop(0)
        path = urlsplit(address).path
        if (
            path in seen
            or not path.startswith(within)
            or ELSEWHERE.search(path.rstrip("/"))
        ):
            continue
        seen.add(path)
        try:
            match = resolve(path)
        except Resolver404:
            continue
        kind = match.view_name
        if opened.get(kind, 0) >= OFTEN_ENOUGH or ONE_RECORD.match(kind):
            continue
        opened[kind] = opened.get(kind, 0) + 1
        response = client.get(address)
        if (
            response.status_code != 200
            or "text/html" not in response.headers["Content-Type"]
        ):
            continue
        page = Page(response.content.decode())
        yield path, page
        waiting += [
            urljoin(path, link) for link in page.links if not link.startswith("#")
        ]


def fault(client, address):
    """What is wrong with the answer to a press, None when nothing is."""
    response = client.get(address)
    if response.status_code != 200:
        return response.status_code
    main = main_of(response.content.decode())
    if PROBLEM.search(main):
        return PROBLEM.search(main)[0]
    return None if ANSWER.search(main) else "nothing is said"


def pressed(client, *starts, within="/en/"):
    """The forms that were pressed by path, and what went wrong, by address."""
    forms, faults = {}, {}
    for path, page in walk(client, *starts, within=within):
        for form in page.forms:
            kind = (urlsplit(urljoin(path, form.action)).path, form.names)
            if kind in forms:
                continue
            forms[kind] = form
            presses = [form.address(path, "empty"), form.address(path, "filled")]
            for address in [*presses, *form.one_choice_each(path)]:
                if wrong := fault(client, address):
                    faults[address] = wrong
    return {path for path, _names in forms}, faults


@pytest.fixture
def filled_portal():
    one_of_each()
    Contest.objects.update(is_demonstration=False)


def test_every_search_of_the_public_pages_answers(client, filled_portal):
    paths, faults = pressed(client, "/en/")

    assert faults == {}
    assert {
        "/en/projects/",
        "/en/search/",
        "/en/projects/organizations/",
        "/en/forum/people/",
        "/en/forum/2027/agenda/",
        "/en/roadmap/",
        "/en/roadmap/meetings/",
        "/en/roadmap/resolutions/",
        "/en/roadmap/state/",
        "/en/reports/",
        "/en/projects/gaps/",
    } <= paths
    assert any(path.startswith("/en/prizes/") for path in paths)


def test_every_search_of_a_member_answers(client, filled_portal):
    client.force_login(voter())
    contest = Contest.objects.filter(entries__status="nominated").first()

    paths, faults = pressed(
        client, "/en/me/", f"/en/prizes/{contest.slug}/ballot/", "/en/"
    )

    assert faults == {}
    assert f"/en/prizes/{contest.slug}/ballot/C7-EGOV/" in paths
    assert "/en/projects/members/" in paths


def test_every_search_of_the_staff_answers(client, filled_portal):
    officer = UserFactory(role=Role.ADMINISTRATOR)
    bring_to(client, officer, SecondFactor.CONFIRMED)

    paths, faults = pressed(client, "/en/admin/", within="/en/admin/")

    assert faults == {}
    assert "/en/admin/stocktaking/project/desk/" in paths
    assert len(paths) > 20
