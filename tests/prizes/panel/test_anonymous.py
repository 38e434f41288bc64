"""Reviews without names, and reviews that pass or fail."""

import re

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from accounts.role.roles import Role
from prizes.entry.models import Entry
from prizes.entry.workflow import Status
from prizes.panel.anonymous import COVER, RedactedText, cover
from prizes.panel.models import Review
from tests.factories import CountryFactory, OrganizationFactory, UserFactory
from tests.prizes.records import ContestFactory, EntryFactory, expert, set_phases

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("text", "names", "expected"),
    [
        ("The Kiosk Institute helps.", {"Kiosk Institute"}, "The ▮▮▮ helps."),
        ("KIOSK  institute, kiosks", {"Kiosk Institute", "Kiosk"}, "▮▮▮, kiosks"),
        ("Institutes", {"Institute"}, "Institutes"),
        ("See https://kiosk.example/a?b=1 now", set(), "See ▮▮▮ now"),
        ("Write to a.b@mail.kiosk.example!", set(), "Write to ▮▮▮!"),
        ("与北京大学合作", {"北京大学"}, "与▮▮▮合作"),
        ("مشروع معهد الأكشاك الرقمي", {"معهد الأكشاك"}, "مشروع ▮▮▮ الرقمي"),
        ("A (new) name", {"(new)"}, "A ▮▮▮ name"),
        ("", {"Name"}, ""),
    ],
)
def test_names_and_addresses_are_covered(text, names, expected):
    assert cover(text, names) == expected


SECRETS = ("Institute of Kiosks", "Dupont", "Senegal", "kiosk.example")


@pytest.fixture
def contest():
    return ContestFactory(now="nomination", slug="2044", reviews_anonymous=True)


@pytest.fixture
def entry(contest):
    organization = OrganizationFactory(name="Institute of Kiosks", aliases=["InKio"])
    entry = EntryFactory(
        contest=contest,
        line="C4",
        title="Kiosks of InKio",
        status=Status.ACCEPTED,
        organization=organization,
        organization_name="Institute of Kiosks",
        country=CountryFactory(code="SN"),
        description="The Institute of Kiosks in Senegal, led by Awa Dupont, has a site: "
        "https://kiosk.example/ and reaches 300 villages.",
    )
    type(entry.owner).objects.filter(pk=entry.owner_id).update(
        first_name="Awa", last_name="Dupont"
    )
    entry.country.name_en = "Senegal"
    entry.country.save()
    return entry


def pages(contest, entry):
    return {
        "panel": reverse("prizes:panel", args=[contest.slug, "C4"]),
        "scores": reverse("prizes:panel-scores", args=[contest.slug, "C4"]),
        "review": reverse("prizes:review", args=[contest.slug, entry.pk]),
        "entry": reverse("prizes:nominee", args=[contest.slug, entry.pk]),
        "reviews": reverse("prizes:entry-reviews", args=[contest.slug, "C4", entry.pk]),
        "delegate": reverse("prizes:delegate", args=[contest.slug, entry.pk]),
    }


@pytest.mark.parametrize("chair", [True, False])
@pytest.mark.parametrize("page", pages(*[type("X", (), {"slug": "2044", "pk": 1})] * 2))
def test_no_page_of_an_expert_names_who_has_entered(
    client, contest, entry, page, chair
):
    client.force_login(expert(entry.category, chair=chair))

    answer = client.get(pages(contest, entry)[page])

    text = answer.content.decode()
    if not chair and page in ("scores", "reviews"):
        assert answer.status_code == 404
    else:
        assert COVER in text
    assert [secret for secret in SECRETS if secret in text] == []
    assert f"/projects/{entry.project_id}/" not in text


def test_the_text_itself_is_read(client, contest, entry):
    client.force_login(expert(entry.category))

    page = client.get(pages(contest, entry)["review"]).content.decode()

    assert "reaches 300 villages" in page
    assert f"Kiosks of {COVER}" in page


def test_the_secretariat_and_voters_read_the_names(client, settings, contest, entry):
    settings.REQUIRE_STAFF_MFA = False
    judge = expert(entry.category)
    client.force_login(UserFactory(role=Role.SECRETARIAT))
    staff = client.get(pages(contest, entry)["entry"]).content.decode()
    Entry.objects.filter(pk=entry.pk).update(status=Status.NOMINATED)
    set_phases(contest, "voting")
    client.force_login(judge)
    voters = client.get(pages(contest, entry)["entry"]).content.decode()

    assert "Institute of Kiosks" in staff
    assert "Institute of Kiosks" in voters


def test_the_api_and_the_search_do_not_tell_experts_either(client, contest, entry):
    client.force_login(expert(entry.category))

    api = client.get(reverse("api:prize-entry-detail", args=[entry.pk]))
    found = client.get("/en/search/", {"q": "Kiosks"}).content.decode()

    assert api.status_code == 404
    assert "Institute of Kiosks" not in found


def test_a_chair_nominates_without_knowing_the_name(client, contest, entry):
    client.force_login(expert(entry.category, chair=True))
    page = client.get(pages(contest, entry)["entry"]).content.decode()

    told = client.post(
        reverse("prizes:entry-move", args=[contest.slug, entry.pk]),
        {"move": "nominate"},
        follow=True,
    ).content.decode()

    assert 'value="nominate"' in page
    entry.refresh_from_db()
    assert entry.status == Status.NOMINATED
    assert entry.organization_name == "Institute of Kiosks"  # the copy was never stored
    assert "Institute of Kiosks" not in told


def test_staff_edit_the_copies_until_one_is_reviewed(client, settings, contest, entry):
    settings.REQUIRE_STAFF_MFA = False
    officer, judge = UserFactory(role=Role.SECRETARIAT), expert(entry.category)
    client.force_login(officer)
    room = reverse("admin:prizes_contest_panels", args=[contest.pk])
    told = client.post(room, {"redact": "1"}, follow=True).content.decode()
    again = client.post(room, {"redact": "1"}, follow=True).content.decode()
    row = RedactedText.objects.get()
    change = reverse("admin:prizes_redactedtext_change", args=[row.pk])
    made = row.description

    client.post(change, {"title": "Kiosks", "description": "A site for villages."})
    client.force_login(judge)
    read = client.get(pages(contest, entry)["review"]).content.decode()
    Review.objects.create(entry=entry, reviewer=judge, state="done")
    client.force_login(officer)
    refused = client.post(change, {"title": "Changed", "description": "Later"})

    assert "1 redacted text made." in told
    assert "0 redacted texts made." in again
    assert COVER in made
    assert "A site for villages." in read
    assert refused.status_code == 403
    row.refresh_from_db()
    assert row.title == "Kiosks"


@pytest.mark.parametrize("shown", [True, False])
def test_the_contest_says_whether_names_show_at_the_choice(
    client, contest, entry, shown
):
    judge = expert(entry.category)
    type(contest).objects.filter(pk=contest.pk).update(
        names_at_choice=shown, counted_at="2044-01-01T00:00:00Z"
    )
    Entry.objects.filter(pk=entry.pk).update(status=Status.CHAMPION)
    set_phases(contest, "selection")
    client.force_login(judge)

    page = client.get(
        reverse("prizes:decision", args=[contest.slug, "C4"])
    ).content.decode()

    assert ("Institute of Kiosks" in page) == shown


def test_the_panel_asks_as_often_for_ten_entries_as_for_one(
    client, contest, entry, django_assert_num_queries, django_assert_max_num_queries
):
    client.force_login(expert(entry.category))
    page = pages(contest, entry)["panel"]
    client.get(page)
    with django_assert_max_num_queries(20) as first:
        client.get(page)
    EntryFactory.create_batch(9, contest=contest, line="C4", status=Status.ACCEPTED)

    with django_assert_num_queries(len(first)):
        client.get(page)


# --- pass or fail ---


@pytest.fixture
def passing(db):
    return ContestFactory(now="nomination", slug="2045", review_mode="pass_fail")


def send(client, entry, judge, **data):
    client.force_login(judge)
    page = reverse("prizes:review", args=[entry.contest.slug, entry.pk])
    fields = client.get(page).context["form"].fields
    data |= {"opened_with": fields["opened_with"].initial}
    return client.post(page, data, follow=True).content.decode()


def test_experts_pass_or_fail_and_the_table_counts(client, passing):
    entry = EntryFactory(contest=passing, line="C4", status=Status.ACCEPTED)
    judges = [expert(entry.category) for _n in range(3)]

    nothing = send(client, entry, judges[0], hand_in="1")
    for judge, verdict in zip(judges, ("True", "True", "False"), strict=True):
        send(client, entry, judge, hand_in="1", verdict=verdict)
    client.force_login(expert(entry.category, chair=True))
    context = client.get(reverse("prizes:panel", args=["2045", "C4"])).context
    page = client.get(reverse("prizes:entry-reviews", args=["2045", "C4", entry.pk]))

    assert "Choose pass or fail, or abstain." in nothing
    assert "score_" not in nothing
    assert "Impact" in nothing  # the criteria guide
    (line,) = context["lines"]
    assert round(line.totals.mean, 1) == 66.7
    assert line.totals.disputed
    assert (
        re.findall(r"<strong>\s*(\w+)\s*</strong>", page.content.decode()).count("Pass")
        == 2
    )


def test_a_draft_may_lack_the_verdict_and_keeps_it(client, passing):
    entry = EntryFactory(contest=passing, line="C4", status=Status.ACCEPTED)
    judge = expert(entry.category)

    send(client, entry, judge, save="1", comment="Not sure")
    undecided = Review.objects.get().passes
    send(client, entry, judge, save="1", comment="Not sure", verdict="False")
    client.force_login(judge)
    page = client.get(reverse("prizes:review", args=["2045", entry.pk]))

    assert undecided is None
    assert Review.objects.get().passes is False
    assert page.context["form"]["verdict"].value() == "False"


def test_the_mode_stands_once_a_review_is_submitted(client, settings, passing):
    settings.REQUIRE_STAFF_MFA = False
    entry = EntryFactory(contest=passing, line="C4", status=Status.ACCEPTED)
    client.force_login(UserFactory(role=Role.SECRETARIAT))
    page = reverse("admin:prizes_contest_change", args=[passing.pk])
    before = client.get(page).content.decode()
    Review.objects.create(entry=entry, reviewer=expert(entry.category), state="done")

    after = client.get(page).content.decode()

    assert 'name="review_mode"' in before
    assert 'name="review_mode"' not in after
    refused = pytest.raises(IntegrityError, match="review_mode_in_use")
    with connection.cursor() as cursor, refused, transaction.atomic():
        cursor.execute("UPDATE prizes_contest SET review_mode = 'scores'")
