"""The secretariat's desk: the screening, extensions, the count, voidings."""

import datetime

import pytest
from django.apps import apps
from django.contrib import admin
from django.urls import reverse
from django.utils import timezone

from accounts.role.roles import Role
from prizes.ballot.models import Vote, cast
from prizes.ballot.voiding import Voiding
from prizes.contest.models import Contest, Extension, Phase
from prizes.entry.workflow import Status
from prizes.result.models import Result
from prizes.result.verification import verified_now
from tests.factories import UserFactory
from tests.prizes.records import ContestFactory, EntryFactory, expert, set_phases, voter

pytestmark = pytest.mark.django_db
MODELS = sorted(
    model._meta.model_name for model in apps.get_app_config("prizes").get_models()
)


@pytest.fixture
def contest():
    return ContestFactory()


@pytest.fixture
def officer(client):
    user = UserFactory(role=Role.SECRETARIAT)
    client.force_login(user)
    return user


def act(client, model, action, *records, **more):
    data = {"action": action, "_selected_action": [r.pk for r in records]} | more
    return client.post(reverse(f"admin:prizes_{model}_changelist"), data, follow=True)


@pytest.mark.parametrize("name", MODELS)
def test_every_model_is_at_the_desk(client, officer, contest, name):
    model = apps.get_model("prizes", name)
    entry = EntryFactory(contest=contest)
    expert(entry.category)
    cast(entry, voter())

    response = client.get(reverse(f"admin:prizes_{name}_changelist"))

    assert model in admin.site._registry
    assert response.status_code == 200
    for record in model._default_manager.all()[:1]:
        page = client.get(reverse(f"admin:prizes_{name}_change", args=[record.pk]))
        assert page.status_code == 200


def test_screening_opens_with_the_queue_and_hides_what_is_sealed(
    client, officer, contest
):
    set_phases(contest, "nomination")
    waiting = EntryFactory(contest=contest, status=Status.SUBMITTED)
    EntryFactory(contest=contest)
    sealed = ContestFactory()
    set_phases(sealed, "submission")
    EntryFactory(contest=sealed, status=Status.SUBMITTED)

    page = client.get(reverse("admin:prizes_entry_changelist"))

    assert list(page.context["cl"].result_list) == [waiting]


def test_moves_of_many_with_one_reason(client, officer, contest):
    set_phases(contest, "nomination")
    entries = EntryFactory.create_batch(2, contest=contest, status=Status.SUBMITTED)

    nothing = act(client, "entry", "refuse", *entries)
    act(client, "entry", "refuse", *entries, note="No ICT.")

    assert "Enter a reason" in nothing.content.decode()
    for entry in entries:
        entry.refresh_from_db()
    assert [e.status for e in entries] == [Status.REFUSED] * 2
    assert [e.history().get().note for e in entries] == ["No ICT."] * 2


def test_extension_is_made_at_the_desk_and_refused_beside_the_field(
    client, officer, contest
):
    phase = contest.phases.get(kind="voting")
    address = reverse("admin:prizes_extension_add")
    day = (phase.closes_at + datetime.timedelta(days=2)).date()
    form = {
        "phase": phase.pk,
        "new_end_0": day.isoformat(),
        "new_end_1": "23:00",
        "reason": "Rain",
    }

    late = client.post(address, form | {"new_end_0": "2020-01-01"})
    client.post(address, form)

    extension = Extension.objects.get()
    assert "The phase closes before it opens." in late.content.decode()
    assert (extension.by, extension.new_end.date(), extension.reason) == (
        officer,
        day,
        "Rain",
    )


def test_votes_are_counted_at_the_desk(client, officer, contest):
    entry = EntryFactory(contest=contest)
    cast(entry, voter())
    early = act(client, "contest", "count", contest).content.decode()
    set_phases(contest, "selection")

    verified_now(contest)
    for person in (officer, UserFactory(role=Role.SECRETARIAT)):
        client.force_login(person)
        shown = act(client, "contest", "count", contest)
        form = {"digest": shown.context["seen"].digest}
        page = client.post(
            shown.redirect_chain[-1][0], form, follow=True
        ).content.decode()

    assert "Voting is not over" in early
    assert "Results frozen: 1. Champions: 1." in page
    assert (Result.objects.get().by, Contest.objects.get().counted_at is None) == (
        person,
        False,
    )


def test_voiding_by_receipt_and_second_person(client, officer, contest):
    receipt = cast(EntryFactory(contest=contest), voter()).receipt
    address = reverse("admin:prizes_voiding_add")
    texts = {"reason": "A robot", "told": "It came from a program."}
    unknown = client.post(address, {"receipt": "zoo zoo zoo zoo"} | texts)
    client.post(address, {"receipt": receipt} | texts)
    voiding = Voiding.objects.get()

    alone = act(client, "voiding", "confirm", voiding).content.decode()
    client.force_login(UserFactory(role=Role.SECRETARIAT))
    act(client, "voiding", "confirm", voiding)

    assert "No valid vote has this receipt." in unknown.content.decode()
    assert "A second person must confirm." in alone
    assert Vote.objects.get().voided


def test_desk_does_not_tell_for_whom_people_vote(client, officer, contest):
    entry = EntryFactory(contest=contest, project__title="Unmistakable title")
    cast(entry, voter())
    vote = Vote.objects.get()
    pages = [
        reverse("admin:prizes_vote_changelist"),
        reverse("admin:prizes_ballotevent_changelist"),
        reverse("admin:prizes_vote_change", args=[vote.pk]),
        reverse("admin:prizes_ballotevent_change", args=[vote.event_id]),
    ]

    assert [p for p in pages if "Unmistakable" in client.get(p).content.decode()] == []


def dates(phase, contest, **changes):
    form = {"contest": contest.pk, "kind": phase.kind, "hour_known": "on"}
    for name in ("opens_at", "closes_at"):
        moment = changes.get(name, getattr(phase, name))
        form |= {
            f"{name}_0": moment.date().isoformat(),
            f"{name}_1": moment.strftime("%H:%M:%S"),
        }
    return form


def test_phase_out_of_order_is_refused_at_the_desk(client, officer, contest):
    phase = contest.phases.get(kind="selection")
    long_ago = timezone.now() - datetime.timedelta(days=300)

    page = client.post(
        reverse("admin:prizes_phase_change", args=[phase.pk]),
        dates(phase, contest, opens_at=long_ago),
    )

    assert "cannot open before" in page.content.decode()
    assert Phase.objects.get(pk=phase.pk).opens_at == phase.opens_at


def test_end_of_a_running_phase_moves_by_extension_only(client, officer, contest):
    phase = contest.phases.get(kind="voting")
    later = phase.closes_at + datetime.timedelta(days=1)

    client.post(
        reverse("admin:prizes_phase_change", args=[phase.pk]),
        dates(phase, contest, closes_at=later) | {"note": "Changed"},
    )

    stored = Phase.objects.get(pk=phase.pk)
    assert (stored.closes_at, stored.note) == (phase.closes_at, "Changed")


def test_rules_stand_once_people_vote(client, officer, contest):
    address = reverse("admin:prizes_contest_change", args=[contest.pk])
    voting = client.get(address).context["adminform"].readonly_fields
    set_phases(contest, "submission")

    before = client.get(address).context["adminform"].readonly_fields

    assert "champions_per_category" in voting
    assert list(before) == ["counted_at"]
