"""A co-editor may by the API what the pages allow, no more and no less."""

import pytest
from django.test import Client
from django.urls import reverse

from stocktaking.base.workflow import Status
from stocktaking.coeditor.models import CoEditor
from stocktaking.project.models import Project
from stocktaking.project.workflow import PROJECT_WORKFLOW
from tests.factories import ProjectFactory, UserFactory
from tests.stocktaking.project_form import post_step

pytestmark = pytest.mark.django_db


def coeditor_of(project):
    user = UserFactory()
    _made, token = CoEditor.objects.invite(project, user.email, project.owner)
    CoEditor.objects.accept(token, user)
    return user


PEOPLE = {
    "owner": lambda project: project.owner,
    "co-editor": coeditor_of,
    "stranger": lambda project: UserFactory(),
}


def browser(user):
    client = Client()
    client.force_login(user)
    return client


def api(project, tail=""):
    return f"/api/v1/projects/{project.pk}/{tail}"


@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize("status", [*Status])
def test_the_text_is_changed_by_page_and_api_alike(person, status):
    by_page, by_api = ProjectFactory(status=status), ProjectFactory(status=status)

    post_step(browser(PEOPLE[person](by_page)), by_page, "what", title="Changed")
    browser(PEOPLE[person](by_api)).patch(
        api(by_api), {"title": "Changed"}, content_type="application/json"
    )

    titles = Project.objects.filter(pk__in=[by_page.pk, by_api.pk]).values_list(
        "title", flat=True
    )
    changed = [title == "Changed" for title in titles]
    allowed = person != "stranger" and status in (Status.DRAFT, Status.RETURNED)
    assert changed == [allowed, allowed]


@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize("status", [Status.DRAFT, Status.SUBMITTED, Status.PUBLISHED])
def test_both_doors_open_the_same_moves(person, status):
    project = ProjectFactory(status=status)
    user = PEOPLE[person](project)
    client = browser(user)
    address = reverse("stocktaking:project-move", args=[project.pk])

    answer = client.get(api(project, "moves/"))
    offered = (
        {row["name"] for row in answer.json()} if answer.status_code == 200 else set()
    )

    for move in PROJECT_WORKFLOW:
        if move.name in offered or not move.offered:
            continue
        by_page = client.post(address, {"move": move.name, "note": "Because"})
        by_api = client.post(
            api(project, "moves/"),
            {"move": move.name, "note": "Because"},
            content_type="application/json",
        )
        assert by_page.status_code == by_api.status_code, move.name
    assert offered == {move.name for move in project.open_moves(user)}
    if person != "owner":
        assert offered == set()


def test_a_coeditor_reads_by_the_api_what_the_form_shows():
    project = ProjectFactory(
        status=Status.DRAFT, contact_email="contact@ministry.example"
    )

    shown = browser(coeditor_of(project)).get(api(project)).json()
    public = browser(UserFactory()).get(api(ProjectFactory())).json()

    assert shown["contact_email"] == "contact@ministry.example"
    assert "contact_email" not in public


def test_the_refusal_says_the_truth(client):
    project = ProjectFactory(status=Status.SUBMITTED)

    answer = browser(coeditor_of(project)).patch(
        api(project), {"title": "Changed"}, content_type="application/json"
    )

    assert answer.status_code == 403
    assert "The status is “Submitted”" in answer.json()["detail"]
