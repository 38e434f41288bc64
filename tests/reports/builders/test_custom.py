"""A report on a search of the database: the same projects as the list, under a title of its own."""

import json

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.role.roles import Role
from reports.publication.models import Publication
from tests.factories import CountryFactory, ProjectFactory, UserFactory
from tests.reports.output.test_pdf import read_by_pdfium
from tests.reports.output.test_written import close
from tests.reports.records import (
    approved_and_published,
    built,
    file_of,
    pdf_text,
    requested,
    secretariat,
    sheet_of,
)
from tests.reports.written import written

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def register():
    ProjectFactory(title="Solar radio", year=2024)
    ProjectFactory(title="Solar schools", year=2025)
    ProjectFactory(title="Solar mill", year=2024, country=CountryFactory(code="FR"))
    ProjectFactory(title="Village library", year=2024)


SEARCH = "q=solar&region=AFR"
FIELDS = {"series": "custom", "title": "Sun in Africa", "query": SEARCH}


@pytest.fixture
def desk(client):
    client.force_login(secretariat())
    return client


def links(html):
    return [part.split('"')[0].replace("&amp;", "&") for part in html.split('href="')]


@pytest.mark.usefixtures("register")
def test_staff_make_a_report_of_the_search_that_they_see(desk):
    found = desk.get(f"/en/projects/?{SEARCH}&sort=title").content.decode()
    [link] = [one for one in links(found) if "series=custom" in one]
    page = desk.get(link)
    form = page.context["form"]
    assert "Make a report of this search" in found
    assert form["query"].value() == f"{SEARCH}&sort=title"

    answer = desk.post(
        reverse("reports:new"),
        {**FIELDS, "query": form["query"].value(), "language": "en"},
    )
    publication = Publication.objects.get()

    assert answer.status_code == 302
    assert (publication.title, publication.query) == ("Sun in Africa", SEARCH)


@pytest.mark.parametrize("user", [None, Role.MEMBER])
def test_others_are_not_offered_a_report(client, user):
    ProjectFactory(title="Solar radio")
    if user:
        client.force_login(UserFactory(role=user))

    assert "series=custom" not in client.get("/en/projects/?q=solar").content.decode()


@pytest.mark.usefixtures("register")
def test_it_is_about_the_projects_that_the_search_finds(client):
    publication = requested(**FIELDS, language="en")
    written(publication, "{{total}} projects of {{countries}} country.")
    publication = approved_and_published(built(publication))
    listed = client.get(f"/en/projects/?{SEARCH}").content.decode()
    snapshot = publication.snapshots.get()

    assert "2 results" in listed
    assert snapshot.figures["total"] == 2
    titles = {row.content["title"] for row in snapshot.records.all()}
    assert titles == {"Solar radio", "Solar schools"}
    assert [row[1] for row in sheet_of(publication, "projects")] != []
    assert {row[1] for row in sheet_of(publication, "projects")} == titles
    for title in titles:
        assert close(title) in pdf_text(publication)
    pdf = close(read_by_pdfium(file_of(publication, "pdf")))
    said = "The report covers the projects that this search of the database found: "
    assert close(f"{said}“solar”; Region: Africa.") in pdf
    page = client.get(f"/en/reports/{publication.pk}/").content.decode()
    assert f"{said}“solar”; Region: Africa." in page
    assert json.loads(file_of(publication, "json"))["title"] == "Sun in Africa"
    row = client.get(f"/api/v1/reports/{publication.pk}/").json()
    assert (row["series"], row["query"]) == ("custom", SEARCH)


@pytest.mark.usefixtures("register")
def test_the_list_behind_a_figure_is_that_search(client):
    publication = approved_and_published(built(requested(**FIELDS, language="en")))
    page = client.get(f"/en/reports/{publication.pk}/v1/figures/year/")

    lists = [one for one in links(page.content.decode()) if "/projects/?" in one]
    assert f"/en/projects/?{SEARCH}" in lists
    assert f"/en/projects/?{SEARCH}&year=2024" in lists
    found = client.get(f"/en/projects/?{SEARCH}&year=2024").content.decode()
    assert "1 result" in found


def test_each_search_has_a_text_of_its_own():
    first, again = (requested(**FIELDS, language=code) for code in ("en", "fr"))
    other = requested(**FIELDS | {"query": "region=AFR"}, language="en")

    assert first.report == again.report
    assert first.report != other.report
    assert str(first.report) == (
        "Stocktaking report on a search · “solar”; Region: Africa"
    )


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("https://wsis.example/fr/projects/?year=2024&page=3&sort=title", "year=2024"),
        ("region=AFR&region=EUR", "region=AFR&region=EUR"),
        ("q=radio%20%26%20TV", "q=radio+%26+TV"),
    ],
)
def test_an_address_becomes_its_parameters(desk, typed, stored):
    desk.post(reverse("reports:new"), {**FIELDS, "query": typed, "language": "en"})

    assert Publication.objects.get().query == stored


@pytest.mark.parametrize(
    ("changed", "field", "sentence"),
    [
        ({"query": ""}, "query", "Enter a search, such as region=AFR&amp;year=2024."),
        ({"query": "region=MARS"}, "query", "“MARS” is not a value of “Region”"),
        ({"query": "colour=red"}, "query", "There is no filter with this name."),
        ({"query": "q=" + "x" * 3000}, "query", "at most 2000 characters"),
        ({"title": ""}, "title", "Enter a title."),
    ],
)
def test_a_wrong_search_gets_a_sentence(desk, changed, field, sentence):
    data = {**FIELDS, **changed, "language": "en"}
    answer = desk.post(reverse("reports:new"), data)

    assert answer.status_code == 400
    assert list(answer.context["form"].errors) == [field]
    assert sentence in answer.content.decode()
    assert not Publication.objects.exists()


def test_other_series_have_no_search(desk):
    with pytest.raises(IntegrityError), transaction.atomic():
        Publication.objects.create(series="global", query="region=AFR")

    answer = desk.post(
        reverse("reports:new"),
        {"series": "global", "query": "region=AFR", "language": "en"},
    )
    assert answer.status_code == 400
    assert "other reports must have none" in answer.content.decode()


@pytest.mark.usefixtures("register")
def test_the_admin_shows_texts_of_searches_and_makes_none(desk):
    text = requested(**FIELDS, language="en").report
    new = desk.get(reverse("admin:reports_report_add")).content.decode()
    listed = desk.get(reverse("admin:reports_report_changelist")).content.decode()

    assert 'value="wsis20"' in new
    assert 'value="custom"' not in new
    assert "“solar”; Region: Africa" in listed
    page = desk.get(reverse("admin:reports_report_change", args=[text.pk]))
    assert page.status_code == 200
