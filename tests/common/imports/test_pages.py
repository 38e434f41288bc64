"""The pages that every kind of import gets by registering: upload, columns, check, import, undo."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.role.roles import Role
from common.imports.importer import IMPORTERS
from common.imports.models import ImportJob
from forum.session.models import Session
from prizes.entry.models import Entry
from roadmap.milestone.models import Milestone
from stocktaking.text.models import ProjectText
from tests.common.imports.sheets import ROWS, as_csv, prepare
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
OF_STAFF = sorted(IMPORTERS.keys() - {"projects"})


@pytest.fixture
def staff(client):
    client.force_login(UserFactory(role=Role.SECRETARIAT))
    return client


@pytest.fixture
def press(staff, django_capture_on_commit_callbacks):
    """Press a button of an import and let the worker work; returns the page afterwards."""

    def press(job, act, **more):
        data = {f"column-{name}": place for name, place in job.mapping.items()}
        with django_capture_on_commit_callbacks(execute=True):
            staff.post(
                reverse("imports:act", args=[job.kind, job.pk]),
                data | {"act": act} | more,
            )
        job.refresh_from_db()
        return staff.get(job.get_absolute_url()).content.decode()

    return press


def upload(client, kind, rows):
    content = as_csv(rows).getvalue()
    client.post(
        reverse("imports:list", args=[kind]),
        {"file": SimpleUploadedFile("sheet.csv", content)},
    )
    return ImportJob.objects.latest("pk")


def bring(staff, press, kind, count=2, note=""):
    job = upload(staff, kind, ROWS[kind][1](count, note))
    press(job, "check")
    press(job, "import")
    return job


@pytest.mark.parametrize("kind", OF_STAFF)
@pytest.mark.parametrize("role", [None, Role.AGENCY])
def test_only_the_secretariat_opens_what_is_not_for_agencies(client, kind, role):
    client.force_login(UserFactory(role=role) if role else UserFactory())

    answer = client.get(reverse("imports:list", args=[kind]))

    assert answer.status_code == 403
    assert (
        "This page is only for: Secretariat, Administrator." in answer.content.decode()
    )


def test_a_kind_that_is_not_there_is_not_found(staff):
    assert staff.get(reverse("imports:list", args=["nothing"])).status_code == 404


def test_a_job_of_one_kind_is_not_one_of_another(staff, press):
    prepare("milestones", 1)
    job = upload(staff, "milestones", ROWS["milestones"][1](1, ""))

    answer = staff.get(reverse("imports:job", args=["sessions", job.pk]))

    assert answer.status_code == 404


@pytest.mark.parametrize("kind", ROWS)
def test_a_file_is_uploaded_checked_imported_and_undone(staff, press, kind):
    prepare(kind, 2)
    model = ROWS[kind][0].model
    before = model._default_manager.count()
    job = upload(staff, kind, ROWS[kind][1](2, ""))
    first = staff.get(job.get_absolute_url()).content.decode()
    checked = press(job, "check")
    after_check = model._default_manager.count()
    imported = press(job, "import")
    made = model._default_manager.count()
    undone = press(job, "undo")

    assert "Which row and which columns" in first
    assert "What the import would do" in checked
    assert after_check == before
    assert "What the import did" in imported
    assert (job.created, job.failed, made - before) == (2, 0, 2)
    assert "Everything is as it was before the import." in undone
    assert "Undo the whole import" not in undone


@pytest.mark.parametrize(
    ("kind", "model", "gone"),
    [
        ("sessions", Session, {"status": "cancelled"}),
        ("milestones", Milestone, {"status": "withdrawn"}),
        ("texts", ProjectText, {"status": "withdrawn"}),
    ],
)
def test_what_was_public_is_withdrawn_with_its_reason(staff, press, kind, model, gone):
    prepare(kind, 2)
    job = bring(staff, press, kind)
    press(job, "undo")

    record = model.objects.filter(**gone).first()
    assert model.objects.filter(**gone).count() == 2
    assert "sheet.csv" in record.history().first().note


def test_entries_of_an_undone_import_are_gone(staff, press):
    prepare("prize-entries", 2)
    job = bring(staff, press, "prize-entries")
    press(job, "undo")

    assert not Entry.objects.exists()


@pytest.mark.parametrize(
    ("kind", "field", "then"),
    [
        ("projects", "source_note", ""),
        ("sessions", "source_note", ""),
        ("prize-entries", "source_note", ""),
        ("milestones", "end", "2025-07-11"),
        ("texts", "summary", ""),
    ],
)
def test_undo_gives_back_what_stood_and_names_what_changed_since(
    staff, press, kind, field, then
):
    prepare(kind, 3)
    importer = ROWS[kind][0]
    before = set(importer.model._default_manager.values_list("pk", flat=True))
    bring(staff, press, kind, 3)
    second = bring(staff, press, kind, 3, "Unconfirmed.")
    ours = importer.model._default_manager.exclude(pk__in=before).order_by("pk")
    touched = ours.first()
    touched.title = "Typed by hand"
    touched.save()

    page = press(second, "undo")

    assert second.updated == 3
    assert [getattr(one, field) for one in ours.exclude(pk=touched.pk)] == [then, then]
    assert ours.get(pk=touched.pk).title == "Typed by hand"
    assert getattr(ours.get(pk=touched.pk), field) != then
    assert "These records have been changed since and were not touched:" in page
    assert "Typed by hand" in page
    assert [error[0] for error in second.errors] == [touched.pk]


def test_a_check_that_waits_is_cancelled_and_can_be_begun_again(staff, press):
    prepare("milestones", 1)
    job = upload(staff, "milestones", ROWS["milestones"][1](1, ""))
    job.enqueue(mode="check", as_staff=True)
    waiting = staff.get(job.get_absolute_url()).content.decode()

    cancelled = press(job, "cancel")
    again = press(job, "check")

    assert 'value="cancel"' in waiting
    assert "cancelled" in cancelled
    assert (job.state, job.created) == ("done", 1)
    assert "What the import would do" in again


def test_columns_are_found_by_the_words_of_the_page_in_any_language(staff):
    columns = IMPORTERS["milestones"].headings()

    assert columns.guess(["Feuille de route", "Titre", "Organe", "Début"]) == {
        "track": 0,
        "title": 1,
        "body": 2,
        "start_date": 3,
    }


@pytest.mark.parametrize(
    ("kind", "column", "values"),
    [
        ("sessions", "mode", "Sur place (on_site); À distance (remote)"),
        ("delegations", "attendance", "Sur place, à Genève (on_site)"),
        ("delegations", "agreed", "yes; oui; sí; да; نعم; 是"),
        ("prize-entries", "outcome", "Lauréat (winner)"),
        ("projects", "timescale", "(ongoing)"),
        ("milestones", "kind", "(event)"),
    ],
)
def test_the_page_says_which_columns_there_are_and_what_they_take(
    staff, kind, column, values
):
    page = staff.get(f"/fr/imports/{kind}/").content.decode()

    described = page.partition(f'<code dir="ltr">{column}</code>')[2]
    described = described.partition("</dd>")[0]
    assert values in described


def test_words_of_a_choice_are_taken_from_a_file_through_the_page(staff, press):
    prepare("sessions", 2)
    rows = ROWS["sessions"][1](2, "")
    job = upload(staff, "sessions", [row | {"mode": "À distance"} for row in rows])

    press(job, "check")
    press(job, "import")

    assert (job.created, job.failed) == (2, 0)
    assert set(Session.objects.values_list("mode", flat=True)) == {"remote"}
