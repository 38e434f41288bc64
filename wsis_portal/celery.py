"""The Celery application: queues, durability, heartbeats, and the schedule.

The truth about work is in PostgreSQL; the queue only announces it. A task may run twice: after a
kill, after `visibility_timeout`, or because two schedulers run; so every task is safe to repeat.
"""

import logging
import os
from functools import partial
from typing import Any

import redis
from celery import Celery
from celery.contrib.django.task import DjangoTask
from celery.schedules import crontab
from celery.signals import heartbeat_sent, setup_logging
from django.conf import settings
from django.db import transaction

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wsis_portal.settings")

HEARTBEAT_KEY = "wsis:worker:{queue}"
HEARTBEAT_SECONDS = (
    15  # how long a worker counts as alive after its last beat; they come every 2 s
)
# urgent: codes and links that somebody waits for; mail: all others, and the sweep; volumes: what
# follows the snapshot of a large report
QUEUES = ("default", "reports", "volumes", "urgent", "mail")


class PortalTask(DjangoTask):
    """A task whose row is in the database: when the broker is down, a sweep finds it later."""

    def delay_on_commit(self, *args: Any, **kwargs: Any) -> None:  # type: ignore[override]  # stub
        """Queue the task after the commit. When the broker does not answer, the saved data is
        safe: this logs a line and raises nothing."""
        transaction.on_commit(partial(self.delay, *args, **kwargs), robust=True)


def nouns_with_tasks() -> list[str]:
    """Packages whose `tasks.py` is beside the models that it works on."""
    modules = [
        *settings.BASE_DIR.glob("*/tasks.py"),
        *settings.BASE_DIR.glob("*/*/tasks.py"),
    ]
    folders = [
        module.parent.relative_to(settings.BASE_DIR) for module in sorted(modules)
    ]
    return [".".join(folder.parts) for folder in folders]


app = Celery("wsis_portal", task_cls=PortalTask)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(
    accept_content=["json"],
    task_serializer="json",
    result_serializer="json",
    task_ignore_result=True,  # state and progress are rows
    task_default_queue="default",
    task_routes={
        "reports.publish_due": {"queue": "default"},  # never behind a long build
        "reports.*": {"queue": "reports"},
        "common.deliver_urgent_mail": {"queue": "urgent"},
        "common.deliver_*": {"queue": "mail"},
    },
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_soft_time_limit=300,
    task_time_limit=330,
    worker_prefetch_multiplier=1,
    worker_max_tasks_per_child=200,
    worker_hijack_root_logger=False,
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    # a worker that was killed with all its children: its tasks are given out again after this
    # many seconds; Celery looks for them every 2 s instead of every 100
    broker_transport_options={
        "visibility_timeout": 30,
        "unacked_restore_interval": 2,
        "unacked_restore_throttle": 1,
        "socket_timeout": 10,
        "socket_connect_timeout": 5,
    },
    timezone="UTC",
    # Each entry expires before the next is due: a queue without workers does not fill up.
    beat_schedule={
        "mail that waits": {
            "task": "common.deliver_waiting_mail",
            "schedule": 30,
            "options": {"expires": 25},
        },
        "mail that came back": {
            "task": "common.read_returned_mail",
            "schedule": 300,
            "options": {"expires": 290},
        },
        "reports whose worker was lost": {
            "task": "reports.sweep",
            "schedule": 5,
            "options": {"expires": 4},
        },
        "reports that are due": {
            "task": "reports.schedule",
            "schedule": crontab(
                minute=5
            ),  # an interval of an hour would start again at each restart
            "options": {"expires": 3500},
        },
        "reports scheduled for a minute": {
            "task": "reports.publish_due",
            "schedule": crontab(),
            "options": {"expires": 55},
        },
        "comments on reports": {
            "task": "reports.tell_of_comments",
            "schedule": 300,
            "options": {"expires": 290},
        },
        "new editions of reports": {
            "task": "reports.tell_subscribers",
            "schedule": 120,
            "options": {"expires": 110},
        },
        "texts that agencies were asked for": {
            "task": "reports.remind_of_contributions",
            "schedule": crontab(hour="6-16", minute=20),  # no mail at night in Geneva
            "options": {"expires": 3500},
        },
        "e-mails to segments": {
            "task": "forum.sweep_mailings",
            "schedule": 30,
            "options": {"expires": 25},
        },
        "reports on sessions of the Forum": {
            "task": "forum.remind_of_reports",
            "schedule": crontab(hour="6-16", minute=40),  # no mail at night in Geneva
            "options": {"expires": 3500},
        },
        "words for “did you mean”": {
            "task": "stocktaking.refresh_words",
            "schedule": 600,
            "options": {"expires": 590},
        },
        "records that change by the clock": {
            "task": "common.examine_due",
            "schedule": 60,
            "options": {"expires": 55},
        },
        "prize outcomes that have become public": {
            "task": "prizes.announce",
            "schedule": 60,
            "options": {"expires": 55},
        },
        "votes that fit a rule": {
            "task": "prizes.check_votes",
            "schedule": 60,
            "options": {"expires": 55},
        },
        "figures of held votes": {
            "task": "prizes.count_held_votes",
            "schedule": 3600,
            "options": {"expires": 3500},
        },
        "verifications of votes": {
            "task": "prizes.verify",
            "schedule": 30,
            "options": {"expires": 25},
        },
        "public files of votes": {
            "task": "prizes.write_files",
            "schedule": 600,
            "options": {"expires": 590},
        },
        "roots of the votes": {  # one an hour; what was missed is made up for
            "task": "prizes.publish_roots",
            "schedule": crontab(minute="*/5"),
            "options": {"expires": 280},
        },
        "readers of a changed agenda": {
            "task": "forum.tell_of_releases",
            "schedule": 60,
            "options": {"expires": 55},
        },
        "releases of an agenda": {
            "task": "forum.release_agendas",
            "schedule": 5,
            "options": {"expires": 4},
        },
        "print jobs whose message was lost": {
            "task": "forum.sweep_printing",
            "schedule": 30,
            "options": {"expires": 25},
        },
        "proposals for a timetable": {
            "task": "forum.suggest",
            "schedule": 5,
            "options": {"expires": 4},
        },
        "reserved seats whose day is over": {
            "task": "forum.release_seats",
            "schedule": 600,
            "options": {"expires": 590},
        },
        "follow-up forms that are due": {
            "task": "forum.remind_of_follow_ups",
            "schedule": crontab(hour="6-16", minute=40),  # no mail at night in Geneva
            "options": {"expires": 3500},
        },
        "places in sessions": {
            "task": "forum.settle_sign_ups",
            "schedule": 60,
            "options": {"expires": 55},
        },
        "news of saved searches and follows": {
            "task": "stocktaking.send_digests",
            "schedule": 240,
            "options": {"expires": 230},
        },
        "owners asked whether their entries are still correct": {
            "task": "stocktaking.ask_whether_correct",
            "schedule": 6 * 3600,
            "options": {"expires": 3600},
        },
        "automatic checks of what waits": {
            "task": "stocktaking.screen_waiting",
            "schedule": 15,
            "options": {"expires": 14},
        },
        "websites of what waits": {
            "task": "stocktaking.visit_websites",
            "schedule": 60,
            "options": {"expires": 55},
        },
        "letters on dispositions": {
            "task": "forum.work_on_dispatches",
            "schedule": 5,
            "options": {"expires": 4},
        },
        "certificates whose message was lost": {
            "task": "prizes.sweep_printing",
            "schedule": 30,
            "options": {"expires": 25},
        },
        "letters on outcomes of the Prizes": {
            "task": "prizes.send_letters",
            "schedule": 5,
            "options": {"expires": 4},
        },
        "reviews of proposals before a phase ends": {
            "task": "forum.remind_reviewers",
            "schedule": crontab(hour="6-16", minute=50),  # no mail at night in Geneva
            "options": {"expires": 3500},
        },
        "authors asked to join requests": {
            "task": "forum.remind_of_joinings",
            "schedule": crontab(hour="6-16", minute=55),  # no mail at night in Geneva
            "options": {"expires": 3500},
        },
        "joinings that nobody answered": {
            "task": "forum.close_joinings",
            "schedule": 3600,
            "options": {"expires": 3500},
        },
        "screening of prize entries": {
            "task": "prizes.work_on_screening",
            "schedule": 5,
            "options": {"expires": 4},
        },
        "batches of the desk": {
            "task": "stocktaking.work_on_batches",
            "schedule": 5,
            "options": {"expires": 4},
        },
        "reminders of what was returned": {
            "task": "stocktaking.remind_of_returned",
            "schedule": 3600,
            "options": {"expires": 3500},
        },
        "entries approved for a date": {
            "task": "stocktaking.release_approved",
            "schedule": 60,
            "options": {"expires": 55},
        },
        "dates set by staff": {
            "task": "stocktaking.remind_staff",
            "schedule": 600,
            "options": {"expires": 550},
        },
        "imports whose message was lost": {
            "task": "common.sweep_imports",
            "schedule": 30,
            "options": {"expires": 25},
        },
        "files that wait for their virus check": {
            "task": "stocktaking.scan_files",
            "schedule": 60,
            "options": {"expires": 55},
        },
        "copies of personal data": {
            "task": "portal.sweep_exports",
            "schedule": 60,
            "options": {"expires": 55},
        },
        "mails that are sent together": {
            "task": "portal.gather_digests",
            "schedule": 60,  # each call works for some seconds and leaves the rest to the next
            "options": {"expires": 55},
        },
        "what waits for the secretariat": {
            "task": "portal.tell_staff_what_waits",
            "schedule": crontab(hour=6, minute=0),
            "options": {"expires": 3500},
        },
        "second factors to remove": {
            "task": "accounts.finish_factor_resets",
            "schedule": 60,
            "options": {"expires": 55},
        },
        "what waits on closed accounts": {
            "task": "portal.leave_closed",
            "schedule": 30,
            "options": {"expires": 25},
        },
        "what may not be kept longer": {
            "task": "portal.retention",
            "schedule": 3600,
            "options": {"expires": 3500},
        },
        "people to forget": {
            "task": "portal.erase_due",
            "schedule": 3600,
            "options": {"expires": 3500},
        },
    },
    # keeps no file that a kill could damage: no entry needs to remember its last run
    beat_scheduler="celery.beat:Scheduler",
)
app.autodiscover_tasks(nouns_with_tasks)

log = logging.getLogger(__name__)


@setup_logging.connect
def keep_portal_logging(**options: object) -> None:
    """A listener is enough: Celery then keeps the logging of settings.py."""


@heartbeat_sent.connect
def tell_health(sender: Any, **options: object) -> None:
    """Record that this worker is alive, for /healthz; the part before @ of its name is its
    queue."""
    queue = sender.eventer.hostname.partition("@")[0]
    try:
        with redis.Redis.from_url(
            settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2
        ) as client:
            client.set(HEARTBEAT_KEY.format(queue=queue), 1, ex=HEARTBEAT_SECONDS)
    except redis.RedisError:
        log.warning("heartbeat was not written")
