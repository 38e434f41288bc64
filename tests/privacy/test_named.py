"""Who asks for an erasure is also taken out of what others wrote at the Forum: by the page."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.personal_data.models import Erasure
from forum.people.models import Person
from forum.speakers.models import ProposedSpeaker
from forum.suggestion.models import Suggestion
from privacy.erasure import erase
from privacy.tasks import erase_due
from tests.factories import PASSWORD, UserFactory
from tests.forum.records import EditionFactory, SubmissionFactory, named, officer

pytestmark = pytest.mark.django_db


def erased_by_the_page(client, user):
    """The person asks on the page, and the two weeks pass."""
    client.force_login(user)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    client.post(reverse("my-data-erase"))
    past = timezone.now() - datetime.timedelta(minutes=1)
    Erasure.objects.filter(user=user).update(due_at=past)
    assert erase_due() == 1


def plan(**fields):
    rule = {"kind": "person", "id": 1, "name": "Amina Otieno"}
    variants = [
        {
            "name": "parallel",
            "moves": [{"session": 1, "why": ["Amina Otieno is in “Masts” too."]}],
            "unplaced": [{"session": 2, "title": "Aminas", "blocked": [rule]}],
        }
    ]
    return Suggestion.objects.create(
        edition=EditionFactory(), by=officer(), kind="repair", variants=variants
    )


def speakers():
    return sorted(ProposedSpeaker.objects.values_list("name", "organization"))


def test_a_person_is_taken_out_of_proposals_of_others_and_of_stored_plans(client):
    user = UserFactory(first_name="Amina", last_name="Otieno")
    Person.objects.create(
        name="Dr Amina M. Otieno", organization="Ministry of ICT", user=user
    )
    one, two = SubmissionFactory(), SubmissionFactory(status="submitted")
    named(one, "OTIENO, Amina", organization="ministry of ICT")
    named(two, "Amina Otieno", "Li Wei")
    named(SubmissionFactory(), "Amina Otieno", organization="Brewers Guild")
    nomination = SubmissionFactory(
        people="Amina Otieno, minister, Kenya\nLi Wei, engineer, China"
    )
    stored = plan()

    erased_by_the_page(client, user)

    nomination.refresh_from_db()
    stored.refresh_from_db()
    assert speakers() == [("Amina Otieno", "Brewers Guild"), ("Li Wei", "")]
    assert nomination.people == "Li Wei, engineer, China"
    assert "Otieno" not in str(stored.variants)
    assert stored.variants[0]["moves"][0]["why"] == ["– is in “Masts” too."]
    assert stored.variants[0]["unplaced"][0]["title"] == "Aminas"


def test_names_in_other_scripts_are_found_and_nobody_else_is_lost(client):
    user = UserFactory(first_name="آمنة", last_name="الفهد")
    named(SubmissionFactory(), "الفهد آمنة", "آمنة الزهراء", "李伟")

    erased_by_the_page(client, user)

    assert [name for name, _house in speakers()] == ["آمنة الزهراء", "李伟"]


def test_an_account_without_a_name_takes_nobody_out():
    user = UserFactory(first_name="", last_name="")
    named(SubmissionFactory(), "Dr", "Li Wei")

    erase(user)
    erase(user)

    assert [name for name, _house in speakers()] == ["Dr", "Li Wei"]
