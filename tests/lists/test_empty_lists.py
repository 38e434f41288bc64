"""A list without a hit says so, keeps its filters, and offers a way back."""

import re
from html import unescape

import pytest
from django.template import Context, Template
from django.utils import translation

from accounts.role.roles import Role
from accounts.second_factor.session import SecondFactor
from common.lists.filters import Filters
from common.lists.paging import KeysetPage
from stocktaking.organization.models import Organization
from stocktaking.search.filters import CursorPage
from stocktaking.search.filters import Page as ProjectPage
from tests.factories import (
    CountryFactory,
    MemberFactory,
    OrganizationFactory,
    ProjectFactory,
    UserFactory,
)
from tests.forum.records import PersonFactory, released
from tests.lists.forms import Page, main_of
from tests.prizes.records import ContestFactory, EntryFactory, voter
from tests.reports.records import frozen
from tests.roadmap.records import MeetingFactory, MilestoneFactory, ResolutionFactory
from tests.second_factor import bring_to

pytestmark = pytest.mark.django_db
WORD = "zzqqxx"


@pytest.fixture
def filled_lists():
    ProjectFactory()
    OrganizationFactory(name="The Ministry of Posts")
    MemberFactory(listed=True)
    PersonFactory(is_public=True)
    released()
    MilestoneFactory()
    MeetingFactory()
    ResolutionFactory()
    EntryFactory(contest=ContestFactory(slug="2031", year=2031))
    frozen()


# address → (what nobody has, the sentence)
LISTS = {
    "/en/projects/": ({"q": WORD}, "No projects match"),
    "/en/projects/organizations/": ({"q": WORD}, "No organization matches."),
    "/en/projects/members/": ({"country": "AD"}, "No member matches."),
    "/en/forum/people/": ({"q": WORD}, "No one matches."),
    "/en/forum/2027/agenda/": ({"q": WORD}, "No session matches these filters."),
    "/en/forum/2027/documents/": (
        {"language": "ru"},
        "No document matches these filters.",
    ),
    "/en/roadmap/": ({"q": WORD}, "No milestone matches."),
    "/en/roadmap/meetings/": ({"q": WORD}, "No meeting matches."),
    "/en/roadmap/resolutions/": ({"q": WORD}, "No resolution matches."),
    "/en/reports/": ({"series": "success_stories"}, "No report matches these filters."),
    "/en/prizes/2031/C7-EGOV/": ({"q": WORD}, "No projects match these filters."),
    "/en/prizes/2031/ballot/C7-EGOV/": ({"q": WORD}, "No nominee matches."),
    "/en/search/": ({"q": WORD}, "Nothing in the portal matches"),
}


@pytest.mark.parametrize("address", sorted(LISTS))
def test_a_list_without_a_hit_says_so_and_leads_back(client, filled_lists, address):
    asked, sentence = LISTS[address]
    client.force_login(voter())
    whole = Page(main_of(client.get(address).content.decode()))

    response = client.get(address, asked)

    main = main_of(response.content.decode())
    page = Page(main)
    assert response.status_code == 200
    assert sentence in unescape(main)
    assert "There is a problem" not in main
    assert kept_fields(whole) == kept_fields(page)
    way_back = {address, "/en/projects/"} if address == "/en/search/" else {address}
    assert way_back & set(page.links)


def kept_fields(page):
    """What each form asks; an order is only asked for where there is something to order, and what
    was asked by another form of the page goes along unseen."""
    return [
        {one.name for one in form.fields.values() if one.kind != "hidden"} - {"sort"}
        for form in page.forms
    ]


@pytest.mark.parametrize("address", sorted(LISTS))
def test_a_list_of_nothing_at_all_offers_no_filter_to_remove(client, address):
    ContestFactory(slug="2031", year=2031)
    released()
    client.force_login(voter())

    response = client.get(address)

    assert response.status_code == 200
    assert "Remove all filters" not in main_of(response.content.decode())


def test_words_and_a_filter_that_find_nothing_offer_the_words_alone(
    client, filled_lists
):
    OrganizationFactory(name="Village radio", country=CountryFactory(code="KE"))

    html = client.get(
        "/en/projects/organizations/?q=village&country=AD"
    ).content.decode()

    assert "Search without the filters" in html
    assert "?q=village" in Page(main_of(html)).links
    alone = client.get("/en/projects/organizations/?q=village").content.decode()
    assert "Village radio" in alone
    assert "Search without the filters" not in alone


def test_the_queue_of_the_desk_tells_nothing_found_from_nothing_waiting(client):
    ProjectFactory(status="submitted")
    bring_to(client, UserFactory(role=Role.SECRETARIAT), SecondFactor.CONFIRMED)
    desk = "/en/admin/stocktaking/project/desk/"

    found_nothing = client.get(desk, {"q": WORD}).content.decode()

    assert "No waiting project matches these filters." in found_nothing
    assert "Nothing is waiting." not in found_nothing
    assert f'value="{WORD}"' in found_nothing


def test_a_search_of_a_calendar_year_without_a_meeting_keeps_the_year(
    client, filled_lists
):
    html = client.get(
        "/en/roadmap/meetings/", {"year": "1999", "q": ""}
    ).content.decode()

    assert "No meeting matches." in html
    assert re.search(r'name="year"[^>]*value="1999"|value="1999"[^>]*name="year"', html)


def test_an_empty_value_asks_for_nothing_in_any_set_of_filters():
    """What a browser sends for a field that was left alone is no problem anywhere."""
    faults = {}
    for kind in kinds_of(Filters):
        sent = dict.fromkeys(kind.base_filters, "")
        filters = kind(sent, queryset=(kind._meta.model or Organization).objects.none())
        if filters.problems or filters.narrows:
            faults[kind.__name__] = filters.problems

    assert faults == {}
    assert len(list(kinds_of(Filters))) > 10


def kinds_of(base):
    for kind in base.__subclasses__():
        yield kind
        yield from kinds_of(kind)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_problem_names_the_field_as_the_page_does(client, language):
    html = client.get(
        f"/{language}/projects/organizations/?stakeholder_type=NOPE"
    ).content.decode()
    main = main_of(html)

    with translation.override(language):
        label = translation.gettext("Stakeholder type")
    assert f'<li class="error-message"><bdi>{label}</bdi>: ' in main
    assert "stakeholder_type</bdi>" not in main


def test_a_filter_that_does_not_exist_is_still_refused(client):
    response = client.get("/en/projects/organizations/?colour=red")

    assert response.status_code == 400
    assert (
        "<bdi>“colour”</bdi>: There is no filter with this name."
        in response.content.decode()
    )


def test_pages_of_results_are_true_even_when_they_are_empty():
    """`{% if page %}` asks whether there is an answer: one without rows is an answer."""
    empty = [KeysetPage([], 0, None, None), CursorPage([], None), ProjectPage([], 1, 1)]

    for page in empty:
        shown = Template("{% if page %}shown{% endif %}").render(
            Context({"page": page})
        )
        assert shown == "shown", type(page).__name__
