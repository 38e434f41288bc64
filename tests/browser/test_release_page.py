"""The page of a release under way in a browser: it can be read by everybody, and whoever waits on
it comes to the release."""

import pytest
from playwright.sync_api import expect

from forum.release.models import ReleaseJob
from forum.release.tasks import release_agendas
from tests.browser.test_pages import sign_in, walk
from tests.forum.records import officer, scheduled

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def desk(settings):
    settings.REQUIRE_STAFF_MFA = False
    return officer()


def job_of(session, by, **values):
    return ReleaseJob.objects.create(
        edition=session.edition, by=by, name="الجدول الأول", **values
    )


@pytest.mark.parametrize("language", ["en", "ar"])
def test_it_can_be_read_by_everybody(page, live_server, desk, language):
    session = scheduled()
    waiting = job_of(session, desk, percent=10, step="comparing", state="running")
    failed = job_of(session, desk, state="failed", error="A person is in two sessions.")
    sign_in(page, live_server, desk)
    pages = [
        (name, job.get_absolute_url().replace("/en/", f"/{language}/"))
        for name, job in (("release-waiting", waiting), ("release-failed", failed))
    ]

    assert walk(page, live_server, language, pages) == []


def test_whoever_waits_comes_to_the_release(page, live_server, desk):
    session = scheduled(title="Villages")
    job = job_of(session, desk)
    sign_in(page, live_server, desk)
    page.goto(f"{live_server.url}{job.get_absolute_url()}")
    expect(page.get_by_text("0 % done")).to_be_visible()

    release_agendas()

    expect(page.get_by_text("New in the agenda (1)")).to_be_visible()
    expect(page.get_by_role("link", name="Villages").first).to_be_visible()
