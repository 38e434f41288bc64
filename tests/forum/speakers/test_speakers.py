"""The speakers that a proposal names, by its author."""

import pytest
from django.urls import reverse

from forum.people.models import Person
from forum.speakers.models import ProposedSpeaker
from tests.factories import CountryFactory, UserFactory
from tests.forum.records import PersonFactory, SubmissionFactory, named, officer

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(client):
    author = UserFactory()
    client.force_login(author)
    return SubmissionFactory(owner=author)


def address(submission):
    return reverse("forum:submission-speakers", args=[submission.pk])


def test_the_author_adds_and_removes_speakers(client, draft):
    data = {
        "name": "أمينة أوتيينو",
        "organization": "Ministry of ICT",
        "country": CountryFactory(code="KE").pk,
        "gender": "woman",
        "is_youth": "on",
    }
    client.post(address(draft), data)
    client.post(address(draft), {"name": "Li Wei"})
    page = client.get(address(draft)).content.decode()
    first = draft.speakers.get(name="Li Wei")

    client.post(address(draft), {"remove": first.pk})

    left = draft.speakers.get()
    assert "أمينة أوتيينو (Ministry of ICT)" in page
    assert "younger than 30" in page
    assert (left.country.pk, left.gender, left.is_youth) == ("KE", "woman", True)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"name": ""}, "This field is required."),
        ({"name": "x" * 151}, "Ensure this value has at most 150 characters"),
        ({"name": "Am\ufffdna"}, "Some characters could not be read"),
        ({"name": "LI, Wei"}, "This person is named already."),
        ({"name": "Ana", "country": "XX"}, "Select a valid choice."),
        ({"name": "Ana", "gender": "x"}, "Select a valid choice."),
    ],
)
def test_bad_input_is_named_beside_the_field(client, draft, data, sentence):
    named(draft, "Wei Li")

    page = client.post(address(draft), data)

    assert page.status_code == 400
    assert sentence in page.content.decode()
    assert draft.speakers.count() == 1


def test_a_proposal_names_twenty_at_most(client, draft):
    named(draft, *(f"Speaker {number:02d}x" for number in range(20)))

    page = client.post(address(draft), {"name": "Li Wei"})

    assert page.status_code == 400
    assert "A proposal names at most 20 speakers." in page.content.decode()


def test_nobody_else_names_speakers_and_nobody_after_it_was_sent(client, draft):
    other = SubmissionFactory()
    sent = SubmissionFactory(owner=draft.owner, status="submitted")

    strange = client.post(address(other), {"name": "Li Wei"})
    late = client.post(address(sent), {"name": "Li Wei"}, follow=True)

    assert strange.status_code == 404
    assert "the submission cannot be changed now" in late.content.decode()
    assert not ProposedSpeaker.objects.exists()


def test_speakers_of_a_request_are_panellists_of_its_session():
    known = PersonFactory(name="Łukasz Kąkol", organization="ITU")
    PersonFactory(name="Li Wei", organization="Tsinghua")
    PersonFactory(name="Wei Li", organization="tsinghua")  # two records: which one?
    request = SubmissionFactory(status="accepted")
    named(request, "Lukasz Kakol", organization="ITU")
    named(request, "Li Wei", organization="Tsinghua")
    named(request, "Amina Otieno", organization="Fisheries Board")
    other = SubmissionFactory(status="accepted")
    named(other, "Kąkol Łukasz", organization="itu")

    session = request.make_session_with([other], officer())

    parts = [
        (part.person.name, part.role)
        for part in session.participations.order_by("order")
    ]
    assert parts == [
        ("Łukasz Kąkol", "panellist"),
        ("Li Wei", "panellist"),
        ("Amina Otieno", "panellist"),
    ]
    assert session.participations.filter(person=known).count() == 1
    assert Person.objects.filter(name_key="li wei").count() == 3
