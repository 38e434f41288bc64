"""The roll and the roots, each hour; safe to run twice."""

from celery import shared_task

from common.jobs.rows import one_by_one
from prizes.contest.models import Contest, Phase
from prizes.public_record.models import Root, publish_root, root_due
from prizes.public_record.roll import commit_roll


@shared_task(name="prizes.publish_roots", soft_time_limit=300, time_limit=330)
def publish_roots() -> int:
    """Write the root of this hour for each contest that needs one; returns how many."""
    return one_by_one(root_due(), publish_one, "prizes.publish_roots")


def publish_one(contest: Contest) -> Root:
    if contest.is_open(Phase.Kind.VOTING):
        commit_roll(contest)
    return publish_root(contest)
