"""The pages on which staff print for many people, and the work behind them."""

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone

from common.jobs.printing import KEPT
from forum.printing.kinds import KINDS
from forum.printing.models import PrintJob
from forum.printing.work import work_at
from privacy.retention import drop_job_files
from tests.factories import UserFactory
from tests.forum.records import EditionFactory, badged, officer

pytestmark = pytest.mark.django_db
CHOSEN = {"layout": "a6", "attendance": "on_site", "which": "all", "language": "ru"}


@pytest.fixture(autouse=True)
def _without_second_factor(settings):
    settings.REQUIRE_STAFF_MFA = False


@pytest.fixture
def staff(client):
    client.force_login(officer())
    return client


def job_of(edition, **fields):
    values = {"kind": "badges", "options": CHOSEN}
    return PrintJob.objects.create(edition=edition, **values | fields)


def page(client, edition):
    return client.get(reverse("forum:printing", args=[edition.slug])).content.decode()


def test_staff_choose_wait_and_download(staff, django_capture_on_commit_callbacks):
    edition = EditionFactory()
    badged(edition, name="Amina Otieno")
    address = reverse("forum:print-kind", args=[edition.slug, "badges"])

    sent = staff.post(address, CHOSEN)
    job = PrintJob.objects.get()
    waiting = page(staff, edition)
    work_at(job.pk)
    done = page(staff, edition)
    file = reverse("forum:printed-file", args=[edition.slug, job.pk])
    content = b"".join(staff.get(file).streaming_content)

    assert sent.url == reverse("forum:printing", args=[edition.slug])
    assert "<progress" in waiting
    assert file not in waiting
    assert "for 1 person" in done
    assert file in done
    assert content.startswith(b"%PDF")


@pytest.mark.parametrize(
    ("bad", "sentence"),
    [
        ({"layout": "a3"}, "a3 is not one of the available choices."),
        ({"attendance": ""}, "This field is required."),
        ({"language": "xx"}, "xx is not one of the available choices."),
    ],
)
def test_a_wrong_choice_is_refused_beside_its_field(staff, bad, sentence):
    edition = EditionFactory()
    address = reverse("forum:print-kind", args=[edition.slug, "badges"])

    answer = staff.post(address, CHOSEN | bad)

    assert answer.status_code == 400
    assert sentence in answer.content.decode()
    assert not PrintJob.objects.exists()


def test_a_kind_that_does_not_exist_is_not_found(staff):
    address = reverse("forum:print-kind", args=[EditionFactory().slug, "tickets"])

    assert staff.get(address).status_code == 404


def test_a_job_can_be_stopped_and_writes_nothing_more(staff, monkeypatch):
    edition = EditionFactory()
    badged(edition)
    job = job_of(edition)

    def stopped(_self, _rows):
        staff.post(reverse("forum:printing", args=[edition.slug]), {"job": job.pk})
        return b"%PDF"

    monkeypatch.setattr(KINDS["badges"], "document", stopped)

    word = work_at(job.pk)

    job.refresh_from_db()
    assert (word, job.state, job.file) == ("cancelled", "cancelled", "")
    assert "cancelled" in page(staff, edition)


def test_what_goes_wrong_is_told_and_can_be_tried_again(staff, monkeypatch):
    edition = EditionFactory()
    badged(edition)
    job = job_of(edition)

    def fail(_self, _rows):
        raise OSError("disk")

    monkeypatch.setattr(KINDS["badges"], "document", fail)
    with pytest.raises(OSError, match="disk"):
        work_at(job.pk)
    told = page(staff, edition)
    monkeypatch.undo()
    job.refresh_from_db()
    job.retry(officer())

    assert "Something went wrong. Please try again." in told
    assert work_at(job.pk) == "done"
    assert work_at(job.pk) == "over"


def test_members_get_no_file_of_others(client, staff):
    edition = EditionFactory()
    badged(edition)
    job = job_of(edition)
    work_at(job.pk)
    client.force_login(UserFactory())

    answer = client.get(reverse("forum:printed-file", args=[edition.slug, job.pk]))

    assert answer.status_code == 403


def test_the_list_asks_as_often_for_ten_jobs_as_for_one(
    staff, django_assert_max_num_queries
):
    edition = EditionFactory()
    job_of(edition)
    page(staff, edition)
    with django_assert_max_num_queries(50) as few:
        page(staff, edition)
    for _job in range(9):
        job_of(edition, by=officer())
    with django_assert_max_num_queries(len(few)):
        page(staff, edition)


def test_files_are_kept_for_a_week(staff):
    edition = EditionFactory()
    badged(edition)
    job = job_of(edition)
    work_at(job.pk)
    job.refresh_from_db()
    name = job.file
    PrintJob.objects.update(finished_at=timezone.now() - KEPT)

    drop_job_files()

    job.refresh_from_db()
    assert (job.file, default_storage.exists(name)) == ("", False)
    file = reverse("forum:printed-file", args=[edition.slug, job.pk])
    assert staff.get(file).status_code == 404
