"""A member's own entries: start, draft, check, submit, and look after them."""

import pytest
from django.conf import settings
from django.urls import reverse

from accounts.role.roles import Role
from common.mail.models import OutgoingMail
from stocktaking.base.workflow import Status
from stocktaking.project.models import Project
from tests.factories import MemberFactory, ProjectFactory, UserFactory
from tests.stocktaking.project_form import COMPLETE, post


def url(name, *args):
    return reverse(f"stocktaking:{name}", args=args)


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["my-projects"])
def test_own_pages_ask_to_sign_in(client, page):
    response = client.get(url(page))

    assert response.url == f"{reverse(settings.LOGIN_URL)}?next={url(page)}"


@pytest.mark.django_db
def test_starting_asks_to_sign_in_and_comes_back(client):
    response = client.post(url("project-new"))

    assert response.url == f"{reverse(settings.LOGIN_URL)}?next={url('project-new')}"


@pytest.mark.django_db
def test_start_makes_a_draft_with_what_the_profile_knows(client):
    member = MemberFactory()
    client.force_login(member.user)

    client.post(url("project-new"))

    draft = Project.objects.get()
    assert (draft.status, draft.owner, draft.contact_email) == (
        Status.DRAFT,
        member.user,
        member.user.email,
    )
    assert (draft.organization_name, draft.country) == (
        member.organization.name,
        member.country,
    )


@pytest.mark.django_db
def test_double_start_makes_one_draft(client):
    client.force_login(UserFactory())

    first, second = client.post(url("project-new")), client.post(url("project-new"))

    assert first.url == second.url
    assert Project.objects.count() == 1


@pytest.mark.django_db
def test_twenty_new_projects_a_day(client):
    user = UserFactory()
    client.force_login(user)
    limit, _seconds = settings.LIMITS["submit"]

    answers = []
    for n in range(limit + 1):
        answers.append(client.post(url("project-new")))
        Project.objects.filter(title="").update(title=f"Project {n}")

    assert [a.status_code for a in answers] == [302] * limit + [429]
    assert int(answers[-1]["Retry-After"]) > 0
    assert Project.objects.filter(owner=user).count() == limit


@pytest.fixture
def draft(client):
    project = ProjectFactory(
        status=Status.DRAFT, title="", summary="", sdgs=[], organization=None
    )
    client.force_login(project.owner)
    return project


@pytest.mark.django_db
def test_from_form_to_confirmation(client, draft):
    checked = post(client, draft)
    answers = client.get(checked.url)
    submitted = client.post(checked.url)
    done = client.get(submitted.url)

    draft.refresh_from_db()
    assert (checked.url, submitted.url) == (
        url("project-check", draft.pk),
        url("project-done", draft.pk),
    )
    assert answers.content.decode().count(">Change<") == 26
    assert draft.status == Status.SUBMITTED
    assert draft.organization.name == COMPLETE["organization_name"]
    assert draft.number in done.content.decode()
    assert done.context["place"] == 1
    assert OutgoingMail.objects.get().to == draft.owner.email


@pytest.mark.django_db
def test_second_submission_gets_the_same_confirmation(client, draft):
    post(client, draft)
    page = url("project-check", draft.pk)

    first, second = client.post(page), client.post(page)

    assert first.url == second.url
    assert draft.history().count() == 1
    assert OutgoingMail.objects.count() == 1


@pytest.mark.django_db
def test_incomplete_entry_is_not_submitted_and_leads_to_its_first_problem(
    client, draft
):
    shown, sent = (
        client.get(url("project-check", draft.pk)),
        client.post(url("project-check", draft.pk)),
    )

    assert (shown.status_code, sent.status_code) == (200, 409)
    for page in (shown, sent):
        assert [p["name"] for p in page.context["problems"]] == [
            "title",
            "summary",
            "sdgs",
        ]
        assert "Submit project" not in page.content.decode()
    first = shown.context["problems"][0]["url"]
    assert first == f"{url('project-step', draft.pk, 'what')}?complete#id_title"
    step = client.get(first.partition("#")[0])
    assert step.context["form"].errors == {
        "title": ["Fill in this field before you submit."],
        "summary": ["Fill in this field before you submit."],
    }
    draft.refresh_from_db()
    assert draft.status == Status.DRAFT


@pytest.mark.django_db
def test_form_of_a_submitted_entry_is_closed(client):
    project = ProjectFactory(status=Status.SUBMITTED)
    client.force_login(project.owner)

    response = client.get(url("project-edit", project.pk))

    assert response.url == url("project", project.pk)


@pytest.mark.django_db
def test_returned_entry_shows_the_reason_and_goes_again(client):
    project = ProjectFactory(status=Status.SUBMITTED)
    project.move("send_back", UserFactory(role=Role.SECRETARIAT), "Name the partners.")
    client.force_login(project.owner)

    listed = client.get(url("my-projects")).content.decode()
    form = client.get(url("project-edit", project.pk)).content.decode()
    client.post(url("project-check", project.pk))

    assert "Name the partners." in listed
    assert "Name the partners." in form
    project.refresh_from_db()
    assert project.status == Status.SUBMITTED


@pytest.mark.django_db
@pytest.mark.parametrize("rows", [1, 10])
def test_my_projects_queries(client, django_assert_num_queries, rows):
    owner = UserFactory()
    ProjectFactory.create_batch(rows, owner=owner, status=Status.RETURNED)
    ProjectFactory()
    client.force_login(owner)
    client.get(url("my-projects"))  # the session is marked as seen, once a minute

    with django_assert_num_queries(
        5
    ):  # session, user, number, requests, rows with reasons
        response = client.get(url("my-projects"))

    assert len(response.context["page"].object_list) == rows
