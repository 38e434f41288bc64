"""Writing over the API: drafts, submissions, moves; each refusal beside its field."""

import threading

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from django.db import connection
from django.test import Client

from common.api.models import KeptAnswer
from common.records.models import Change
from stocktaking.base.workflow import Status
from stocktaking.project.fields import REQUIRED
from stocktaking.project.models import Project
from stocktaking.project.workflow import PROJECT_WORKFLOW
from tests import factories
from tests.api.asking import COMPLETE, LIST, refused, send, signed_in
from tests.moves import undone
from tests.stocktaking.records import prepared

pytestmark = pytest.mark.django_db


def test_a_member_begins_a_draft(owner):
    response = send(
        signed_in(owner), "POST", LIST, {"title": "Telecentres", "sdgs": ["9"]}
    )

    project = Project.objects.get()
    assert (response.status_code, response["Location"]) == (
        201,
        f"http://testserver{LIST}{project.pk}/",
    )
    assert (project.owner, project.status, project.title) == (
        owner,
        Status.DRAFT,
        "Telecentres",
    )
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
    response = send(
        signed_in(owner), "POST", LIST, {"title": "Telecentres", "submit": True}
    )

    missing = [name for name in REQUIRED if name != "title"]
    sentence = "Fill in this field before you submit."
    refused(response, 400, *((name, "invalid", sentence) for name in missing))
    assert Project.objects.count() == 0


CHOICE = "Select a valid choice. That choice is not one of the available choices."
BAD = [
    (
        {"title": "x" * 251},
        "title",
        "max_length",
        "Ensure this value has at most 250 characters (it has 251).",
    ),
    ({"title": ""}, "title", "blank", "This field may not be blank."),
    (
        {"title": "nul\0"},
        "title",
        "null_characters_not_allowed",
        "Null characters are not allowed.",
    ),
    (
        {"summary": "word " * 201},
        "summary",
        "too_many_words",
        "Enter at most 200 words; you have 201.",
    ),
    (
        {"results": "x" * 10_001},
        "results",
        "max_length",
        "Ensure this value has at most 10000 characters (it has 10001).",
    ),
    ({"website": "villages"}, "website", "invalid", "Enter a valid URL."),
    (
        {"contact_email": "amina"},
        "contact_email",
        "invalid",
        "Enter a valid e-mail address.",
    ),
    ({"country": "XX"}, "country", "unknown", CHOICE),
    ({"main_action_line": "C7"}, "main_action_line", "unknown", CHOICE),
    (
        {"sdgs": ["4", "18"]},
        "sdgs",
        "unknown",
        "Select a valid choice. 18 is not one of the available choices.",
    ),
    ({"sdgs": ["4"] * 61}, "sdgs", "too_many", "At most 60 values."),
    (
        {"sdgs": "4"},
        "sdgs",
        "not_a_list",
        'Expected a list of items but got type "str".',
    ),
    (
        {"start_year": 1812},
        "start_year",
        "min_value",
        "Ensure this value is greater than or equal to 1990.",
    ),
    ({"start_year": "soon"}, "start_year", "invalid", "A valid integer is required."),
    (
        {"start_year": 2020, "end_year": 2010},
        None,
        "invalid",
        "The end is before the start.",
    ),
    (
        {"start_date": "2020-05", "end_date": "2020-04-30"},
        None,
        "invalid",
        "The end is before the start.",
    ),
    (
        {"start_date": "2020-13"},
        "start_date",
        "date",
        "This day does not exist: “2020-13”.",
    ),
    (
        {"timescale": "soon"},
        "timescale",
        "invalid_choice",
        '"soon" is not a valid choice.',
    ),
]


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
    ],
    ids=["open", "not UTF-8", "deep", "NaN", "long number"],
)
def test_a_body_that_is_no_json_is_refused(owner, body):
    client = signed_in(owner)

    refused(client.post(LIST, body, content_type="application/json"), 400, UNREADABLE)


def test_other_bodies_are_refused(owner):
    client = signed_in(owner)

    refused(
        send(client, "POST", LIST, {"title": "x" * 1024 * 1024}),
        413,
        (None, "too_large", "The request is too large: at most 1 MB."),
    )
    refused(
        client.post(LIST, "title=x", content_type="application/x-www-form-urlencoded"),
        415,
        (
            None,
            "unsupported_media_type",
            'Unsupported media type "application/x-www-form-urlencoded" in request.',
        ),
    )
    refused(
        send(client, "DELETE", LIST, {}),
        405,
        (None, "method_not_allowed", 'Method "DELETE" not allowed.'),
    )
    refused(
        send(client, "POST", LIST, ["title"]),
        400,
        (None, "invalid", "Invalid data. Expected a dictionary, but got list."),
    )


@pytest.mark.parametrize(
    "asked",
    [
        {"status": "published"},
        {"version": 9},
        {"owner": 1},
        {"year": 1999},
        {"source": "me"},
        {"prize_editions": "2015:winner"},
        {"external_id": "X"},
    ],
)
def test_what_is_not_the_members_to_say_is_refused(owner, asked):
    response = send(signed_in(owner), "POST", LIST, {"title": "Telecentres"} | asked)

    assert response.status_code == 400
    assert [row["field"] for row in response.json()["errors"]] == list(asked)
    assert not Project.objects.exists()


def test_forged_requests_are_refused(owner):
    client = Client(enforce_csrf_checks=True)
    client.force_login(owner)

    response = send(client, "POST", LIST, {"title": "Telecentres"})

    refused(
        response, 403, (None, "permission_denied", "CSRF Failed: CSRF cookie not set.")
    )
    assert Project.objects.count() == 0


def test_strangers_to_the_house_only_read(client):
    sentence = "Authentication credentials were not provided."

    refused(
        send(client, "POST", LIST, COMPLETE), 401, (None, "not_authenticated", sentence)
    )


EDIT = {Status.DRAFT: 200, Status.RETURNED: 200}


@pytest.mark.parametrize(
    "person", ["anonymous", "owner", "stranger", "expert", "secretariat"]
)
@pytest.mark.parametrize("status", Status.values)
def test_who_may_change_a_project(people, owner, person, status):
    project = factories.ProjectFactory(owner=owner, status=status)
    changes = Change.objects.count()

    response = send(
        signed_in(people[person]), "PATCH", f"{LIST}{project.pk}/", {"title": "New"}
    )

    unseen = 403 if status == Status.PUBLISHED else 404
    expected = {
        "anonymous": 401,
        "stranger": unseen,
        "expert": unseen,
        "secretariat": 200,
        "owner": EDIT.get(status, 403),
    }[person]
    project.refresh_from_db()
    assert (response.status_code, project.title == "New") == (expected, expected == 200)
    logged = expected == 200 and status == Status.PUBLISHED
    assert Change.objects.count() - changes == (1 if logged else 0)


def test_a_change_made_meanwhile_is_not_overwritten(owner):
    project = factories.ProjectFactory(owner=owner, status=Status.DRAFT)
    client, url = signed_in(owner), f"{LIST}{project.pk}/"
    read = client.get(url)
    first = send(client, "PATCH", url, {"title": "First"}, **{"If-Match": read["ETag"]})

    second = send(
        client, "PATCH", url, {"title": "Second"}, **{"If-Match": read["ETag"]}
    )

    assert first.status_code == 200
    refused(
        second,
        412,
        (
            None,
            "changed_meanwhile",
            "The record has changed since you read it. Read it again.",
        ),
    )
    assert Project.objects.get().title == "First"


def answer_of(row, status, visible, roles):
    """The status of the answer that the table asks for, of somebody who is signed in."""
    if not visible:
        return 404
    if not row.by & roles:
        return 403
    return 200 if status in row.sources else 409


ALONE = [
    "undo",
    "approve",
    "merge",
    "unmerge",
]  # each on a record of its own, as it needs one


@pytest.mark.parametrize("alone", [None, *ALONE])
@pytest.mark.parametrize("status", Status.values)
def test_moves_are_those_of_the_table(people, owner, alone, status):
    project = factories.ProjectFactory(owner=owner, status=status)
    prepared(project, alone)
    rows = [
        m
        for m in PROJECT_WORKFLOW
        if (m.name == alone if alone else m.name not in ALONE)
    ]
    url = f"{LIST}{project.pk}/moves/"
    for person, user in people.items():
        client = signed_in(user)
        roles = project.roles_of(user or AnonymousUser())
        visible = status == Status.PUBLISHED or person in ("owner", "secretariat")
        listed = client.get(url)
        offered = {one["name"] for one in listed.json()} if visible else set()
        for row in rows:
            code = 401 if user is None else answer_of(row, status, visible, roles)
            with undone():
                made = send(
                    client, "POST", url, {"move": row.name, "note": "A reason."}
                )
                now = Project.objects.get(pk=project.pk).status

            assert (person, row.name, made.status_code) == (person, row.name, code)
            assert now == (row.target if code == 200 else status)
            assert (listed.status_code == 200) == visible
            assert (row.name in offered) == (code == 200 and row.offered), (
                person,
                row.name,
            )


def test_an_unknown_move_is_refused(owner):
    project = factories.ProjectFactory(owner=owner)

    response = send(
        signed_in(owner), "POST", f"{LIST}{project.pk}/moves/", {"move": "fly"}
    )

    refused(response, 400, ("move", "invalid_choice", '"fly" is not a valid choice.'))


def test_a_repeated_request_is_answered_alike(owner):
    client = signed_in(owner)
    key = {"Idempotency-Key": "b6f3"}

    first = send(client, "POST", LIST, COMPLETE, **key)
    again = send(client, "POST", LIST, COMPLETE, **key)
    other = send(client, "POST", LIST, {"title": "Another"}, **key)

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert Project.objects.count() == 1
    refused(
        other,
        422,
        (None, "key_used_before", "This Idempotency-Key was used for another request."),
    )


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
            response = send(
                client, "POST", LIST, COMPLETE, **{"Idempotency-Key": "once"}
            )
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
        [200, 200],
        429,
        "application/problem+json",
    )
    assert 1 <= int(last["Retry-After"]) <= 60


def test_the_description_is_valid():
    call_command("spectacular", validate=True, fail_on_warn=True, file="/dev/null")
