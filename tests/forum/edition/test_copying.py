"""A new edition from last year's: chosen parts, shifted days, nothing before it was shown."""

import datetime
import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from common.mail.models import OutgoingMail
from forum.checkin.models import Gate
from forum.edition.models import Edition
from forum.registration.models import Capacity
from forum.review.models import Reviewer, ReviewPhase
from forum.room.models import Coordinator
from forum.room.times import Walk
from tests.factories import UserFactory
from tests.forum.records import (
    DAY,
    GENEVA,
    CapacityFactory,
    EditionFactory,
    PhaseFactory,
    ReportCallFactory,
    RoomFactory,
    SessionTypeFactory,
    TrackFactory,
    blocked,
    hours,
    kind_of,
    officer,
    question,
    reviewing,
    scheduled,
    screened,
)

pytestmark = pytest.mark.django_db
ALL = [
    "rooms",
    "types",
    "tracks",
    "coordinators",
    "breaks",
    "phases",
    "kinds",
    "screening",
    "letters",
    "registration",
    "review_phases",
    "criteria",
    "reviewers",
    "report_call",
    "gates",
]
SECOND = DAY + datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def desk(client, settings):
    settings.REQUIRE_STAFF_MFA = False
    client.force_login(officer())


def last_year():
    edition = EditionFactory(
        slug="2027", title="WSIS Forum 2027", interpretation_teams=3, venue="CICG"
    )
    room = RoomFactory(edition=edition, name="Popov", capacity=200, booths=6)
    RoomFactory(edition=edition, name="Room L", building="Varembé")
    hours(room, "09:00", "18:00", day=SECOND)
    blocked("Rehearsal", room=room, day=DAY)
    blocked("Lunch")
    Walk.objects.create(edition=edition, one="CICG", other="Varembé", minutes=8)
    edition.session_types.add(SessionTypeFactory())
    track = TrackFactory()
    edition.tracks.add(track)
    Coordinator.objects.create(edition=edition, track=track, user=UserFactory())
    PhaseFactory(
        edition=edition,
        name="Call",
        opens_on=datetime.date(2026, 10, 1),
        closes_on=datetime.date(2027, 2, 20),
    )
    CapacityFactory(edition=edition, places=3000, taken=2)
    screened("speakers", 3, edition=edition, is_hard=True)
    scheduled(edition=edition, room=edition.rooms.get(name="Room L"))
    return edition


def page_of(edition):
    return reverse("admin:forum_edition_copy", args=[edition.pk])


def data(parts=ALL, **more):
    return {
        "slug": "2028",
        "title": "WSIS Forum 2028",
        "start_date": "2028-07-03",
        "parts": parts,
    } | more


def copied(client, source, parts=ALL, **more):
    """Through the page: see what will be made, then make it."""
    shown = client.post(page_of(source), data(parts, **more))
    assert not Edition.objects.filter(slug="2028").exists()
    client.post(page_of(source), data(parts, seen=shown.context["seen"], **more))
    return Edition.objects.get(slug="2028")


def test_last_year_is_copied_with_all_its_parts_and_shifted_days(client):
    source = last_year()
    moved = datetime.date(2028, 7, 3) - DAY

    made = copied(client, source)

    assert (made.title, made.venue) == ("WSIS Forum 2028", "CICG")
    assert (made.start_date, made.end_date) == (DAY + moved, source.end_date + moved)
    assert (made.first_year, made.last_year) == (2028, 2028)
    assert made.interpretation_teams == 3
    assert [str(room) for room in made.rooms.in_columns()] == [
        "Popov, CICG",
        "Room L, Varembé",
    ]
    rule = made.screening_rules.get()
    assert (rule.kind, rule.threshold, rule.is_hard) == ("speakers", 3, True)
    popov = made.rooms.get(name="Popov")
    assert (popov.capacity, popov.booths) == (200, 6)
    assert [row.day for row in popov.hours.all()] == [SECOND + moved]
    assert {(row.title, row.day, row.room) for row in made.blocked_times.all()} == {
        ("Rehearsal", DAY + moved, popov),
        ("Lunch", None, None),
    }
    assert [str(walk) for walk in made.walks.all()] == ["CICG ↔ Varembé"]
    assert list(made.session_types.all()) == list(source.session_types.all())
    assert list(made.tracks.all()) == list(source.tracks.all())
    assert [row.user for row in made.coordinators.all()] == [
        row.user for row in source.coordinators.all()
    ]
    phase = made.phases.get()
    assert (phase.opens_on, phase.closes_on) == (
        datetime.date(2026, 10, 1) + moved,
        datetime.date(2027, 2, 20) + moved,
    )
    assert list(made.capacities.values_list("places", "taken")) == [(3000, 0)]
    assert made.registration_opens_at == source.registration_opens_at + moved
    assert not made.sessions.exists()
    assert source.rooms.count() == 2
    assert Capacity.objects.get(edition=source).taken == 2


def test_the_review_the_call_for_reports_and_the_entrances_are_copied(client):
    source = last_year()
    track = source.tracks.get()
    reviewer = reviewing(source, UserFactory(email="amina@panel.example"), track)
    reviewing(source, UserFactory(email="closed@panel.example", is_active=False))
    Reviewer.objects.update(reminded_at=timezone.now())
    declined = reviewing(source, UserFactory(email="no@panel.example"))
    Reviewer.objects.filter(user=declined).update(accepted=False)
    before = ReviewPhase.objects.get()
    call = ReportCallFactory(edition=source, guidance="Two pages.", asked=["lines"])
    call.session_types.set(source.session_types.all())
    Gate.objects.create(edition=source, name="Main entrance")
    Gate.objects.create(edition=source, name="Room", session=source.sessions.get())
    moved = datetime.date(2028, 7, 3) - DAY

    made = copied(client, source)

    phase = made.review_phases.get()
    assert (phase.name, phase.opens_on) == ("Scoring", before.opens_on + moved)
    assert list(made.review_criteria.values_list("text", "weight", "scale")) == [
        ("Relevance", 3, 5),
        ("Clarity", 1, 10),
    ]
    seat = made.reviewers.get()
    assert (seat.user, seat.track, seat.accepted) == (reviewer, track, None)
    assert (seat.asked_at, seat.reminded_at) == (None, None)
    assert made.report_call.due_at.astimezone(GENEVA) == (
        call.due_at.astimezone(GENEVA) + moved
    )
    assert (made.report_call.guidance, made.report_call.asked) == (
        "Two pages.",
        ["lines"],
    )
    assert list(made.report_call.session_types.all()) == list(
        source.session_types.all()
    )
    assert [str(gate) for gate in made.gates.all()] == ["Main entrance"]


def test_reviewers_of_a_copy_review_once_they_have_accepted(client):
    source = last_year()
    reviewer = reviewing(source, UserFactory(email="amina@panel.example"))
    made = copied(client, source)
    own = Client()
    own.force_login(reviewer)
    page = reverse("forum:review-list", args=[made.slug])
    before = own.get(page).status_code
    rows = reverse("admin:forum_reviewer_changelist")
    ask = {
        "action": "ask_by_mail",
        "_selected_action": list(Reviewer.objects.values_list("pk", flat=True)),
    }

    said = client.post(rows, ask, follow=True).content.decode()
    again = client.post(rows, ask, follow=True).content.decode()
    (mail,) = OutgoingMail.objects.all()
    link = re.search(r"/[a-z-]+/forum/reviewing/\S+", mail.body)[0]
    shown = Client().get(link).content.decode()
    neither = Client().post(link, {"answer": ""}, follow=True).content.decode()
    Client().post(link, {"answer": "yes"})
    late = Client().post(link, {"answer": "no"}, follow=True).content.decode()

    assert "1 person is asked by e-mail." in said
    assert "the account is closed: 1." in said  # the seat of last year
    assert "0 people are asked by e-mail." in again
    assert (mail.to, "All tracks" in mail.body) == ("amina@panel.example", True)
    assert ("I accept" in shown, "I accept" in late) == (True, False)
    assert "Choose one of the two answers." in neither
    assert made.reviewers.get().accepted is True
    assert before == 404
    assert own.get(page).status_code == 200
    assert Client().get("/en/forum/reviewing/nothing/").status_code == 404


def test_only_what_was_chosen_is_copied(client):
    made = copied(client, last_year(), ["tracks", "breaks"])

    assert made.tracks.count() == 1
    assert [str(row) for row in made.blocked_times.all()] == ["Lunch, 13:00–14:00"]
    for part in (
        "reviewers",
        "review_criteria",
        "gates",
        "rooms",
        "phases",
        "capacities",
        "coordinators",
        "walks",
    ):
        assert not getattr(made, part).exists()
    assert not made.session_types.exists()
    assert made.registration_opens_at is None


def test_the_page_offers_next_year_and_shows_what_will_be_made(client):
    source = last_year()

    offered = client.get(page_of(source)).content.decode()
    shown = client.post(page_of(source), data()).content.decode()

    assert 'value="2028"' in offered
    assert 'value="WSIS Forum 2028"' in offered
    assert "Popov, CICG" in shown
    # 1 October 2026 and 364 days: weekdays stay
    assert "3. Call: 30 September 2027–19 February 2028" in shown
    assert "Make the edition" in shown
    assert not Edition.objects.filter(slug="2028").exists()


def test_what_is_changed_after_it_was_shown_is_shown_again(client):
    source = last_year()
    seen = client.post(page_of(source), data()).context["seen"]

    client.post(page_of(source), data(["rooms"], seen=seen))

    assert not Edition.objects.filter(slug="2028").exists()


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("slug", "2027", "Edition with this Short name already exists."),
        ("slug", "Nächste", "Enter a valid"),
        ("slug", "mine", "“mine” is reserved by the portal."),
        ("start_date", "3 Juillet", "Enter a valid date."),
        ("start_date", "2999-01-01", "Enter a day from 2003 to 2099."),
        ("title", "", "This field is required."),
        ("parts", ["everything"], "everything is not one of the available choices."),
    ],
)
def test_bad_input_is_refused_beside_its_field(client, field, value, sentence):
    response = client.post(page_of(last_year()), data() | {field: value})

    assert response.status_code == 400
    assert sentence in " ".join(response.context["form"].errors[field])


def test_days_that_are_not_known_cannot_be_shifted(client):
    source = EditionFactory(start_date=None, end_date=None)

    refused = client.post(page_of(source), data())
    made = copied(client, source, ["rooms"])

    assert "The first day of “Forum 2027” is not known" in refused.content.decode()
    assert (made.start_date, made.end_date) == (
        datetime.date(2028, 7, 3),
        datetime.date(2028, 7, 3),
    )


def test_only_staff_copy_an_edition(client):
    source = EditionFactory()
    client.force_login(UserFactory())

    assert client.get(page_of(source)).status_code == 403


def test_kinds_of_input_come_with_their_forms_and_shifted_windows(client):
    source = last_year()
    kind = kind_of(source, "exhibition")
    kind.opens_at = datetime.datetime(2027, 3, 1, 9, tzinfo=GENEVA)
    kind.closes_at = datetime.datetime(2027, 4, 15, 18, tzinfo=GENEVA)
    kind.access_code = "STAND-27"
    kind.save()
    stand = question(kind, "Stand", type="choice", choices="Small\nLarge")
    question(kind, "Power", shown_if=stand, shown_value="Large", is_required=True)

    made = copied(client, source)

    twin = made.input_kinds.get(code="exhibition")
    rows = list(twin.questions.order_by("order"))
    assert made.input_kinds.count() == source.input_kinds.count()
    assert re.fullmatch("[A-Z2-9]{8}", twin.access_code)
    assert made.input_kinds.exclude(code="exhibition").filter(access_code="").exists()
    shifted = [at.astimezone(GENEVA) for at in (twin.opens_at, twin.closes_at)]
    assert [f"{at:%Y-%m-%d %H:%M}" for at in shifted] == [
        "2028-02-28 09:00",
        "2028-04-13 18:00",
    ]
    assert [row.label for row in rows] == ["Stand", "Power"]
    assert (rows[1].shown_if, rows[1].shown_value) == (rows[0], "Large")
    assert kind.questions.count() == 2


def test_a_call_that_is_copied_without_kinds_gets_the_usual_ones(client):
    source = last_year()
    source.input_kinds.filter(code="format").delete()

    made = copied(client, source, parts=["phases"])

    assert made.input_kinds.filter(code="format").exists()
