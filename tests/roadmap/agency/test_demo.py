"""With DEMO=1 the demo login of an agency can report; elsewhere nothing is made."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from accounts.role.roles import Role
from accounts.user.models import User
from roadmap.agency.models import AgencyMembership
from tests.factories import UserFactory
from tests.roadmap.records import AgencyFactory, MilestoneFactory

pytestmark = pytest.mark.django_db


def join():
    call_command("demo_agency", stdout=StringIO())


def test_the_demo_login_states_a_position_and_publishes_it(client, settings):
    settings.DEMO = True
    UserFactory(email="agency@demo.example", role=Role.AGENCY)
    milestone = MilestoneFactory(lead=AgencyFactory(code="ITU"))
    join(), join()
    client.force_login(User.objects.get(email="agency@demo.example"))

    mine = client.get(reverse("roadmap:my-positions"))
    client.post(
        reverse("roadmap:position", args=[milestone.pk, "ITU"]),
        {"version": "0", "completion": "limited", "text": "A trial.", "language": "en"},
    )
    draft = milestone.positions.get()
    client.post(reverse("roadmap:position-move", args=[draft.pk]), {"move": "publish"})

    assert AgencyMembership.objects.count() == 1
    assert list(mine.context["milestones"]) == [milestone]
    assert milestone.positions.get().status == "published"


@pytest.mark.parametrize(
    ("demo", "sentence"),
    [
        (False, "only when DEMO=1 is set"),
        (True, "Run demo_users and load_roadmap first"),
    ],
)
def test_without_demo_or_login_nothing_is_made(settings, demo, sentence):
    settings.DEMO = demo

    with pytest.raises(CommandError, match=sentence):
        join()

    assert AgencyMembership.objects.count() == 0
