"""The read API: what the pages show, with the same filters, and nothing private."""

import pytest
from django.urls import reverse

from forum.consultation.workflow import SubmissionStatus
from tests.api.asking import refused
from tests.factories import ActionLineFactory
from tests.forum.records import (
    CapacityFactory,
    DocumentFactory,
    EditionFactory,
    PersonFactory,
    PhaseFactory,
    SessionFactory,
    SubmissionFactory,
    registered,
    released,
)

pytestmark = pytest.mark.django_db
API = "/api/v1/forum"


@pytest.fixture(autouse=True)
def no_limits(settings):
    settings.LIMITS = dict.fromkeys(settings.LIMITS, (10**6, 60))


def test_a_session_with_codes_and_names(client):
    person = PersonFactory(name="Amara")
    session = released(title="Villages", number="133", speakers=[person], sdgs=["9"])

    found = client.get(f"{API}/sessions/{session.pk}/?lang=fr").json()

    assert (found["title"], found["number"], found["edition"]) == (
        "Villages",
        "133",
        "2027",
    )
    assert (found["start"], found["end"]) == (
        "2027-07-05T08:00:00Z",
        "2027-07-05T09:00:00Z",
    )
    assert found["people"] == [
        {
            "person": person.pk,
            "name": "Amara",
            "role": "panellist",
            "organization": "Example University",
        }
    ]
    assert found["action_lines"] == ["C7-EGOV"]
    assert found["names"]["action_lines"] != ActionLineFactory(code="C7-EGOV").name_en
    assert found["page"].endswith(f"/forum/sessions/{session.pk}/")


def test_drafts_and_private_things_are_not_there(client):
    draft = SessionFactory()
    hidden = PersonFactory()
    DocumentFactory(is_public=False)
    CapacityFactory()
    registered(name="Secret")
    SubmissionFactory(title="Secret", status=SubmissionStatus.SUBMITTED)

    answers = [
        client.get(f"{API}/{name}/").content.decode()
        for name in (
            "sessions",
            "people",
            "documents",
            "editions",
            "editions/2027/consultation",
        )
    ]

    assert client.get(f"{API}/sessions/{draft.pk}/").status_code == 404
    assert client.get(f"{API}/people/{hidden.pk}/").status_code == 404
    assert [text.count('"count":0') for text in answers[:3]] == [1, 1, 1]
    assert not any("Secret" in text for text in answers)


@pytest.mark.parametrize(
    "query",
    [
        "",
        "action_line=C4",
        "sdg=9",
        "type=WORKSHOP",
        "q=villages",
        "day=2027-07-05",
        "mode=remote",
        "language=fr",
        "action_line=C4&sdg=9",
    ],
)
def test_page_and_api_find_the_same(client, query):
    released(action_lines=["C4"], sdgs=["9"], title="Villages")
    released(action_lines=["C5"], sdgs=["4"], language="fr", mode="remote", type=None)

    page = client.get(f"{reverse('forum:agenda', args=['2027'])}?{query}").context[
        "days"
    ]
    found = client.get(f"{API}/sessions/?edition=2027&{query}").json()

    shown = [row.pk for _label, rows in page for row in rows]
    assert sorted(row["id"] for row in found["results"]) == sorted(shown)
    assert found["count"] == len(shown)


@pytest.mark.parametrize(
    ("path", "field", "detail"),
    [
        ("sessions/?colour=red", "colour", "There is no filter with this name."),
        (
            "sessions/?sdg=18",
            "sdg",
            "Select a valid choice. 18 is not one of the available choices.",
        ),
        ("sessions/?lang=de", "lang", "This language is not available."),
        ("sessions/?page_size=101", "page_size", "Enter a number from 1 to 100."),
        (
            "people/?role=king",
            "role",
            "Select a valid choice. king is not one of the available choices.",
        ),
        ("documents/?cursor=x", "cursor", "The cursor is not valid."),
    ],
)
def test_a_question_that_is_not_understood_is_refused(client, path, field, detail):
    refused(client.get(f"{API}/{path}"), 400, (field, "invalid", detail))


@pytest.mark.parametrize("rows", [1, 10])
@pytest.mark.parametrize(
    ("name", "queries"),
    [
        ("sessions", 2),  # count; sessions with edition, room, type, track
        ("people", 2),
        ("documents", 3),  # and when each has changed
        ("editions", 2),
    ],
)
def test_list_queries(client, django_assert_num_queries, rows, name, queries):
    for number in range(rows):
        released(speakers=[PersonFactory()])
        DocumentFactory()
        EditionFactory(slug=f"e{number}")
    client.get(f"{API}/{name}/")

    with django_assert_num_queries(queries):
        found = client.get(f"{API}/{name}/?page_size=100").json()

    assert len(found["results"]) >= rows


def test_the_consultation_in_numbers(client):
    PhaseFactory(name="Call")
    SubmissionFactory(status=SubmissionStatus.SUBMITTED)

    found = client.get(f"{API}/editions/2027/consultation/").json()

    assert [(p["name"], p["is_current"]) for p in found["phases"]] == [("Call", True)]
    assert [(bar["code"], bar["count"]) for bar in found["kind"]] == [("workshop", 1)]
    assert [(bar["code"], bar["count"]) for bar in found["region"]] == [("AFR", 1)]
