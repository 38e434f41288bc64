"""Entering: with projects in any state, one's own and those of others that one edits; and the
draft, which saves itself."""

import pytest
from django.urls import reverse

from accounts.role.roles import Role
from common.dates.zones import in_words
from common.mail.models import OutgoingMail
from prizes.contest.models import Category
from prizes.entry.models import Entry
from prizes.entry.workflow import Status
from stocktaking.base.workflow import Status as ProjectStatus
from stocktaking.project.models import Project
from tests.factories import (
    ActionLineFactory,
    CountryFactory,
    OrganizationFactory,
    ProjectFactory,
    UserFactory,
)
from tests.prizes.records import (
    WORDS,
    ContestFactory,
    EntryFactory,
    coeditor,
    set_phases,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def contest():
    ActionLineFactory(code="C7-EGOV")
    contest = ContestFactory()
    contest.questions.all().delete()
    set_phases(contest, "submission")
    return contest


def gate(contest):
    return reverse("prizes:enter", args=[contest.slug])


def form_of(entry):
    return reverse("prizes:entry", args=[entry.contest.slug, entry.pk])


def enter(client, contest, **data):
    category = Category.objects.get(contest=contest, action_line="C7-EGOV")
    return client.post(gate(contest), {"category": category.pk} | data, follow=True)


def submit(client, entry, **more):
    data = {"category": entry.category_id, "description": WORDS, "submit": "1"}
    return client.post(form_of(entry), data | more, follow=True).content.decode()


@pytest.mark.parametrize("status", ["published", "submitted", "on_hold", "draft"])
def test_projects_that_are_not_rejected_are_offered_with_their_status(
    client, contest, status
):
    project = ProjectFactory(status=status, title="Solar schools")
    ProjectFactory(status="refused", owner=project.owner, title="Rejected one")
    client.force_login(project.owner)

    page = client.get(gate(contest)).content.decode()
    enter(client, contest, project=project.pk)

    said = "" if status == "published" else f" ({project.get_status_display()})"
    assert f"Solar schools{said}</option>" in page
    assert "Rejected one" not in page
    assert Entry.objects.get().project == project


def test_an_entry_is_submitted_when_its_project_is(client, contest):
    project = ProjectFactory(status="draft")
    client.force_login(project.owner)
    enter(client, contest, project=project.pk)
    entry = Entry.objects.get()

    early = submit(client, entry)
    Project.objects.update(status=ProjectStatus.SUBMITTED, title="Renamed since")
    page = submit(client, entry)

    assert "Submit the project to the Stocktaking database first" in early
    assert reverse("stocktaking:project-edit", args=[project.pk]) in early
    assert WORDS in early
    assert "Your entry has been submitted" in page
    entry.refresh_from_db()
    assert (entry.status, entry.title) == (Status.SUBMITTED, "Renamed since")


def test_the_page_after_a_project_was_submitted_leads_back_to_the_entry(
    client, contest
):
    draft = EntryFactory(
        contest=contest,
        status=Status.DRAFT,
        project=ProjectFactory(status=ProjectStatus.SUBMITTED),
    )
    client.force_login(draft.owner)
    done = reverse("stocktaking:project-done", args=[draft.project_id])

    while_open = client.get(done).content.decode()
    Entry.objects.filter(pk=draft.pk).update(status=Status.SUBMITTED)
    once_submitted = client.get(done).content.decode()
    Entry.objects.filter(pk=draft.pk).update(status=Status.DRAFT)
    set_phases(contest, "nomination")
    too_late = client.get(done).content.decode()

    assert f'href="{form_of(draft)}"' in while_open
    assert form_of(draft) not in once_submitted
    assert form_of(draft) not in too_late


def test_a_returned_entry_says_until_when_it_can_come_back(client, contest):
    set_phases(contest, "nomination")
    entry = EntryFactory(contest=contest, status=Status.RETURNED)
    client.force_login(entry.owner)
    end = contest.phases.get(kind="nomination").closes_at

    page = client.get(form_of(entry)).content.decode()

    said = page.split("You can send it in again until")[1].split("</p>")[0]
    assert in_words(end, contest.zone) in said
    assert "Submission closed on" not in page


def test_an_entry_is_accepted_only_with_a_published_project(client, contest):
    entry = EntryFactory(contest=contest, status=Status.SUBMITTED)
    Project.objects.update(status=ProjectStatus.SUBMITTED)
    set_phases(contest, "nomination")
    client.force_login(UserFactory(role=Role.SECRETARIAT))
    move = reverse("prizes:entry-move", args=[contest.slug, entry.pk])

    refused = client.post(move, {"move": "accept"}).content.decode()
    Project.objects.update(status=ProjectStatus.PUBLISHED)
    accepted = client.post(move, {"move": "accept"}, follow=True).content.decode()

    assert "The project of this entry is not published." in refused
    assert "Accepted for review" in accepted


def test_a_new_project_begins_at_the_gate_and_nothing_is_typed_twice(client, contest):
    person = UserFactory()
    client.force_login(person)

    page = enter(client, contest, new_title="Bücher für alle").content.decode()
    enter(client, contest, new_title="Bücher für alle")  # sent again

    project = Project.objects.get()
    entry = Entry.objects.get()
    assert (project.title, project.status, project.owner) == (
        "Bücher für alle",
        ProjectStatus.DRAFT,
        person,
    )
    assert (entry.project, entry.owner, entry.status) == (project, person, "draft")
    assert reverse("stocktaking:project-edit", args=[project.pk]) in page
    mine = client.get(reverse("prizes:my-entries")).content.decode()
    assert "Bücher für alle" in mine


def test_neither_project_nor_title_and_both_are_refused_beside_the_field(
    client, contest
):
    project = ProjectFactory()
    client.force_login(project.owner)

    none = enter(client, contest).content.decode()
    both = enter(client, contest, project=project.pk, new_title="New").content.decode()

    assert "Choose a project, or enter the title of a new one." in none
    assert "not both" in both
    assert 'value="New"' in both
    assert not Entry.objects.exists()


def test_who_began_too_many_projects_is_told_at_the_title(client, contest, settings):
    settings.LIMITS = settings.LIMITS | {"submit": (1, 3600)}
    client.force_login(UserFactory())

    enter(client, contest, new_title="One")
    page = enter(client, contest, new_title="Two").content.decode()

    assert "You have started 1 project today" in page
    assert 'value="Two"' in page
    assert Project.objects.count() == 1


# --- co-editors ---


def test_a_coeditor_enters_writes_and_submits_but_does_not_withdraw(client, contest):
    project = ProjectFactory()
    person = coeditor(project)
    client.force_login(person)

    enter(client, contest, project=project.pk)
    entry = Entry.objects.get()
    submit(client, entry)
    page = client.get(entry.get_absolute_url()).content.decode()
    withdrawn = client.post(
        reverse("prizes:entry-move", args=[contest.slug, entry.pk]),
        {"move": "withdraw"},
    )

    entry.refresh_from_db()
    assert (entry.owner, entry.status) == (project.owner, Status.SUBMITTED)
    assert 'value="take_back"' in page
    assert 'value="withdraw"' not in page
    assert withdrawn.status_code == 403
    confirmed = OutgoingMail.objects.filter(body__contains="Digital villages")
    assert {row.to for row in confirmed} == {person.email, project.owner.email}


def test_who_edits_no_longer_reads_no_more(client, contest):
    entry = EntryFactory(contest=contest, status=Status.DRAFT)
    person = coeditor(entry.project)
    client.force_login(person)
    before = client.get(form_of(entry)).content.decode()

    entry.project.coeditors.get().revoke()
    after = client.get(form_of(entry))
    page = client.get(entry.get_absolute_url())

    assert "Save draft" in before
    assert (after.status_code, page.status_code) == (404, 404)


def test_staff_who_edit_a_project_do_not_screen_its_entry(contest):
    entry = EntryFactory(contest=contest, status=Status.SUBMITTED)
    set_phases(contest, "nomination")
    officer = coeditor(entry.project, role=Role.SECRETARIAT)

    assert entry.roles_of(officer) & {"secretariat", "coeditor"} == {"coeditor"}


# --- earlier winners ---


def imported_winner(title, organization):
    return Entry.objects.create(
        contest=ContestFactory(),
        status=Status.WINNER,
        source="A list",
        title=title,
        organization_name=organization,
    )


def test_a_winner_of_a_list_that_was_registered_afterwards_is_known(client, contest):
    imported_winner("Young Archers", "Escuela de Tiro")
    project = ProjectFactory(
        title="  YOUNG archers",
        organization=None,
        organization_name="Escuéla de tiro",
    )
    client.force_login(project.owner)

    page = enter(client, contest, project=project.pk).content.decode()

    assert "This project has already won a WSIS Prize and cannot enter." in page
    assert not Entry.objects.filter(contest=contest).exists()


@pytest.mark.parametrize(
    ("title", "organization"),
    [("Young Archers", "Another house"), ("Old Archers", "Escuela"), ("", "Escuela")],
)
def test_another_title_or_organization_has_not_won(title, organization):
    imported_winner(title, "Escuela")
    project = ProjectFactory(
        title="Young Archers", organization=None, organization_name=organization
    )

    assert not Entry.objects.has_won(project)


# --- one per organization and category ---


def typed(contest, name, **more):
    """A draft of a project whose organization is typed, not listed."""
    project = ProjectFactory(organization=None, organization_name=name, **more)
    return EntryFactory(contest=contest, project=project, status=Status.DRAFT)


def test_one_typed_name_enters_a_category_once(client, contest):
    first = typed(contest, "Ministry of Twins")
    second = typed(contest, " ministry of TWINS", country=first.country)
    Entry.objects.filter(pk=first.pk).update(status=Status.SUBMITTED)
    client.force_login(second.owner)

    page = submit(client, second, is_distinct="on")

    assert "Your organization already has an entry in this category" in page
    second.refresh_from_db()
    assert second.status == Status.DRAFT


def test_a_similar_name_is_shown_and_has_to_be_declared_another(client, contest):
    first = typed(contest, "Ministry of Digital Economy and Transport")
    second = typed(
        contest, "Ministry for Digital Economy and Transport", country=first.country
    )
    Entry.objects.filter(pk=first.pk).update(status=Status.SUBMITTED, title="Secret")
    client.force_login(second.owner)

    refused = submit(client, second)
    submitted = submit(client, second, is_distinct="on")

    assert "An organization with a similar name already has an entry" in refused
    assert 'name="is_distinct"' in refused
    assert "An entry that you cannot read." in refused
    assert "Secret" not in refused
    assert "Your entry has been submitted" in submitted


def test_the_other_entry_is_linked_for_who_may_read_it(client, contest):
    first = typed(contest, "Ministry of Digital Economy and Transport")
    second = typed(
        contest,
        "Ministry of Digital Economy and Transports",
        country=first.country,
        owner=first.owner,
    )
    Entry.objects.filter(pk=first.pk).update(status=Status.SUBMITTED)
    client.force_login(second.owner)

    page = client.get(form_of(second)).content.decode()

    assert f'href="{first.get_absolute_url()}"' in page
    assert "An entry that you cannot read." not in page


def test_the_same_name_in_another_country_is_another(client, contest):
    first = typed(contest, "Министерство цифрового развития")
    abroad = CountryFactory(code="KZ", name="Kazakhstan")
    second = typed(contest, "Министерство цифрового развития", country=abroad)
    Entry.objects.filter(pk=first.pk).update(status=Status.SUBMITTED)
    client.force_login(second.owner)

    page = submit(client, second)

    assert "Your entry has been submitted" in page


def test_an_organization_of_the_list_is_offered_for_a_typed_name(client, contest):
    draft = typed(contest, "Ministry of Digital Economy")
    near = OrganizationFactory(
        name="Ministry of the Digital Economy", country=draft.country
    )
    abroad = CountryFactory(code="TZ", name="Tanzania")
    OrganizationFactory(name="Ministry of the Digital Economy", country=abroad)
    client.force_login(draft.owner)

    page = client.get(form_of(draft)).content.decode()
    data = {"category": draft.category_id, "description": "x", "save": "1"}
    client.post(form_of(draft), data | {"organization": near.pk})
    later = client.get(form_of(draft)).content.decode()

    assert "Is your organization one of these?" in page
    assert "Ministry of the Digital Economy (" in page
    assert "Tanzania" not in page
    assert "150 to 200 words, in English." in page
    draft.refresh_from_db()
    assert draft.organization == near
    assert "Is your organization one of these?" not in later
    assert "Your entry has been submitted" in submit(client, draft)
    draft.refresh_from_db()
    assert draft.organization == near


# --- the draft saves itself ---


def by_script(client, entry, **data):
    return client.post(form_of(entry), data, headers={"HX-Request": "true"})


def test_the_page_saves_itself_counts_words_and_warns(client, contest):
    entry = EntryFactory(contest=contest, status=Status.DRAFT)
    client.force_login(entry.owner)

    page = client.get(form_of(entry)).content.decode()
    answer = by_script(
        client, entry, category=entry.category_id, description="Zwei Wörter"
    )

    assert "data-draft" in page
    assert "js/draft" in page
    assert 'data-limit="200"' in page
    assert answer["X-Draft"] == "saved"
    assert "Saved at" in answer.content.decode()
    entry.refresh_from_db()
    assert (entry.description, entry.word_count) == ("Zwei Wörter", 2)
    assert entry.status == Status.DRAFT


def test_what_is_not_valid_is_named_and_the_rest_is_kept(client, contest):
    entry = EntryFactory(contest=contest, status=Status.DRAFT)
    client.force_login(entry.owner)

    answer = by_script(client, entry, category="999999", description="Kept text")

    assert "Not saved:" in answer.content.decode()
    entry.refresh_from_db()
    assert entry.description == "Kept text"


def test_owner_and_coeditor_at_once_overwrite_nothing(client, contest):
    entry = EntryFactory(contest=contest, status=Status.DRAFT)
    client.force_login(entry.owner)
    marks = client.get(form_of(entry)).context["form"]["opened_with"].value()
    data = {"category": entry.category_id, "opened_with": marks}
    by_script(client, entry, **data, description="The owner's text")

    client.force_login(coeditor(entry.project))
    answer = by_script(client, entry, **data, description="The co-editor's text")

    page = answer.content.decode()
    assert (answer.status_code, answer["X-Draft"]) == (409, "conflict")
    assert "The owner&#x27;s text" in page
    assert "The co-editor&#x27;s text" in page
    entry.refresh_from_db()
    assert entry.description == "The owner's text"


@pytest.mark.parametrize("category", [{}, {"category": ""}, {"category": "zzz"}])
def test_a_draft_without_a_category_is_refused_beside_the_field(
    client, contest, category
):
    entry = EntryFactory(contest=contest, status=Status.DRAFT)
    client.force_login(entry.owner)
    data = {"description": "What I typed"} | category

    page = client.post(form_of(entry), data)
    told = by_script(client, entry, **data)

    assert page.status_code == 200
    assert "What I typed" in page.content.decode()
    assert page.context["form"].errors.keys() == {"category"}
    assert page.context["form"].errors["category"][0] in page.content.decode()
    assert "Not saved:" in told.content.decode()
    entry.refresh_from_db()
    assert entry.category.code == "C7-EGOV"
    assert entry.description == "What I typed"  # saved by the script


def test_after_the_deadline_the_script_is_told_and_stops(client, contest):
    entry = EntryFactory(contest=contest, status=Status.DRAFT, description="As it was")
    client.force_login(entry.owner)
    set_phases(contest, "nomination")

    answer = by_script(client, entry, category=entry.category_id, description="Late")
    page = client.get(form_of(entry)).content.decode()

    assert answer["X-Draft"] == "closed"
    assert "Submission is closed" in answer.content.decode()
    assert "data-draft" not in page
    entry.refresh_from_db()
    assert entry.description == "As it was"
