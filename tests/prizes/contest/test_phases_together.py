"""Phases of a contest that are changed in one form are judged as they will be."""

import datetime

import pytest
from django.urls import reverse

from accounts.role.roles import Role
from prizes.contest.models import Phase
from tests.factories import UserFactory
from tests.prizes.records import ContestFactory

pytestmark = pytest.mark.django_db
KINDS = ("submission", "nomination", "voting")


def day(number, hour=12):
    return datetime.datetime(2040, 3, number, hour, tzinfo=datetime.UTC)


@pytest.fixture
def contest():
    contest = ContestFactory(now="none", year=2040, time_zone="Asia/Kathmandu")
    for rows in (contest.phases, contest.criteria, contest.questions):
        rows.all().delete()
    for n, kind in enumerate(KINDS):
        Phase.objects.create(
            contest=contest,
            kind=kind,
            opens_at=day(1 + 5 * n),
            closes_at=day(5 + 5 * n),
        )
    return contest


def rows_of(page):
    """The forms of the phases as the page has them."""
    formsets = (inline.formset for inline in page.context["inline_admin_formsets"])
    return next(
        formset for formset in formsets if formset.prefix == "phases"
    ).initial_forms


def saved(client, contest, starts):
    """The contest's form with phases that begin on these days and last four; None: as stored."""
    client.force_login(UserFactory(role=Role.SECRETARIAT))
    url = reverse("admin:prizes_contest_change", args=[contest.pk])
    page = client.get(url)
    data = {}
    for bound in page.context["adminform"].form:
        value = bound.value()
        if value not in (None, False, []) and not bound.field.disabled:
            data[bound.html_name] = value
    for formset in page.context["inline_admin_formsets"]:
        for bound in formset.formset.management_form:
            data[bound.html_name] = bound.value()
    data["phases-TOTAL_FORMS"] = len(starts)
    stored = list(contest.phases.order_by("pk"))
    for n, (kind, start) in enumerate(starts):
        data |= {
            f"phases-{n}-kind": kind,
            f"phases-{n}-hour_known": "on",
            f"phases-{n}-contest": contest.pk,
            f"phases-{n}-opens_at_0": f"2040-03-{start:02}",
            f"phases-{n}-opens_at_1": "17:45",
            f"phases-{n}-closes_at_0": f"2040-03-{start + 4:02}",
            f"phases-{n}-closes_at_1": "17:45",
        }
        if n < len(stored):
            data[f"phases-{n}-id"] = stored[n].pk
            data[f"phases-{n}-opened_with"] = rows_of(page)[n]["opened_with"].value()
    return client.post(url, data)


def begins(contest):
    return [(p.kind, p.opens_at) for p in contest.phases.order_by("number")]


@pytest.mark.parametrize("days", [(3, 9, 15), (20, 21, 22), (1, 1, 1)])
def test_all_phases_are_moved_in_one_save(client, contest, days):
    answer = saved(client, contest, list(zip(KINDS, days, strict=True)))

    assert answer.status_code == 302, answer.context["errors"]
    assert begins(contest) == [(k, day(d)) for k, d in zip(KINDS, days, strict=True)]


def test_what_lies_wrong_afterwards_is_said_with_the_names_of_the_rows(client, contest):
    before = begins(contest)

    answer = saved(
        client, contest, [("submission", 1), ("nomination", 12), ("voting", 11)]
    )

    page = answer.content.decode()
    assert (
        "“Public voting” cannot open before “Nomination by expert groups” opens."
        in page
    )
    assert begins(contest) == before


def test_two_new_phases_are_judged_by_each_other_too(client, contest):
    Phase.objects.filter(contest=contest).delete()

    answer = saved(client, contest, [("submission", 9), ("voting", 3)])

    assert (
        "“Public voting” cannot open before “Submission” opens."
        in answer.content.decode()
    )
    assert begins(contest) == []


def test_the_dates_of_a_phase_that_has_begun_stand_in_this_form_too(client, contest):
    now = datetime.datetime.now(datetime.UTC)
    phase = contest.phases.get(kind="submission")
    Phase.objects.filter(pk=phase.pk).update(opens_at=now - datetime.timedelta(days=1))

    saved(client, contest, [("submission", 2), ("nomination", 9), ("voting", 15)])

    phase.refresh_from_db()
    assert (phase.opens_at, phase.closes_at) == (
        now - datetime.timedelta(days=1),
        day(5),
    )
    assert contest.phases.get(kind="voting").opens_at == day(15)
