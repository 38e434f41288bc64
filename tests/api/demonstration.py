"""All that `make run` loads, in the database of the tests, and the API's description of it."""

from collections.abc import Iterator
from typing import Any

from django.db import connection, transaction
from django.test import Client, override_settings

from reference.action_line.models import ActionLine
from roadmap.agency.models import Agency
from roadmap.milestone.models import Milestone
from roadmap.review.models import ActionLineReview
from tests.forum.records import DocumentFactory
from tests.reports.records import frozen
from tests.roadmap.records import focal_point, published
from wsis_portal.loading import facts
from wsis_portal.loading.facts import FACTS
from wsis_portal.management.commands.run import DEMONSTRATION

ROOT = "/api/v1/"


# Tests begin with an empty log, in which the code lists do not stand.
CODE_LISTS_TOLD = """
UPDATE common_servedstate SET digest = '', changed_at = NULL WHERE record_kind LIKE 'reference.%';
INSERT INTO common_touched (record_kind, record_id)
SELECT record_kind, record_id FROM common_servedstate WHERE record_kind LIKE 'reference.%';
"""


def load() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(CODE_LISTS_TOLD)
    for _title, commands in FACTS:
        facts.load(commands)
    with override_settings(DEMO=True):
        for _title, command in DEMONSTRATION:
            facts.quietly(command)
    add_what_the_demonstration_lacks()


def add_what_the_demonstration_lacks() -> None:
    """One record of each kind that the API shows and that no file brings."""
    DocumentFactory()
    published(Milestone.objects.published()[0], focal_point("ITU", approves=True))
    ActionLineReview.objects.create(
        action_line=ActionLine.objects.filter(number__isnull=False)[0],
        section=ActionLineReview.Section.REACHED,
        agency=Agency.objects.get(pk="ITU"),
        text="Ширина полосы",
        language="ru",
        source="Test",
    ).keep()
    frozen()


def pages(path: str) -> Iterator[Any]:
    """The answers of a list, page by page; a list without pages is one."""
    client, url = Client(), f"{path}?page_size=100"
    if "page_size" not in names_of(path):
        url = path
    while url:
        response = client.get(url)
        assert response.status_code == 200, (url, response.content)
        yield response.json()
        body = response.json()
        url = body.get("next") if isinstance(body, dict) and "results" in body else None


_description: dict[str, Any] = {}


def description() -> dict[str, Any]:
    if not _description:
        _description.update(Client().get(f"{ROOT}openapi.json").json())
    return _description


def names_of(path: str, method: str = "get") -> set[str]:
    """Names of the parameters in the address."""
    operation = description()["paths"][path][method]
    return {
        one["name"] for one in operation.get("parameters", []) if one["in"] == "query"
    }


def lists() -> list[str]:
    """Addresses that need no key of a record."""
    return [
        path
        for path, methods in description()["paths"].items()
        if "{" not in path and "get" in methods
    ]


def below(path: str) -> list[str]:
    """Addresses of one record of a list, and of what lies below it, with a mark for the key."""
    found = []
    for one, methods in description()["paths"].items():
        rest = one.removeprefix(path)
        if one.startswith(f"{path}{{") and "get" in methods and rest.count("{") == 1:
            found.append(one)
    return found


def records(body: Any) -> list[Any]:
    """The rows of a page."""
    if isinstance(body, dict):
        return list(body.get("results", body.get("changes", [])))
    return list(body)


def key_of(path: str, row: Any) -> str:
    """What stands in the address of the row."""
    mark = path.partition("{")[2].partition("}")[0]
    names = {
        "id": "id",
        "code": "code",
        "slug": "slug",
        "kind": "kind",
        "session": "id",
    }
    assert names[mark] in row, (path, row)
    return str(row[names[mark]])
