"""The log of held votes is in the hourly roots: what a superuser does to it by SQL is found, and
the hour is named."""

import datetime
import html
import io
import re
import zipfile

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.role.roles import Role
from prizes.ballot.models import cast
from prizes.contest.models import Contest
from prizes.hold.models import Hold, HoldEvent, HoldLink, hold_hash
from prizes.hold.steps import confirm, release
from prizes.public_record.models import Root, publish_root, root_due
from prizes.public_record.verifying import verify
from prizes.result.files import RecordFile
from prizes.result.tasks import work_on_verifications, write_record_files
from tests.factories import UserFactory
from tests.prizes.public_record.test_attacks import ago, hour
from tests.prizes.public_record.test_record_page import recounted
from tests.prizes.records import (
    ContestFactory,
    EntryFactory,
    count,
    held_vote,
    set_phases,
    voter,
)
from tests.prizes.tampering import published, tampered, verified

pytestmark = pytest.mark.django_db

NOT_THE_LOG = "log of held votes: it is not the log of which a root was published"
CUT = """
DELETE FROM prizes_holdevent WHERE number = 4;
UPDATE prizes_hold SET state = 'held'
    WHERE voter = (SELECT voter FROM prizes_holdevent WHERE number = 2);
"""
EMPTIED = "TRUNCATE prizes_holdevent, prizes_hold CASCADE"


@pytest.fixture
def contest():
    return ContestFactory()


@pytest.fixture
def roots(contest):
    """Two voters are held, then each confirms: a root after each two steps, an hour apart."""
    entry = EntryFactory(contest=contest)
    cast(entry, voter())
    before = published(contest, ago(6))
    holds = [held_vote(entry), held_vote(entry)]
    held = published(contest, ago(5))
    for row in holds:
        confirm(row)
    done = published(contest, ago(4))
    assert verified() == (0, verified()[1])
    return before, held, done


def rewritten(number, kind):
    """The row of this number is of another kind, and all that follows is computed anew."""
    previous = "0" * 64
    for row in HoldEvent.objects.order_by("number").select_related("pattern"):
        now = kind if row.number == number else row.kind
        link = HoldLink(
            row.contest_id,
            row.number,
            now,
            row.voter,
            row.pattern.rule_id,
            row.by_id or 0,
            row.at,
            row.reason,
        )
        own = hold_hash(previous, link)
        tampered(
            f"UPDATE prizes_holdevent SET kind = '{now}', previous = '{previous}',"
            f" hash = '{own}' WHERE id = {row.pk}"
        )
        previous = own


def test_a_root_holds_the_end_of_the_log_and_not_how_long_it_is(contest, roots):
    before, held, done = roots
    ends = [root.ends.get("held") for root in (before, held, done)]
    hashes = dict(HoldEvent.objects.values_list("number", "hash"))
    page = Client().get(done.get_absolute_url()).content.decode()

    assert ends == [None, (0, hashes[2]), (0, hashes[4])]
    assert f"log of held votes: {hashes[4]}" in page
    assert done.events == held.events


def test_a_row_that_was_removed_is_found_with_its_hour(roots):
    _before, _held, done = roots
    tampered(CUT)

    code, said = verified()

    assert code == 1
    assert f"broken at {NOT_THE_LOG}, hour {hour(done.at)}" in said


def test_a_log_that_was_emptied_with_its_states_is_found(roots):
    _before, held, _done = roots
    tampered(EMPTIED)

    code, said = verified()

    assert code == 1
    assert f"broken at {NOT_THE_LOG}, hour {hour(held.at)}" in said


@pytest.mark.parametrize(("number", "first"), [(1, 1), (3, 2)])
def test_a_rewritten_log_is_found_with_the_hour_of_the_first_root_that_is_untrue(
    roots, number, first
):
    """A confirmation by the voter becomes a release by the secretariat, all hashes anew."""
    rewritten(number, "release" if number == 3 else "hold")
    if number == 1:
        tampered("UPDATE prizes_holdevent SET reason = 'Forged' WHERE number = 1")
        rewritten(1, "hold")
    tampered(
        "UPDATE prizes_hold h SET state = 'released' WHERE EXISTS (SELECT FROM"
        " prizes_holdevent e WHERE e.voter = h.voter AND e.kind = 'release')"
    )

    code, said = verified()

    assert code == 1
    assert f"broken at {NOT_THE_LOG}, hour {hour(roots[first].at)}" in said


@pytest.mark.parametrize(("number", "first"), [(2, 1), (4, 2)])
def test_a_row_changed_in_place_is_found_with_the_first_root_that_holds_it(
    roots, number, first
):
    tampered(f"UPDATE prizes_holdevent SET reason = 'Other' WHERE number = {number}")

    code, said = verified()

    assert code == 1
    assert f"held votes, row {number}: its content was changed" in said
    assert f"hour {hour(roots[first].at)}" in said


def test_a_row_that_no_root_holds_yet_has_its_own_hour(contest, roots):
    row = held_vote(contest.entries.get())
    event = HoldEvent.objects.get(voter=row.voter)
    tampered(f"UPDATE prizes_holdevent SET reason = 'x' WHERE id = {event.pk}")

    _code, said = verified()

    assert f"held votes, row 5: its content was changed, hour {hour(event.at)}" in said


def test_a_row_slipped_in_by_sql_is_found(contest, roots):
    """Somebody confirms in the name of a voter, past the trigger."""
    last = HoldEvent.objects.get(number=4)
    tampered(
        "INSERT INTO prizes_holdevent (contest_id, voter, kind, pattern_id, reason, number, at,"
        f" previous, hash) VALUES ({contest.pk}, '{last.voter}', 'confirm', {last.pattern_id},"
        f" '', 5, now(), '{last.hash}', '{'a' * 64}')"
    )

    code, said = verified()

    assert code == 1
    assert "held votes, row 5: its content was changed" in said


def test_garbage_in_the_log_is_reported_and_breaks_nothing(roots):
    tampered("UPDATE prizes_holdevent SET kind = 'x|y', reason = '|' WHERE number = 3")

    code, said = verified()

    assert code == 1
    assert "held votes, row 3: its content was changed" in said


def test_a_root_forged_without_the_log_is_found(roots):
    """The end of the log is cut out of the root, too."""
    _before, _held, done = roots
    heads = ";".join(h for h in done.heads.split(";") if not h.startswith("held:"))
    tampered(
        f"UPDATE prizes_root SET heads = '{heads}' WHERE id = {done.pk}; {EMPTIED}"
    )

    code, said = verified()

    assert code == 1
    assert "the root is not the one that was written" in said
    assert f"hour {hour(done.at)}" in said


def test_the_page_of_staff_says_it_in_their_language(contest, roots, settings):
    settings.REQUIRE_STAFF_MFA = False
    _before, _held, done = roots
    tampered(CUT)
    client = Client()
    client.force_login(UserFactory(role=Role.SECRETARIAT))
    client.post(
        reverse("admin:prizes_contest_verify", args=[contest.pk]), {"begin": "1"}
    )
    work_on_verifications()

    def shown(language):
        answer = client.get(f"/{language}/admin/prizes/contest/{contest.pk}/verify/")
        return re.sub(r"\s+", " ", html.unescape(answer.content.decode()))

    assert NOT_THE_LOG in shown("en")
    assert hour(done.at) in shown("en")
    for language in ("fr", "es", "ru", "ar", "zh-hans"):
        text = shown(language)
        assert "it is not the log of which" not in text
        assert "log of held votes" not in text
        assert hour(done.at) in text
    assert "журнал" in shown("ru")


def test_values_stand_in_the_translated_sentence(contest, roots, settings):
    settings.REQUIRE_STAFF_MFA = False
    tampered("UPDATE prizes_phase SET closes_at = closes_at + interval '1 day'")
    client = Client()
    client.force_login(UserFactory(role=Role.SECRETARIAT))
    client.post(
        reverse("admin:prizes_contest_verify", args=[contest.pk]), {"begin": "1"}
    )
    work_on_verifications()
    phases = set(contest.phases.values_list("pk", flat=True))

    page = html.unescape(
        client.get(f"/fr/admin/prizes/contest/{contest.pk}/verify/").content.decode()
    )

    found = re.search(r"phase (\d+) : |phase (\d+): ", page)
    assert int(found[1] or found[2]) in phases
    assert "it is not what the chain" not in page


def test_a_step_after_the_close_gets_a_root(contest, roots):
    set_phases(contest, "selection")
    publish_root(contest)
    tampered("UPDATE prizes_root SET at = at - interval '2 hours'")
    idle = root_due().filter(pk=contest.pk).exists()
    entry = contest.entries.get()
    pattern = Hold.objects.first().pattern
    set_phases(contest, "voting")
    held_vote(entry)
    set_phases(contest, "selection")
    publish_root(contest)
    tampered("UPDATE prizes_root SET at = at - interval '2 hours'")

    release(pattern, UserFactory(role=Role.SECRETARIAT), "A class")

    assert not idle
    assert root_due().filter(pk=contest.pk).exists()


def test_the_log_costs_a_vote_nothing(contest):
    """The same questions of the database, with many held voters and with none."""
    first, second = EntryFactory.create_batch(2, contest=contest)
    person, other = voter(), voter()
    with CaptureQueriesContext(connection) as few:
        cast(first, person)
    for _n in range(5):
        held_vote(second)

    with CaptureQueriesContext(connection) as many:
        cast(first, other)

    assert len(many) == len(few)
    assert not [q for q in many.captured_queries if "holdevent" in q["sql"]]


def test_the_program_recounts_a_vote_with_held_voters(contest, tmp_path):
    entry = EntryFactory(contest=contest)
    for _n in range(3):
        cast(entry, voter())
    confirmed, _held = held_vote(entry), held_vote(entry)
    confirm(confirmed)
    published(contest, ago(2))
    late = timezone.now() - datetime.timedelta(minutes=1)
    set_phases(contest, "selection")
    pattern = Hold.objects.first().pattern
    release(pattern, UserFactory(role=Role.SECRETARIAT), "A class")
    count(contest)
    Contest.objects.filter(pk=contest.pk).update(champions_at=late)
    write_record_files()
    assert RecordFile.objects.exists()
    data = b"".join(
        Client().get(f"/en/prizes/{contest.slug}/record/archive.zip").streaming_content
    )

    code, said = recounted(data, tmp_path)

    lines = zipfile.ZipFile(io.BytesIO(data)).read("roots.txt").decode()
    assert ";held:0:" in lines
    assert (code, "Everything agrees." in said) == (0, True)
    keys = HoldEvent.objects.values_list("voter", flat=True)
    assert not [key for key in keys if key in lines]
    assert verify(contest).broken is None
    assert Root.objects.filter(contest=contest).count() >= 2
