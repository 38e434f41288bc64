"""The Forum's pages in a browser: no axe violation, no sideways scroll, two languages, two widths,
light and dark; the star without a script. SCREENSHOTS=folder keeps the pictures."""

import datetime
import io

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import translation

from forum.consultation.workflow import SubmissionStatus
from forum.people.models import Role
from forum.registration.models import Registration
from tests.browser.test_pages import sign_in, walk
from tests.factories import UserFactory
from tests.forum.records import (
    DAY,
    CapacityFactory,
    DocumentFactory,
    EditionFactory,
    OutcomeFactory,
    PersonFactory,
    PhaseFactory,
    SubmissionFactory,
    TrackFactory,
    at,
    officer,
    registered,
    release,
    scheduled,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def forum():
    """The real editions, and one with an agenda of three days, a consultation and documents."""
    call_command("load_editions", stdout=io.StringIO())
    edition = EditionFactory(
        title="WSIS Forum 2027",
        theme="A theme",
        source="A list",
        notes="Dates unconfirmed",
    )
    people = [
        PersonFactory(name="Amara Example", bio="Writes about masts."),
        PersonFactory(),
    ]
    for number, title in enumerate(
        ["Villages online", "Confiance numérique", "W" * 90, "القرى الرقمية", "Closing"]
    ):
        day = DAY + datetime.timedelta(days=number // 2)
        scheduled(
            edition=edition,
            title=title,
            start=at(9 + number, 34, day),
            end=at(10 + number, 30, day),
            language=["en", "fr", "en", "ar", "en"][number],
            track=TrackFactory(code="YOUTH"),
            speakers=people,
            number=str(100 + number),
            action_lines=["C1", "C5"],
            sdgs=["4", "17"],
            interpretation=["en", "ar"],
            link="https://itu.example/1",
            source="A page",
            source_note="Room unconfirmed",
        )
    first = edition.sessions.order_by("pk").first()
    first.participations.filter(person=people[0]).update(role=Role.MODERATOR)
    release(edition)
    first.move("cancel", officer(), "The speaker has fallen ill; the text is below.")
    PhaseFactory(edition=edition)
    PhaseFactory(
        edition=edition, number=9, name="Final brief", opens_on=DAY, closes_on=DAY
    )
    SubmissionFactory.create_batch(
        3, edition=edition, status=SubmissionStatus.SUBMITTED, is_public=True
    )
    DocumentFactory(edition=edition)
    OutcomeFactory(session=first)
    CapacityFactory(edition=edition)
    return edition, first, people[0]


@pytest.mark.parametrize("language", ["en", "ar"])
def test_public_pages_can_be_read_by_everybody(page, live_server, forum, language):
    edition, session, person = forum
    with translation.override(language):
        names = (
            "edition",
            "agenda",
            "consultation",
            "inputs",
            "documents",
            "releases",
            "register",
        )
        addresses = [("forum-editions", reverse("forum:editions"))]
        addresses += [
            (f"forum-{n}", reverse(f"forum:{n}", args=[edition.slug])) for n in names
        ]
        addresses += [
            ("forum-session", session.get_absolute_url()),
            ("forum-people", reverse("forum:people")),
            ("forum-person", person.get_absolute_url()),
            ("forum-release", reverse("forum:release", args=[edition.slug, 2])),
            ("forum-outcome", reverse("forum:outcome", args=[session.pk])),
        ]
    agenda = addresses[2][1]
    addresses += [
        ("forum-agenda-filtered", f"{agenda}?sdg=4&tz=Asia/Tokyo&day=2027-07-06"),
        ("forum-agenda-unknown", f"{agenda}?colour=red"),
        ("forum-agenda-nothing", f"{agenda}?q=xylophone"),
    ]

    assert walk(page, live_server, language, addresses) == []


@pytest.mark.parametrize("language", ["en", "ar"])
def test_pages_of_members_can_be_used_by_everybody(page, live_server, forum, language):
    edition, session, _person = forum
    user = UserFactory(time_zone="Africa/Nairobi")
    draft = SubmissionFactory(edition=edition, owner=user)
    other = EditionFactory(slug="2028")
    CapacityFactory(edition=other)
    registered(edition=other, user=user).move("approve", officer())
    edition.sessions.exclude(pk=session.pk).first().stars.create(user=user)
    sign_in(page, live_server, user)
    with translation.override(language):
        addresses = [
            ("forum-my-agenda", reverse("forum:my-agenda")),
            ("forum-submissions", reverse("forum:submissions")),
            ("forum-submission", draft.get_absolute_url()),
            (
                "forum-submission-edit",
                reverse("forum:submission-edit", args=[draft.pk]),
            ),
            ("forum-register-form", reverse("forum:register", args=[edition.slug])),
            ("forum-registered", reverse("forum:register", args=[other.slug])),
            ("forum-agenda-member", reverse("forum:agenda", args=[edition.slug])),
        ]

    assert walk(page, live_server, language, addresses) == []


def test_pages_of_the_secretariat_can_be_used_by_everybody(
    page, live_server, forum, settings
):
    settings.REQUIRE_STAFF_MFA = False
    edition, session, _person = forum
    submission = SubmissionFactory(edition=edition, status=SubmissionStatus.SUBMITTED)
    sign_in(page, live_server, officer())
    with translation.override("en"):
        addresses = [
            ("forum-draft", f"{reverse('forum:agenda', args=[edition.slug])}?draft=1"),
            ("forum-decide", submission.get_absolute_url()),
            ("forum-session-staff", session.get_absolute_url()),
            ("forum-outcome-edit", reverse("forum:outcome-edit", args=[session.pk])),
        ]

    assert walk(page, live_server, "en", addresses) == []


def test_a_star_is_set_without_a_script(browser, live_server, forum):
    edition, _session, _person = forum
    user = UserFactory()
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, live_server, user)
    page.goto(f"{live_server.url}/en/forum/{edition.slug}/agenda/")

    page.locator(".star").first.click()
    page.wait_for_load_state()

    assert user.forum_stars.count() == 1
    assert page.locator(".star[data-on]").count() == 1
    assert page.url.startswith(f"{live_server.url}/en/forum/{edition.slug}/agenda/")
    context.close()


def test_one_registers_and_withdraws(browser, live_server, forum):
    edition, _session, _person = forum
    user = UserFactory()
    context = browser.new_context()
    page = context.new_page()
    sign_in(page, live_server, user)
    page.goto(f"{live_server.url}/en/forum/{edition.slug}/register/")
    page.check("input[name=attendance][value=on_site]")
    page.fill("#id_name", "Amina Otieno")
    page.select_option("#id_country", "KE")
    page.check("#id_agreed")

    page.click("main button.button >> text=Register")
    page.wait_for_selector(".ticket")
    statuses = [Registration.objects.get(user=user).status]
    page.click(".button-danger")
    page.wait_for_selector("form #id_name")
    statuses.append(Registration.objects.get(user=user).status)

    assert statuses == ["requested", "cancelled"]
    context.close()
