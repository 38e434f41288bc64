"""The site of docker-compose.yml with PostgreSQL, Valkey and a mail server outside: what it holds,
and what its readers see while one of these is away, slow, locked or asked by too many.

The tables come from the tests' own server by dump, so that the site begins as after a loss. It is
started once; the tests come in this order.
"""

import csv
import http.client
import json
import re
import threading
import time
from http.cookies import SimpleCookie
from urllib.parse import urlencode

import psycopg
import pytest
from celery import Celery
from django.core.management.utils import get_random_secret_key

from tests.platform.site import HOST, Site, restore_tests_database
from tests.portal import ROOT
from wsis_portal.run import processes

OFFICER = f"officer@{HOST}"
SECONDS = 90  # of patience; nothing here measures how quick the machine is
BEFORE_THE_LOSS = 5_000_000  # transactions that the lost cluster had seen
OLD_ROW = (
    'INSERT INTO common_change (kind, record_kind, record_id, version, content_hash, "into", at,'
    " transaction) VALUES ('delete', 'stocktaking.project', '1', 2, '', '', now(), %s) RETURNING id"
)
READING = (
    "/en/",
    "/fr/projects/",
    "/api/v1/projects/",
    "/en/forum/",
    "/ar/prizes/",
    "/en/roadmap/",
)
REPORT = f"""
from accounts.models import DataExport, User
from accounts.role.roles import Role
from django.contrib.auth.models import Group
from django.utils import timezone
from reports.models import Publication
officer = User.objects.get(email="{OFFICER}")
officer.groups.add(Group.objects.get_or_create(name=Role.SECRETARIAT.value)[0])
report = Publication(series="roadmap_state", language="en", as_of=timezone.now().date())
report.save()
report.move("build", officer)
"""

pytestmark = (
    pytest.mark.django_db
)  # the tests' own database is what the site is restored from


@pytest.fixture(scope="module")
def site(django_db_setup, tmp_path_factory):
    made = Site(tmp_path_factory.mktemp("deployment"))
    try:
        restore_tests_database(made.postgres, made.database_url)
        [(made.old_row,)] = made.sql(OLD_ROW, str(BEFORE_THE_LOSS))
        made.up()
        yield made
    finally:
        made.down()


def until(condition):
    return processes.wait_until(condition, SECONDS)


def count(site, table):
    return site.sql(f"SELECT count(*) FROM {table}")[0][0]


def test_the_site_holds_the_facts_that_the_portal_ships_with(site):
    with (ROOT / "stocktaking/data/projects.csv").open(newline="") as file:
        projects = sum(1 for _row in csv.DictReader(file))
    tables = (
        "prizes_entry",
        "roadmap_milestone",
        "forum_edition",
        "forum_session",
        "reports_schedule",
    )

    assert count(site, "stocktaking_project") == projects
    assert [table for table in tables if count(site, table) == 0] == []
    assert "WSIS Prizes 2025" in site.get("/en/prizes/")[2]
    assert "/en/forum/" in site.get("/en/forum/")[2]
    assert "demo.example" not in site.get("/en/help/")[2]


def test_a_key_is_written_nowhere_when_the_environment_has_one(site):
    assert not (site.var / "secret_key").exists()


def test_a_sign_in_code_arrives_by_mail(site):
    """As somebody signs up; the letter is the portal's own, not a container's."""
    _status, headers, page = site.get("/en/account/signup/")
    cookie = SimpleCookie(headers["Set-Cookie"])["__Host-csrf"].value
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
    fields = dict.fromkeys(re.findall(r'type="checkbox" name="(\w+)"', page), "on")
    fields |= {"csrfmiddlewaretoken": token, "email": "amina@agency.example"}
    fields |= {
        "password1": get_random_secret_key(),
        "first_name": "Amina",
        "last_name": "Otieno",
    }

    status, _headers, page = site.ask(
        "POST",
        "/en/account/signup/",
        urlencode(fields),
        Cookie=f"__Host-csrf={cookie}",
        Referer=f"https://{HOST}/en/account/signup/",
        **{"Content-Type": "application/x-www-form-urlencoded"},
    )

    assert status == 302, re.findall(r'class="error[^>]*>([^<]+)', page)
    assert until(lambda: site.mail.to("amina@agency.example"))
    letter = site.mail.to("amina@agency.example")[0]
    assert re.search(r"\b\d{4}-?\d{4}\b", letter.get_content())
    assert letter["Message-ID"].endswith(f"@{HOST}>")
    assert letter["Date"].endswith("+0000")


def test_the_first_administrator_is_made_as_documented_and_gets_the_report_asked_for(
    site,
):
    words = ("python", "manage.py", "createsuperuser", "--noinput", "--email", OFFICER)
    assert " ".join(words[1:3]) in (ROOT / "docs/operations.md").read_text()

    site.run(*words)
    site.run("python", "manage.py", "shell", "--no-imports", "--command", REPORT)

    assert until(lambda: site.mail.to(OFFICER))
    assert "/reports/" in site.mail.to(OFFICER)[0].get_content()
    [(folder,)] = site.sql("SELECT file FROM reports_artefact WHERE format = 'pdf'")
    assert (site.var / "media" / folder).read_bytes()[:5] == b"%PDF-"


def test_the_change_log_goes_on_after_a_restore_into_another_cluster(site):
    """A position that the log holds leads to all that came later; one that was lost is told."""
    known = f"{BEFORE_THE_LOSS}-{site.old_row}"
    site.sql(
        'INSERT INTO common_change (kind, record_kind, record_id, version, content_hash, "into",'
        " at) VALUES ('update', 'roadmap.agency', 'RESTORED', 1, '', '', now())"
    )

    assert until(lambda: ("roadmap.agency", "RESTORED") in changes_after(site, known))
    assert ("stocktaking.project", "1") in changes_after(site, "0-0")
    for lost in ("5000001-999999", "9999999999-1", f"{BEFORE_THE_LOSS}-999999"):
        status, _headers, body = site.get(f"/api/v1/changes/?after={lost}")
        assert status == 410
        assert "restored from an earlier backup" in body


def changes_after(site, position):
    """All changes behind a position, as a reader fetches them."""
    found, page = [], {"next": position, "has_more": True}
    while page["has_more"]:
        page = json.loads(
            site.get(f"/api/v1/changes/?limit=500&after={page['next']}")[2]
        )
        found += [
            (change["record_kind"], change["record_id"]) for change in page["changes"]
        ]
    return found


def test_a_mail_server_that_hangs_delays_no_other_task(site):
    """Sixty mails wait for a server that takes calls and says nothing; other work is done."""
    site.mail.silent = True
    site.sql(
        'INSERT INTO common_outgoingmail ("to", subject, body, created_at, tries, error, digest,'
        " unsubscribe, once, leaves_no_trace) SELECT 'slow@agency.example', 'slow', 'text', now(),"
        " 0, '', '', '', false, false FROM generate_series(1, 60)"
    )
    [(user,)] = site.sql("SELECT id FROM accounts_user WHERE email = %s", OFFICER)
    calls = site.mail.calls
    broker = Celery(broker=site.environment()["REDIS_URL"], set_as_current=False)
    for mail in site.sql(
        "SELECT id FROM common_outgoingmail WHERE subject = 'slow' LIMIT 6"
    ):
        broker.send_task("common.deliver_mail", mail, queue="mail")
    assert until(lambda: site.mail.calls > calls)

    [(export,)] = site.sql(
        "INSERT INTO accounts_dataexport (user_id, state, step, percent, error, log, attempts,"
        " file, created_at)"
        " VALUES (%s, 'queued', '', 0, '', '[]', 0, '', now()) RETURNING id",
        user,
    )
    broker.send_task("portal.export_data", [export], queue="default")

    def state():
        return site.sql("SELECT state FROM accounts_dataexport WHERE id = %s", export)[
            0
        ][0]

    assert until(lambda: state() == "done")
    waiting = "SELECT count(*) FROM common_outgoingmail WHERE subject = 'slow' AND sent_at IS NULL"
    assert site.sql(waiting) == [(60,)]
    site.mail.silent = False
    site.mail.awake.set()


class Readers:
    """Twenty requests a second from as many threads as it takes, until the end of the block."""

    def __init__(self, site, paths=READING, rate=20):
        self.site, self.paths, self.rate = site, paths, rate
        self.answers, self.threads, self.over = [], [], threading.Event()

    def __enter__(self):
        self.driver = threading.Thread(target=self.drive)
        self.driver.start()
        return self

    def __exit__(self, *error):
        self.over.set()
        self.driver.join()
        for thread in self.threads:
            thread.join()

    def drive(self):
        while not self.over.wait(1 / self.rate):
            path = self.paths[len(self.threads) % len(self.paths)]
            self.threads.append(threading.Thread(target=self.read, args=[path]))
            self.threads[-1].start()

    def read(self, path):
        try:
            self.answers.append((path, *self.site.get(path)))
        except (OSError, http.client.HTTPException) as error:
            self.answers.append((path, repr(error), {}, ""))


def refused_properly(answer):
    """503 with a time to come back and a sentence; of the API a problem body."""
    path, status, headers, body = answer
    kind = "application/problem+json" if path.startswith("/api/") else "text/html"
    told = headers["Content-Type"].startswith(kind) and len(body) > 50
    return status == 503 and headers["Retry-After"].isdecimal() and told


def test_a_restart_of_postgresql_under_load_is_no_plain_error(site):
    with Readers(site) as readers:
        time.sleep(1)
        site.postgres.stop()
        time.sleep(1)
        site.postgres.start(linked=True)
        time.sleep(3)

    failed = [answer for answer in readers.answers if answer[1] != 200]
    assert [answer[:2] for answer in failed if not refused_properly(answer)] == []
    assert any("cannot reach its database" in answer[3] for answer in failed)
    assert until(
        lambda: [site.get(path)[0] for path in READING] == [200] * len(READING)
    )


def test_a_locked_table_and_too_many_readers_are_refused_and_the_rest_goes_on(site):
    """Whoever waits for the lock is told after some seconds, whoever finds no place at once."""
    with psycopg.connect(site.database_url) as line:
        line.execute("LOCK TABLE stocktaking_project IN ACCESS EXCLUSIVE MODE")
        with Readers(site, ("/en/projects/", "/api/v1/projects/"), rate=40) as readers:
            time.sleep(2)
            probe = site.get("/readyz")[0]
            style = re.search(
                r"/static/css/site[.\w]*\.css", site.ask("GET", "/static/x")[2]
            )
            time.sleep(2)
        line.rollback()

    assert probe == 200
    assert style is None or site.get(style[0])[0] == 200
    assert [
        answer[:2] for answer in readers.answers if not refused_properly(answer)
    ] == []
    assert any("very busy" in answer[3] for answer in readers.answers)
    assert any("took too long" in answer[3] for answer in readers.answers)
    assert until(lambda: site.get("/en/projects/")[0] == 200)


def test_reading_goes_on_without_valkey_and_so_does_the_probe_of_readers(site):
    site.valkey.stop()
    paths = (
        *READING,
        "/en/projects/members/figures/",
        "/en/search/?q=school",
        "/readyz",
    )
    answers = {path: site.get(path)[0] for path in paths}
    health = site.get("/healthz")[0]
    site.valkey.start(linked=True)

    assert answers == dict.fromkeys(paths, 200)
    assert health == 503
    assert until(lambda: site.health().get("status") == "ok")


def test_the_log_tells_what_happened_and_not_who_it_was(site):
    """One line for a request, by its route and with its duration; an outage is a line, no
    traceback for each of its requests; and a key in an address is nowhere."""
    secret = "s3cret-of-a-mail"
    for path in (
        "projects/invitations",
        "account/unsubscribe",
        "projects/follows/stop",
        "x/y",
    ):
        site.get(f"/en/{path}/{secret}/")
    lines = site.lines()
    requests = [line for line in lines if line and line["event"] == "request"]
    last = requests[-4:]

    assert [line["route"] for line in last] == [
        "en/projects/invitations/<str:token>/",
        "en/account/unsubscribe/<str:token>/",
        "en/projects/follows/stop/<str:token>/",
        "(none)",
    ]
    assert {
        frozenset(line) & {"method", "status", "ms", "bytes", "ip"} for line in last
    } == {frozenset({"method", "status", "ms", "bytes", "ip"})}
    assert {line["ip"].rpartition(".")[0].rpartition(".")[0] for line in last} == {
        "198.18"
    }
    assert not any("ip" in line for line in requests if "prizes/" in line["route"])
    assert not any("user_id" in line for line in lines if line)
    assert secret not in site.log("web").read_text()
    assert "Traceback" not in "".join(
        str(line) for line in lines if line and line.get("part") == "database"
    )
