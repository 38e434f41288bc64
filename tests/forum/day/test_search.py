"""The search of the agenda: sessions, speakers and organizations, on all days, without accents."""

import datetime

import pytest
from django.urls import reverse

from forum.session.models import Session
from tests.factories import UserFactory
from tests.forum.agenda.test_agenda import address, titles
from tests.forum.records import DAY, PersonFactory, at, officer, release, scheduled
from tests.lists.forms import main_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme():
    next_day = DAY + datetime.timedelta(days=1)
    scheduled(
        title="Villages",
        speakers=[PersonFactory(name="Łukasz Kąkol", organization="Żywiec Institute")],
        organised_by="Ministère de l’Économie",
    )
    scheduled(
        title="Confiance numérique",
        start=at(9, 0, next_day),
        end=at(10, 0, next_day),
        speakers=[PersonFactory(name="أحمد السالم", organization="UNESCO")],
        organised_by="ITU",
    )
    release()


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Kakol", ["Villages"]),
        ("lukasz kąkol", ["Villages"]),
        ("zywiec", ["Villages"]),
        ("ministere economie", ["Villages"]),
        ("Kakol villages", ["Villages"]),
        ("numerique", ["Confiance numérique"]),
        ("unesco", ["Confiance numérique"]),
        ("احمد", ["Confiance numérique"]),
        ("Kakol unesco", []),
        ("panellist", []),  # a role, not a name
        ("Kakol -villages", []),
    ],
)
def test_words_find_sessions_speakers_and_organizations(
    client, programme, words, expected
):
    found = [titles(client.get(address(), {"q": words}))]
    client.force_login(officer())
    found.append(titles(client.get(address(), {"q": words, "draft": "1"})))
    answer = client.get("/api/v1/forum/sessions/", {"q": words}).json()
    found.append([row["title"] for row in answer["results"]])

    assert found == [expected] * 3


def test_what_is_found_on_other_days_can_be_starred_in_four_taps(client, programme):
    """Agenda on the home page, the search field, its button, the star."""
    client.force_login(UserFactory())
    home = main_of(client.get("/en/").content.decode())
    agenda = reverse("forum:agenda", args=["2027"])
    assert f'href="{agenda}"' in home

    page = main_of(client.get(agenda, {"q": "احمد"}).content.decode())

    session = Session.objects.get(title="Confiance numérique")
    assert f'action="{reverse("forum:star", args=[session.pk])}"' in page
