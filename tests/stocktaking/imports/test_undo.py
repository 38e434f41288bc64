"""Import, undo, import: the public database is that of one import."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook

from accounts.role.roles import Role
from common.imports.models import ImportJob
from common.records.models import Change
from stocktaking.organization.models import Organization
from stocktaking.project.fields import PUBLIC_FIELDS
from stocktaking.project.models import Project
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
HEADER = [
    "title",
    "organization",
    "country",
    "summary",
    "sdgs",
    "action_lines",
    "source",
    "id",
]
ROWS = [
    [
        "Telecentres",
        "Ministry of ICT",
        "KE",
        "Centres in villages.",
        "9",
        "C2;C4",
        "Report",
        "",
    ],
    ["Wells", "Water Board", "UG", "Digital registers.", "6;9", "C4", "Report", "W-1"],
]


def xlsx(*rows):
    book, target = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(target)
    return target.getvalue()


@pytest.fixture
def bring(client, django_capture_on_commit_callbacks):
    """A sheet uploaded, checked and imported by one person; `press` is any further button."""
    client.force_login(UserFactory(role=Role.SECRETARIAT))

    def press(job, act):
        data = {f"column-{name}": place for name, place in job.mapping.items()}
        with django_capture_on_commit_callbacks(execute=True):
            client.post(
                reverse("imports:act", args=["projects", job.pk]), data | {"act": act}
            )
        job.refresh_from_db()
        return job

    def bring(*rows):
        content = SimpleUploadedFile("sheet.xlsx", xlsx(HEADER, *rows))
        client.post(reverse("imports:list", args=["projects"]), {"file": content})
        job = ImportJob.objects.latest("pk")
        press(job, "check")
        return press(job, "import")

    bring.press = press
    return bring


def public():
    """What everybody may read of all projects, but for the times and the count of versions."""
    found = []
    for project in Project.objects.order_by("pk"):
        values = {name: getattr(project, name) for name in PUBLIC_FIELDS}
        lists = {
            name: sorted(getattr(project, name).values_list("pk", flat=True))
            for name in ("sdgs", "other_action_lines", "target_groups", "technologies")
        }
        number = {"pk": project.pk, "number": project.number}
        found.append(values | lists | number | {"archived_at": project.archived_at})
    return found


def pages(client):
    """The list and each project as a reader without an account gets them."""
    client.logout()
    shown = [client.get("/en/projects/?sort=title").content.decode()]
    answers = [
        client.get(f"/en/projects/{pk}/")
        for pk in Project.objects.values_list("pk", flat=True)
    ]
    return (
        "Telecentres" in shown[0],
        "Wells" in shown[0],
        [a.status_code for a in answers],
    )


def test_import_undo_import_is_one_import(client, bring):
    first = bring(*ROWS)
    once = public()
    bring.press(first, "undo")
    gone = client.get("/en/projects/").content.decode()
    second = bring(*ROWS)

    assert "Telecentres" not in gone
    assert (second.created, second.updated, second.unchanged, second.failed) == (
        2,
        0,
        0,
        0,
    )
    assert public() == once
    assert pages(client) == (True, True, [200, 200])


def test_the_check_says_before_what_the_import_does(client, bring):
    bring.press(bring(*ROWS), "undo")
    content = SimpleUploadedFile("sheet.xlsx", xlsx(HEADER, *ROWS))
    client.post(reverse("imports:list", args=["projects"]), {"file": content})

    checked = bring.press(ImportJob.objects.latest("pk"), "check")

    assert (checked.created, checked.unchanged) == (2, 0)


def test_the_log_of_changes_tells_the_same_story(bring):
    bring.press(bring(*ROWS), "undo")
    bring(*ROWS)

    rows = Change.objects.order_by("pk").values_list("record_id", "kind", "version")
    of_first = [(kind, version) for pk, kind, version in rows if pk == rows[0][0]]
    assert of_first == [("create", 1), ("delete", 2), ("publish", 3)]


def test_a_second_import_with_other_words_says_these_and_nothing_of_the_first(bring):
    bring.press(bring(*ROWS), "undo")
    other = ["Telecentres", "Ministry of ICT", "KE", "", "4", "C4", "Report", ""]
    bring(other)

    project = Project.objects.get(title="Telecentres")
    assert (project.summary, project.main_action_line_id) == ("", "C4")
    assert list(project.sdgs.values_list("pk", flat=True)) == ["4"]
    assert list(project.other_action_lines.all()) == []


def test_undone_twice_and_imported_three_times_is_still_one_import(bring):
    once = None
    for _round in range(3):
        job = bring(*ROWS)
        once = once or public()
        now = public()
        bring.press(job, "undo") if _round < 2 else None

    assert now == once


def test_the_same_upload_can_be_mended_and_imported_after_its_undo(bring):
    job = bring(*ROWS)
    bring.press(job, "undo")
    bring.press(job, "check")
    bring.press(job, "import")

    assert (job.state, job.created) == ("done", 2)
    assert job.can_be_undone


def test_what_the_secretariat_archives_later_stays_archived(bring):
    bring.press(bring(*ROWS), "undo")
    officer = ImportJob.objects.latest("pk").by
    project = Project.objects.get(title="Wells")
    project.move("restore", officer, "It is right.")
    Project.objects.get(pk=project.pk).move("archive", officer, "It was never built.")
    bring(*ROWS)

    project.refresh_from_db()
    assert project.status == "archived"


def test_no_name_of_an_organization_stays_that_only_drafts_had(client, bring):
    agency = UserFactory(role=Role.AGENCY)
    client.force_login(agency)
    job = bring(*ROWS)
    before = Organization.objects.filter(name="Water Board").count()
    bring.press(job, "undo")

    assert before == 1
    assert not Project.objects.exists()
    assert not Organization.objects.filter(
        name__in=["Water Board", "Ministry of ICT"]
    ).exists()
