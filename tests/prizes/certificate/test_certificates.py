"""Certificates and badges: what they say in six languages, who gets none, all at once."""

import datetime
import io
import re
import zipfile

import pdfua
import pikepdf
import pytest
from django.conf import settings as portal
from django.contrib.admin.models import LogEntry
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from accounts.role.roles import Role
from privacy.retention import drop_job_files
from prizes.certificate import work
from prizes.certificate.models import CertificateJob
from prizes.certificate.work import work_at
from prizes.contest.models import Contest
from prizes.entry.amendment import Amendment
from prizes.entry.workflow import Status
from tests.factories import UserFactory
from tests.prizes.records import ContestFactory, EntryFactory
from tests.reports.output.test_pdf import read_by_pdfium, read_by_pypdf

pytestmark = pytest.mark.django_db
HOUR = datetime.timedelta(hours=1)
LANGUAGES = [code for code, _name in portal.LANGUAGES]
TITLES = {
    "en": "Villages & <masts> come online: #1 *not* $x$ @you",
    "ar": "القرى الرقمية ورؤية الأطفال",
    "zh-hans": "数字乡村与学校",
}
AWARDS = {
    "en": "Champion",
    "fr": "Champion",
    "es": "Campeón",
    "ru": "Чемпион",
    "ar": "بطل",
    "zh-hans": "优胜项目",
}


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    settings.REQUIRE_STAFF_MFA = False


@pytest.fixture
def contest(db):
    past = timezone.now() - HOUR
    return ContestFactory(
        now="none",
        title="WSIS Prizes 2044",
        slug="2044",
        counted_at=past,
        champions_at=past,
        winners_at=past,
    )


@pytest.fixture
def champion(contest):
    return EntryFactory(
        contest=contest,
        status=Status.CHAMPION,
        title="Villages come online",
        organization_name="Ministry of ICT",
    )


@pytest.fixture
def staff(client):
    client.force_login(UserFactory(role=Role.SECRETARIAT))
    return client


def fetch(client, name, *args, language="en"):
    path = reverse(f"prizes:{name}", args=args)
    return client.get(path.replace("/en/", f"/{language}/"))


def amended(entry, kind):
    Amendment.objects.create(
        entry=entry,
        kind=kind,
        note="A note",
        reason="A reason",
        proposed_by=UserFactory(),
        confirmed_by=UserFactory(),
        confirmed_at=timezone.now(),
    )


def squeezed(text):
    return re.sub(r"\s+", "", text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_certificate_is_accessible_and_reads_the_same_by_two_readers(
    client, champion, tmp_path, language
):
    champion.title = TITLES.get(language, champion.title)
    champion.language = language if language in TITLES else "en"
    champion.save()

    answer = fetch(client, "certificate-pdf", champion.code, language=language)
    content = answer.content

    assert answer["Content-Type"] == "application/pdf"
    path = tmp_path / "certificate.pdf"
    path.write_bytes(content)
    assert [str(one) for one in pdfua.validate(path).findings] == []
    with pikepdf.open(path) as document:
        assert str(document.Root.Lang).split("-")[0] == language.split("-")[0]
        assert len(document.pages) == 1
    expected = f"{champion.title} {AWARDS[language]} Ministry of ICT"
    for read in (read_by_pypdf, read_by_pdfium):
        text = squeezed(read(content))
        assert [word for word in expected.split() if word not in text] == []
    address = reverse("prizes:certificate", args=[champion.code]).removeprefix("/en")
    assert address in squeezed(read_by_pypdf(content))


def test_who_has_no_award_has_no_file(client, contest, champion):
    nominee = EntryFactory(contest=contest, line="C4")
    for entry in (nominee,):
        assert fetch(client, "certificate-pdf", entry.code).status_code == 404
        assert fetch(client, "certificate-badge", entry.code, "svg").status_code == 404
    Contest.objects.update(
        champions_at=timezone.now() + HOUR, winners_at=timezone.now() + HOUR
    )
    assert fetch(client, "certificate-pdf", champion.code).status_code == 404


def test_a_revoked_certificate_has_no_file_and_no_badge(client, champion):
    assert fetch(client, "certificate-badge", champion.code, "png").status_code == 200
    amended(champion, "disqualified")

    assert fetch(client, "certificate-pdf", champion.code).status_code == 404
    assert fetch(client, "certificate-badge", champion.code, "png").status_code == 404
    page = fetch(client, "certificate", champion.code).content.decode()
    assert "certificate.pdf" not in page
    assert "badge.svg" not in page


def test_a_special_recognition_is_a_certificate_too(client, contest):
    nominee = EntryFactory(contest=contest, title="Quiet kiosk")
    amended(nominee, "recognition")

    content = fetch(client, "certificate-pdf", nominee.code).content

    assert "Special recognition" in " ".join(read_by_pypdf(content).split())


def test_the_badge_is_a_picture_for_any_site(client, champion):
    svg = fetch(client, "certificate-badge", champion.code, "svg", language="ar")
    png = fetch(client, "certificate-badge", champion.code, "png")

    assert svg["Content-Type"] == "image/svg+xml"
    assert svg.content.startswith(b"<svg")
    assert b"<script" not in svg.content
    assert png.content.startswith(b"\x89PNG")
    for answer in (svg, png):
        assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert fetch(client, "certificate-badge", champion.code, "gif").status_code == 404
    page = fetch(client, "certificate", champion.code).content.decode()
    assert reverse("prizes:certificate-badge", args=[champion.code, "svg"]) in page


def make(staff, contest, **chosen):
    address = reverse("admin:prizes_contest_certificates", args=[contest.pk])
    staff.post(address, {"language": "en", "form": "pdf"} | chosen)
    job = CertificateJob.objects.latest("pk")
    work_at(job.pk)
    job.refresh_from_db()
    return job, staff.get(address)


def file_of(staff, job):
    names = (job.contest_id, job.pk)
    answer = staff.get(reverse("admin:prizes_contest_certificates_file", args=names))
    return b"".join(answer.streaming_content)


def test_all_certificates_are_one_pdf(staff, contest, champion):
    winner = EntryFactory(
        contest=contest, status=Status.WINNER, line="C4", title="القرى", language="ar"
    )
    gone = EntryFactory(contest=contest, status=Status.CHAMPION, title="Gone kiosk")
    amended(gone, "disqualified")

    job, page = make(staff, contest, language="ar")

    assert (job.state, job.printed, job.percent) == ("done", 2, 100)
    content = file_of(staff, job)
    pages = PdfReader(io.BytesIO(content)).pages
    assert len(pages) == 2
    text = squeezed(read_by_pypdf(content))
    assert champion.code in text
    assert winner.code in text
    assert "Gone" not in text
    link = reverse("admin:prizes_contest_certificates_file", args=[contest.pk, job.pk])
    assert link in page.content.decode()


def test_or_a_zip_with_one_for_each(staff, contest, champion):
    job, _page = make(staff, contest, form="zip")

    archive = zipfile.ZipFile(io.BytesIO(file_of(staff, job)))
    (name,) = archive.namelist()
    assert name == f"C7-EGOV-champion-{champion.pk}.pdf"
    assert "Villages come online" in " ".join(read_by_pypdf(archive.read(name)).split())


def test_without_an_award_there_is_a_sentence_and_no_file(staff, contest):
    job, page = make(staff, contest)

    assert job.state == "failed"
    assert "Nobody has a certificate of this contest yet." in page.content.decode()
    address = reverse("admin:prizes_contest_certificates", args=[contest.pk])
    wrong = staff.post(address, {"language": "xx", "form": "pdf"})
    assert wrong.status_code == 400
    assert CertificateJob.objects.count() == 1


def test_a_job_can_be_stopped_and_its_file_goes_after_a_week(staff, contest, champion):
    waiting = CertificateJob.objects.create(contest=contest)
    address = reverse("admin:prizes_contest_certificates", args=[contest.pk])
    staff.post(address, {"job": waiting.pk})
    assert work_at(waiting.pk) == "over"

    job, _page = make(staff, contest)
    assert default_storage.exists(job.file)
    CertificateJob.objects.update(finished_at=timezone.now() - 8 * 24 * HOUR)
    drop_job_files()
    assert not default_storage.exists(job.file)


@pytest.fixture
def broken(contest, champion, monkeypatch):
    """A job that failed because of the portal, not of what was asked for."""
    job = CertificateJob.objects.create(contest=contest, language="ar", form="zip")

    def fail(_entries):
        raise OSError("disk")

    with monkeypatch.context() as patch:
        patch.setattr(work, "pdf_of", fail)
        with pytest.raises(OSError, match="disk"):
            work_at(job.pk)
    return job


def certificates_of(contest):
    return reverse("admin:prizes_contest_certificates", args=[contest.pk])


def told(answer):
    return [str(message) for message in answer.context["messages"]]


def test_what_failed_is_tried_again_where_it_is_told(
    staff, contest, champion, broken, django_capture_on_commit_callbacks
):
    other = CertificateJob.objects.create(contest=contest, state="failed")
    page = certificates_of(contest)
    before = staff.get(page).content.decode()

    with django_capture_on_commit_callbacks() as begun:
        first = staff.post(page, {"retry": broken.pk}, follow=True)
        second = staff.post(page, {"retry": broken.pk}, follow=True)
    word = work_at(broken.pk)
    after = staff.get(page).content.decode()

    assert "Something went wrong. Please try again." in before
    assert f'value="{broken.pk}"' in before
    assert told(first) == ["The work begins again within a minute."]
    assert told(second) == ["This is not possible now."]
    assert len(begun) == 1
    assert word == "done"
    assert f'value="{broken.pk}"' not in after
    assert "Something went wrong" not in after
    broken.refresh_from_db()
    (name,) = zipfile.ZipFile(io.BytesIO(file_of(staff, broken))).namelist()
    assert name == f"C7-EGOV-champion-{champion.pk}.pdf"
    assert broken.language == "ar"
    other.refresh_from_db()
    assert other.state == "failed"
    assert LogEntry.objects.get().change_message == f"certificates {broken.pk}: retry"


@pytest.mark.parametrize("state", ["done", "cancelled", "running"])
def test_only_what_failed_is_tried_again(staff, contest, state):
    job = CertificateJob.objects.create(contest=contest, state=state)
    page = certificates_of(contest)

    assert "Try again" not in staff.get(page).content.decode()
    answer = staff.post(page, {"retry": job.pk}, follow=True)

    assert told(answer) == ["This is not possible now."]
    job.refresh_from_db()
    assert job.state == state


def test_nobody_else_tries_it_again(client, staff, contest, broken):
    elsewhere = certificates_of(ContestFactory())
    for page, key in (
        (elsewhere, broken.pk),
        (certificates_of(contest), "x"),
        (certificates_of(contest), "9" * 30),
    ):
        assert staff.post(page, {"retry": key}).status_code == 404
    for role in (None, Role.EXPERT):
        client.force_login(UserFactory(role=role))
        sent = client.post(certificates_of(contest), {"retry": broken.pk})
        assert sent.status_code in (302, 403, 404)

    broken.refresh_from_db()
    assert broken.state == "failed"


def test_strangers_make_no_files(client, contest):
    client.force_login(UserFactory(role=Role.EXPERT))
    address = reverse("admin:prizes_contest_certificates", args=[contest.pk])

    assert client.get(address).status_code in (302, 403, 404)
    sent = client.post(address, {"language": "en", "form": "pdf"})
    assert sent.status_code in (302, 403, 404)
    assert not CertificateJob.objects.exists()
