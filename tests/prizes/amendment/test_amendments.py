"""Results that are amended after the count: by two officers, beside the count, for all to read."""

import csv
import datetime
import io

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.role.roles import Role
from common.mail.models import OutgoingMail
from common.moves.workflow import CONCERNED
from common.records.models import Change
from prizes.contest.models import Contest
from prizes.entry.amendment import Amendment
from prizes.entry.announcing import announce
from prizes.entry.models import Entry
from prizes.entry.workflow import Status
from prizes.panel.models import PanelMember
from prizes.result.models import Result
from tests.factories import UserFactory
from tests.prizes.records import ContestFactory, EntryFactory, expert, set_phases

pytestmark = pytest.mark.django_db
HOUR = datetime.timedelta(hours=1)
LINE = "C7-EGOV"


@pytest.fixture(autouse=True)
def no_second_factor(settings):
    settings.REQUIRE_STAFF_MFA = False


@pytest.fixture
def contest(db):
    past = timezone.now() - HOUR
    return ContestFactory(
        now="none",
        title="WSIS Prizes 2044",
        slug="2044",
        counted_at=past,
        champions_at=past,
        winners_at=past,
    )


def officer(**more):
    browser = Client()
    browser.person = UserFactory(role=Role.SECRETARIAT, **more)
    browser.force_login(browser.person)
    return browser


@pytest.fixture
def one(db):
    return officer()


@pytest.fixture
def two(db):
    return officer()


def placed(contest, rank, status, title):
    entry = EntryFactory(contest=contest, status=status, title=title)
    Result.objects.create(
        category=entry.category,
        entry=entry,
        rank=rank,
        votes=100 - rank,
        champion=status != Status.NOMINATED,
        frozen_at=timezone.now(),
    )
    return entry


@pytest.fixture
def winner(contest):
    return placed(contest, 1, Status.WINNER, "Winning kiosk")


@pytest.fixture
def champion(contest):
    return placed(contest, 2, Status.CHAMPION, "Second kiosk")


@pytest.fixture
def nominee(contest):
    return placed(contest, 3, Status.NOMINATED, "Third kiosk")


def page(contest):
    return reverse("admin:prizes_contest_amendments", args=[contest.pk])


def propose(browser, entry, kind, note="It broke the rules.", reason="See file 12."):
    data = {"entry": entry.pk, "kind": kind, "note": note, "reason": reason}
    address = f"{page(entry.contest)}?line={LINE}"
    return browser.post(address, data, follow=True)


def decide(browser, act="confirm"):
    amendment = Amendment.objects.latest("pk")
    data = {"act": act, "amendment": amendment.pk}
    return browser.post(page(amendment.entry.contest), data, follow=True)


def amend(one, two, entry, kind, **texts):
    propose(one, entry, kind, **texts)
    decide(two)
    return Amendment.objects.get(confirmed_at__isnull=False, entry=entry, kind=kind)


def said(response):
    return [str(message) for message in response.context["messages"]]


def shown(client, name, *args):
    return client.get(reverse(f"prizes:{name}", args=args)).content.decode()


def row_of(client, entry, name="prize-entry"):
    return client.get(reverse(f"api:{name}-detail", args=[entry.pk])).json()


@pytest.mark.usefixtures("winner", "nominee")
def test_a_disqualified_champion_is_a_tombstone_and_nobody_moves_up(
    client, one, two, champion
):
    before = list(Result.objects.order_by("pk").values())
    amendment = amend(one, two, champion, "disqualified", note="It was not theirs.")

    text = shown(client, "results", "2044")
    awards, tombstones = text.split("Second kiosk")[0], text.split("Second kiosk")[1]
    assert "Winning kiosk" in awards
    assert ">Champion<" not in text
    assert "Disqualified" in tombstones
    assert "It was not theirs." in tombstones
    assert amendment.confirmed_at.date().isoformat() in tombstones
    assert "See file 12." not in text
    assert "Third kiosk" not in text  # the next in rank stays a nominee
    assert "It was not theirs." in shown(client, "nominee", "2044", champion.pk)
    assert list(Result.objects.order_by("pk").values()) == before
    champion.refresh_from_db()
    assert champion.status == Status.CHAMPION  # what the count said stays on record


def test_its_certificate_says_that_it_is_revoked(client, one, two, champion):
    before = shown(client, "certificate", champion.code)
    assert "revoked" not in before

    amend(one, two, champion, "disqualified", note="It was not theirs.")

    after = shown(client, "certificate", champion.code)
    assert "This certificate is revoked." in after
    assert "It was not theirs." in after
    assert "valid votes" not in after


def test_api_csv_and_log_of_changes_tell_of_it(client, one, two, champion):
    announce()
    position = Change.objects.latest("pk").pk
    amend(one, two, champion, "disqualified", note="=It was not theirs.")

    for name in ("prize-entry", "prize-result"):
        row = row_of(client, champion, name)
        assert row["outcome"] == "disqualified"
        (amendment,) = row["amendments"]
        assert (amendment["kind"], amendment["note"]) == (
            "disqualified",
            "=It was not theirs.",
        )
    sheet = client.get(reverse("prizes:results-csv", args=["2044"])).content
    head, line = csv.reader(io.StringIO(sheet.decode("utf-8-sig")))
    found = dict(zip(head, line, strict=True))
    assert found["outcome"] == "disqualified"
    day = timezone.localdate(timezone=champion.contest.zone)
    assert found["amendments"] == f"{day} disqualified: =It was not theirs."
    assert announce() >= 1
    logged = Change.objects.filter(pk__gt=position, record_kind="prizes.entry")
    assert logged.filter(record_id=str(champion.pk), kind="update").exists()


def test_the_owner_is_told_once(one, two, champion):
    announce()
    OutgoingMail.objects.all().delete()
    amend(one, two, champion, "disqualified", note="It was not theirs.")

    announce()
    announce()

    (mail,) = OutgoingMail.objects.all()
    assert mail.to == champion.owner.email
    assert "they now say: Disqualified." in mail.body
    assert "It was not theirs." in mail.body
    assert "See file 12." not in mail.body


def test_one_officer_alone_amends_nothing(client, one, two, champion):
    assert said(propose(one, champion, "disqualified")) == [
        "Proposed. A second person must confirm it."
    ]
    assert said(decide(one)) == ["A second person must confirm."]
    assert row_of(client, champion)["outcome"] == "champion"
    assert "It broke the rules." not in shown(client, "results", "2044")
    with pytest.raises(IntegrityError), transaction.atomic():
        Amendment.objects.update(confirmed_by=one.person, confirmed_at=timezone.now())

    assert said(decide(two)) == ["Confirmed: the results are amended."]
    assert said(decide(two)) == ["This proposal is decided already."]
    assert row_of(client, champion)["outcome"] == "disqualified"


def test_a_dismissed_proposal_leaves_the_results(client, one, two, champion):
    propose(one, champion, "disqualified")

    assert said(decide(two, "dismiss")) == ["Dismissed: the results stay as they are."]
    assert said(decide(two)) == ["This proposal is decided already."]
    assert row_of(client, champion)["outcome"] == "champion"


def test_an_amendment_is_never_changed_or_deleted(one, two, champion):
    amendment = amend(one, two, champion, "disqualified")

    for change in (
        lambda rows: rows.update(note="Nothing happened"),
        lambda rows: rows.update(confirmed_at=None, confirmed_by=None),
        lambda rows: rows.delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change(Amendment.objects.filter(pk=amendment.pk))


def test_a_second_winner_and_a_nominee_that_moves_up(
    client, one, two, winner, champion, nominee
):
    amend(one, two, champion, "winner", note="The panel was split.")
    amend(one, two, nominee, "champion", note="It moves up.")

    text = shown(client, "results", "2044")
    assert text.count('class="winner"') == 2
    assert row_of(client, champion)["outcome"] == "winner"
    assert row_of(client, nominee)["outcome"] == "champion"
    assert "The panel was split." in shown(client, "certificate", champion.code)
    assert Entry.objects.has_won(champion.project)


def test_who_was_disqualified_can_be_restored_by_another_amendment(
    client, one, two, champion
):
    amend(one, two, champion, "disqualified")
    amend(one, two, champion, "champion", note="The appeal was upheld.")

    row = row_of(client, champion)
    assert row["outcome"] == "champion"
    assert [one["kind"] for one in row["amendments"]] == ["disqualified", "champion"]


def test_a_special_recognition_changes_no_rank_and_waits_for_the_ceremony(
    client, one, two, contest, nominee
):
    later = timezone.now() + HOUR
    Contest.objects.filter(pk=contest.pk).update(winners_at=later)
    nominee.refresh_from_db()
    amend(one, two, nominee, "recognition", note="For its reach.")

    assert "For its reach." not in shown(client, "results", "2044")
    assert row_of(client, nominee)["amendments"] == []
    announce()
    assert not OutgoingMail.objects.filter(body__contains="For its reach.").exists()
    address = reverse("prizes:certificate", args=[nominee.code])
    assert client.get(address).status_code == 404

    Contest.objects.filter(pk=contest.pk).update(winners_at=timezone.now() - HOUR)
    text = shown(client, "results", "2044")
    assert "Special recognition" in text
    assert "For its reach." in text
    assert row_of(client, nominee)["outcome"] == "nominated"
    assert "Special recognition" in client.get(address).content.decode()
    announce()
    assert OutgoingMail.objects.filter(body__contains="For its reach.").count() == 1


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("champion", "This entry is a champion already."),
        ("winner", "This category has no winner yet: choose it first."),
    ],
)
def test_what_makes_no_sense_is_refused_beside_the_form(one, champion, kind, sentence):
    answer = propose(one, champion, kind, note="Kept in the form")

    assert answer.status_code == 400
    assert sentence in answer.content.decode()
    assert "Kept in the form" in answer.content.decode()
    assert not Amendment.objects.exists()


def test_before_the_count_nothing_is_amended(one, contest, nominee):
    Contest.objects.filter(pk=contest.pk).update(counted_at=None)

    answer = propose(one, nominee, "disqualified")

    assert "The votes are not counted yet" in answer.content.decode()


def test_a_disqualified_champion_is_not_chosen_as_winner(
    client, one, two, contest, champion
):
    set_phases(contest, "selection")
    Contest.objects.update(winners_at=timezone.now() + HOUR)
    other = placed(contest, 4, Status.CHAMPION, "Fourth kiosk")
    judge = expert(champion.category)
    amend(one, two, champion, "disqualified")
    client.force_login(judge)
    address = reverse("prizes:decision", args=[contest.slug, LINE])

    page = client.get(address).content.decode()
    chosen = client.post(address, {"entry": champion.pk, "reason": "Best."})

    assert "Fourth kiosk" in page
    assert "Second kiosk" not in page
    assert chosen.status_code == 400
    PanelMember.objects.all().delete()
    move = reverse("prizes:entry-move", args=[contest.slug, champion.pk])
    refused = one.post(move, {"move": "choose", "note": "Best."}).content.decode()
    assert "This entry is disqualified already." in refused
    champion.refresh_from_db()
    assert champion.status == Status.CHAMPION
    assert other.status == Status.CHAMPION


def test_nobody_amends_what_competes_with_the_own_entry(one, two, champion, nominee):
    nominee.owner = one.person
    nominee.save()

    refused = propose(one, champion, "disqualified").content.decode()
    assert str(CONCERNED) in refused
    propose(two, champion, "disqualified")
    assert Amendment.objects.count() == 1
    assert said(decide(one)) == [str(CONCERNED)]


def test_nobody_dismisses_a_proposal_about_the_own_entry(one, two, champion):
    propose(two, champion, "disqualified")
    champion.owner = one.person
    champion.save()

    assert said(decide(one, "dismiss")) == [str(CONCERNED)]

    assert Amendment.objects.open().exists()
    assert said(decide(officer(), "confirm")) == ["Confirmed: the results are amended."]


def test_two_accounts_of_one_mailbox_are_one_officer(one, champion):
    propose(one, champion, "disqualified")
    name, _at, domain = one.person.email.partition("@")
    twin = officer(email=f"{name}+second@{domain}")

    assert said(decide(twin)) == ["A second person must confirm."]

    assert Amendment.objects.open().exists()


@pytest.mark.parametrize("key", ["", "abc", "٣", "9" * 30])
def test_a_wrong_key_is_not_found(one, contest, champion, key):
    answer = one.post(page(contest), {"act": "confirm", "amendment": key})

    assert answer.status_code == 404


def test_strangers_see_no_desk(client, contest, one, champion):
    propose(one, champion, "disqualified")
    client.force_login(UserFactory(role=Role.EXPERT))

    assert client.get(page(contest)).status_code in (302, 403, 404)
    decide_as = {"act": "confirm", "amendment": Amendment.objects.get().pk}
    assert client.post(page(contest), decide_as).status_code in (302, 403, 404)
    assert Amendment.objects.get().confirmed_at is None


def test_the_desk_and_the_year_name_what_waits(one, two, contest, champion):
    propose(one, champion, "disqualified")

    year = reverse("admin:prizes_contest_year", args=[contest.pk])
    Contest.objects.filter(pk=contest.pk).update(winners_at=timezone.now() + HOUR)
    contest.phases.filter(kind="announcement").update(closes_at=timezone.now() + HOUR)
    text = two.get(year).content.decode()
    assert "Amendments of the results that nobody has confirmed: 1." in text
    listed = two.get(reverse("admin:prizes_amendment_changelist") + "?state=open")
    assert "Second kiosk" in listed.content.decode()


def test_pages_ask_as_often_for_ten_as_for_one(
    client, one, contest, django_assert_max_num_queries
):
    for number in range(10):
        entry = placed(contest, number + 1, Status.CHAMPION, f"Kiosk {number}")
        Amendment.objects.create(
            entry=entry,
            kind="recognition",
            note="For its reach.",
            reason="?",
            proposed_by=one.person,
            confirmed_by=UserFactory(),
            confirmed_at=timezone.now(),
        )
    client.get("/en/")
    with django_assert_max_num_queries(12):
        client.get(reverse("prizes:results", args=["2044"]))
    with django_assert_max_num_queries(8):
        client.get(reverse("api:prize-result-list"))
    with django_assert_max_num_queries(20):
        one.get(page(contest))
