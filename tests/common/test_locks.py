"""Advisory locks: one number for each job, all in one register."""

import re

from common.locks.advisory import Lock
from tests.test_house import ROOT, SOURCES


def test_no_two_jobs_share_a_lock():
    assert len({lock.value for lock in Lock}) == len(Lock.__members__)


def test_every_advisory_lock_is_in_the_register():
    """A number beside `pg_advisory…` or a constant of that look elsewhere is a second register."""
    number = re.compile(r"0x[0-9a-fA-F_]{6,}|advisory[a-z_]*lock\([0-9]")

    others = [
        str(path.relative_to(ROOT))
        for path in SOURCES
        if path != ROOT / "common" / "locks" / "advisory.py"
        and number.search(path.read_text("utf-8"))
    ]

    assert others == []


def test_whoever_takes_an_advisory_lock_names_it():
    users = [
        p
        for p in SOURCES
        if re.search(r"pg_\w*advisory", p.read_text(encoding="utf-8"))
    ]

    assert users
    assert [
        str(p)
        for p in users
        if "common.locks.advisory" not in p.read_text(encoding="utf-8")
    ] == []


def test_assigning_at_the_desk_and_milestone_dependencies_do_not_wait_for_each_other():
    assert Lock.DESK_ASSIGNMENT != Lock.MILESTONE_DEPENDENCIES
