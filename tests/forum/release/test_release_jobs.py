"""A release at the door: asked for, made by a worker once, told once, cancelled, tried again."""

import re
from datetime import timedelta

import pytest
from django.db import connection, reset_queries
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.role.roles import Role
from common.mail.models import OutgoingMail
from forum.agenda.models import AgendaRelease, ReleasedSession
from forum.announcement.tasks import tell_of_releases
from forum.release import models, tasks
from forum.release.models import ReleaseJob
from forum.release.tasks import release_agendas, work_at
from forum.session.models import Session
from tests.factories import UserFactory
from tests.forum.records import (
    EditionFactory,
    SubmissionFactory,
    officer,
    released,
    scheduled,
)

pytestmark = pytest.mark.django_db
FORM = "admin:forum_session_release"


@pytest.fixture(autouse=True)
def desk(client, settings):
    settings.REQUIRE_STAFF_MFA = False
    user = officer()
    client.force_login(user)
    return user


def ask(client, **values):
    data = {"edition": EditionFactory().pk, "name": "First agenda"} | values
    return client.post(reverse(FORM), data)


def asked(client, **values):
    ask(client, **values)
    return ReleaseJob.objects.latest("pk")


def page(client, job):
    response = client.get(job.get_absolute_url())
    return " ".join(response.content.decode().split())


def act(client, job, name):
    response = client.post(job.get_absolute_url(), {"act": name}, follow=True)
    return " ".join(response.content.decode().split())


def silent(job):
    """The worker of the job was killed a while ago."""
    ReleaseJob.objects.filter(pk=job.pk).update(
        lease_until=timezone.now() - timedelta(seconds=1)
    )


def test_the_form_answers_at_once_and_its_page_leads_to_the_release(client, desk):
    session = scheduled(title="Villages")

    response = ask(client, note="Hello")

    job = ReleaseJob.objects.get()
    assert response.url == job.get_absolute_url()
    assert not AgendaRelease.objects.exists()
    waiting = page(client, job)
    assert "waiting for a worker" in waiting
    assert "0 % done" in waiting
    assert '<meta http-equiv="refresh" content="5">' in waiting

    release_agendas()

    made = AgendaRelease.objects.get()
    assert (made.name, made.note, made.by) == ("First agenda", "Hello", desk)
    assert client.get(job.get_absolute_url()).url == made.get_absolute_url()
    part = client.get(job.get_absolute_url(), headers={"HX-Request": "true"})
    assert part["HX-Redirect"] == made.get_absolute_url()
    agenda = Client().get(made.get_absolute_url()).content.decode()
    assert "Villages" in agenda
    assert ReleasedSession.objects.get().pk == session.pk


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"name": ""}, "This field is required."),
        (
            {"name": "x" * 151},
            "Ensure this value has at most 150 characters (it has 151).",
        ),
        ({"edition": "x"}, "Select a valid choice."),
    ],
)
def test_a_form_that_cannot_be_read_is_refused_beside_its_field(client, data, sentence):
    scheduled()

    response = ask(client, **data)

    assert response.status_code == 400
    assert sentence in response.content.decode()
    assert not ReleaseJob.objects.exists()


def test_what_hinders_the_release_is_said_and_nothing_typed_is_lost(client):
    released()
    job = asked(client, name="الجدول الثاني", note="Changes of <Monday>")

    release_agendas()

    said = page(client, job)
    assert "Nothing has changed since the last release." in said
    assert AgendaRelease.objects.count() == 1
    back = re.search(rf'href="({reverse(FORM)}\?job=\d+)"', said)[1]
    form = client.get(back).content.decode()
    assert "الجدول الثاني" in form
    assert "Changes of &lt;Monday&gt;" in form


def test_it_can_be_tried_again_when_the_hindrance_is_gone(client):
    session = released()
    job = asked(client)
    release_agendas()
    Session.objects.filter(pk=session.pk).update(title="New")

    act(client, job, "retry")
    release_agendas()

    assert client.get(job.get_absolute_url()).url.endswith("/releases/2/")
    assert AgendaRelease.objects.count() == 2
    assert "This is not possible now." in act(client, job, "retry")


def test_inputs_without_an_answer_are_named_before_anything_begins(client):
    scheduled()
    SubmissionFactory(status="submitted")

    response = ask(client)

    assert response.status_code == 409
    assert "1 official input to the consultation has no answer." in (
        response.content.decode()
    )
    assert not ReleaseJob.objects.exists()


def test_one_release_of_an_edition_at_a_time(client):
    scheduled()
    job = asked(client)

    second = ask(client, name="Another")

    assert second.status_code == 409
    assert "Another release of this agenda is being worked on." in (
        second.content.decode()
    )
    assert ReleaseJob.objects.get() == job


def test_a_failed_one_waits_while_another_is_at_work(client):
    scheduled()
    edition = EditionFactory()
    failed = ReleaseJob.objects.create(
        edition=edition, by=officer(), name="One", state="failed"
    )
    asked(client)

    assert "This is not possible now." in act(client, failed, "retry")


def test_cancelled_before_the_write_nothing_is_released(client):
    waiting = scheduled()
    job = asked(client)

    said = act(client, job, "cancel")
    release_agendas()

    waiting.refresh_from_db()
    assert "Cancelled. Nothing was released." in said
    assert (waiting.status, AgendaRelease.objects.count()) == ("scheduled", 0)
    assert "It is over already." in act(client, job, "cancel")


def test_cancelled_while_a_worker_reads_nothing_is_released(client, monkeypatch):
    scheduled()
    job = asked(client)
    advance = ReleaseJob.advance

    def advance_and_cancel(self, *step):
        advance(self, *step)
        assert ReleaseJob.objects.get(pk=job.pk).cancel()

    monkeypatch.setattr(ReleaseJob, "advance", advance_and_cancel)

    release_agendas()

    assert not AgendaRelease.objects.exists()
    assert "cancelled" in page(client, job)


def test_once_it_is_public_it_cannot_be_cancelled(client, monkeypatch):
    scheduled()
    job = asked(client)

    def tell(_pk):
        found = ReleaseJob.objects.get()
        assert "E-mails to the people of changed sessions are written" in (
            page(client, found)
        )
        assert "This release is public:" in page(client, found)
        assert 'value="cancel"' not in page(client, found)
        assert "It is over already." in act(client, found, "cancel")

    monkeypatch.setattr(tasks, "tell", tell)

    release_agendas()

    job.refresh_from_db()
    assert (job.state, job.agenda) == ("done", AgendaRelease.objects.get())


class Killed(BaseException):
    """The process ends here, so nothing is written any more."""


def kill_at(place, patch):
    """Let the next worker die at this place of its work."""

    def die(*_args, **_values):
        raise Killed

    def after(work):
        return lambda *args, **values: die(work(*args, **values))

    if place == "before":
        patch.setattr(ReleaseJob, "publish", die)
    elif place == "in the write":
        patch.setattr(models, "release_agenda", after(models.release_agenda))
    elif place == "after":
        patch.setattr(tasks, "tell", die)
    else:
        patch.setattr(tasks, "tell", after(tasks.tell))


@pytest.mark.parametrize("place", ["before", "in the write", "after", "told"])
def test_a_worker_that_is_killed_leaves_one_release_and_one_mail(
    client, monkeypatch, place
):
    owner = UserFactory()
    scheduled(owner=owner)
    job = asked(client)
    OutgoingMail.objects.all().delete()
    with monkeypatch.context() as patch:
        patch.setattr(ReleaseJob, "release", lambda *_args: None)
        kill_at(place, patch)
        with pytest.raises(Killed):
            work_at(job.pk)
    assert AgendaRelease.objects.count() == (place in {"after", "told"})
    assert not work_at(job.pk)  # its lease holds
    silent(job)

    release_agendas()
    release_agendas()
    tell_of_releases()

    job.refresh_from_db()
    assert (job.state, AgendaRelease.objects.count()) == ("done", 1)
    assert job.agenda == AgendaRelease.objects.get()
    assert [mail.to for mail in OutgoingMail.objects.all()] == [owner.email]


def test_what_kills_every_worker_is_given_up_with_a_sentence(client):
    scheduled()
    job = asked(client)
    ReleaseJob.objects.update(attempts=ReleaseJob.MAX_ATTEMPTS, state="running")

    release_agendas()

    assert "The work broke off several times. Start it again." in page(client, job)
    assert 'value="retry"' in page(client, job)


def test_the_sentence_is_in_the_language_of_who_asked(client, desk):
    desk.language = "fr"
    desk.save()
    released()
    job = asked(client)

    release_agendas()

    job.refresh_from_db()
    assert job.error == "Rien n’a changé depuis la dernière publication."


def test_a_job_asks_as_often_for_ten_sessions_as_for_one(client, monkeypatch):
    """Sixty queries are the most for a release; the mails come on top, by the number of people."""
    edition, owner = EditionFactory(), UserFactory()
    made, told = [], []
    tell = tasks.tell

    def counted(pk):
        made.append(len(connection.queries))
        return tell(pk)

    monkeypatch.setattr(tasks, "tell", counted)
    for number in (1, 10):
        for _session in range(number):
            scheduled(edition=edition, owner=owner)
        job = asked(client)
        with CaptureQueriesContext(connection):
            reset_queries()
            work_at(job.pk)
            told.append(len(connection.queries))
        assert client.get(job.get_absolute_url()).status_code == 302
    assert made[0] == made[1] <= 60
    assert told[0] == told[1]


@pytest.mark.parametrize("role", [Role.MEMBER, Role.EXPERT])
def test_others_do_not_see_it(client, role):
    job = asked(client)
    client.force_login(UserFactory(role=role))

    assert client.get(job.get_absolute_url()).status_code == 403


def test_the_desk_lists_it_and_can_stop_it(client):
    scheduled()
    job = asked(client)

    listed = client.get(reverse("admin:jobs")).content.decode()
    data = {"act": "cancel", "kind": "releases", "job": job.pk}
    said = client.post(reverse("admin:jobs"), data, follow=True).content.decode()

    assert "First agenda" in listed
    assert "The work was stopped." in said
    assert not release_agendas()
