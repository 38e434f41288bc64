"""Code lists for machines: names in the language asked for, and nothing sent twice."""

import pytest

from reference.code_list.api import CODELISTS

pytestmark = pytest.mark.django_db


def read(client, kind, query="", **headers):
    return client.get(f"/api/v1/codelists/{kind}/{query}", headers=headers)


def test_all_code_lists_are_named(client):
    lists = client.get("/api/v1/codelists/").json()

    assert [entry["kind"] for entry in lists] == sorted(CODELISTS)
    assert lists[0]["url"] == "http://testserver/api/v1/codelists/action_line/"


@pytest.mark.parametrize("kind", sorted(CODELISTS))
def test_a_list_has_all_codes(client, kind):
    body = read(client, kind).json()

    assert (body["kind"], body["language"]) == (kind, "en")
    assert {term["code"] for term in body["terms"]} == set(
        CODELISTS[kind].objects.values_list("pk", flat=True)
    )


def test_terms_say_what_belongs_to_them(client):
    lines = {term["code"]: term for term in read(client, "action_line").json()["terms"]}
    countries = {term["code"]: term for term in read(client, "country").json()["terms"]}

    assert lines["C7-EGOV"] == {
        "code": "C7-EGOV",
        "name": "E-government",
        "parent": "C7",
        "number": 7,
    }
    assert countries["KE"] == {
        "code": "KE",
        "name": "Kenya",
        "iso3": "KEN",
        "m49": "404",
        "region": "AFR",
        "commissions": ["ECA"],
        "is_ldc": False,
    }


def test_the_language_asked_for(client):
    asked = read(client, "sdg", "?lang=ru").json()
    accepted = read(client, "sdg", accept_language="ar").json()
    both = read(client, "sdg", "?lang=zh-hans", accept_language="ar").json()

    assert asked["terms"][0]["name"] == "Ликвидация нищеты"
    assert accepted["terms"][0]["name"] == "القضاء على الفقر"
    assert both["terms"][0]["name"] == "无贫穷"


def test_what_is_known_is_not_sent_again(client):
    first = read(client, "country")

    again = read(client, "country", if_none_match=first["ETag"])
    other = read(client, "country", "?lang=fr", if_none_match=first["ETag"])

    assert (again.status_code, again.content, again["ETag"]) == (
        304,
        b"",
        first["ETag"],
    )
    assert other.status_code == 200
    assert other["ETag"] != first["ETag"]


@pytest.mark.parametrize(("path", "status"), [("sdg/?lang=de", 400), ("planet/", 404)])
def test_what_is_not_there(client, path, status):
    response = client.get(f"/api/v1/codelists/{path}")

    assert response.status_code == status
    assert response.json()["errors"][0]["field"] == ("lang" if status == 400 else None)


def test_nobody_writes_code_lists(client):
    assert client.post("/api/v1/codelists/sdg/").status_code in {401, 403, 405}


@pytest.mark.parametrize(("kind", "queries"), [("sdg", 1), ("country", 2)])
def test_queries(client, django_assert_num_queries, kind, queries):
    with django_assert_num_queries(queries):  # the list; commissions of countries
        read(client, kind)
