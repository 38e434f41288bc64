"""Workers of the Prizes are killed in the middle: what they did is whole, the rest is done by the
next one, nothing twice; and a job that no worker lives through can be begun again by a button."""

import datetime
import io
import zipfile

import pytest
from django.core import mail
from django.core.files.storage import default_storage
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts.role.roles import Role
from common.mail.models import OutgoingMail
from prizes.ballot.models import Vote, cast
from prizes.ballot.voiding import VoidNotice, tell_of_voids
from prizes.certificate import work
from prizes.certificate.models import CertificateJob
from prizes.certificate.tasks import sweep_printing
from prizes.certificate.work import work_at as print_at
from prizes.checking.tasks import check_votes
from prizes.checking.telling import tell_voters
from prizes.entry.workflow import Status
from prizes.hold.models import Hold
from prizes.letter.models import Letter, LetterBatch
from prizes.letter.tasks import send_letters
from prizes.public_record.models import Root, Witness
from prizes.public_record.tasks import publish_roots
from prizes.result.files import RecordFile
from prizes.result.tasks import work_on_verifications, write_record_files
from prizes.result.verification import Verification
from prizes.screening.batch import ScreeningBatch
from prizes.screening.models import Screening
from prizes.screening.tasks import work_on_screening
from tests.factories import UserFactory
from tests.prizes.killing import killed, time_passes
from tests.prizes.records import (
    ContestFactory,
    EntryFactory,
    count,
    held_vote,
    set_phases,
    voiding,
    voter,
)

pytestmark = pytest.mark.django_db(transaction=True)
HOUR = datetime.timedelta(hours=1)


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    """On disk: what a process keeps in memory dies with it."""
    settings.MEDIA_ROOT = tmp_path
    settings.REQUIRE_STAFF_MFA = False
    kept = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    settings.STORAGES = settings.STORAGES | {"default": kept}


@pytest.fixture
def officer(client):
    person = UserFactory(role=Role.SECRETARIAT)
    client.force_login(person)
    return person


def names_in(folder):
    return default_storage.listdir(folder)[1] if default_storage.exists(folder) else []


def voted(voters=2, **contest):
    entry = EntryFactory(contest=ContestFactory(**contest))
    for _n in range(voters):
        cast(entry, voter())
    return entry.contest


def test_a_verification_is_taken_up_by_the_next_worker(client, officer):
    contest = voted()
    set_phases(contest, "selection")
    page = reverse("admin:prizes_contest_verify", args=[contest.pk])
    job = Verification.objects.create(contest=contest, by=officer)

    killed(work_on_verifications, Verification, "advance")

    job.refresh_from_db()
    assert (job.state, job.votes, job.root) == ("running", {}, "")
    assert "% done" in client.get(page).content.decode()
    assert work_on_verifications() == 0  # the lease is not over
    time_passes(job)
    assert work_on_verifications() == 1
    job.refresh_from_db()
    assert (job.state, job.problem, job.attempts) == ("done", "", 2)
    assert Verification.objects.current(contest) == job
    assert "the votes can be counted" in client.get(page).content.decode()


def test_a_verification_that_no_worker_lives_through_is_begun_again(client, officer):
    contest = voted()
    set_phases(contest, "selection")
    page = reverse("admin:prizes_contest_verify", args=[contest.pk])
    job = Verification.objects.create(contest=contest, by=officer)
    for _n in range(Verification.MAX_ATTEMPTS):
        killed(work_on_verifications, Verification, "finish")
        time_passes(job)

    assert work_on_verifications() == 0
    shown = client.get(page).content.decode()
    assert "The work broke off several times. Start it again." in shown
    assert "Verify now" in shown
    client.post(page, {"begin": "1"})
    work_on_verifications()

    assert list(
        Verification.objects.order_by("pk").values_list("state", flat=True)
    ) == [
        "failed",
        "done",
    ]
    assert "the votes can be counted" in client.get(page).content.decode()


@pytest.mark.parametrize(("method", "after"), [("advance", 1), ("finish", 0)])
def test_certificates_are_one_file_with_each_of_them_once(
    client, officer, method, after, monkeypatch
):
    past = timezone.now() - HOUR
    contest = ContestFactory(
        now="none", counted_at=past, champions_at=past, winners_at=past
    )
    EntryFactory.create_batch(3, contest=contest, status=Status.CHAMPION)
    page = reverse("admin:prizes_contest_certificates", args=[contest.pk])
    job = CertificateJob.objects.create(contest=contest, by=officer, form="zip")

    with (
        monkeypatch.context() as child
    ):  # threads of the typesetter do not outlive a fork
        child.setattr(work, "pdf_of", lambda _entries: b"%PDF")
        killed(lambda: print_at(job.pk), CertificateJob, method, after)

    job.refresh_from_db()
    assert (job.state, job.file) == ("running", "")
    assert "certificates_file" not in client.get(page).content.decode()
    sweep_printing()
    job.refresh_from_db()
    assert job.state == "running"  # the lease is not over
    time_passes(job)
    assert sweep_printing() == 1
    job.refresh_from_db()
    assert (job.state, job.printed) == ("done", 3)
    link = reverse("admin:prizes_contest_certificates_file", args=[contest.pk, job.pk])
    assert client.get(page).content.decode().count(link) == 1
    content = b"".join(client.get(link).streaming_content)
    assert len(zipfile.ZipFile(io.BytesIO(content)).namelist()) == 3
    assert sweep_printing() == 0


def test_the_archive_of_a_vote_is_one_file(client):
    contest = voted()
    set_phases(contest, "selection")
    count(contest)
    assert names_in("prizes/record") == []
    made = RecordFile.objects.get().pk

    killed(write_record_files, QuerySet, "update")

    assert len(names_in("prizes/record")) == 1
    assert RecordFile.objects.get(pk=made).file == ""
    assert write_record_files() == 1
    assert write_record_files() == 0
    kept = RecordFile.objects.get(pk=made)
    assert [f"prizes/record/{name}" for name in names_in("prizes/record")] == [
        kept.file
    ]


def test_a_root_is_written_with_its_mails_or_not_at_all():
    contest = voted()
    Witness.objects.create(contest=contest, address="keeper@press.example")
    Witness.objects.create(contest=contest, address="other@press.example")
    before = Root.objects.count()

    killed(publish_roots, OutgoingMail, "save", after=1)

    assert Root.objects.count() == before
    assert OutgoingMail.objects.count() == 0
    assert publish_roots() == 1
    assert publish_roots() == 0
    assert Root.objects.count() == before + 1
    assert sorted(OutgoingMail.objects.values_list("to", flat=True)) == [
        "keeper@press.example",
        "other@press.example",
    ]


def test_voters_of_void_votes_are_written_to_once():
    voted(3)
    one, two = (UserFactory(role=Role.SECRETARIAT) for _n in range(2))
    for vote in Vote.objects.all():
        voiding(vote, one).confirm(two)
    told = VoidNotice.objects.order_by("told").values_list("told", flat=True)
    mail.outbox.clear()

    killed(tell_of_voids, VoidNotice, "save", after=1)

    assert list(told.all()) == [0, 0, 1]  # the process that is gone has sent one mail
    tell_of_voids()
    tell_of_voids()
    assert list(told.all()) == [1, 1, 1]
    assert len(mail.outbox) == 2
    assert len({sent.to[0] for sent in mail.outbox}) == 2


def test_voters_whose_votes_are_held_are_written_to_once_with_a_link_that_works(client):
    entry = EntryFactory(contest=ContestFactory())
    for _n in range(3):
        held_vote(entry)
    mail.outbox.clear()

    killed(tell_voters, OutgoingMail, "save", after=2)

    assert set(Hold.objects.values_list("told", flat=True)) == {""}
    check_votes()
    check_votes()
    assert set(Hold.objects.values_list("told", flat=True)) == {"held"}
    assert len(mail.outbox) == 3
    assert len({sent.to[0] for sent in mail.outbox}) == 3
    for sent in mail.outbox:
        token = sent.body.split("/held/")[1].split()[0]
        client.post(f"/en/prizes/held/{token}")
    assert set(Hold.objects.values_list("state", flat=True)) == {"confirmed"}


def test_letters_leave_once(client, officer):
    contest = voted(0)
    batch = LetterBatch.objects.create(
        contest=contest, outcome="nominated", by=officer, state="queued"
    )
    for entry in EntryFactory.create_batch(3, contest=contest):
        Letter.objects.create(
            batch=batch,
            entry=entry,
            outcome="nominated",
            language="en",
            subject="Good news",
            text="Dear colleague",
            written_by=officer,
            approved_by=UserFactory(),
            state="approved",
        )

    killed(send_letters, LetterBatch, "advance", after=1)

    assert Letter.objects.filter(state="sent").count() == 2
    assert OutgoingMail.objects.count() == 2
    assert send_letters() == 0
    time_passes(batch)
    assert send_letters() == 1
    assert OutgoingMail.objects.values("to").distinct().count() == 3
    assert OutgoingMail.objects.count() == 3


def test_a_batch_of_screening_accepts_each_entry_once(officer):
    contest = ContestFactory(now="nomination")
    entries = EntryFactory.create_batch(
        3, contest=contest, status=Status.SUBMITTED, submitted_at=timezone.now()
    )
    for entry in entries:
        Screening.objects.create(entry=entry, state=Screening.State.PASSED)
    batch = ScreeningBatch(
        contest=contest, move="accept", by=officer, previewed_at=timezone.now()
    )
    batch.start([entry.pk for entry in entries])

    killed(work_on_screening, ScreeningBatch, "advance", after=1)

    assert batch.items.filter(outcome="done").count() == 2
    time_passes(batch)
    assert work_on_screening() == 1
    assert batch.items.filter(outcome="done").count() == 3
    for entry in entries:
        entry.refresh_from_db()
        assert entry.status == Status.ACCEPTED
        assert entry.history().filter(move="accept").count() == 1
