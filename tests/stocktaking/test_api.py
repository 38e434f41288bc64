"""The API of projects: the same rows and rules as the pages, refusals as problem bodies."""

import json
import threading

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.roles import Role
from common.models import Change, KeptAnswer
from stocktaking.models import Project
from stocktaking.workflow import PROJECT_WORKFLOW, Status
from tests import factories

LIST = "/api/v1/projects/"
PRIVATE = {"contact_name", "contact_email"}
COMPLETE = {
    "title": "Telecentres", "summary": "Broadband for villages.", "activity_type": "PROJECT",
    "organisation_name": "Ministry of ICT", "stakeholder_type": "GOV", "contact_name": "Amina",
    "contact_email": "amina@ministry.example", "country": "KE", "coverage": "NATIONAL",
    "timescale": "ongoing", "start_year": 2024, "main_action_line": "C2", "sdgs": ["9", "4"],
}  # fmt: skip

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_limits(settings):
    settings.LIMITS = dict.fromkeys(settings.LIMITS, (10**6, 60))


@pytest.fixture
def owner():
    return factories.UserFactory()


@pytest.fixture
def people(owner):
    return {
        "anonymous": None,
        "owner": owner,
        "stranger": factories.UserFactory(),
        "expert": factories.UserFactory(role=Role.EXPERT),
        "secretariat": factories.UserFactory(role=Role.SECRETARIAT),
    }


def signed_in(user):
    client = Client()
    if user:
        client.force_login(user)
    return client


def send(client, method, url, body, **headers):
    return client.generic(
        method, url, json.dumps(body), content_type="application/json", headers=headers
    )


def refused(response, status, *errors):
    """Whether an answer is exactly the problem body with these (field, code, detail)."""
    titles = {400: "Bad Request", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed",
              409: "Conflict", 410: "Gone", 412: "Precondition Failed",
              413: "Request Entity Too Large", 415: "Unsupported Media Type",
              422: "Unprocessable Entity", 429: "Too Many Requests"}  # fmt: skip
    assert response.headers["Content-Type"] == "application/problem+json"
    assert (response.status_code, response.json()) == (
        status,
        {
            "type": "about:blank",
            "title": titles[status],
            "status": status,
            "detail": errors[0][2],
            "errors": [{"field": f, "code": code, "detail": detail} for f, code, detail in errors],
        },
    )


# --- reading ---------------------------------------------------------------------------------


def test_a_project_says_all_that_is_public_and_no_more(client):
    project = factories.ProjectFactory(sdgs=["9", "4"], other_action_lines=["C4"])

    response = client.get(f"{LIST}{project.pk}/?lang=fr")

    found = response.json()
    assert set(found) == {
        "id", "number", "url", "page", "version", "status", "title", "language", "summary",
        "activity_type", "website", "image", "image_alt", "organisation_name", "stakeholder_type",
        "country", "region", "coverage", "timescale", "start_year", "end_year", "main_action_line",
        "other_action_lines", "sdgs", "target_groups", "technologies", "year", "external_id",
        "prize_editions", "published_at", "updated_at", "names", "partners", "results",
        "replicability", "sustainability", "source", "source_note",
    }  # fmt: skip
    assert found["number"] == project.number
    assert found["url"] == f"http://testserver{LIST}{project.pk}/"
    assert found["page"] == f"http://testserver/fr/projects/{project.pk}/"
    assert (found["country"], found["region"], found["sdgs"]) == ("KE", "AFR", ["4", "9"])
    assert found["names"]["country"] == "Kenya"
    assert found["names"]["stakeholder_type"] == "Gouvernements" or "Gouvernement" in str(
        found["names"]
    )


def test_an_unchanged_project_is_not_sent_again(client):
    project = factories.ProjectFactory()
    first = client.get(f"{LIST}{project.pk}/")

    again = client.get(f"{LIST}{project.pk}/", headers={"If-None-Match": first["ETag"]})
    Project.objects.filter(pk=project.pk).update(summary="Changed.")
    changed = client.get(f"{LIST}{project.pk}/", headers={"If-None-Match": first["ETag"]})

    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert (changed.status_code, changed.json()["summary"]) == (200, "Changed.")


@pytest.mark.parametrize("person", ["anonymous", "owner", "stranger", "expert", "secretariat"])
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

    refused(client.get(f"{LIST}{project.pk}/"), 410, (None, "gone", "Asked for by its makers."))


@pytest.mark.parametrize("rows", [1, 10])
def test_list_queries(client, django_assert_num_queries, rows):
    factories.ProjectFactory.create_batch(rows, other_action_lines=["C4"])
    client.get(LIST)  # bitmaps and vocabularies are in the process now

    # news of the log, projects, countries, action lines, SDGs, target groups, technologies
    with django_assert_num_queries(7):
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
    ["", "action_line=C4", "sdg=4&sdg=9", "region=AFR&sdg=4", "q=broadband", "country=FR",
     "year=2025&stakeholder_type=GOV", "q=nothing-like-it", "q=broadband&sort=title"],
)  # fmt: skip
def test_page_and_api_find_the_same(client, query):
    factories.ProjectFactory(sdgs=["4"], other_action_lines=["C4"])
    factories.ProjectFactory(sdgs=["9", "4"], country=factories.CountryFactory(code="FR"))
    factories.ProjectFactory(summary="Nothing of it.", year=2024)

    page = client.get(f"{reverse('stocktaking:projects')}?{query}").context
    found = client.get(f"{LIST}?{query}&facets=1").json()

    assert [row["id"] for row in found["results"]] == [p.pk for p in page["page"].object_list]
    assert found["count"] == page["search"].total
    assert found["facets"] == {
        facet.name: [
            {"code": v.code, "label": v.label, "count": v.count, "selected": v.selected}
            for v in facet.values
        ]
        for facet in page["search"].facets
    }


NUMBER_SENTENCE = "Give a number from 1 to 100."


@pytest.mark.parametrize(
    ("query", "field", "detail"),
    [
        ("country=XX", "country", "“XX” is not known under “Country” and was left out."),
        ("colour=red", "colour", "There is no filter of this name."),
        ("page_size=0", "page_size", NUMBER_SENTENCE),
        ("page_size=101", "page_size", NUMBER_SENTENCE),
        ("page_size=83198320824161108540522496", "page_size", NUMBER_SENTENCE),
        ("page_size=٢", "page_size", NUMBER_SENTENCE),
        ("page=2", "page", "Pages are read by the address in “next”."),
        ("cursor=x", "cursor", "This is no cursor of this list."),
        ("facets=2", "facets", "Only 1 is understood here."),
        ("lang=de", "lang", "There is no such language here."),
    ],
)
def test_a_question_that_is_not_understood_is_refused(client, query, field, detail):
    refused(client.get(f"{LIST}?{query}"), 400, (field, "invalid", detail))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.dictionaries(
        st.sampled_from(["q", "sdg", "year", "cursor", "page_size", "sort", "facets", "lang",
                         "after", "limit", "action_line", "x"]),
        st.text(max_size=40),
        max_size=4,
    ),
    st.sampled_from([LIST, "/api/v1/changes/", f"{LIST}1/", f"{LIST}1/moves/"]),
)  # fmt: skip
def test_no_question_breaks_the_api(asked, url):
    response = Client().get(url, asked)

    assert response.status_code < 500


# --- writing ---------------------------------------------------------------------------------


def test_a_member_begins_a_draft(owner):
    response = send(signed_in(owner), "POST", LIST, {"title": "Telecentres", "sdgs": ["9"]})

    project = Project.objects.get()
    assert (response.status_code, response["Location"]) == (
        201, f"http://testserver{LIST}{project.pk}/",
    )  # fmt: skip
    assert (project.owner, project.status, project.title) == (owner, Status.DRAFT, "Telecentres")
    assert list(project.sdgs.values_list("pk", flat=True)) == ["9"]
    assert Change.objects.count() == 0


def test_a_complete_entry_is_submitted_at_once(owner):
    response = send(signed_in(owner), "POST", LIST, COMPLETE | {"submit": True})

    project = Project.objects.get()
    assert response.status_code == 201, response.content
    shown = response.json()
    assert {name: shown[name] for name in COMPLETE} == COMPLETE | {"sdgs": ["4", "9"]}
    assert (project.status, shown["status"]) == (Status.SUBMITTED, "submitted")
    assert [change.move for change in project.history()] == ["submit"]


def test_an_incomplete_entry_is_not_submitted_and_not_kept(owner):
    response = send(signed_in(owner), "POST", LIST, {"title": "Telecentres", "submit": True})

    missing = [name for name in Project.REQUIRED_TO_SUBMIT if name != "title"] + ["sdgs"]
    sentence = "Fill in this field before you submit."
    refused(response, 400, *((name, "invalid", sentence) for name in missing))
    assert Project.objects.count() == 0


CHOICE = "Select a valid choice. That choice is not one of the available choices."
BAD = [
    ({"title": "x" * 251}, "title", "max_length",
     "Ensure this value has at most 250 characters (it has 251)."),
    ({"title": ""}, "title", "blank", "This field may not be blank."),
    ({"title": "nul\0"}, "title", "null_characters_not_allowed",
     "Null characters are not allowed."),
    ({"summary": "word " * 201}, "summary", "too_many_words",
     "Write at most 200 words; you have 201."),
    ({"results": "x" * 10_001}, "results", "max_length",
     "Ensure this value has at most 10000 characters (it has 10001)."),
    ({"website": "villages"}, "website", "invalid", "Enter a valid URL."),
    ({"contact_email": "amina"}, "contact_email", "invalid", "Enter a valid email address."),
    ({"country": "XX"}, "country", "unknown", CHOICE),
    ({"main_action_line": "C7"}, "main_action_line", "unknown", CHOICE),
    ({"sdgs": ["4", "18"]}, "sdgs", "unknown",
     "Select a valid choice. 18 is not one of the available choices."),
    ({"sdgs": ["4"] * 61}, "sdgs", "too_many", "At most 60 values."),
    ({"sdgs": "4"}, "sdgs", "not_a_list", 'Expected a list of items but got type "str".'),
    ({"start_year": 1812}, "start_year", "min_value",
     "Ensure this value is greater than or equal to 1990."),
    ({"start_year": "soon"}, "start_year", "invalid", "A valid integer is required."),
    ({"start_year": 2020, "end_year": 2010}, None, "invalid",
     "The end year lies before the start year."),
    ({"timescale": "soon"}, "timescale", "invalid_choice", '"soon" is not a valid choice.'),
]  # fmt: skip


@pytest.mark.parametrize(("values", "field", "code", "detail"), BAD)
def test_a_bad_value_is_refused_beside_its_field(owner, values, field, code, detail):
    response = send(signed_in(owner), "POST", LIST, {"title": "Telecentres"} | values)

    refused(response, 400, (field, code, detail))
    assert Project.objects.count() == 0


UNREADABLE = (None, "parse_error", "The body is not readable JSON.")


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"start_year": NaN}',
        b'{"a": ' + b"9" * 5000 + b"}",
        b"",
    ],
    ids=["open", "not UTF-8", "deep", "NaN", "long number"],
)
def test_a_body_that_is_no_json_is_refused(owner, body):
    client = signed_in(owner)

    refused(client.post(LIST, body, content_type="application/json"), 400, UNREADABLE)


def test_other_bodies_are_refused(owner):
    client = signed_in(owner)

    refused(send(client, "POST", LIST, {"title": "x" * 1024 * 1024}), 413,
            (None, "too_large", "What was sent is too large: 1 MB is the most."))  # fmt: skip
    refused(client.post(LIST, "title=x", content_type="application/x-www-form-urlencoded"), 415,
            (None, "unsupported_media_type",
             'Unsupported media type "application/x-www-form-urlencoded" in request.'))  # fmt: skip
    refused(send(client, "DELETE", LIST, {}), 405,
            (None, "method_not_allowed", 'Method "DELETE" not allowed.'))  # fmt: skip
    refused(send(client, "POST", LIST, ["title"]), 400,
            (None, "invalid", "Invalid data. Expected a dictionary, but got list."))  # fmt: skip


def test_what_is_not_the_members_to_say_is_left_alone(owner):
    send(signed_in(owner), "POST", LIST, {
        "title": "Telecentres", "status": "published", "version": 9, "owner": 1, "year": 1999,
        "source": "me", "prize_editions": "2015:winner", "external_id": "X",
    })  # fmt: skip

    project = Project.objects.get()
    assert (project.status, project.version, project.owner, project.source) == (
        Status.DRAFT, 0, owner, "",
    )  # fmt: skip
    assert (project.prize_editions, project.external_id) == ("", None)


def test_forged_requests_are_refused(owner):
    client = Client(enforce_csrf_checks=True)
    client.force_login(owner)

    response = send(client, "POST", LIST, {"title": "Telecentres"})

    refused(response, 403, (None, "permission_denied", "CSRF Failed: CSRF cookie not set."))
    assert Project.objects.count() == 0


def test_strangers_to_the_house_only_read(client):
    sentence = "Authentication credentials were not provided."

    refused(send(client, "POST", LIST, COMPLETE), 403, (None, "not_authenticated", sentence))


EDIT = {Status.DRAFT: 200, Status.RETURNED: 200}


@pytest.mark.parametrize("person", ["anonymous", "owner", "stranger", "expert", "secretariat"])
@pytest.mark.parametrize("status", Status.values)
def test_who_may_change_a_project(people, owner, person, status):
    project = factories.ProjectFactory(owner=owner, status=status)
    changes = Change.objects.count()

    response = send(signed_in(people[person]), "PATCH", f"{LIST}{project.pk}/", {"title": "New"})

    unseen = 403 if status == Status.PUBLISHED else 404
    expected = {
        "anonymous": 403, "stranger": unseen, "expert": unseen, "secretariat": 200,
        "owner": EDIT.get(status, 403),
    }[person]  # fmt: skip
    project.refresh_from_db()
    assert (response.status_code, project.title == "New") == (expected, expected == 200)
    logged = expected == 200 and status == Status.PUBLISHED
    assert Change.objects.count() - changes == (1 if logged else 0)


def test_a_change_made_meanwhile_is_not_overwritten(owner):
    project = factories.ProjectFactory(owner=owner, status=Status.DRAFT)
    client, url = signed_in(owner), f"{LIST}{project.pk}/"
    read = client.get(url)
    first = send(client, "PATCH", url, {"title": "First"}, **{"If-Match": read["ETag"]})

    second = send(client, "PATCH", url, {"title": "Second"}, **{"If-Match": read["ETag"]})

    assert first.status_code == 200
    refused(second, 412, (None, "changed_meanwhile",
                          "The record has changed since you read it. Read it again."))  # fmt: skip
    assert Project.objects.get().title == "First"


@pytest.mark.parametrize("person", ["anonymous", "owner", "stranger", "expert", "secretariat"])
@pytest.mark.parametrize("move", [move.name for move in PROJECT_WORKFLOW])
@pytest.mark.parametrize("status", Status.values)
def test_moves_are_those_of_the_table(people, owner, person, move, status):
    project = factories.ProjectFactory(owner=owner, status=status)
    client, url = signed_in(people[person]), f"{LIST}{project.pk}/moves/"
    offered = client.get(url)

    made = send(client, "POST", url, {"move": move, "note": "A reason."})

    row, user = PROJECT_WORKFLOW[move], people[person]
    roles = project.roles_of(user)
    visible = status == Status.PUBLISHED or person in ("owner", "secretariat")
    allowed = visible and bool(row.by & roles) and status in row.sources
    expected = (200 if allowed else 403 if person == "anonymous" else 404 if not visible
                else 403 if not row.by & roles else 409)  # fmt: skip
    assert made.status_code == expected
    project.refresh_from_db()
    assert project.status == (row.target if allowed else status)
    if visible:
        assert (move in [one["name"] for one in offered.json()]) == (allowed and user is not None)


def test_an_unknown_move_is_refused(owner):
    project = factories.ProjectFactory(owner=owner)

    response = send(signed_in(owner), "POST", f"{LIST}{project.pk}/moves/", {"move": "fly"})

    refused(response, 400, ("move", "invalid_choice", '"fly" is not a valid choice.'))


# --- repeated requests, limits, description ---------------------------------------------------


def test_a_repeated_request_is_answered_alike(owner):
    client = signed_in(owner)
    key = {"Idempotency-Key": "b6f3"}

    first = send(client, "POST", LIST, COMPLETE, **key)
    again = send(client, "POST", LIST, COMPLETE, **key)
    other = send(client, "POST", LIST, {"title": "Another"}, **key)

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert Project.objects.count() == 1
    refused(other, 422, (None, "key_used_before",
                         "This Idempotency-Key was used for another request."))  # fmt: skip


def test_a_refused_request_may_be_repeated_with_its_key(owner):
    client = signed_in(owner)
    key = {"Idempotency-Key": "b6f3"}

    first = send(client, "POST", LIST, {"title": ""}, **key)
    again = send(client, "POST", LIST, {"title": "Telecentres"}, **key)

    assert (first.status_code, again.status_code) == (400, 201)


@pytest.mark.django_db(transaction=True)
def test_ten_copies_of_a_request_make_one_project():
    user = factories.UserFactory()
    clients, answers = [signed_in(user) for _ in range(10)], []
    barrier = threading.Barrier(10)

    def post(client):
        try:
            barrier.wait()
            response = send(client, "POST", LIST, COMPLETE, **{"Idempotency-Key": "once"})
            answers.append((response.status_code, response.json()["id"]))
        finally:
            connection.close()

    threads = [threading.Thread(target=post, args=[client]) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    project = Project.objects.get()
    assert answers == [(201, project.pk)] * 10
    assert KeptAnswer.objects.count() == 1


def test_too_many_requests_are_told_when_to_come_back(client, settings):
    settings.LIMITS |= {"api-anonymous": (2, 60)}
    address = {"REMOTE_ADDR": "198.51.100.77"}

    statuses = [client.get(LIST, **address).status_code for _ in range(2)]
    last = client.get(LIST, **address)

    assert (statuses, last.status_code, last["Content-Type"]) == (
        [200, 200], 429, "application/problem+json",
    )  # fmt: skip
    assert 1 <= int(last["Retry-After"]) <= 60


def test_the_description_is_valid():
    call_command("spectacular", validate=True, fail_on_warn=True, file="/dev/null")
