"""ISBN and DOI: what is accepted, and how a report is cited with them."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from reports.citation.models import validate_doi, validate_isbn
from reports.citation.text import citation
from tests.factories import UserFactory
from tests.reports.records import frozen, secretariat

ISBN = "978-92-61-14881-2"


@pytest.mark.parametrize("text", [ISBN, "9789261148812", "978 92 61 14881 2"])
def test_an_isbn_with_its_check_digit(text):
    validate_isbn(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("978-92-61-14881-3", "check_digit"),
        ("979-92-61-14881-2", "check_digit"),
        ("92-61-14881-2", "form"),
        ("978926114881X", "form"),
        ("٩٧٨٩٢٦١١٤٨٨١٢", "form"),
    ],
)
def test_what_is_no_isbn(text, code):
    with pytest.raises(ValidationError) as refused:
        validate_isbn(text)

    assert refused.value.code == code


def test_a_doi_is_a_name_and_no_address():
    validate_doi("10.1234/abc(1)-d.e")

    for text in (
        "https://doi.org/10.1234/a",
        "10.12/a",
        "10.1234/",
        "10.1234/a b",
        "a",
    ):
        with pytest.raises(ValidationError):
            validate_doi(text)


def test_a_doi_is_the_better_address():
    cited = citation(
        "ITU", 2014, "A report", isbn=ISBN, doi="10.1234/a", address="http://a"
    )

    assert cited == f"ITU (2014). A report. ISBN {ISBN}. https://doi.org/10.1234/a"


def test_without_an_address_it_ends_as_a_sentence():
    assert citation("ITU", 2008, "A report", address="") == "ITU (2008). A report."


@pytest.mark.django_db
def test_the_secretariat_enters_what_the_library_gave(client):
    publication = frozen()
    client.force_login(secretariat())
    page = reverse("admin:reports_publication_change", args=[publication.pk])

    refused = client.post(page, {"isbn": "978-92-61-14881-3", "doi": "x"})
    saved = client.post(page, {"isbn": ISBN, "doi": "10.1234/a", "title": "Other"})

    errors = refused.context["adminform"].form.errors
    assert (set(errors), saved.status_code) == ({"isbn", "doi"}, 302)
    publication.refresh_from_db()
    assert (publication.isbn, publication.doi) == (ISBN, "10.1234/a")
    assert publication.title != "Other"


@pytest.mark.django_db
def test_the_page_says_how_to_cite_the_version(client, settings):
    settings.SITE_URL = "https://portal.example"
    publication = frozen()
    path = reverse("reports:version", args=[publication.pk, 1])

    before = client.get(publication.get_absolute_url()).content.decode()
    type(publication).objects.update(isbn=ISBN, doi="10.1234/a")
    after = client.get(publication.get_absolute_url()).content.decode()
    (row,) = client.get("/api/v1/reports/").json()["results"]

    assert f"{publication.title}, Version 1. https://portal.example{path}" in before
    assert f"Version 1. ISBN {ISBN}. https://doi.org/10.1234/a" in after
    assert (row["isbn"], row["doi"]) == (ISBN, "10.1234/a")


@pytest.mark.django_db
def test_members_do_not_enter_it(client):
    publication = frozen()
    client.force_login(UserFactory())
    page = reverse("admin:reports_publication_change", args=[publication.pk])

    assert client.post(page, {"isbn": ISBN}).status_code == 403
