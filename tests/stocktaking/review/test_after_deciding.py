"""At the desk: undo on the queue, what changed since, duplicates by number, checks of years."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.role.roles import Role
from common.mail.models import OutgoingMail
from common.moves.models import StatusChange
from stocktaking.base.workflow import Status
from stocktaking.project.models import Project
from stocktaking.screening.checks import examine, screen
from tests.factories import CountryFactory, ProjectFactory, UserFactory
from tests.stocktaking.records import text_of

pytestmark = pytest.mark.django_db
DESK = reverse("admin:stocktaking_project_desk")


@pytest.fixture
def officer(client):
    user = UserFactory(role=Role.SECRETARIAT)
    client.force_login(user)
    return user


def item(project):
    return reverse("admin:stocktaking_project_item", args=[project.pk])


def decide(client, project, move, **data):
    return client.post(item(project), {"move": move} | data, follow=True)


def test_the_decision_about_the_last_project_assigned_can_be_undone_on_the_queue(
    client, officer
):
    project = ProjectFactory(status=Status.SUBMITTED)
    response = decide(client, project, "publish")
    page = response.content.decode()
    change = StatusChange.objects.latest("pk")

    client.post(reverse("admin:stocktaking_project_undo"), {"change": change.pk})

    assert response.redirect_chain[-1][0].endswith(DESK)
    assert "Undo my last decision" in page
    assert f'value="{change.pk}"' in page
    assert Project.objects.get(pk=project.pk).status == Status.SUBMITTED


def test_an_entry_that_was_sent_again_shows_at_once_what_changed(client, officer):
    project = ProjectFactory(
        status=Status.SUBMITTED, summary="The former words of the entry."
    )
    screen(project)
    project.move("send_back", officer, "Say more.")
    project.refresh_from_db()
    project.summary = "The newer words of the entry."
    project.save()
    project.move("submit", project.owner)

    page = client.get(item(project)).content.decode()
    screen(Project.objects.get(pk=project.pk))
    later = client.get(item(project)).content.decode()

    assert "Changes since the previous submission" in page
    assert "former" in page
    assert "newer" in page
    assert "The colour is of the former text" in page
    assert "Changes since the previous submission" in later
    assert "The colour is of the former text" not in later


def test_a_duplicate_needs_the_number_of_the_other_record(client, officer):
    other = ProjectFactory(title="Radio for farmers")
    project = ProjectFactory(status=Status.SUBMITTED, owner=UserFactory(language="fr"))
    refused = [
        decide(client, project, "duplicate", record=text).status_code
        for text in ("", "no number", "WSIS-2026-999999", project.number)
    ]
    decide(client, project, "duplicate", record=other.number)

    project.refresh_from_db()
    note = project.history().first().note
    letter = OutgoingMail.objects.latest("pk")
    assert refused == [400] * 4
    assert project.status == Status.REFUSED
    assert other.number in note
    assert f"/fr/projects/{other.pk}/" in letter.body


def test_an_organization_written_otherwise_hides_no_duplicate(client, officer):
    kenya = CountryFactory()
    public = ProjectFactory(title="Digital well registers of the county", country=kenya)
    project = ProjectFactory(
        status=Status.SUBMITTED,
        title="Digital well registers of county",
        country=kenya,
        organization=None,
        organization_name="Somebody quite different",
    )

    client.post(reverse("admin:stocktaking_project_assign"), {"open": project.pk})
    page = client.get(item(project)).content.decode()

    assert f"Looks like {public.number}" in page
    assert f'value="{public.number}"' in page


def test_the_same_text_under_another_title_is_found(client, officer):
    text = "Solar pumps send the level of each well by radio to the water office every morning."
    kenya = CountryFactory()
    public = ProjectFactory(title="Maji", summary=text, country=kenya)
    project = ProjectFactory(
        status=Status.SUBMITTED,
        title="Wells by radio",
        summary=text,
        country=kenya,
        organization=None,
        organization_name="Water Office",
    )

    assert f"Looks like {public.number}" in client.get(item(project)).content.decode()


def test_two_short_names_in_two_countries_are_no_duplicates():
    ProjectFactory(
        title="E-school", summary="Lessons by radio.", country=CountryFactory()
    )
    project = ProjectFactory(
        status=Status.SUBMITTED,
        title="E-school portal of the ministry",
        summary="Online lessons.",
        country=CountryFactory(code="UG"),
        organization=None,
        organization_name="Another",
    )

    found = examine(project, Project.objects.all())

    assert [finding for finding in found if finding.check == "twin"] == []


def test_texts_that_wait_are_counted_on_the_desk(client, officer):
    for _text in range(2):
        text_of(ProjectFactory(), "submitted")

    assert "2 texts in other languages wait" in client.get(DESK).content.decode()


@pytest.mark.parametrize(
    ("timescale", "start", "end", "sentence"),
    [
        (
            "planned",
            "2019",
            "2022",
            "The activity is said to be planned, but begins or ends in 2022.",
        ),
        (
            "planned",
            "2019-05",
            "",
            "The activity is said to be planned, but begins or ends in 2019.",
        ),
        (
            "ongoing",
            "2012",
            "2015",
            "The activity is said to be running, but ended in 2015.",
        ),
    ],
)
def test_years_that_contradict_the_status_are_said(
    client, officer, timescale, start, end, sentence
):
    project = ProjectFactory(
        status=Status.SUBMITTED, timescale=timescale, start_date=start, end_date=end
    )

    assert sentence in client.get(item(project)).content.decode()


def test_a_plan_of_next_year_is_fine():
    year = str(timezone.now().year + 1)
    project = ProjectFactory(
        timescale="planned", start_date=year, status=Status.SUBMITTED
    )

    assert "years_planned" not in [
        f.check for f in examine(project, Project.objects.none())
    ]


@pytest.mark.parametrize("written", ["٢٠٢٢", "۲۰۲۲-۰۵", "２０２２-05-12", "२०२२"])
def test_a_date_is_taken_in_the_digits_of_any_keyboard(client, written):
    draft = ProjectFactory(status=Status.DRAFT)
    client.force_login(draft.owner)
    address = reverse("stocktaking:project-step", args=[draft.pk, "when"])
    versions = client.get(address).context["versions"]

    response = client.post(
        address,
        {
            "timescale": "ongoing",
            "start_date": written,
            "versions": versions,
            "list": "1",
        },
    )

    draft.refresh_from_db()
    assert response.status_code == 302
    assert draft.start_date.startswith("2022")
    assert draft.start_date.isascii()
