"""Measured inside one process: what staff, reviewers and the public read of 500 inputs; figures as
JSON.

The inputs are made in a transaction that is rolled back; the database stays as it is.
"""

import datetime
import json
import sys
from typing import Any

import django

django.setup()

from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.user.models import User
from benchmarks.forum_inside import words
from benchmarks.planning_inside import officer
from benchmarks.reading import read
from forum.consultation.models import Submission
from forum.consultation.phases import InputKind
from forum.edition.models import Edition
from forum.grouping.models import InputGroup
from forum.people.models import name_key
from forum.review.models import (
    Review,
    ReviewCriterion,
    Reviewer,
    ReviewPhase,
    ReviewScore,
)
from forum.screening.models import ScreeningRule
from forum.speakers.models import ProposedSpeaker
from reference.country.models import Country

INPUTS, GROUPED, SPEAKERS, REVIEWERS, PER_INPUT = 500, 60, 700, 30, 3

PAGES = {
    "desk: list of inputs": "/en/admin/forum/submission/?edition__id__exact={pk}",
    "desk: input": "/en/forum/submissions/{first}/",
    "desk: similar inputs and groups": "/en/forum/{slug}/groups/",
    "desk: one group, search": "/en/forum/{slug}/groups/{group}/?q=digital",
    "desk: list of groups": "/en/admin/forum/inputgroup/",
    "desk: reviews and balance": "/en/forum/{slug}/reviews/",
    "desk: screening": "/en/forum/{slug}/screening/",
    "desk: decisions": "/en/forum/{slug}/decisions/",
}
PUBLIC = {
    "public: consultation": "/en/forum/{slug}/consultation/",
    "public: inputs": "/en/forum/{slug}/consultation/inputs/",
}


def people(count: int) -> list[User]:
    return User.objects.bulk_create(
        User(email=f"person{number}@place{number}.example", first_name=f"P{number}")
        for number in range(count)
    )


def consultation() -> tuple[Edition, User]:
    """500 inputs of as many authors, with speakers, reviews and groups; the edition and one of
    its reviewers."""
    first = datetime.date(2027, 7, 5)
    edition = Edition.objects.create(
        slug="bench",
        title="Bench",
        first_year=2027,
        last_year=2027,
        start_date=first,
        end_date=first + datetime.timedelta(days=4),
    )
    InputKind.objects.add_usual(edition)
    kinds = list(edition.input_kinds.all())
    countries = list(Country.objects.all()[:40])
    authors = people(INPUTS + REVIEWERS)
    inputs = Submission.objects.bulk_create(
        Submission(
            edition=edition,
            owner=authors[number],
            kind=kinds[number % len(kinds)],
            title=words(number, 7),
            text=words(number, 200),
            organization_name=words(number, 3),
            country=countries[number % len(countries)] if countries else None,
            is_public=number % 3 > 0,
            status="submitted",
            submitted_at=timezone.now(),
        )
        for number in range(INPUTS)
    )
    names = [words(number, 3) for number in range(SPEAKERS)]
    ProposedSpeaker.objects.bulk_create(
        ProposedSpeaker(submission=one, name=name, name_key=name_key(name))
        for place, one in enumerate(inputs)
        for name in (names[(3 * place + turn) % SPEAKERS] for turn in range(3))
    )
    for kind, threshold in (("speakers", 3), ("per_speaker", 2), ("regions", 2)):
        ScreeningRule.objects.create(
            edition=edition, kind=kind, threshold=threshold, is_hard=True
        )
    for start in range(0, GROUPED, 4):
        numbers = [one.pk for one in inputs[start : start + 4]]
        InputGroup.make(edition, words(start, 3), numbers, authors[0])
    reviewers = authors[INPUTS:]
    review(edition, reviewers, inputs)
    return edition, reviewers[0]


def review(edition: Edition, reviewers: list[User], inputs: list[Submission]) -> None:
    today = timezone.now().date()
    week = datetime.timedelta(days=7)
    ReviewPhase.objects.create(
        edition=edition, name="Scores", opens_on=today - week, closes_on=today + week
    )
    criteria = [
        ReviewCriterion.objects.create(edition=edition, text=text, order=place)
        for place, text in enumerate(("Relevance", "Clarity"))
    ]
    Reviewer.objects.bulk_create(
        Reviewer(edition=edition, user=user) for user in reviewers
    )
    reviews = Review.objects.bulk_create(
        Review(
            submission=one,
            reviewer=reviewers[(place + turn) % len(reviewers)],
            state="done",
        )
        for place, one in enumerate(inputs)
        for turn in range(1, PER_INPUT + 1)
    )
    ReviewScore.objects.bulk_create(
        ReviewScore(review=one, criterion=criterion, value=one.pk % 6)
        for one in reviews
        for criterion in criteria
    )


def measure(rounds: int) -> list[dict[str, Any]]:
    settings.REQUIRE_STAFF_MFA = False
    with transaction.atomic():
        edition, reviewer = consultation()
        groups = edition.input_groups.values_list("pk", flat=True)
        inputs = edition.submissions.order_by("pk").values_list("pk", flat=True)
        values = {
            "slug": edition.slug,
            "pk": edition.pk,
            "group": groups[0],
            "first": inputs[GROUPED],
        }
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE forum_submission, forum_review, forum_reviewscore")
        found = read_all(officer(), PAGES, values, rounds)
        found += read_all(Client(SERVER_NAME="localhost"), PUBLIC, values, rounds)
        client = Client(SERVER_NAME="localhost")
        client.force_login(reviewer)
        own = {"reviewer: list": "/en/forum/{slug}/review/"}
        found += read_all(client, own, values, rounds)
        transaction.set_rollback(True)
    return found


def read_all(
    client: Client, pages: dict[str, str], values: dict[str, Any], rounds: int
) -> list[dict[str, Any]]:
    return [
        read(
            client, address.format(**values), rounds, CaptureQueriesContext(connection)
        )
        | {"name": name}
        for name, address in pages.items()
    ]


if __name__ == "__main__":
    json.dump(measure(int(sys.argv[1])), sys.stdout)
