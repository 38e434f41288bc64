import datetime

import pytest
from django.core import signing
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone

from common.mail.models import OutgoingMail
from common.records.models import Change
from stocktaking.follow.models import MAX_FOLLOWS, SALT, Follow
from stocktaking.follow.tasks import send_digests
from tests.factories import OrganizationFactory, ProjectFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)  # only what is committed is news
ADD = "/en/projects/follows/add/"


@pytest.fixture
def member(client):
    user = UserFactory()
    client.force_login(user)
    return user


def later(days=8):
    """As if that many days had passed since the last look."""
    back = timezone.now() - datetime.timedelta(days=days)
    Follow.objects.update(next_at=back)


def bodies():
    return list(OutgoingMail.objects.order_by("pk").values_list("body", flat=True))


def test_a_saved_search_mails_each_new_match_once(client, member):
    ProjectFactory(title="Known before", country__code="KE")
    client.post(ADD, {"query": "country=KE&page=3&utm_source=x"})
    send_digests()
    ProjectFactory(title="New in Kenya", country__code="KE")
    ProjectFactory(title="Elsewhere", country__code="FR")

    for _twice in range(2):
        later()
        send_digests()
        send_digests()

    assert Follow.objects.get().query == "country=KE"
    [body] = bodies()
    assert "Projects: Kenya" in body
    assert [
        title in body for title in ("New in Kenya", "Known before", "Elsewhere")
    ] == [
        True,
        False,
        False,
    ]


def test_what_is_published_again_is_no_news(client, member):
    project = ProjectFactory()
    client.post(ADD, {"query": ""})
    project.record_change(Change.Kind.PUBLISH)
    later()

    send_digests()

    assert bodies() == []


def test_one_mail_holds_all_that_is_due(client, member):
    organization = OrganizationFactory(name="Data House")
    followed = ProjectFactory(title="Followed")
    client.post(ADD, {"organization": organization.pk})
    client.post(ADD, {"project": followed.pk})
    ProjectFactory(title="By the house", organization=organization)
    followed.summary = "What the project does now."
    followed.save()
    followed.record_change(Change.Kind.UPDATE)
    later()

    send_digests()

    [body] = bodies()
    assert [words in body for words in ("Data House", "By the house", "* updated")] == [
        True
    ] * 3


def test_a_mail_is_in_the_readers_language(client, member):
    member.language = "fr"
    member.save()
    client.post(ADD, {"query": "country=KE"})
    ProjectFactory(country__code="KE")
    later()

    send_digests()

    assert "/fr/projects/" in bodies()[0]


def test_the_rhythm_is_kept(client, member):
    client.post(ADD, {"query": ""})
    ProjectFactory()
    send_digests()
    ProjectFactory()
    later(-3)

    send_digests()

    assert len(bodies()) == 1
    assert Follow.objects.get().next_at > timezone.now()


def test_who_has_switched_off_gets_nothing(client, member):
    client.post(ADD, {"query": ""})
    row = Follow.objects.get()
    client.post(f"/en/projects/follows/{row.pk}/", {"rhythm": "daily"})
    ProjectFactory()
    later()

    send_digests()

    row.refresh_from_db()
    assert (row.is_on, row.rhythm, bodies()) == (False, "daily", [])


def test_the_link_in_a_mail_ends_it_without_signing_in(client, member):
    client.post(ADD, {"query": ""})
    row = Follow.objects.get()
    stranger = Client(enforce_csrf_checks=True)

    seen = stranger.get(row.stop_url)
    still_on = Follow.objects.get().is_on
    stopped = stranger.post(row.stop_url, {"List-Unsubscribe": "One-Click"})

    assert (seen.status_code, still_on) == (200, True)
    assert (stopped.status_code, Follow.objects.get().is_on) == (200, False)


@pytest.mark.parametrize(
    "token",
    ["x", "1", signing.dumps(1, salt="other"), "a:b:c"],
    ids=["short", "number", "of another salt", "parts"],
)
def test_forged_links_lead_nowhere(client, token):
    assert client.get(f"/en/projects/follows/stop/{token}/").status_code == 404


def test_links_of_what_is_gone_lead_nowhere(client):
    token = signing.dumps(0, salt=SALT)

    assert client.post(f"/en/projects/follows/stop/{token}/").status_code == 404


def test_the_same_is_followed_once_and_not_without_end(client, member):
    for _time in range(2):
        client.post(ADD, {"query": "sdg=9"})
    once = Follow.objects.count()
    for year in range(1990, 1990 + MAX_FOLLOWS):
        client.post(ADD, {"query": f"year={year}"})

    assert (once, Follow.objects.count()) == (1, MAX_FOLLOWS)


@pytest.mark.parametrize(
    "data",
    [
        {"project": "99999"},
        {"project": "x"},
        {"organization": "٣"},
        {"project": "9" * 30},
    ],
)
def test_what_does_not_exist_cannot_be_followed(client, member, data):
    assert client.post(ADD, data).status_code == 404


def test_strangers_rows_do_not_exist(client, member):
    row = Follow.objects.create(user=UserFactory(), query="sdg=9")

    assert (
        client.post(f"/en/projects/follows/{row.pk}/", {"end": "1"}).status_code == 404
    )
    assert Follow.objects.count() == 1


def test_a_row_holds_one_thing():
    with pytest.raises(IntegrityError):
        Follow.objects.create(
            user=UserFactory(), query="sdg=9", organization=OrganizationFactory()
        )


@pytest.mark.parametrize("rows", [1, 10])
def test_page_queries(client, member, django_assert_num_queries, rows):
    for year in range(2000, 2000 + rows):
        Follow.objects.create(user=member, query=f"year={year}")
    client.get("/en/projects/follows/")

    with django_assert_num_queries(3):  # session, user, rows
        client.get("/en/projects/follows/")
