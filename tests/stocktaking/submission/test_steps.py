"""Writing step by step: states, autosave, and two people or two windows at once."""

import re

import pytest
from django.urls import reverse

from stocktaking.base.workflow import Status
from stocktaking.project.models import Project
from tests.factories import ProjectFactory, UserFactory
from tests.stocktaking.project_form import COMPLETE, draft_of, post, post_step, versions
from tests.stocktaking.records import revision_of

BY_ITSELF = {"HX-Request": "true"}


@pytest.fixture
def draft():
    return ProjectFactory(
        status=Status.DRAFT, title="Before", summary="Before.", start_year=2010
    )


@pytest.fixture
def writer(client, draft):
    client.force_login(draft.owner)
    return client


def states(client, record):
    page = client.get(draft_of(record).list_url)
    return {s.step.slug: s.state for s in page.context["steps"]}


@pytest.mark.django_db
def test_states_of_the_steps(client):
    draft = ProjectFactory(
        status=Status.DRAFT,
        title="",
        summary="",
        activity_type=None,
        organization_name="",
        organization=None,
        country=None,
        coverage=None,
        main_action_line=None,
        sdgs=[],
    )
    client.force_login(draft.owner)

    before = states(client, draft)
    post(client, draft, partners="")
    after = states(client, draft)

    assert before == {
        "what": "todo",
        "who": "begun",
        "where": "todo",
        "when": "done",
        "lines": "todo",
        "results": "optional",
        "evidence": "optional",
    }
    assert after == dict.fromkeys(before, "done") | {"evidence": "optional"}


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


@pytest.mark.django_db
def test_a_new_draft_has_as_many_steps_on_its_list_as_on_its_pages(client):
    client.force_login(UserFactory())
    address = client.post(reverse("stocktaking:project-new")).url

    task_list = client.get(address)
    first_step = client.get(f"{address}what/")

    assert "0 of 8 steps are complete." in text_of(task_list)
    assert task_list.content.decode().count('class="state ') == 8
    assert "Step 1 of 8" in text_of(first_step)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("slug", "button", "target"),
    [
        ("what", "next", "who"),
        ("lines", "next", "results"),
        ("what", "list", None),
    ],
)
def test_buttons_lead_on_or_back(writer, draft, slug, button, target):
    response = post_step(writer, draft, slug, **{"next": None, button: "1"})

    where = reverse("stocktaking:project-edit", args=[draft.pk])
    assert response.url == (f"{where}{target}/" if target else where)


@pytest.mark.django_db
def test_last_step_leads_to_the_check(writer, draft):
    response = post_step(writer, draft, "evidence")

    assert response.url == reverse("stocktaking:project-check", args=[draft.pk])


@pytest.mark.django_db
def test_unknown_step_is_not_there(writer, draft):
    where = reverse("stocktaking:project-edit", args=[draft.pk])

    assert writer.get(f"{where}nowhere/").status_code == 404


@pytest.mark.django_db
def test_step_changes_nothing_of_other_steps(writer, draft):
    before = Project.objects.get(pk=draft.pk)

    post_step(writer, draft, "what")

    after = Project.objects.get(pk=draft.pk)
    assert (after.title, after.start_year) == (COMPLETE["title"], 2010)
    assert (after.contact_name, after.main_action_line) == (
        before.contact_name,
        before.main_action_line,
    )
    assert list(after.sdgs.all()) == list(before.sdgs.all())


@pytest.mark.django_db
def test_autosave_says_when_and_gives_new_marks(writer, draft):
    seen = versions(draft, "what")

    response = post_step(writer, draft, "what", seen, BY_ITSELF, title="Typed")

    line = response.content.decode()
    assert (response.status_code, response["X-Draft"]) == (200, "saved")
    assert "Saved at " in line
    assert f'value="{versions(draft, "what")}"' in line
    assert "<html" not in line
    assert Project.objects.get(pk=draft.pk).title == "Typed"


@pytest.mark.django_db
def test_autosave_keeps_the_valid_and_names_the_rest(writer, draft):
    response = post_step(
        writer, draft, "what", None, BY_ITSELF, title="Typed", website="htp:/x"
    )

    assert [f.name for f in response.context["refused"]] == ["website"]
    assert "Enter a valid URL." in response.content.decode()
    assert Project.objects.get(pk=draft.pk).title == "Typed"


@pytest.mark.django_db
@pytest.mark.parametrize("headers", [None, BY_ITSELF], ids=["button", "by itself"])
def test_two_windows_do_not_overwrite_each_other(writer, draft, headers):
    seen = versions(draft, "what")
    post_step(writer, draft, "what", seen, title="From the first")

    response = post_step(writer, draft, "what", seen, headers, title="From the second")

    told = [(c.field.name, c.stored, c.posted) for c in response.context["conflicts"]]
    assert response.status_code == 409
    assert told == [("title", "From the first", "From the second")]
    page = response.content.decode()
    assert "From the first" in page
    assert "From the second" in page
    assert Project.objects.get(pk=draft.pk).title == "From the first"


@pytest.mark.django_db
def test_two_people_in_different_fields_both_keep_their_text(writer, draft):
    seen = versions(draft, "what")
    post_step(writer, draft, "what", seen, title="By the first", summary="Before.")

    response = post_step(
        writer, draft, "what", seen, BY_ITSELF, title="Before", summary="By the second"
    )

    project = Project.objects.get(pk=draft.pk)
    assert (project.title, project.summary) == ("By the first", "By the second")
    assert [f.name for f in response.context["others"]] == ["title"]


@pytest.mark.django_db
def test_page_that_was_not_told_keeps_leaving_the_others_text_alone(writer, draft):
    """The window still shows the old title: whatever it saves later, that is not the writer's."""
    seen = versions(draft, "what")
    post_step(writer, draft, "what", seen, title="By the first", summary="Before.")
    first = post_step(
        writer, draft, "what", seen, BY_ITSELF, title="Before", summary="One"
    )

    post_step(
        writer,
        draft,
        "what",
        first.context["versions"],
        BY_ITSELF,
        title="Before",
        summary="Two",
    )

    project = Project.objects.get(pk=draft.pk)
    assert (project.title, project.summary) == ("By the first", "Two")


@pytest.mark.django_db
def test_after_a_conflict_the_writer_decides(writer, draft):
    seen = versions(draft, "what")
    post_step(writer, draft, "what", seen, title="First")
    told = post_step(writer, draft, "what", seen, BY_ITSELF, title="Second")

    response = post_step(writer, draft, "what", told.context["versions"], title="Both")

    assert response.status_code == 302
    assert Project.objects.get(pk=draft.pk).title == "Both"


@pytest.mark.django_db
def test_conflict_shows_names_of_choices(writer, draft):
    seen = versions(draft, "lines")
    post_step(writer, draft, "lines", seen, sdgs=["1", "2"])

    response = post_step(writer, draft, "lines", seen, sdgs=["3"])

    (conflict,) = response.context["conflicts"]
    assert (conflict.stored, conflict.posted) == (
        "1 – No Poverty, 2 – Zero Hunger",
        "3 – Good Health and Well-being",
    )
    assert sorted(g.pk for g in draft.sdgs.all()) == ["1", "2"]


@pytest.mark.django_db
def test_double_click_is_no_conflict(writer, draft):
    seen = versions(draft, "what")

    answers = [post_step(writer, draft, "what", seen).status_code for _n in range(2)]

    assert answers == [302, 302]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "seen", ["", "title:", ":::,,,", "title:" + "x" * 5000, "a:b," * 500]
)
def test_marks_that_are_none_overwrite_nothing(writer, draft, seen):
    response = post_step(writer, draft, "what", seen, title="Unaware")

    assert response.status_code == 409
    assert Project.objects.get(pk=draft.pk).title == "Before"


@pytest.mark.django_db
@pytest.mark.parametrize("headers", [None, BY_ITSELF], ids=["button", "by itself"])
def test_text_written_after_submission_is_shown_not_stored(writer, draft, headers):
    seen = versions(draft, "what")
    draft.move("submit", draft.owner)

    response = post_step(writer, draft, "what", seen, headers, title="Too late")

    assert response.status_code == 409
    assert Project.objects.get(pk=draft.pk).title == "Before"
    if headers is None:
        assert 'value="Too late"' in response.content.decode()
    else:
        assert response["X-Draft"] == "closed"


@pytest.mark.django_db
def test_new_version_is_written_in_the_same_steps(client):
    revision = revision_of(title="Second", sdgs=["9"])
    project = revision.project
    client.force_login(project.owner)
    before = project.public_content()

    answer = post(client, revision)

    revision.refresh_from_db()
    assert answer.url == revision.get_absolute_url()
    assert (revision.content["title"], revision.content["sdgs"]) == (
        COMPLETE["title"],
        ["9", "14"],
    )
    assert Project.objects.get(pk=project.pk).public_content() == before
    revision.move("submit", project.owner)


@pytest.mark.django_db
def test_preview_is_the_public_page(writer, draft):
    page = writer.get(reverse("stocktaking:project-preview", args=[draft.pk]))

    assert page.templates[0].name == "stocktaking/page/project.html"
    assert "Before." in page.content.decode()
    assert "tag-draft" not in page.content.decode()


@pytest.mark.django_db
def test_preview_of_a_new_version_shows_the_new_text(client):
    revision = revision_of(title="Second phase")
    client.force_login(revision.project.owner)

    page = client.get(reverse("stocktaking:revision-preview", args=[revision.pk]))

    assert "Second phase" in page.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "slug", ["what", "who", "where", "when", "lines", "results", "evidence"]
)
def test_queries_of_a_step(writer, draft, django_assert_max_num_queries, slug):
    address = reverse("stocktaking:project-step", args=[draft.pk, slug])
    writer.get(address)

    with django_assert_max_num_queries(15):
        writer.get(address)


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["project-edit", "project-check", "project-preview"])
def test_queries_around_the_steps(writer, draft, django_assert_max_num_queries, name):
    address = reverse(f"stocktaking:{name}", args=[draft.pk])
    writer.get(address)

    with django_assert_max_num_queries(15):
        writer.get(address)
