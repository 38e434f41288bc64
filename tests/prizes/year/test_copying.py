"""A new contest from the last one: chosen parts, shifted moments, nothing before it was shown."""

import datetime
import zoneinfo

import pytest
from django.urls import reverse
from django.utils import translation

from accounts.role.roles import Role
from common.mail.models import OutgoingMail
from prizes.contest.models import Contest, Phase
from prizes.invitation.models import Invitation
from prizes.letter.models import LetterTemplate
from prizes.panel.models import Panel, PanelMember
from prizes.year.copying import PARTS
from tests.factories import UserFactory
from tests.prizes.records import ContestFactory, EntryFactory, expert

pytestmark = pytest.mark.django_db
ALL = [part.name for part in PARTS]
GENEVA = zoneinfo.ZoneInfo("Europe/Zurich")
NOW = datetime.datetime(2031, 6, 1, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def desk(client, settings, monkeypatch):
    settings.REQUIRE_STAFF_MFA = False
    monkeypatch.setattr(
        "prizes.year.copying_admin.timezone.localdate", lambda timezone: NOW.date()
    )
    client.force_login(UserFactory(role=Role.SECRETARIAT))


def at(*parts, zone=GENEVA):
    return datetime.datetime(*parts, tzinfo=zone)


def contest_with_phases(zone="Europe/Zurich", **more):
    """Submission from autumn to winter, voting over the change of clocks in March."""
    contest = ContestFactory(
        year=2031, slug="2031", title="WSIS Prizes 2031", time_zone=zone, **more
    )
    here = zoneinfo.ZoneInfo(zone)
    days = {
        "submission": ((2030, 10, 1, 9), (2031, 2, 10, 23)),
        "nomination": ((2031, 2, 11, 9), (2031, 3, 14, 18)),
        "voting": ((2031, 3, 17, 9), (2031, 4, 14, 23)),
        "selection": ((2031, 4, 15, 9), (2031, 5, 30, 18)),
        "announcement": ((2031, 7, 7, 10), (2031, 7, 7, 12)),
    }
    for kind, (opens, closes) in days.items():
        contest.phases.filter(kind=kind).update(
            opens_at=at(*opens, zone=here), closes_at=at(*closes, zone=here)
        )
    contest.champions_at = at(2031, 7, 7, 10, zone=here)
    contest.winners_at = at(2031, 7, 7, 11, zone=here)
    contest.words_min, contest.nominee_cap, contest.sealed = 90, 12, False
    contest.source = contest.rules_note = "A list"
    contest.save()
    return contest


def page_of(contest):
    return reverse("admin:prizes_contest_copy", args=[contest.pk])


def data(parts=ALL, **more):
    return {
        "year": "2032",
        "slug": "2032",
        "title": "WSIS Prizes 2032",
        "start_date": "2031-09-30",
        "parts": parts,
    } | more


def copied(client, source, parts=ALL, **more):
    """Through the page: see what will be made, then make it."""
    shown = client.post(page_of(source), data(parts, **more))
    assert not Contest.objects.filter(slug="2032").exists()
    client.post(page_of(source), data(parts, seen=shown.context["seen"], **more))
    return Contest.objects.get(slug="2032")


def hours(contest, zone=GENEVA):
    return {
        phase.kind: tuple(
            f"{end.astimezone(zone):%Y-%m-%d %H:%M}"
            for end in (phase.opens_at, phase.closes_at)
        )
        for phase in contest.phases.all()
    }


def test_rules_questions_criteria_and_phases_are_copied_with_their_local_hours(client):
    source = contest_with_phases()

    made = copied(client, source)

    assert (made.words_min, made.nominee_cap, made.sealed) == (90, 12, False)
    assert (made.source, made.rules_note, made.counted_at) == ("", "", None)
    # 364 days later
    assert hours(made) == {
        "submission": ("2031-09-30 09:00", "2032-02-09 23:00"),
        "nomination": ("2032-02-10 09:00", "2032-03-12 18:00"),
        "voting": ("2032-03-15 09:00", "2032-04-12 23:00"),
        "selection": ("2032-04-13 09:00", "2032-05-28 18:00"),
        "announcement": ("2032-07-05 10:00", "2032-07-05 12:00"),
    }
    assert made.champions_at == at(2032, 7, 5, 10)
    assert made.winners_at == at(2032, 7, 5, 11)
    assert [(row.text, row.refusal) for row in made.questions.all()] == [
        ("Is it new?", "It must be.")
    ]
    assert [(row.text, row.weight, row.scale) for row in made.criteria.all()] == [
        ("Impact", 3, 5),
        ("Reach", 1, 10),
    ]
    assert made.categories.count() == 18
    assert source.criteria.count() == 2


@pytest.mark.parametrize(
    "zone", ["Europe/Zurich", "America/New_York", "Asia/Kathmandu"]
)
def test_hours_stay_when_the_clocks_change_between_the_years(client, zone):
    """Eight weeks more: voting opens in winter time in 2031, in summer time in 2032."""
    made = copied(client, contest_with_phases(zone), start_date="2031-11-25")

    assert made.time_zone == zone
    here = zoneinfo.ZoneInfo(zone)
    assert hours(made, here)["voting"] == ("2032-05-10 09:00", "2032-06-07 23:00")


def test_experts_wait_to_be_asked_and_have_no_seat_yet(client):
    source = contest_with_phases()
    category = source.categories.get(action_line="C4")
    chair = expert(category, chair=True)
    member, gone = expert(category), expert(category)
    gone.is_active = False
    gone.save()
    Panel.objects.filter(category=category).update(reviews_per_entry=5, load_cap=11)

    made = copied(client, source)

    panel = Panel.objects.get(category__contest=made)
    assert panel.category.action_line_id == "C4"
    assert (panel.reviews_per_entry, panel.load_cap) == (5, 11)
    asked = [
        (row.expert, row.is_chair, row.asked_at) for row in panel.invitations.all()
    ]
    assert asked == [(chair, True, None), (member, False, None)]
    assert not PanelMember.objects.filter(panel=panel).exists()
    assert not OutgoingMail.objects.exists()


def test_only_what_was_chosen_is_copied(client):
    source = contest_with_phases()
    source.categories.exclude(action_line="C4").delete()
    expert(source.categories.get())

    made = copied(client, source, ["criteria"])

    assert (made.words_min, made.champions_at) == (150, None)
    assert made.categories.count() == 18
    assert made.criteria.count() == 2
    for rows in (
        made.phases,
        made.questions,
        Panel.objects.filter(category__contest=made),
    ):
        assert not rows.exists()
    assert not Invitation.objects.exists()


def test_letters_are_copied_in_each_language_as_it_stands(client):
    source = contest_with_phases(told_by_letter=True)
    LetterTemplate.objects.create(
        contest=source,
        outcome="nominated",
        subject_en="You are a nominee",
        text_en="Dear {name}",
        subject_ru="Вы номинированы",
        text_ru="Здравствуйте, {name}!",
    )
    with translation.override("fr"):
        shown = client.post(page_of(source), data()).content.decode()
        made = copied(client, source)
    without = copied_without_letters(client, source)

    twin = made.letter_templates.get()
    assert (twin.outcome, twin.subject_en) == ("nominated", "You are a nominee")
    assert (twin.text_ru, twin.text_fr or "") == ("Здравствуйте, {name}!", "")
    assert made.told_by_letter
    assert "Modèles de lettres" in shown
    assert source.letter_templates.get().pk != twin.pk
    assert not without.told_by_letter
    assert not without.letter_templates.exists()


def copied_without_letters(client, source):
    """Another copy, in which the officer has unticked the letters."""
    other = {"year": "2033", "slug": "2033", "title": "WSIS Prizes 2033"}
    chosen = data([name for name in ALL if name != "letters"], **other)
    seen = client.post(page_of(source), chosen).context["seen"]
    client.post(page_of(source), chosen | {"seen": seen})
    return Contest.objects.get(slug="2033")


def test_fewer_categories_are_copied_with_their_panels_alone(client):
    source = contest_with_phases()
    source.categories.exclude(action_line__in=["C4", "C5"]).delete()
    expert(source.categories.get(action_line="C5"))

    made = copied(client, source)

    assert [row.action_line_id for row in made.categories.all()] == ["C4", "C5"]
    assert Panel.objects.get(category__contest=made).category.action_line_id == "C5"


def test_entries_stay_with_their_contest(client):
    source = contest_with_phases()
    EntryFactory(contest=source)

    made = copied(client, source)

    assert (source.entries.count(), made.entries.count()) == (1, 0)


def test_the_page_offers_the_next_year_on_the_same_weekday(client):
    source = contest_with_phases()

    offered = client.get(page_of(source)).content.decode()
    shown = client.post(page_of(source), data()).content.decode()

    assert 'value="2032"' in offered
    assert 'value="WSIS Prizes 2032"' in offered
    assert 'value="2031-09-30"' in offered  # a Tuesday, as 1 October 2030
    assert "Shifted by 52 weeks: the weekdays stay." in shown
    assert "Public voting: 15 March 2032, 09:00 (Geneva time) – 12 April 2032" in shown
    assert "Make the contest" in shown
    assert not Contest.objects.filter(slug="2032").exists()


def test_the_first_day_offered_is_never_past(client):
    source = contest_with_phases()
    source.phases.filter(kind="submission").update(opens_at=at(2020, 10, 1, 9))

    offered = client.get(page_of(source)).content.decode()

    assert 'value="2031-06-05"' in offered  # the next Thursday, as 1 October 2020


def test_any_day_can_be_chosen_and_the_page_says_that_weekdays_change(client):
    shown = client.post(page_of(contest_with_phases()), data(start_date="2031-10-01"))

    assert "Shifted by 365 days: the weekdays change." in shown.content.decode()


def test_what_is_changed_after_it_was_shown_is_shown_again(client):
    source = contest_with_phases()
    seen = client.post(page_of(source), data()).context["seen"]

    client.post(page_of(source), data(["rules"], seen=seen))

    assert not Contest.objects.filter(slug="2032").exists()


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("year", "2031", "There is a contest of this year."),
        ("year", "1999", "Ensure this value is greater than or equal to 2012."),
        ("slug", "2031", "Contest with this Address of the pages already exists."),
        ("start_date", "2031-06-01", "Enter a day after today."),
        ("start_date", "2999-01-01", "Enter a day before 2100."),
        ("start_date", "demain", "Enter a valid date."),
        ("title", "", "This field is required."),
        ("parts", ["votes"], "votes is not one of the available choices."),
        ("parts", ["experts"], "Experts can be copied only with their panels."),
    ],
)
def test_bad_input_is_refused_beside_its_field(client, field, value, sentence):
    response = client.post(page_of(contest_with_phases()), data() | {field: value})

    assert response.status_code == 400
    assert sentence in " ".join(response.context["form"].errors[field])


def test_a_contest_without_known_days_is_copied_without_its_phases(client):
    source = contest_with_phases()
    Phase.objects.filter(contest=source).update(opens_at=None, closes_at=None)

    refused = client.post(page_of(source), data())
    made = copied(client, source, ["rules"])

    assert "No day of “WSIS Prizes 2031” is known" in refused.content.decode()
    assert made.words_min == 90


def test_only_staff_copy_a_contest(client):
    source = contest_with_phases()
    client.force_login(UserFactory())

    assert client.get(page_of(source)).status_code == 403
