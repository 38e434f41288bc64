"""Two records become one: field by field, with followers, redirects, letters and undo."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.role.roles import Role
from common.mail.models import OutgoingMail
from common.moves.workflow import MoveRefused
from common.records.models import Change
from stocktaking.base.workflow import Status
from stocktaking.follow.models import Follow
from stocktaking.merge.models import Merge, choices_between, chosen_content
from stocktaking.project.models import Project
from stocktaking.review.models import DeskAssignment
from tests.factories import ProjectFactory, SDGFactory, UserFactory
from tests.stocktaking.records import revision_of
from tests.stocktaking.review.test_queue import UNDO, item, waiting

pytestmark = pytest.mark.django_db


def url(project):
    return reverse("admin:stocktaking_project_merge", args=[project.pk])


@pytest.fixture
def officer(client):
    user = UserFactory(role=Role.SECRETARIAT)
    client.force_login(user)
    return user


@pytest.fixture
def pair():
    """A public record and one like it that is public, too."""
    SDGFactory(code="4")
    left = ProjectFactory(
        title="Villages", summary="Old text.", prize_editions="2015:nominated"
    )
    right = ProjectFactory(
        title="Digital villages", summary="", prize_editions="2016:winner"
    )
    right.sdgs.set(["4"])
    right.record_change("update")
    return left, right


def merged(client, left, right, **choices):
    page = client.get(url(left), {"with": right.number})
    data = {"with": right.pk, "seen": page.context["seen"]} | choices
    return client.post(url(left), data)


def kinds(project):
    rows = Change.objects.filter(record_id=str(project.pk)).order_by("pk")
    return [(row.kind, row.into) for row in rows]


def test_page_shows_what_differs_and_proposes_the_older_record(client, officer, pair):
    left, right = pair

    page = client.get(url(left), {"with": right.number})

    kept = {row.field: side for row, side in page.context["rows"]}
    assert page.context["stays"] == "left"
    assert (kept["title"], kept["summary"]) == ("left", "left")
    assert "image_alt" not in kept


def test_chosen_fields_are_taken_over_and_the_other_leads_there(client, officer, pair):
    left, right = pair
    before = [len(kinds(one)) for one in pair]

    answer = merged(
        client,
        left,
        right,
        keep_title="right",
        keep_sdgs="both",
        keep_prize_editions="both",
        keep_owner_id="right",
    )

    left, lost = Project.objects.get(pk=left.pk), Project.objects.get(pk=right.pk)
    assert answer.url == item(left)
    assert (left.title, left.summary, left.owner) == (
        "Digital villages",
        "Old text.",
        right.owner,
    )
    assert left.prize_editions == "2015:nominated;2016:winner"
    assert sorted(goal.pk for goal in left.sdgs.all()) == ["4", "9"]
    assert (lost.status, lost.successor) == (Status.ARCHIVED, left)
    assert kinds(left)[before[0] :] == [("update", "")]
    assert kinds(lost)[before[1] :] == [("merge", str(left.pk))]
    change = lost.history().first()
    assert (change.move, change.by, left.number in change.note) == (
        "merge",
        officer,
        True,
    )


def test_page_and_api_lead_to_the_successor(client, officer, pair):
    left, right = pair
    merged(client, left, right)
    client.logout()

    successor = left.get_absolute_url()
    page = client.get(right.get_absolute_url())
    api = client.get(f"/api/v1/projects/{right.pk}/?lang=fr")

    assert (page.status_code, page.url) == (302, successor)
    for name in ("project-card", "project-jsonld"):
        there, here = (
            reverse(f"stocktaking:{name}", args=[p.pk]) for p in (left, right)
        )
        assert client.get(here).headers["Location"] == there
    assert api.status_code == 301
    assert api.headers["Location"].endswith(f"/api/v1/projects/{left.pk}/?lang=fr")
    Project.objects.filter(pk=right.pk).update(
        archived_at=timezone.now() - timedelta(hours=1)
    )
    assert client.get(right.get_absolute_url()).status_code == 301


def test_followers_go_along_once(client, officer, pair):
    left, right = pair
    both, one = UserFactory(), UserFactory()
    for user, project in ((both, left), (both, right), (one, right)):
        Follow.objects.create(user=user, project=project)

    merged(client, left, right)

    assert set(Follow.objects.filter(project=left).values_list("user", flat=True)) == {
        both.pk,
        one.pk,
    }


def test_both_owners_are_told_later(client, officer, pair):
    merged(client, *pair)

    mails = OutgoingMail.objects.filter(subject__contains="now one project")
    assert {mail.to for mail in mails} == {one.owner.email for one in pair}
    assert all(mail.not_before > timezone.now() for mail in mails)


def test_undo_gives_everything_back(client, officer, pair):
    left, right = pair
    follow = Follow.objects.create(user=UserFactory(), project=right)
    before = [one.public_content() for one in pair]
    merged(
        client, left, right, keep_title="right", keep_sdgs="both", keep_owner_id="right"
    )
    change = right.history().first()

    client.post(UNDO, {"change": change.pk})

    after = [Project.objects.get(pk=one.pk) for one in pair]
    assert [one.public_content() for one in after] == before
    assert [one.owner for one in after] == [left.owner, right.owner]
    assert (after[1].successor, after[1].published_at) == (None, right.published_at)
    follow.refresh_from_db()
    assert follow.project == right
    assert Merge.objects.get().undone_at is not None
    assert [kind for kind, _into in kinds(right)][-2:] == ["merge", "publish"]
    withdrawn = OutgoingMail.objects.filter(subject__contains="now one project")
    assert not withdrawn.filter(withdrawn_at=None).exists()


def test_submitted_record_is_merged_into_the_public_one_and_comes_back(client, officer):
    public = ProjectFactory(title="Villages")
    first, following = waiting(2)
    DeskAssignment.objects.assign(officer, Project.objects.at_desk())

    answer = merged(client, first, public)

    first.refresh_from_db()
    assert (answer.url, first.status, first.successor) == (
        item(following),
        "archived",
        public,
    )
    assert kinds(first) == []
    client.post(UNDO, {"change": first.history().first().pk})
    first.refresh_from_db()
    assert (first.status, first.successor) == ("submitted", None)


def test_undo_is_refused_when_the_successor_was_changed_since(client, officer, pair):
    left, right = pair
    merged(client, left, right, keep_title="right")
    Project.objects.filter(pk=left.pk).update(title="Third")

    with pytest.raises(MoveRefused, match="changed again"):
        right.move("unmerge", officer)


def test_circle_itself_and_what_is_not_public_are_refused(officer, pair):
    left, right = pair
    draft = ProjectFactory(status=Status.DRAFT)
    Merge.objects.merge(left, right, {}, officer)

    for survivor, loser in ((left, left), (right, left), (draft, left), (left, right)):
        with pytest.raises(MoveRefused):
            Merge.objects.merge(survivor, loser, {}, officer)
    with pytest.raises(MoveRefused, match="was merged into"):
        right.move("restore", officer, "Again.")
    with pytest.raises(MoveRefused, match="Choose the record"):
        left.move("merge", officer)

    assert Merge.objects.count() == 1


def test_version_that_waits_is_decided_about_first(client, officer, pair):
    revision_of(pair[1], "submitted")

    assert merged(client, *pair).status_code == 409


@pytest.mark.parametrize("wanted", ["x", "WSIS-2026-999999", "0", "9" * 40, "\u0664"])
def test_unknown_number_gets_a_sentence(client, officer, pair, wanted):
    answer = client.get(url(pair[0]), {"with": wanted})

    assert (answer.status_code, bool(answer.context["refusal"])) == (400, True)


def test_stale_page_and_an_entry_of_a_colleague_are_refused(client, officer, pair):
    left, right = pair
    assert client.post(url(left), {"with": right.pk, "seen": "x"}).status_code == 409
    DeskAssignment.objects.create(
        project=right, by=UserFactory(), until=timezone.now() + timedelta(minutes=1)
    )
    assert merged(client, left, right).status_code == 409
    assert client.get(url(left), {"with": left.number}).status_code == 400


def test_fields_that_do_not_go_together_are_refused(client, officer):
    left, right = (
        ProjectFactory(start_year=2020),
        ProjectFactory(start_year=2010, end_year=2012),
    )

    answer = merged(client, left, right, keep_start_year="left", keep_end_year="right")

    assert answer.status_code == 409
    assert Project.objects.get(pk=left.pk).end_year is None


def test_what_is_kept_of_both_has_each_once():
    left, right = ProjectFactory(), ProjectFactory()
    left.prize_editions, right.prize_editions = "a;b", "b;c"

    kept = {choice.field: choice.sides[-1] for choice in choices_between(left, right)}

    assert chosen_content(left, right, kept)["prize_editions"] == "a;b;c"


@pytest.mark.parametrize("who", [None, Role.EXPERT])
def test_page_is_staffs(client, pair, who):
    if who:
        client.force_login(UserFactory(role=who))

    assert client.get(url(pair[0])).status_code in {302, 403, 404}
