"""Screening: checks and their answers, one entry after another, who screens what, batches."""

import re

import pytest
from django.urls import reverse
from django.utils import translation

from accounts.role.roles import Role
from common.mail.models import OutgoingMail
from prizes.contest.models import Contest
from prizes.entry.models import Entry
from prizes.entry.workflow import Status
from prizes.panel.decision import Assignment
from prizes.screening.batch import ScreeningBatch
from prizes.screening.models import (
    EntryReason,
    Finding,
    Screening,
    ScreeningCheck,
    state_of,
)
from prizes.screening.tasks import work_on_screening
from prizes.screening.usual import add_usual
from prizes.year.copying import Copy
from stocktaking.base.workflow import Status as ProjectStatus
from stocktaking.project.models import Project
from tests.factories import CountryFactory, OrganizationFactory, UserFactory
from tests.prizes.records import ContestFactory, EntryFactory, coeditor, expert

pytestmark = pytest.mark.django_db


@pytest.fixture
def contest():
    contest = ContestFactory(now="nomination")
    add_usual(contest)
    return contest


@pytest.fixture(autouse=True)
def officer(client, settings):
    settings.REQUIRE_STAFF_MFA = False
    person = UserFactory(role=Role.SECRETARIAT, first_name="Ada", last_name="One")
    client.force_login(person)
    return person


def submitted(contest, **more):
    return EntryFactory(contest=contest, status=Status.SUBMITTED, **more)


def list_of(contest, query=""):
    return reverse("admin:prizes_contest_screening", args=[contest.pk]) + f"?{query}"


def page_of(entry, query=""):
    return (
        reverse(
            "admin:prizes_contest_screening_entry", args=[entry.contest_id, entry.pk]
        )
        + f"?{query}"
    )


def passed(entry):
    screening = Screening.objects.get_or_create(entry=entry)[0]
    screening.store_answers(
        {check.pk: ("yes", "") for check in entry.contest.checks.all()}
    )
    screening.save()
    return entry


def titles(response):
    return re.findall(r'id="entry-\d+"\s+href="[^"]+"><bdi>([^<]+)', text(response))


def text(response):
    return response.content.decode()


# --- states ---


@pytest.mark.parametrize(
    ("answers", "state"),
    [
        ({}, "open"),
        ({1: "yes"}, "open"),
        ({1: "yes", 2: "yes"}, "passed"),
        ({1: "yes", 2: "unclear"}, "unclear"),
        ({1: "unclear"}, "open"),
        ({2: "no"}, "failed"),
        ({1: "unclear", 2: "no"}, "failed"),
    ],
)
def test_the_state_follows_from_the_answers(answers, state):
    assert state_of({1, 2}, answers) == state


def test_a_contest_without_checks_is_never_passed():
    assert state_of(set(), {}) == "open"


# --- one entry ---


def test_yes_to_all_accepts_and_opens_the_next_in_one_press(client, contest, officer):
    first, second = submitted(contest, title="Aa"), submitted(contest, title="Bb")

    answer = client.post(page_of(first, "sort=title_key"), {"move": "pass"})

    assert answer.url == page_of(second, "sort=title_key")
    first.refresh_from_db()
    assert (first.status, first.screening.state) == (Status.ACCEPTED, "passed")
    assert first.screening.updated_by == officer
    assert first.screening.screener == officer
    page = text(client.get(answer.url))
    assert "1 of 1" in page
    assert "Aa: Accepted for review" in page


def test_what_the_portal_finds_is_offered_and_not_stored(client, contest):
    entry = submitted(contest, description="Too short", title="Same")
    submitted(contest, title=" SAME ", line="C1")
    Project.objects.filter(pk=entry.project_id).update(status=ProjectStatus.SUBMITTED)

    page = client.get(page_of(entry))

    offered = {
        row.finds: page.context["form"].initial.get(f"check_{row.pk}")
        for row in contest.checks.all()
    }
    assert offered == {"project": "no", "words": "no", "twins": "unclear", "": None}
    assert "Likely duplicates" in text(page)
    assert not Finding.objects.exists()


def test_answers_and_notes_are_stored_and_shown_to_colleagues(client, contest):
    entry = submitted(contest)
    check = contest.checks.last()

    client.post(
        page_of(entry),
        {
            "move": "save",
            f"check_{check.pk}": "no",
            f"why_{check.pk}": "Says nothing",
            "note": "Ask Ada",
        },
    )
    page = text(client.get(page_of(entry)))

    entry.refresh_from_db()
    assert (entry.status, entry.screening.state) == (Status.SUBMITTED, "failed")
    assert "Says nothing" in page
    assert "Ask Ada" in page
    assert titles(client.get(list_of(contest, "state=failed"))) == [entry.title]


def test_a_canned_reason_reaches_the_entrant_in_their_language(client, contest):
    entry = submitted(contest)
    entry.owner.language = "fr"
    entry.owner.save()
    reason = contest.entry_reasons.get(move="send_back", order=1)

    client.post(
        page_of(entry),
        {
            "move": "send_back",
            "send_back-reasons": [reason.pk],
            "send_back-line": "Voir page 2",
        },
    )

    entry.refresh_from_db()
    told = OutgoingMail.objects.get(to=entry.owner.email).body
    assert entry.status == Status.RETURNED
    assert "avec quel résultat" in told
    assert "Voir page 2" in told


def test_a_rejection_without_a_reason_loses_no_answer(client, contest):
    entry = submitted(contest)
    check = contest.checks.first()

    page = client.post(
        page_of(entry), {"move": "refuse", f"check_{check.pk}": "no", "note": "Mine"}
    )

    entry.refresh_from_db()
    assert page.status_code == 409
    assert "Enter a reason" in text(page)
    assert "Mine" in text(page)
    assert entry.status == Status.SUBMITTED


def test_two_screeners_at_once_overwrite_nothing(client, contest):
    entry = submitted(contest)
    marks = client.get(page_of(entry)).context["form"]["opened_with"].value()
    data = {"move": "save", "opened_with": marks}
    client.post(page_of(entry), data | {"note": "The first note"})

    page = client.post(page_of(entry), data | {"note": "The second note"})

    assert page.status_code == 409
    assert "The first note" in text(page)
    assert "The second note" in text(page)
    assert Screening.objects.get().note == "The first note"


def test_answers_of_other_kinds_are_refused_with_a_sentence(client, contest):
    entry = submitted(contest)
    check = contest.checks.first()

    page = client.post(
        page_of(entry), {"move": "save", f"check_{check.pk}": "maybe", "note": "Kept"}
    )

    assert page.status_code == 400
    assert "Nothing was saved" in text(page)
    assert "Kept" in text(page)
    assert not Screening.objects.exists()


def test_an_acceptance_is_withdrawn_until_an_expert_has_the_entry(client, contest):
    entry = submitted(contest)
    client.post(page_of(entry), {"move": "pass"})
    query = "status=accepted"

    client.post(page_of(entry, query), {"move": "reopen"})
    entry.refresh_from_db()
    back = entry.status
    client.post(page_of(entry), {"move": "accept"})
    Assignment.objects.create(entry=entry, expert=expert(entry.category))
    page = client.post(page_of(entry, query), {"move": "reopen"})

    entry.refresh_from_db()
    assert (back, entry.status) == (Status.SUBMITTED, Status.ACCEPTED)
    assert "Experts have this entry already." in text(page)


# --- the list ---


def test_the_list_filters_and_sorts_without_a_script(client, contest):
    kenya = submitted(contest, title="Short", description="Two words")
    uganda = submitted(
        contest, title="Zebra", country=CountryFactory(code="UG", name="Uganda")
    )
    one = submitted(contest, title="Twin", line="C1")
    other = submitted(contest, title="twin", line="C3")

    def shown(query):
        return titles(client.get(list_of(contest, query)))

    assert shown("length=on") == [kenya.title]
    assert shown("country=UG") == [uganda.title]
    assert shown("category=C1") == [one.title]
    assert shown("twins=on") == [one.title, other.title]
    assert shown("sort=words")[0] == "Short"
    assert shown("sort=title_key")[-1] == "Zebra"
    assert len(shown("screener=none&state=open")) == 4
    assert len(shown("screener=x&country=XX&sort=drop")) == 4
    assert "No entries fit these filters." in text(
        client.get(list_of(contest, "status=refused"))
    )


def test_a_similar_organization_in_the_category_is_a_likely_duplicate(client, contest):
    names = ("Ministry of Digital Economy", "Ministry for Digital Economy")
    first, second = (
        submitted(
            contest, organization=OrganizationFactory(name=name), organization_name=name
        )
        for name in names
    )
    submitted(contest, line="C1", organization_name=names[0])

    page = client.get(list_of(contest, "twins=on"))

    assert sorted(titles(page)) == sorted([first.title, second.title])


def test_sealed_and_imported_entries_and_ones_own_are_in_no_queue(
    client, contest, officer
):
    sealed = ContestFactory(now="submission")
    EntryFactory(contest=sealed, status=Status.SUBMITTED)
    Entry.objects.create(
        contest=contest, status=Status.SUBMITTED, source="A list", title="Imported"
    )
    own = submitted(contest)
    coeditor(own.project)
    type(own.project.coeditors.get()).objects.update(user=officer)

    assert titles(client.get(list_of(contest))) == []
    assert titles(client.get(list_of(sealed))) == []
    assert client.get(page_of(own)).status_code == 404


def test_queries_of_the_list_and_the_page_do_not_grow(
    client, contest, django_assert_max_num_queries
):
    entry = submitted(contest)
    client.get(list_of(contest))
    with django_assert_max_num_queries(26) as one:
        client.get(list_of(contest))
    for _n in range(9):
        passed(submitted(contest))
    with django_assert_max_num_queries(len(one.captured_queries)) as ten:
        client.get(list_of(contest))
    with django_assert_max_num_queries(30):
        client.get(page_of(entry))

    assert len(ten.captured_queries) == len(one.captured_queries)


@pytest.mark.parametrize("role", [Role.MEMBER, Role.EXPERT, Role.AGENCY])
def test_others_do_not_get_in(client, contest, role):
    entry = submitted(contest)
    client.force_login(UserFactory(role=role))

    answers = [
        client.get(list_of(contest)),
        client.post(page_of(entry), {"move": "pass"}),
        client.get(reverse("admin:prizes_contest_screening_accept", args=[contest.pk])),
    ]

    entry.refresh_from_db()
    assert {answer.status_code for answer in answers} <= {302, 403, 404}
    assert entry.status == Status.SUBMITTED


# --- who screens what ---


def test_entries_are_shared_out_evenly_and_nobody_gets_their_own(
    client, contest, officer
):
    second = UserFactory(role=Role.SECRETARIAT, last_name="Two")
    entries = [submitted(contest, line="C1") for _n in range(6)]
    own = submitted(contest, owner=second)

    page = client.post(
        list_of(contest), {"officers": [officer.pk, second.pk], "all": "1"}, follow=True
    )
    again = client.post(
        list_of(contest), {"officers": [officer.pk], "all": "1"}, follow=True
    )

    loads = {
        who: Screening.objects.filter(screener=who).count() for who in (officer, second)
    }
    assert sorted(loads.values()) == [3, 4]
    assert Screening.objects.get(entry=own).screener == officer
    assert f"{officer}: " in text(page)
    assert f"{officer}: 0" in text(again)
    assert len(entries) == 6


def test_selected_entries_go_to_somebody_else_with_what_was_answered(
    client, contest, officer
):
    second = UserFactory(role=Role.SECRETARIAT, last_name="Two")
    entry = passed(submitted(contest))
    other = submitted(contest)

    client.post(
        list_of(contest),
        {"officers": [second.pk], "ids": [entry.pk, "x"], "selected": "1"},
    )

    entry.refresh_from_db()
    assert (entry.screening.screener, entry.screening.state) == (second, "passed")
    assert not Screening.objects.filter(entry=other).exists()
    assert titles(client.get(list_of(contest, f"screener={second.pk}"))) == [
        entry.title
    ]


def test_nobody_selected_is_said(client, contest):
    page = client.post(list_of(contest), {"all": "1"}, follow=True)

    assert "Select at least one officer." in text(page)


def test_the_year_shows_the_progress_of_each_screener(client, contest, officer):
    passed(submitted(contest))
    Screening.objects.update(screener=officer)

    page = text(client.get(reverse("admin:prizes_contest_year", args=[contest.pk])))

    assert "Screening by screener" in page
    assert f"<bdi>{officer}</bdi>" in page


# --- batches ---


def accept(client, contest, query=""):
    address = reverse("admin:prizes_contest_screening_accept", args=[contest.pk])
    page = client.get(f"{address}?{query}")
    token = page.context["token"]
    return page, client.post(address, {"token": token})


def test_all_that_pass_and_fit_the_filters_are_accepted_and_taken_back(
    client, contest, django_capture_on_commit_callbacks
):
    good = [passed(submitted(contest, line="C1")) for _n in range(3)]
    passed(submitted(contest, line="C3", title="Other category"))
    submitted(contest, line="C1", title="Not answered")

    page, begun = accept(client, contest, "category=C1")
    later = passed(submitted(contest, line="C1", title="Came later"))
    work_on_screening()
    done = text(client.get(begun.url))
    accepted = set(Entry.objects.filter(status=Status.ACCEPTED))
    client.post(begun.url)
    work_on_screening()
    undone = text(client.get(begun.url))

    assert "3 entries of this list pass every check" in text(page)
    assert accepted == set(good)
    assert "3 of 3 processed" in done
    assert "Undo the whole batch" in done
    assert "Undone: 3" in undone
    assert not Entry.objects.filter(status=Status.ACCEPTED).exists()
    assert later.status == Status.SUBMITTED


def test_one_that_cannot_be_accepted_stops_nobody_else(client, contest):
    good, changed, gone = (passed(submitted(contest)) for _n in range(3))
    _page, begun = accept(client, contest)
    Screening.objects.filter(entry=changed).update(state="unclear")
    Project.objects.filter(pk=gone.project_id).update(status=ProjectStatus.ARCHIVED)

    work_on_screening()

    page = text(client.get(begun.url))
    good.refresh_from_db()
    assert good.status == Status.ACCEPTED
    assert "Its answers were changed after the preview." in page
    assert "The project of this entry is not published." in page


def test_a_forged_or_foreign_preview_is_refused(client, contest):
    passed(submitted(contest))
    other = ContestFactory(now="nomination")
    mine = reverse("admin:prizes_contest_screening_accept", args=[contest.pk])
    token = client.get(mine).context["token"]
    theirs = reverse("admin:prizes_contest_screening_accept", args=[other.pk])

    answers = [
        client.post(mine, {"token": "x"}),
        client.post(theirs, {"token": token}),
    ]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert not ScreeningBatch.objects.exists()


# --- checks and reasons ---


def test_the_usual_checks_and_reasons_come_in_six_languages_once(client, settings):
    contest = ContestFactory(now="nomination")

    for _n in range(2):
        client.post(list_of(contest), {"usual": "1"})

    assert contest.checks.count() == 5
    assert contest.entry_reasons.count() == 5
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            assert len({row.text for row in contest.checks.all()}) == 5
        assert all(
            row.texts.filter(language=code).exists()
            for row in contest.entry_reasons.all()
        )
    arabic = ScreeningCheck.objects.get(contest=contest, order=1).text_ar
    assert arabic.startswith("المشروع")


def test_checks_and_reasons_are_copied_with_their_contest(contest):
    new = {"year": 2099, "slug": "2099", "title": "Copy", "start_date": None}

    made = Copy(contest, new, ["screening"]).save()

    assert isinstance(made, Contest)
    assert [row.text_ru for row in made.checks.all()] == [
        row.text_ru for row in contest.checks.all()
    ]
    texts = EntryReason.objects.get(contest=made, move="refuse", order=2).texts
    assert texts.get(language="es").label == "Ganador de una edición anterior"
    assert contest.entry_reasons.count() == made.entry_reasons.count() == 5
