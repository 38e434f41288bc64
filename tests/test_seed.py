import io

import pytest
from django.core.management import CommandError, call_command
from django.http import QueryDict

from common.text.words import count_words
from stocktaking.base.workflow import Status
from stocktaking.member.models import Member
from stocktaking.project.models import Project
from stocktaking.search.filters import ProjectSearch


def seed(**options: object) -> str:
    out = io.StringIO()
    call_command("seed", stdout=out, **options)
    return out.getvalue()


@pytest.fixture(autouse=True)
def _demo(settings):
    settings.DEMO = True


def test_seed_tops_up_and_repeats_itself(db):
    seed(scale=60, members=3)
    first = list(
        Project.objects.order_by("pk").values_list("external_id", "title", "status")
    )

    seed(scale=60, members=3)
    again = list(
        Project.objects.order_by("pk").values_list("external_id", "title", "status")
    )
    seed(scale=80, members=5)

    assert again == first
    assert (Project.objects.count(), Member.objects.count()) == (80, 5)
    assert len({external_id for external_id, *_rest in first}) == 60


def test_seeded_projects_are_found_at_once(db):
    before = ProjectSearch(QueryDict()).total

    seed(scale=60, members=1)

    assert before == 0
    assert ProjectSearch(QueryDict()).total == Project.objects.published().count() > 40
    assert ProjectSearch(QueryDict("q=digital")).total > 0


def test_seeded_projects_look_like_real_ones(db):
    seed(scale=120, members=1)

    projects = list(Project.objects.all())
    words = [
        count_words(f"{p.summary} {p.results}") for p in projects if p.language == "en"
    ]
    assert {p.language for p in projects} == {"ar", "zh-hans", "en", "fr", "ru", "es"}
    assert {p.status for p in projects} == {*Status.values} - {Status.APPROVED}
    assert (min(words) >= 150, max(words) <= 300) == (True, True)
    assert all(1 <= p.sdgs.count() <= 6 for p in projects[:20])


def test_seed_refuses_a_real_portal(db, settings):
    settings.DEMO = settings.DEBUG = False

    with pytest.raises(CommandError, match="--yes"):
        seed(scale=10)

    assert Project.objects.count() == 0
