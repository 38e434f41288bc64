"""A clerk types a deadline: it is that hour by the contest's clock, for everybody."""

import datetime
import re
import zoneinfo

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.role.roles import Role
from common.dates.zones import zone_label
from common.mail.models import OutgoingMail
from prizes.ballot.models import Vote
from prizes.contest.models import Contest, Extension, Phase
from tests.factories import UserFactory
from tests.prizes.records import ContestFactory, EntryFactory, set_phases, voter

pytestmark = pytest.mark.django_db
ZONES = ["Europe/Zurich", "Asia/Kathmandu", "America/St_Johns"]
TYPED = ("2040-04-14", "23:00")


@pytest.fixture
def clerk(client):
    user = UserFactory(role=Role.SECRETARIAT, time_zone="America/New_York")
    client.force_login(user)
    return user


def moment(zone, hour=23, minute=0, second=0):
    return datetime.datetime(
        2040, 4, 14, hour, minute, second, tzinfo=zoneinfo.ZoneInfo(zone)
    )


def contest_form(client, contest=None, **more):
    """The form as a browser sends it, with what the clerk types."""
    name = "admin:prizes_contest_change" if contest else "admin:prizes_contest_add"
    url = reverse(name, args=[contest.pk] if contest else [])
    page = client.get(url)
    form = page.context["adminform"].form
    data = {}
    for bound in [
        form,
        *(f.formset.management_form for f in page.context["inline_admin_formsets"]),
    ]:
        for field in bound:
            value = field.value()
            if isinstance(value, datetime.datetime):
                continue
            data[field.html_name] = (
                ",".join(value) if isinstance(value, list) else value
            )
    data = {k: v for k, v in data.items() if v is not None and v is not False} | more
    return page, client.post(url, data)


@pytest.mark.parametrize("zone", ZONES)
def test_a_clerk_in_new_york_types_the_deadline_of_a_contest(client, clerk, zone):
    phase = {
        "phases-TOTAL_FORMS": "1",
        "phases-0-kind": "voting",
        "phases-0-hour_known": "on",
        "phases-0-opens_at_0": "2040-04-01",
        "phases-0-opens_at_1": "09:00",
        "phases-0-closes_at_0": TYPED[0],
        "phases-0-closes_at_1": TYPED[1],
        "champions_at_0": "2040-05-01",
        "champions_at_1": "18:30",
    }
    _page, answer = contest_form(
        client,
        slug="2027",
        year="2027",
        title="WSIS Prizes 2027",
        time_zone=zone,
        **phase,
    )
    assert answer.status_code == 302, answer.context["errors"]
    contest = Contest.objects.get(slug="2027")
    closes = moment(zone)

    public = client.get(reverse("prizes:contest", args=["2027"])).content.decode()
    (served,) = client.get("/api/v1/prizes/contests/2027/").json()["phases"]

    assert f"14 April 2040, 23:00 ({zone_label(zone)})" in public
    assert served["closes_at"] == closes.astimezone(datetime.UTC).isoformat()[:-6] + "Z"
    assert contest.phase("voting").closes_at == closes
    assert contest.champions_at == moment(zone, 18, 30).replace(month=5, day=1)
    client.post(reverse("prizes:mail-votes", args=["2027"]))
    body = OutgoingMail.objects.get(to=clerk.email).body
    assert f"Voting closes on 14 April 2040, 23:00 ({zone_label(zone)})." in body


def test_the_form_names_the_zone_beside_every_time(client, clerk):
    contest = ContestFactory(now="none", time_zone="Asia/Kathmandu")

    page = client.get(
        reverse("admin:prizes_contest_change", args=[contest.pk])
    ).content.decode()

    named = set(re.findall(r'id="id_([\w-]+)_zone">time of Kathmandu<', page))
    assert {
        "champions_at",
        "winners_at",
        "phases-0-opens_at",
        "phases-4-closes_at",
    } <= named
    assert "Geneva time" not in page


@pytest.mark.parametrize("zone", ZONES)
def test_a_vote_one_second_after_the_typed_hour_is_refused(client, clerk, zone):
    """The database's clock decides; the clerk types a deadline of this very minute."""
    contest = ContestFactory(time_zone=zone, now="none")
    Phase.objects.filter(contest=contest).delete()
    entry = EntryFactory(contest=contest)
    last = timezone.now().astimezone(zoneinfo.ZoneInfo(zone)).replace(microsecond=0)
    last -= datetime.timedelta(seconds=1)
    client.post(
        reverse("admin:prizes_phase_add"),
        {
            "contest": contest.pk,
            "kind": "voting",
            "hour_known": "on",
            "opens_at_0": "2026-04-01",
            "opens_at_1": "08:00",
            "closes_at_0": f"{last:%Y-%m-%d}",
            "closes_at_1": f"{last:%H:%M:%S}",
        },
    )
    client.force_login(voter())
    ballot = reverse("prizes:ballot", args=[contest.slug])

    answer = client.post(ballot, {f"vote-{entry.category.code}": entry.pk})
    page = client.get(ballot).content.decode()

    assert Phase.objects.get(contest=contest).closes_at == last
    assert answer.status_code == 409
    assert not Vote.objects.exists()
    assert "Voting closed on <time" in page
    assert f"{last:%H:%M} ({zone_label(zone)})" in page


@pytest.mark.parametrize(
    ("day", "hour", "sentence"),
    [
        ("2027-03-28", "02:30", "There is no 02:30 on 28 March 2027 (Geneva time)"),
        ("2027-10-31", "02:30", "02:30 comes twice on 31 October 2027 (Geneva time)"),
    ],
)
def test_an_hour_that_the_clock_does_not_show_is_refused_in_words(
    client, clerk, day, hour, sentence
):
    contest = ContestFactory(now="none")

    _page, answer = contest_form(client, contest, winners_at_0=day, winners_at_1=hour)

    errors = answer.context["adminform"].form.errors["winners_at"]
    assert errors[0].startswith(sentence)
    assert sentence in answer.content.decode()


@pytest.mark.parametrize("zone", ZONES)
def test_an_extension_is_typed_by_the_clock_of_its_contest(client, clerk, zone):
    contest = ContestFactory(now="submission", time_zone=zone)
    Phase.objects.filter(contest=contest).exclude(kind="submission").delete()
    phase = contest.phases.get(kind="submission")

    answer = client.post(
        reverse("admin:prizes_extension_add"),
        {
            "phase": phase.pk,
            "new_end_0": TYPED[0],
            "new_end_1": TYPED[1],
            "reason": "Storm",
        },
    )

    assert answer.status_code == 302, answer.context["errors"]
    assert Extension.objects.get().new_end == moment(zone)
    listed = client.get(reverse("admin:prizes_extension_changelist")).content.decode()
    assert f"14 April 2040, 23:00 ({zone_label(zone)})" in listed


@pytest.mark.parametrize("zone", ZONES)
def test_a_phase_on_its_own_page_goes_by_the_same_clock(client, clerk, zone):
    contest = ContestFactory(now="none", time_zone=zone)
    Phase.objects.filter(contest=contest).delete()
    url = reverse("admin:prizes_phase_add")

    answer = client.post(
        url,
        {
            "contest": contest.pk,
            "kind": "voting",
            "hour_known": "on",
            "opens_at_0": "2040-04-01",
            "opens_at_1": "08:00",
            "closes_at_0": TYPED[0],
            "closes_at_1": TYPED[1],
        },
    )

    assert answer.status_code == 302, answer.context["errors"]
    phase = Phase.objects.get(contest=contest)
    page = client.get(
        reverse("admin:prizes_phase_change", args=[phase.pk])
    ).content.decode()
    assert phase.closes_at == moment(zone)
    assert 'value="23:00:00"' in page
    assert zone_label(zone) in page


def test_a_closed_contest_speaks_in_the_past_tense(client):
    contest = ContestFactory(now="nomination")
    client.force_login(voter())

    page = client.get(reverse("prizes:enter", args=[contest.slug])).content.decode()

    assert "Submission closed on" in page
    assert "Submission closes" not in page
    set_phases(contest, "submission")
    assert (
        "Submission closes on"
        in client.get(reverse("prizes:enter", args=[contest.slug])).content.decode()
    )
