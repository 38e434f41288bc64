"""The burden of nights, against a count minute by minute."""

import datetime
import random
import zoneinfo
from collections import Counter

import pytest

from forum.registration.models import Attendance, Registration
from forum.suggestion.nights import Follower, Nights, followers, nights_of
from reference.country.models import Region
from tests.factories import CountryFactory, UserFactory
from tests.forum.records import CapacityFactory, EditionFactory, registered

MINUTE = datetime.timedelta(minutes=1)
ZONES = sorted(
    zone
    for zone in zoneinfo.available_timezones()
    if zone.startswith(("Africa/", "America/", "Asia/", "Europe/", "Pacific/"))
)


def utc(*parts):
    return datetime.datetime(*parts, tzinfo=datetime.UTC)


def asleep(zone, moment):
    """By the clock on the wall of the person."""
    return not 7 <= moment.astimezone(zoneinfo.ZoneInfo(zone)).hour < 22


def counted(people, spans):
    found = {}
    for region in {person.region for person in people}:
        night = total = 0
        for start, end in spans:
            moment = start
            while moment < end:
                for person, number in people.items():
                    if person.region == region:
                        night += number * asleep(person.zone, moment)
                        total += number
                moment += MINUTE
        found[region] = (night, total)
    return found


@pytest.mark.parametrize(
    "days",
    [
        (utc(2027, 7, 4, 22), utc(2027, 7, 7)),
        (utc(2027, 3, 27, 12), utc(2027, 3, 29, 12)),  # Europe sets its clocks forward
        (utc(2027, 10, 30, 12), utc(2027, 11, 1, 12)),  # and back
    ],
    ids=["July", "28 March", "31 October"],
)
def test_five_hundred_people_in_sixty_zones_sleep_as_an_independent_count_says(days):
    chance = random.Random(14)  # noqa: S311
    zones = chance.sample(ZONES, 60)
    people = Counter(
        Follower(chance.choice(["AFR", "AMS", "ASP", "EUR"]), chance.choice(zones))
        for _person in range(500)
    )
    since, until = days
    spans = []
    for _session in range(8):
        minutes = chance.randrange(0, int((until - since) / MINUTE) - 90)
        start = since + minutes * MINUTE
        spans.append((start, start + chance.choice([20, 45, 90]) * MINUTE))
    spans.append((since, since + 3 * MINUTE))

    assert Nights(people, since, until).burden(spans) == counted(people, spans)


def test_a_night_is_as_long_as_the_clocks_make_it():
    def minutes(*day):
        start = utc(*day, 12)
        night = nights_of("Europe/Zurich", start, start + datetime.timedelta(hours=1))
        return [int((end - begin) / MINUTE) for begin, end in night]

    assert minutes(2027, 3, 28) == [8 * 60, 9 * 60]
    assert minutes(2027, 10, 31) == [10 * 60, 9 * 60]


@pytest.mark.django_db
def test_followers_are_those_who_have_a_remote_place_in_the_zone_they_chose():
    edition = EditionFactory()
    CapacityFactory(attendance=Attendance.REMOTE, places=4)
    CapacityFactory(attendance=Attendance.ON_SITE)
    africa = Region.objects.get_or_create(pk="AFR", defaults={"name": "Africa"})[0]
    kenya = CountryFactory(code="KE", region=africa)
    brazil = CountryFactory(code="BR")

    def remote(zone, country):
        return registered(
            edition,
            UserFactory(time_zone=zone),
            attendance=Attendance.REMOTE,
            country=country,
        )

    remote("Asia/Tokyo", kenya)
    remote("", kenya)  # Kenya has one zone
    remote("", brazil)  # Brazil has several
    remote("Asia/Tokyo", kenya)
    remote("Asia/Tokyo", kenya)  # waits for a place
    registered(edition, UserFactory(time_zone="Asia/Tokyo"), country=kenya)

    found, unknown = followers(edition)

    assert found == {
        Follower("AFR", "Asia/Tokyo"): 2,
        Follower("AFR", "Africa/Nairobi"): 1,
    }
    assert unknown == 1
    assert Registration.objects.count() == 6
