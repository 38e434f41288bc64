"""Nothing waits without end: limits by kind of process, and migrations that let readers pass."""

from contextlib import closing

import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, transaction
from django.test import Client

from accounts.role.roles import Role
from common.mail.tasks import deliver_mail
from tests.factories import UserFactory
from wsis_portal.apps import PortalConfig
from wsis_portal.celery import app
from wsis_portal.management.commands import migrate
from wsis_portal.run import processes
from wsis_portal.settings import PATIENCE


@pytest.mark.parametrize(
    ("program", "kind"),
    [
        ("/portal/.venv/bin/celery", "worker"),
        ("/usr/lib/python3/site-packages/celery/__main__.py", "worker"),
        ("manage.py", "command"),
        ("/portal/.venv/bin/pytest", "command"),
    ],
)
def test_a_process_knows_what_it_is(program, kind, monkeypatch):
    monkeypatch.setattr(processes.sys, "argv", [program, "worker"])

    assert processes.kind() == kind


@pytest.mark.parametrize("kind", ["web", "worker"])
def test_processes_that_serve_wait_for_nothing_without_end(kind):
    assert min(PATIENCE[kind]) > 0


@pytest.mark.django_db
def test_every_connection_has_limits():
    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() == ("1min",)


@pytest.mark.django_db(transaction=True)
def test_a_migration_lets_the_readers_of_its_table_pass(monkeypatch):
    """It waits for a lock no longer than said, and does its work when the reader has gone."""
    tries = []

    def change_the_table(self, *args, **options):
        tries.append(1)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("LOCK TABLE stocktaking_project IN ACCESS EXCLUSIVE MODE")

    with closing(connection.copy()) as reader:
        reader.set_autocommit(False)
        with reader.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM stocktaking_project")
        monkeypatch.setattr(migrate, "LOCK_SECONDS", 0.1)
        monkeypatch.setattr(migrate.migrate.Command, "handle", change_the_table)
        monkeypatch.setattr(migrate.time, "sleep", lambda seconds: reader.rollback())

        call_command("migrate", verbosity=0)

    assert len(tries) == 2


@pytest.mark.django_db(transaction=True)
def test_a_migration_that_cannot_get_its_table_says_so(monkeypatch):
    def change_the_table(self, *args, **options):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("LOCK TABLE stocktaking_project IN ACCESS EXCLUSIVE MODE")

    with closing(connection.copy()) as reader:
        reader.set_autocommit(False)
        with reader.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM stocktaking_project")
        monkeypatch.setattr(migrate, "LOCK_SECONDS", 0.05)
        monkeypatch.setattr(migrate, "TRIES", 2)
        monkeypatch.setattr(migrate.migrate.Command, "handle", change_the_table)
        monkeypatch.setattr(migrate.time, "sleep", lambda seconds: None)

        with pytest.raises(CommandError, match="being read all the time"):
            call_command("migrate", verbosity=0)
        reader.rollback()

    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() == ("1min",)


@pytest.mark.django_db
def test_a_query_that_was_stopped_is_said_as_such(monkeypatch):
    def endless(*args, **kwargs):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = '20ms'")
            cursor.execute("SELECT pg_sleep(60)")

    monkeypatch.setattr("stocktaking.member.views.count_members", endless)
    browser = Client(raise_request_exception=False)

    response = browser.get("/en/projects/members/figures/")

    assert (response.status_code, response["Retry-After"]) == (503, "30")
    assert "took too long" in response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("demo", [True, False])
def test_no_mail_server_is_told_by_check_log_and_desk(settings, caplog, demo):
    settings.EMAIL_BACKEND, settings.DEMO = settings.MAIL_INTO_FILES, demo
    settings.PROCESS = "web"
    officer = Client()
    officer.force_login(UserFactory(role=Role.SECRETARIAT))

    told = [message.id for message in run_checks()]
    PortalConfig.create("wsis_portal").ready()
    desk = officer.get("/en/admin/").content.decode()

    sentence = "No mail server is set"
    assert ["wsis.W001" in told, sentence in caplog.text, sentence in desk] == [
        not demo
    ] * 3


def test_a_mail_server_that_is_set_is_no_reason_to_warn(settings):
    settings.EMAIL_BACKEND, settings.DEMO = "common.mail.server.EmailBackend", False

    assert "wsis.W001" not in [message.id for message in run_checks()]


@pytest.mark.django_db(transaction=True)
def test_what_was_saved_is_saved_though_the_broker_is_away(monkeypatch):
    """The task is found by a sweep later; whoever saved is not told of an error."""

    def away(*args, **kwargs):
        raise OSError("the broker is away")

    monkeypatch.setattr(type(deliver_mail), "delay", away, raising=False)
    with transaction.atomic():
        deliver_mail.delay_on_commit(1)


def test_mail_has_queues_and_a_worker_of_its_own():
    """Nothing but mail waits for a mail server."""
    routes = {
        name: app.amqp.router.route({}, name)["queue"].name
        for name in app.tasks
        if name.startswith("common.deliver")
    }

    assert routes == {
        "common.deliver_mail": "mail",
        "common.deliver_waiting_mail": "mail",
        "common.deliver_urgent_mail": "urgent",
    }
