"""The public record as everybody meets it: page, feed, mails, files, and the program."""

import datetime
import hashlib
import html
import io
import re
import subprocess
import sys
import zipfile

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.role.roles import Role
from common.dates.zones import in_words
from common.mail.models import OutgoingMail
from prizes.ballot.models import BallotEvent, Vote, cast, withdraw
from prizes.ballot.voter import voter_of
from prizes.contest.models import Contest
from prizes.public_record.models import FrameEvent, Root, Witness, publish_root
from prizes.public_record.tasks import publish_roots
from prizes.result.files import RecordFile
from prizes.result.tasks import write_record_files
from tests.factories import UserFactory
from tests.prizes.records import (
    ContestFactory,
    EntryFactory,
    count,
    set_phases,
    voiding,
    voter,
)
from tests.prizes.tampering import published, verified

pytestmark = pytest.mark.django_db
VOTERS = 24


@pytest.fixture
def contest():
    return ContestFactory()


@pytest.fixture
def nominees(contest):
    return EntryFactory.create_batch(3, contest=contest)


@pytest.fixture
def counted(contest, nominees):
    """A vote with changes, a withdrawal, a void vote and a roll, counted and public."""
    people = [voter() for _n in range(VOTERS)]
    for number, person in enumerate(people):
        cast(nominees[number % 2], person)
    cast(nominees[1], people[0])
    withdraw(nominees[0].category, people[1])
    published(contest, datetime.timedelta(hours=1))
    one, two = (UserFactory(role=Role.SECRETARIAT) for _n in range(2))
    voiding(_vote_of(people[2], contest), one).confirm(two)
    publish_roots()
    set_phases(contest, "selection")
    count(contest)
    release(contest, timezone.now() - datetime.timedelta(minutes=1))
    return contest


def release(contest, at):
    Contest.objects.filter(pk=contest.pk).update(champions_at=at)


def _vote_of(person, contest):
    return Vote.objects.get(voter=voter_of(contest.pk, person))


def read(path, **query):
    answer = Client().get(path, query)
    return answer.status_code, re.sub(
        r"\s+", " ", html.unescape(answer.content.decode())
    )


def page(contest, **query):
    return read(f"/en/prizes/{contest.slug}/record/", **query)[1]


def archive(contest):
    answer = Client().get(f"/en/prizes/{contest.slug}/record/archive.zip")
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def recounted(data, tmp_path, *roots):
    """What the program says, as somebody runs it who has only the files."""
    path = tmp_path / "record.zip"
    path.write_bytes(data)
    slug = RecordFile.objects.get().contest.slug
    program = Client().get(f"/en/prizes/{slug}/record/recount.py")
    (tmp_path / "recount.py").write_bytes(program.content)
    done = subprocess.run(
        [sys.executable, "-I", tmp_path / "recount.py", path, *roots],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def changed(data, name, change):
    """The archive with one file changed."""
    source, target = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
    with zipfile.ZipFile(target, "w") as copy:
        for one in source.namelist():
            text = source.read(one).decode()
            copy.writestr(one, change(text) if one == name else text)
    return target.getvalue()


def test_the_page_shows_the_latest_root_and_what_it_proves(contest, nominees):
    empty = page(contest)
    cast(nominees[0], voter())
    publish_roots()
    text = page(contest)

    root = Root.objects.get(contest=contest)
    assert "No root was published yet" in empty
    assert root.hash in text
    assert "It does not prove that each account is a different person" in text
    assert "Accounts that joined the roll" in text
    assert "is on the ballot in C7-EGOV" in text


def test_a_kept_root_is_looked_up(contest, nominees):
    root = publish_root(contest)

    known = page(contest, root=root.hash.upper())
    strange = page(contest, root="0" * 64)
    garbage = page(contest, root="<script>" * 20)

    assert "This root is on record." in known
    assert "This root is not on record." in strange
    assert "A root has 64 signs" in garbage
    assert (
        "<script>" * 2
        not in Client()
        .get(f"/en/prizes/{contest.slug}/record/", {"root": "<script>" * 20})
        .content.decode()
    )


def test_a_root_can_be_computed_from_its_own_page(contest, nominees):
    cast(nominees[0], voter())
    root = publish_root(contest)
    status, _text = read(f"/en/prizes/{contest.slug}/record/{root.number}/")
    lines = (
        Client()
        .get(f"/en/prizes/{contest.slug}/record/{root.number}/")
        .content.decode()
        .split("\n")
    )

    assert status == 200
    assert hashlib.sha256(lines[5].encode()).hexdigest() == root.hash
    assert f"SHA-256 {root.hash}" in lines
    assert "frame: " in lines[7]
    assert read(f"/en/prizes/{contest.slug}/record/{10**18}/")[0] == 404


def test_nominees_are_not_told_before_the_vote_begins(contest, nominees):
    set_phases(contest, "nomination")

    assert "is on the ballot" not in page(contest)


def test_the_feed_and_the_mails_carry_the_root(
    contest, nominees, django_capture_on_commit_callbacks
):
    Witness.objects.create(contest=contest, address="archive@university.example")
    cast(nominees[0], voter())
    publish_roots()
    root = Root.objects.get(contest=contest)
    feed = Client().get(f"/en/prizes/{contest.slug}/record/roots/").content.decode()

    letter = OutgoingMail.objects.get(to="archive@university.example")
    assert root.hash in feed
    assert f"Root {root.number}: {root.events} events" in feed
    assert root.hash in letter.body
    assert f"/prizes/{contest.slug}/record/{root.number}/" in letter.body
    assert not mail.outbox


def test_pages_of_many_roots_take_as_many_queries_as_of_one(
    contest, nominees, django_assert_num_queries
):
    publish_root(contest)
    page(contest)
    with CaptureQueriesContext(connection) as one:
        page(contest)
    for _n in range(30):
        publish_root(contest)
    with CaptureQueriesContext(connection) as many:
        text = page(contest)

    assert len(many) == len(one)
    assert "cursor=" in text


def test_no_file_before_the_champions_are_public(counted):
    write_record_files()
    release(counted, timezone.now() + datetime.timedelta(days=1))

    for path in ("archive.zip", "files/receipts-C7-EGOV.txt"):
        assert read(f"/en/prizes/{counted.slug}/record/{path}")[0] == 404
    assert "The files are published together with the champions" in page(counted)
    assert "The votes were counted" not in page(counted)


def test_receipts_and_choices_are_as_many_and_lead_to_nobody(counted):
    assert write_record_files() == 1
    files = zipfile.ZipFile(io.BytesIO(archive(counted)))
    receipts = files.read("receipts-C7-EGOV.txt").decode().splitlines()
    choices = files.read("choices-C7-EGOV.txt").decode().splitlines()

    counting = [line for line in receipts if line.endswith(" counted")]
    whole = "".join(files.read(name).decode() for name in files.namelist())
    keys = set(BallotEvent.objects.values_list("voter", flat=True))
    assert len(receipts) == VOTERS + 3
    assert len(counting) == len(choices) == VOTERS - 2
    assert choices == sorted(choices, key=int)
    assert not [key for key in keys if key in whole]
    assert {line.split("|")[5][-14:] for line in receipts} == {":00:00.000000Z"}


def test_the_program_recounts_the_files(counted, tmp_path):
    write_record_files()
    kept = Root.objects.filter(contest=counted).first()

    code, said = recounted(archive(counted), tmp_path, kept.hash)

    assert "DIFFERS" not in said
    assert f"the root that you kept: {kept.hash}" in said
    assert "1 voids by two people" in said
    assert said.endswith("Everything agrees.\n")
    assert code == 0


def test_the_program_recounts_votes_that_were_given_again_after_a_void(
    contest, nominees, tmp_path
):
    """Void and given again, twice over, withdrawn again, and left void."""
    people = [voter() for _n in range(VOTERS)]
    one, two = (UserFactory(role=Role.SECRETARIAT) for _n in range(2))
    for number, person in enumerate(people):
        cast(nominees[number % 2], person)
    for person, again in zip(people, (1, 2, 1, 0), strict=False):
        for _time in range(again):
            voiding(_vote_of(person, contest), one).confirm(two)
            cast(nominees[2], person)
    withdraw(nominees[2].category, people[2])
    voiding(_vote_of(people[3], contest), one).confirm(two)
    published(contest, datetime.timedelta(hours=1))
    assert verified() == (0, verified()[1])
    set_phases(contest, "selection")
    count(contest)
    release(contest, timezone.now())
    write_record_files()
    data = archive(contest)

    code, said = recounted(data, tmp_path)
    frame = "receipts-frame.txt"
    other, by_one = recounted(changed(data, frame, _both_keys_of_one), tmp_path)
    lines = zipfile.ZipFile(io.BytesIO(data)).read("receipts-C7-EGOV.txt").decode()
    words = lines.splitlines()

    assert "DIFFERS" not in said
    assert "5 voids by two people" in said
    assert f"C7-EGOV: {VOTERS + 3} votes" in said  # 22 counted, 5 void
    assert code == 0
    voids = [line for line in words if "|voiding|" in line]
    assert [line.rsplit(" ", 2)[1:] for line in voids] == [["-", "left-out"]] * 5
    assert sum(line.endswith(" counted") for line in words) == VOTERS - 2
    assert other == 1
    assert "DIFFERS: 4 voids by two people" in by_one


def _both_keys_of_one(text):
    """The first void by one officer, as who changes the file by hand would write it."""
    return re.sub(
        r'("first_key": )"(\w+)"(.*"second_key": )"\w+"', r'\1"\2"\3"\2"', text, count=1
    )


def _last_line_gone(text):
    return text[: text.rstrip("\n").rfind("\n") + 1]


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("receipts-C7-EGOV.txt", _last_line_gone, "the events with the root of"),
        ("choices-C7-EGOV.txt", _last_line_gone, "C7-EGOV: votes by entry"),
        (
            "receipts-C7-EGOV.txt",
            lambda text: text.replace("|cast|", "|change|", 1),
            "the events with the root of",
        ),
        (
            "receipts-frame.txt",
            lambda text: text.replace(
                '"champions_per_category": 5', '"champions_per_category": 9'
            ),
            "the events with the root of",
        ),
        (
            "results.txt",
            lambda text: re.sub(r":\d+:1:t", ":99:1:t", text, count=1),
            "the results are those that were frozen",
        ),
        (
            "roots.txt",
            lambda text: text.replace("|1|2", "|1|1", 1),
            "the events with the root",
        ),
    ],
)
def test_the_program_says_what_differs(counted, tmp_path, name, change, said):
    write_record_files()
    data = archive(counted)
    other = changed(data, name, change)

    code, text = recounted(other, tmp_path)

    assert code == 1
    assert re.search(f"DIFFERS: .*{re.escape(said)}", text)


def test_a_root_of_another_record_differs(counted, tmp_path):
    write_record_files()

    code, said = recounted(archive(counted), tmp_path, "0" * 64)

    assert code == 1
    assert f"DIFFERS: the root that you kept: {'0' * 64}" in said


def test_choices_of_few_votes_are_not_published(contest, nominees, tmp_path):
    small = EntryFactory(contest=contest, line="C1")
    for _n in range(3):
        cast(small, voter())
    set_phases(contest, "selection")
    count(contest)
    release(contest, timezone.now())
    write_record_files()
    code, said = recounted(archive(contest), tmp_path)

    assert "Choices are not published in categories" in page(contest)
    assert RecordFile.objects.get().withheld.count("C1") == 1
    assert "C1: votes by entry are not published" in said
    assert code == 0


def test_single_files_can_be_fetched_and_no_others(counted):
    write_record_files()
    answer = Client().get(f"/en/prizes/{counted.slug}/record/files/results.txt")
    text = b"".join(answer.streaming_content).decode()

    assert text.count("\n") == 3
    assert (
        read(f"/en/prizes/{counted.slug}/record/files/..%2F..%2Fsettings.py")[0] == 404
    )
    assert read(f"/en/prizes/{counted.slug}/record/files/none.txt")[0] == 404


def test_the_program_is_short_and_needs_the_standard_library_only(contest):
    text = Client().get(f"/en/prizes/{contest.slug}/record/recount.py").content.decode()

    modules = set(re.findall(r"^(?:import|from) (\w+)", text, re.MULTILINE))
    assert len(text.splitlines()) <= 60
    assert modules <= sys.stdlib_module_names


def test_the_page_speaks_arabic_from_right_to_left(contest, nominees):
    root = publish_root(contest)
    text = Client().get(f"/ar/prizes/{contest.slug}/record/").content.decode()

    assert 'dir="rtl"' in text
    assert f"<bdi>{root.hash}</bdi>" in text


def test_frame_events_are_sentences_in_the_zone_of_the_contest(contest, nominees):
    contest.time_zone = "Asia/Kathmandu"
    contest.save()
    phase = contest.phases.get(kind="voting")
    phase.opens_at = datetime.datetime(2031, 5, 1, 18, 30, tzinfo=datetime.UTC)
    phase.closes_at = datetime.datetime(2031, 5, 9, 18, 30, tzinfo=datetime.UTC)
    phase.save()

    text = page(contest)

    assert "00:15" in text
    assert FrameEvent.objects.filter(contest=contest, kind="phase").count() == 6


def test_a_deadline_that_came_earlier_is_told_as_shortened(contest, nominees):
    contest.time_zone = "Asia/Kathmandu"
    contest.save()
    phase = contest.phases.get(kind="voting")
    hour = datetime.timedelta(hours=1)
    ends = [phase.closes_at, phase.closes_at - 3 * hour, phase.closes_at - hour]
    for end, why in zip(ends[1:], ("The hall is taken", "Free again"), strict=True):
        phase.extend(end, why, None)
        phase.refresh_from_db()

    text = re.sub(r"<[^>]+>", "", page(contest))

    first, early, last = (in_words(end, contest.zone) for end in ends)
    assert f"Public voting was shortened: it ends {early}, not {first}." in text
    assert f"Public voting was extended from {early} to {last}." in text
    assert text.count("was shortened") == text.count("was extended") == 1
