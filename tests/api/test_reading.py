"""Reading projects over the API: what is shown to whom, filters and pages as on the site."""

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stocktaking.base.workflow import Status
from stocktaking.project.models import Project
from tests import factories
from tests.api.asking import LIST, refused, signed_in

pytestmark = pytest.mark.django_db
PRIVATE = {"contact_name", "contact_email"}


def test_a_project_says_all_that_is_public_and_no_more(client):
    project = factories.ProjectFactory(sdgs=["9", "4"], other_action_lines=["C4"])

    response = client.get(f"{LIST}{project.pk}/?lang=fr")

    found = response.json()
    assert set(found) == {
        "id",
        "number",
        "url",
        "page",
        "version",
        "status",
        "title",
        "language",
        "summary",
        "activity_type",
        "website",
        "image",
        "image_alt",
        "organization_name",
        "stakeholder_type",
        "organization",
        "organization_country",
        "country",
        "region",
        "coverage",
        "timescale",
        "start_date",
        "end_date",
        "start_year",
        "end_year",
        "main_action_line",
        "other_action_lines",
        "sdgs",
        "target_groups",
        "technologies",
        "year",
        "external_id",
        "prize_editions",
        "published_at",
        "updated_at",
        "names",
        "partners",
        "results",
        "replicability",
        "reviewed_at",
        "sustainability",
        "source",
        "source_note",
        "attachments",
        "texts",
    }
    assert found["number"] == project.number
    assert found["url"] == f"http://testserver{LIST}{project.pk}/"
    assert found["page"] == f"http://testserver/fr/projects/{project.pk}/"
    assert (found["country"], found["region"], found["sdgs"]) == (
        "KE",
        "AFR",
        ["4", "9"],
    )
    assert found["names"]["country"] == "Kenya"
    assert found["names"][
        "stakeholder_type"
    ] == "Gouvernements" or "Gouvernement" in str(found["names"])


def test_an_unchanged_project_is_not_sent_again(client):
    project = factories.ProjectFactory()
    first = client.get(f"{LIST}{project.pk}/")

    again = client.get(f"{LIST}{project.pk}/", headers={"If-None-Match": first["ETag"]})
    Project.objects.filter(pk=project.pk).update(summary="Changed.")
    changed = client.get(
        f"{LIST}{project.pk}/", headers={"If-None-Match": first["ETag"]}
    )

    assert (again.status_code, again.content, again["ETag"]) == (
        304,
        b"",
        first["ETag"],
    )
    assert (changed.status_code, changed.json()["summary"]) == (200, "Changed.")


@pytest.mark.parametrize(
    "person", ["anonymous", "owner", "stranger", "expert", "secretariat"]
)
@pytest.mark.parametrize("status", Status.values)
def test_who_may_read_a_project_and_its_contact(people, owner, person, status):
    project = factories.ProjectFactory(owner=owner, status=status)

    response = signed_in(people[person]).get(f"{LIST}{project.pk}/")

    insider = person in ("owner", "secretariat")
    expected = 200 if insider or status == Status.PUBLISHED else 404
    assert response.status_code == expected
    if expected == 200:
        assert PRIVATE & set(response.json()) == (PRIVATE if insider else set())


@pytest.mark.parametrize("person", ["anonymous", "stranger", "owner", "secretariat"])
def test_lists_hold_published_projects_without_contact(people, owner, person):
    factories.ProjectFactory(owner=owner, status=Status.DRAFT)
    public = factories.ProjectFactory(owner=owner)

    response = signed_in(people[person]).get(LIST)

    assert [row["id"] for row in response.json()["results"]] == [public.pk]
    assert PRIVATE & set(response.json()["results"][0]) == set()
    assert public.contact_email not in response.content.decode()


def test_a_withdrawn_project_is_gone_with_its_reason(client, people):
    project = factories.ProjectFactory()
    project.move("archive", people["secretariat"], note="Asked for by its makers.")

    refused(
        client.get(f"{LIST}{project.pk}/"),
        410,
        (None, "gone", "Asked for by its makers."),
    )


@pytest.mark.parametrize("rows", [1, 10])
def test_list_queries(client, django_assert_num_queries, rows):
    factories.ProjectFactory.create_batch(rows, other_action_lines=["C4"])
    client.get(LIST)  # bitmaps and vocabularies are in the process now

    # news of the log, projects with their codes, when each has changed
    with django_assert_num_queries(3):
        response = client.get(f"{LIST}?facets=1")

    assert len(response.json()["results"]) == rows


def test_pages_follow_each_other_without_gap(client):
    made = {project.pk for project in factories.ProjectFactory.create_batch(7)}
    url, seen = f"{LIST}?page_size=3&action_line=C7-EGOV", []

    while url:
        page = client.get(url).json()
        seen.append([row["id"] for row in page["results"]])
        assert page["count"] == 7
        url = page["next"]

    assert [len(ids) for ids in seen] == [3, 3, 1]
    assert {pk for ids in seen for pk in ids} == made


@pytest.mark.parametrize(
    "query",
    [
        "",
        "action_line=C4",
        "sdg=4&sdg=9",
        "region=AFR&sdg=4",
        "q=broadband",
        "country=FR",
        "year=2025&stakeholder_type=GOV",
        "q=nothing-like-it",
        "q=broadband&sort=title",
    ],
)
def test_page_and_api_find_the_same(client, query):
    factories.ProjectFactory(sdgs=["4"], other_action_lines=["C4"])
    factories.ProjectFactory(
        sdgs=["9", "4"], country=factories.CountryFactory(code="FR")
    )
    factories.ProjectFactory(summary="Nothing of it.", year=2024)

    page = client.get(f"{reverse('stocktaking:projects')}?{query}").context
    found = client.get(f"{LIST}?{query}&facets=1").json()

    assert [row["id"] for row in found["results"]] == [
        p.pk for p in page["page"].object_list
    ]
    assert found["count"] == page["search"].total
    assert found["facets"] == {
        facet.name: [
            {"code": v.code, "label": v.label, "count": v.count, "selected": v.selected}
            for v in facet.values
        ]
        for facet in page["search"].facets
    }


NUMBER_SENTENCE = "Enter a number from 1 to 100."


@pytest.mark.parametrize(
    ("query", "field", "detail"),
    [
        ("country=XX", "country", "“XX” is not a value of “Country” and was ignored."),
        ("colour=red", "colour", "There is no filter with this name."),
        ("page_size=0", "page_size", NUMBER_SENTENCE),
        ("page_size=101", "page_size", NUMBER_SENTENCE),
        ("page_size=83198320824161108540522496", "page_size", NUMBER_SENTENCE),
        ("page_size=٢", "page_size", NUMBER_SENTENCE),
        ("page=2", "page", "Follow “next” to read further pages."),
        ("cursor=x", "cursor", "The cursor is not valid."),
        ("facets=2", "facets", "The value of “facets” must be 1."),
        ("lang=de", "lang", "This language is not available."),
    ],
)
def test_a_question_that_is_not_understood_is_refused(client, query, field, detail):
    refused(client.get(f"{LIST}?{query}"), 400, (field, "invalid", detail))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.dictionaries(
        st.sampled_from(
            [
                "q",
                "sdg",
                "year",
                "cursor",
                "page_size",
                "sort",
                "facets",
                "lang",
                "after",
                "limit",
                "action_line",
                "x",
            ]
        ),
        st.text(max_size=40),
        max_size=4,
    ),
    st.sampled_from([LIST, "/api/v1/changes/", f"{LIST}1/", f"{LIST}1/moves/"]),
)
def test_no_question_breaks_the_api(asked, url):
    response = Client().get(url, asked)

    assert response.status_code < 500
