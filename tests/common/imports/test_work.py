"""The row of an import: who holds it, and what becomes of it when nobody does."""

import datetime

import pytest
from django.utils import timezone

from common.imports.models import ImportJob
from common.imports.work import work_at
from common.jobs.models import LeaseLostError
from tests.stocktaking.people import ImportJobFactory

pytestmark = pytest.mark.django_db


def queued(**fields):
    return ImportJobFactory(state="queued", mode="check", **fields)


def acquire(job):
    return ImportJob.objects.acquire(job.pk)


def fall_silent():
    long_ago = timezone.now() - datetime.timedelta(hours=1)
    ImportJob.objects.update(lease_until=long_ago)


def test_of_two_workers_one_acquires_the_lease():
    job = queued()

    assert acquire(job)
    assert acquire(job) is None


def test_a_job_of_a_silent_worker_is_acquired_by_another_and_lost_to_the_first():
    job = queued()
    first = acquire(job)
    fall_silent()
    second = acquire(job)

    second.advance(40)
    with pytest.raises(LeaseLostError):
        first.advance(90)
    job.refresh_from_db()
    assert (job.percent, job.attempts) == (40, 2)


def test_a_job_that_is_cancelled_stops_its_worker():
    job = queued()
    held = acquire(job)

    assert job.cancel()
    with pytest.raises(LeaseLostError):
        held.advance(10)
    with pytest.raises(LeaseLostError):
        held.finish()
    job.refresh_from_db()
    assert (job.state, job.cancel()) == ("cancelled", False)
    assert [line[1] for line in job.log] == ["cancelled"]


def test_a_job_that_no_worker_lives_through_is_given_up():
    job = queued()
    for _attempt in range(ImportJob.MAX_ATTEMPTS):
        acquire(job)
        fall_silent()

    assert work_at(job.pk) == "over"
    job.refresh_from_db()
    assert job.state == "failed"
    assert job.error == "The work broke off several times. Start it again."
    assert job.enqueue(mode="check", as_staff=False)
    job.refresh_from_db()
    assert (job.attempts, job.error) == (0, "")
