"""The prizes in a browser: no axe violation, no sideways scroll, and a vote without JavaScript."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from accounts.role.roles import Role
from prizes.ballot.models import Vote, cast
from prizes.contest.loading import load_contests
from prizes.contest.models import Contest
from prizes.entry.workflow import Status
from prizes.panel.decision import choose
from prizes.panel.models import Panel, PanelMember
from tests.browser.test_pages import sign_in, walk
from tests.factories import UserFactory
from tests.prizes.records import ContestFactory, EntryFactory, expert, set_phases, voter

pytestmark = pytest.mark.django_db(transaction=True)
LINES = ("C1", "C4", "C11")


def addresses(language, contest, *wanted):
    """(name, path) of pages in a language; each wanted is a name or (name, more parameters)."""
    with translation.override(language):
        pairs = [(w, ()) if isinstance(w, str) else w for w in wanted]
        return [
            (n, reverse(f"prizes:{n}", args=[contest.slug, *rest])) for n, rest in pairs
        ]


@pytest.fixture
def contest():
    """People vote; one entry comes from a source, one is in Arabic."""
    load_contests()
    found = ContestFactory(title="WSIS Prizes 2030", slug="2030", year=2030)
    EntryFactory(
        contest=found,
        project__language="ar",
        language="ar",
        project__title="قرى رقمية",
        description="مراكز في القرى.",
    )
    EntryFactory(
        contest=found,
        source="A public list",
        source_note="Country inferred",
        status=Status.WINNER,
    )
    return found


@pytest.mark.parametrize("language", ["en", "ar"])
def test_public_pages_can_be_read_by_everybody(page, live_server, contest, language):
    entry, known = contest.entries.order_by("pk")
    paths = addresses(
        language,
        contest,
        "contest",
        "results",
        ("category", ("C7-EGOV",)),
        ("nominee", (entry.pk,)),
        ("nominee", (known.pk,)),
    )
    with translation.override(language):
        paths += [
            ("contests", reverse("prizes:contests")),
            ("contest-2015", reverse("prizes:contest", args=["2015"])),
            ("certificate", reverse("prizes:certificate", args=[known.code])),
            ("unknown", reverse("prizes:category", args=["2015", "C3"]) + "?moon=1"),
        ]

    assert walk(page, live_server, language, paths) == []


@pytest.mark.parametrize("language", ["en", "ar"])
def test_pages_of_voters_can_be_used_by_everybody(page, live_server, contest, language):
    user, entry = voter(), contest.entries.earliest("pk")
    cast(entry, user)
    sign_in(page, live_server, user)
    paths = addresses(
        language,
        contest,
        "ballot",
        "my-votes",
        ("ballot-category", ("C7-EGOV",)),
        "enter",
    )

    assert walk(page, live_server, language, paths) == []


@pytest.mark.parametrize("language", ["en", "ar"])
def test_pages_of_entrants_can_be_used_by_everybody(
    page, live_server, contest, language
):
    set_phases(contest, "submission")
    draft = EntryFactory(contest=contest, status=Status.DRAFT)
    sign_in(page, live_server, draft.owner)
    paths = addresses(
        language, contest, "enter", ("entry", (draft.pk,)), ("nominee", (draft.pk,))
    )
    with translation.override(language):
        paths.append(("my-entries", reverse("prizes:my-entries")))

    assert walk(page, live_server, language, paths) == []


@pytest.mark.parametrize("language", ["en", "ar"])
def test_pages_of_experts_can_be_used_by_everybody(
    page, live_server, contest, language
):
    set_phases(contest, "nomination")
    entry = EntryFactory(contest=contest, status=Status.ACCEPTED)
    champions = EntryFactory.create_batch(
        2, contest=contest, line="C4", status=Status.CHAMPION
    )
    Contest.objects.filter(pk=contest.pk).update(counted_at=timezone.now())
    chair = expert(entry.category, chair=True)
    PanelMember.objects.create(
        panel=Panel.objects.create(category=champions[0].category), expert=chair
    )
    choose(champions[0], chair, "It reached the most people.")
    sign_in(page, live_server, chair)
    paths = addresses(
        language,
        contest,
        "panels",
        ("panel", ("C7-EGOV",)),
        ("review", (entry.pk,)),
        ("nominee", (entry.pk,)),
        ("decision", ("C4",)),
    )

    assert walk(page, live_server, language, paths) == []


def test_vote_on_a_small_phone_without_javascript(browser, live_server, contest):
    """From a supporter's link through sign-in to the last category, then a change of mind."""
    entries = {
        line: EntryFactory.create_batch(2, contest=contest, line=line) for line in LINES
    }
    contest.entries.filter(category__action_line="C7-EGOV", source="").delete()
    user, chosen = voter(), entries["C4"][0]
    phone = browser.new_context(
        viewport={"width": 360, "height": 700}, java_script_enabled=False
    )
    page = phone.new_page()
    with translation.override("en"):
        page.goto(live_server.url + chosen.get_absolute_url())
    page.click("text=Vote for this entry")
    door = page.url
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    phone.add_cookies(
        [{"name": name, "value": client.cookies[name].value, "url": live_server.url}]
    )
    page.goto(
        live_server.url
        + door.partition("next=")[2].replace("%3F", "?").replace("%3D", "=")
    )

    page.click("button:has-text('Confirm')")
    steps = [page.url.rstrip("/").rpartition("/")[2]]
    page.click("button:has-text('Vote for this') >> nth=0")
    steps.append(page.url.rstrip("/").rpartition("/")[2])
    page.click("button:has-text('Vote for this') >> nth=1")

    assert steps == ["C11", "C1"]
    assert "3 of 3" in page.inner_text("main")
    page.click("text=Change >> nth=0")
    page.click("button:has-text('Change my vote to this')")
    assert "is now for" in page.inner_text(".notices")
    assert Vote.objects.count() == 3
    assert Vote.objects.get(category=chosen.category).entry == chosen
    phone.close()


def test_printed_certificate_fits_one_sheet(page, live_server, contest):
    contest.champions_at = contest.winners_at = timezone.now()
    contest.save()
    entry = EntryFactory(contest=contest, status=Status.CHAMPION, line="C1")
    entry.move("choose", UserFactory(role=Role.SECRETARIAT), "The clearest results.")
    page.goto(live_server.url + reverse("prizes:certificate", args=[entry.code]))

    pdf = page.pdf(prefer_css_page_size=True)

    assert pdf.count(b"/Type /Page\n") + pdf.count(b"/Type /Page ") <= 1


def test_a_shared_phone_keeps_nothing_after_signing_out(browser, live_server, contest):
    """Not in storage, not in caches of scripts, not behind “Back”."""
    user, entry = voter(), contest.entries.earliest("pk")
    receipt = cast(entry, user).receipt
    phone = browser.new_context(viewport={"width": 360, "height": 700})
    page = phone.new_page()
    sign_in(page, live_server, user)
    ((_name, path),) = addresses("en", contest, "my-votes")
    page.goto(live_server.url + path)
    before = page.inner_text("main")

    page.click("main button:has-text('Sign out')")
    page.wait_for_load_state()
    kept = page.evaluate("""async () => ({
        local: Object.keys(localStorage).length,
        session: Object.keys(sessionStorage).length,
        caches: (await caches.keys()).length,
        workers: (await navigator.serviceWorker.getRegistrations()).length,
    })""")
    page.go_back()
    page.wait_for_load_state()
    behind = page.inner_text("body")

    assert receipt in before
    assert kept == {"local": 0, "session": 0, "caches": 0, "workers": 0}
    assert receipt not in behind
    assert str(entry) not in behind
    phone.close()


def test_unsent_choices_are_not_left_without_a_warning(page, live_server, contest):
    EntryFactory.create_batch(2, contest=contest, line="C4")
    sign_in(page, live_server, voter())
    ((_name, path),) = addresses("en", contest, "ballot")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.goto(live_server.url + path)
    page.click("#place-C4 > summary")
    page.check("#place-C4 input[type=radio] >> nth=1")

    page.evaluate("location.href = '/en/'")
    page.wait_for_timeout(300)
    stayed = page.url
    page.click("text=Send my choices")
    page.wait_for_url("**/mine/")

    assert asked == ["beforeunload"]
    assert stayed.endswith(path)
    assert Vote.objects.count() == 1
