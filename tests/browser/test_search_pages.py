"""The ways into the register, with the real projects: axe, width, both scripts and schemes."""

import io

import pytest
from django.conf import settings
from django.core.management import call_command
from django.urls import reverse
from django.utils import translation

from stocktaking.exploring.models import Collection
from stocktaking.follow.models import Follow
from stocktaking.project.models import Project
from tests.browser.test_pages import sign_in, walk
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)
PROJECTS = settings.BASE_DIR / "stocktaking" / "data" / "projects.csv"


@pytest.fixture
def register():
    call_command("import_projects", PROJECTS, verbosity=0, stdout=io.StringIO())
    Collection.objects.create(
        slug="arab-e-health",
        title="E-health in the Arab region",
        intro="Hospitals, call centres and records.",
        query="region=ARB&action_line=C7-EHEA",
        is_public=True,
    )


@pytest.mark.parametrize("language", ["en", "ar"])
def test_ways_into_the_register_can_be_used_by_everybody(
    page, live_server, register, language
):
    one = Project.objects.published().filter(country="RW").first()
    with translation.override(language):
        names = ["profiles", "download", "map", "heat", "gaps"]
        addresses = [(name, reverse(f"stocktaking:{name}")) for name in names]
        addresses += [
            (f"profile-{facet}", reverse("stocktaking:profile", args=[facet, code]))
            for facet, code in (
                ("country", "SA"),
                ("action_line", "C7-EHEA"),
                ("sdg", "4"),
            )
        ]
        addresses += [
            ("empty-profile", reverse("stocktaking:profile", args=["country", "TV"])),
            ("collection", reverse("stocktaking:collection", args=["arab-e-health"])),
            ("project-real", one.get_absolute_url()),
            ("near", f"{reverse('stocktaking:projects')}?q=genva+platfrom"),
            (
                "gaps-africa",
                f"{reverse('stocktaking:gaps')}?region=AFR&ldc=1",
            ),
        ]

    assert walk(page, live_server, language, addresses) == []


@pytest.mark.parametrize("language", ["en", "ar"])
def test_follows_can_be_used_by_everybody(page, live_server, register, language):
    user = UserFactory()
    follow = Follow.objects.create(user=user, query="country=SA&action_line=C7-EHEA")
    Follow.objects.create(
        user=user, project=Project.objects.published().first(), is_on=False
    )
    sign_in(page, live_server, user)
    with translation.override(language):
        addresses = [
            ("follows", reverse("stocktaking:follows")),
            ("follow-stop", follow.stop_url),
            ("download-member", reverse("stocktaking:download")),
        ]

    assert walk(page, live_server, language, addresses) == []
