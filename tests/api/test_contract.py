"""The description of the API (OpenAPI) is what is served: walked over all demo data, with a client
that a generator has made from it, and with what it does not name."""

import importlib
import json
import subprocess
import sys

import httpx
import pytest
from django.conf import settings
from django.test import Client, override_settings
from jsonschema import Draft202012Validator

from tests import factories
from tests.api import demonstration
from tests.api.asking import send, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("all_demo_data")]
OF_EACH = 12  # records of a kind that are read one by one; the lists hold all of them


@pytest.fixture(scope="module")
def answers(all_demo_data, django_db_blocker):
    """(path of the description, answer) of every operation that reads, over all records."""
    unlimited = dict.fromkeys(settings.LIMITS, (10**6, 60))
    with django_db_blocker.unblock(), override_settings(LIMITS=unlimited):
        return list(all_answers())


def all_answers():
    for path in demonstration.lists():
        rows = []
        for body in demonstration.pages(path):
            rows += demonstration.records(body)
            yield path, body
        for detail in demonstration.below(path):
            for row in rows[:: max(1, len(rows) // OF_EACH)]:
                mark = detail[detail.index("{") : detail.index("}") + 1]
                url = detail.replace(mark, demonstration.key_of(detail, row))
                response = Client().get(url)
                assert response.status_code == 200, (url, response.content)
                yield detail, response.json()


def test_every_answer_is_as_the_description_says(answers):
    described = demonstration.description()
    seen, wrong = set(), []

    for path, body in answers:
        answer = described["paths"][path]["get"]["responses"]["200"]
        schema = answer["content"]["application/json"]["schema"]
        validator = Draft202012Validator(
            schema | {"components": described["components"]}
        )
        errors = list(validator.iter_errors(body))
        wrong += [(path, [*one.absolute_path], one.message[:200]) for one in errors[:2]]
        seen.add(path)

    reading = {path for path, methods in described["paths"].items() if "get" in methods}
    assert wrong[:20] == []
    assert reading - seen == set()


def test_a_generated_client_reads_every_record(answers, tmp_path):
    (tmp_path / "openapi.json").write_text(json.dumps(demonstration.description()))
    made = subprocess.run(
        [
            sys.executable,
            "-m",
            "openapi_python_client",
            "generate",
            "--meta",
            "none",
            "--path",
            "openapi.json",
            "--output-path",
            "wsis_client",
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stdout + made.stderr
    assert "unable to generate" not in made.stdout.lower() + made.stderr.lower()
    sys.path.insert(0, str(tmp_path))
    try:
        client = importlib.import_module("wsis_client").Client(
            base_url="http://testserver"
        )
        read = 0
        for path, body in answers:
            operation = demonstration.description()["paths"][path]["get"]
            module = importlib.import_module(
                f"wsis_client.api.{operation['tags'][0].replace('-', '_')}."
                f"{operation['operationId']}"
            )
            found = module._parse_response(
                client=client, response=httpx.Response(200, json=body)
            )
            assert found is not None
            read += 1
    finally:
        sys.path.remove(str(tmp_path))
    assert read > 100


@pytest.mark.parametrize("name", ["no_such_parameter", "dry_run"])
def test_what_the_description_does_not_name_is_refused_everywhere(name):
    taken = []
    client = signed_in(factories.UserFactory())

    for path, methods in demonstration.description()["paths"].items():
        if path.endswith("openapi.json"):
            continue
        url = path.replace("{", "1").replace("}", "")
        for mark in ("1id", "1slug", "1code", "1kind", "1session"):
            url = url.replace(mark, "1")
        for method in methods:
            response = client.generic(
                method.upper(), f"{url}?{name}=1", "{}", "application/json"
            )
            errors = response.json()["errors"]
            if response.status_code != 400 or errors[0]["field"] != name:
                taken.append((method, url, response.status_code, errors))

    assert taken == []


@pytest.mark.parametrize("method", ["OPTIONS", "HEAD", "PUT", "TRACE", "DELETE"])
def test_other_methods_are_answered(method):
    response = Client().generic(method, "/api/v1/meetings/?no_such_parameter=1")

    assert response.status_code in (200, 400, 401, 405)


def test_every_operation_has_a_word_of_its_own_and_stands_in_a_group():
    operations = [
        operation
        for methods in demonstration.description()["paths"].values()
        for operation in methods.values()
    ]

    assert len({operation["operationId"] for operation in operations}) == len(
        operations
    )
    assert len({operation["tags"][0] for operation in operations}) > 10
    assert [
        one["operationId"] for one in operations if not one.get("description")
    ] == []


@pytest.mark.parametrize(
    "url",
    [
        "/api/v1/",
        "/api/v1/nothing/",
        "/api/v1/projects/x/",
        "/api/v1/codelists/%ff/",
        "/api/v1/projects/999999999/",
        "/api/v1/projects/?q=%00",
        "/api/v1/projects/?page=2",
        f"/api/v1/projects/?q={'x' * 9000}",
        "/api/v1/meetings/0/",
        "/api/v1/bodies/-/",
    ],
)
def test_every_refusal_has_the_body_that_the_description_promises(url):
    described = demonstration.description()["components"]

    response = Client().get(url)

    schema = {"$ref": "#/components/schemas/Problem", "components": described}
    assert response.status_code in (400, 404, 414)
    assert response["Content-Type"] == "application/problem+json"
    assert list(Draft202012Validator(schema).iter_errors(response.json())) == []
    assert response.json()["errors"][0]["detail"] == response.json()["detail"]


def test_every_record_of_every_list_is_in_the_feed():
    """Whoever follows the feed from its start has a copy of all that the API lists."""
    after, urls = "", set()
    while True:
        body = Client().get(f"/api/v1/changes/?limit=500&after={after}").json()
        urls |= {row["url"] for row in body["changes"]}
        after = body["next"]
        if not body["has_more"]:
            break

    missing = []
    for path in demonstration.lists():
        depth = path.count("/") + 1
        details = [one for one in demonstration.below(path) if one.count("/") == depth]
        for page in demonstration.pages(path):
            for row in demonstration.records(page):
                for detail in details:
                    mark = detail[detail.index("{") :].rstrip("/")
                    url = detail.replace(mark, demonstration.key_of(detail, row))
                    missing += [url] if f"http://testserver{url}" not in urls else []

    assert missing == []


def test_a_field_that_cannot_be_written_is_refused():
    client = signed_in(factories.UserFactory())

    asked = {
        "title": "Telecentres",
        "external_id": "ITU-7",
        "dry_run": True,
        "owner": 1,
    }
    response = send(client, "POST", "/api/v1/projects/", asked)

    assert response.status_code == 400
    assert [(row["field"], row["detail"]) for row in response.json()["errors"]] == [
        ("external_id", "This field cannot be changed."),
        ("dry_run", "There is no field with this name."),
        ("owner", "There is no field with this name."),
    ]
