"""Who has a step open now: told at load and by the page's beat, forgotten within a minute or so."""

import datetime

import pytest
import redis
from django.core.cache import cache
from django.test import Client

from stocktaking.base.workflow import Status
from stocktaking.coeditor.models import CoEditor
from stocktaking.submission.presence import FORGOTTEN, arrive, leave
from tests.factories import ProjectFactory, UserFactory
from tests.stocktaking.project_form import draft_of, post_step
from tests.stocktaking.records import revision_of

pytestmark = pytest.mark.django_db
BEAT = {"HX-Request": "true"}
START = datetime.datetime(2026, 3, 4, 10, 42, tzinfo=datetime.UTC)


@pytest.fixture
def draft():
    return ProjectFactory(status=Status.DRAFT)


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def coeditor(project, **names):
    user = UserFactory(**names)
    CoEditor.objects.create(
        project=project,
        email=user.email,
        user=user,
        token=user.email,
        by=project.owner,
        expires_at=START,
    )
    return signed_in(user)


def step(record, slug="what"):
    return f"{draft_of(record).list_url}{slug}/"


@pytest.mark.parametrize("make", [lambda draft: draft, lambda draft: revision_of()])
def test_second_person_is_told_at_load_and_the_first_by_the_beat(
    time_machine, draft, make
):
    time_machine.move_to(START, tick=False)
    record = make(draft)
    project = getattr(record, "project", record)
    amina = coeditor(project, first_name="Amina", last_name="Otieno")
    owner = signed_in(project.owner)
    alone = amina.get(step(record))
    time_machine.move_to(START + datetime.timedelta(seconds=20), tick=False)

    told = owner.get(step(record))
    beat = amina.get(step(record), {"there": alone.context["there"]}, headers=BEAT)

    assert alone.context["others"] == []
    assert (
        "Amina Otieno has been on this step since 11:42 (Geneva time)."
        in told.content.decode()
    )
    assert str(project.owner) in beat.content.decode()
    known = beat.context["there"]
    assert amina.get(step(record), {"there": known}, headers=BEAT).status_code == 204
    assert owner.get(step(record, "who")).context["others"] == []


def test_who_stays_keeps_the_time_and_who_is_gone_is_forgotten(time_machine, draft):
    one, other = UserFactory(), UserFactory()
    time_machine.move_to(START, tick=False)
    arrive("project", draft.pk, "what", one)
    time_machine.move_to(START + datetime.timedelta(seconds=60), tick=False)
    arrive("project", draft.pk, "what", one)
    time_machine.move_to(START + datetime.timedelta(seconds=100), tick=False)

    assert [row.since for row in arrive("project", draft.pk, "what", other)] == [START]
    time_machine.move_to(START + datetime.timedelta(seconds=60) + FORGOTTEN, tick=False)
    assert arrive("project", draft.pk, "what", other) == []


def test_who_saves_and_goes_on_is_there_no_more(draft):
    owner = signed_in(draft.owner)
    owner.get(step(draft))

    post_step(owner, draft, "what")

    assert arrive("project", draft.pk, "what", UserFactory()) == []


def test_two_windows_of_one_person_are_one(draft):
    owner = signed_in(draft.owner)

    assert [owner.get(step(draft)).context["others"] for _ in range(2)] == [[], []]


def test_writing_goes_on_while_the_cache_is_down(draft, monkeypatch):
    def down(*_args, **_more):
        raise redis.ConnectionError

    monkeypatch.setattr(cache, "get", down)

    assert arrive("project", draft.pk, "what", draft.owner) == []
    leave("project", draft.pk, "what", draft.owner)


def test_strangers_learn_nothing(draft):
    stranger = signed_in(UserFactory())

    assert stranger.get(step(draft), headers=BEAT).status_code == 404
