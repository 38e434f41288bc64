"""Phases of the consultation that are changed in one form are judged as they will be."""

import datetime

import pytest
from django.urls import reverse

from accounts.role.roles import Role
from forum.consultation.phases import Phase
from tests.factories import UserFactory
from tests.forum.records import EditionFactory

pytestmark = pytest.mark.django_db
JANUARY = [(1, "Call", 4, 10), (2, "Reading", 11, 20), (3, "Review meeting", 21, 25)]


@pytest.fixture
def edition():
    edition = EditionFactory()
    for number, name, first, last in JANUARY:
        Phase.objects.create(
            edition=edition,
            number=number,
            name=name,
            opens_on=datetime.date(2027, 1, first),
            closes_on=datetime.date(2027, 1, last),
        )
    return edition


def rows_of(page):
    """The forms of the phases as the page has them."""
    formsets = (inline.formset for inline in page.context["inline_admin_formsets"])
    return next(
        formset for formset in formsets if formset.prefix == "phases"
    ).initial_forms


def saved(client, edition, rows):
    """The edition's form with rows of (number, name, first day, last day), in stored order."""
    client.force_login(UserFactory(role=Role.SECRETARIAT))
    url = reverse("admin:forum_edition_change", args=[edition.pk])
    page = client.get(url)
    data = {}
    for bound in page.context["adminform"].form:
        value = bound.value()
        if value not in (None, False):
            data[bound.html_name] = value
    stored = list(edition.phases.order_by("pk"))
    for inline in page.context["inline_admin_formsets"]:
        prefix = inline.formset.prefix
        data |= {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0}
    data |= {"phases-TOTAL_FORMS": len(rows), "phases-INITIAL_FORMS": len(stored)}
    for n, (number, name, first, last) in enumerate(rows):
        data |= {
            f"phases-{n}-number": number,
            f"phases-{n}-name": name,
            f"phases-{n}-opens_on": first and f"2027-01-{first:02}",
            f"phases-{n}-closes_on": f"2027-01-{last:02}",
            f"phases-{n}-edition": edition.pk,
        }
        if n < len(stored):
            data[f"phases-{n}-id"] = stored[n].pk
            data[f"phases-{n}-opened_with"] = rows_of(page)[n]["opened_with"].value()
    return client.post(url, data)


def days(edition):
    rows = edition.phases.order_by("number")
    return [
        (p.number, p.name, p.opens_on and p.opens_on.day, p.closes_on.day) for p in rows
    ]


@pytest.mark.parametrize(
    "rows",
    [
        [(1, "Call", 4, 15), (2, "Reading", 16, 25), (3, "Review meeting", 26, 30)],
        [(1, "Call", 1, 2), (2, "Reading", 3, 4), (3, "Review meeting", 5, 6)],
        [(2, "Call", 11, 20), (1, "Reading", 4, 10), (3, "Review meeting", 21, 25)],
        [
            (1, "Call", 4, 10),
            (2, "Reading", 11, 12),
            (4, "Review meeting", 21, 25),
            (3, "Drafting", 13, 20),
        ],
        [(1, "Call", "", 10), (2, "Reading", 11, 22), (3, "Review meeting", 23, 25)],
    ],
    ids=["later", "earlier", "swapped", "one between", "first day unknown"],
)
def test_the_call_is_extended_and_the_rest_moved_in_one_save(client, edition, rows):
    answer = saved(client, edition, rows)

    assert answer.status_code == 302, answer.context["errors"]
    assert days(edition) == sorted(
        (n, name, first or None, last) for n, name, first, last in rows
    )


def test_what_lies_wrong_afterwards_is_said_with_the_names_of_the_rows(client, edition):
    rows = [(1, "Call", 4, 15), (2, "Reading", 11, 20), (3, "Review meeting", 21, 25)]

    answer = saved(client, edition, rows)

    page = answer.content.decode()
    assert answer.status_code == 200
    assert (
        "“2. Reading” begins on 11 January 2027, but “1. Call” ends only on 15" in page
    )
    assert days(edition) == JANUARY


def test_two_new_rows_are_judged_by_each_other_too(client):
    edition = EditionFactory()

    answer = saved(client, edition, [(1, "Call", 4, 15), (2, "Reading", 11, 20)])

    assert "“2. Reading” begins on 11 January 2027" in answer.content.decode()
    assert days(edition) == []
