"""Every page that readers and members meet: no axe violation, no sideways scroll, in two
languages, each light and dark and on a phone and on a desk. SCREENSHOTS=folder keeps the pictures,
of all four looks."""

import os
from pathlib import Path

import hypothesis
import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import translation
from hypothesis import strategies as st

from common.text.words import count_words
from stocktaking.base.workflow import Status
from stocktaking.project.forms import STEPS
from tests.factories import ProjectFactory, UserFactory
from tests.stocktaking.records import attached, revision_of, text_of

pytestmark = pytest.mark.django_db(transaction=True)
LOOKS = [(width, scheme) for width in (360, 1280) for scheme in ("light", "dark")]
ASKED = {  # all four in two languages: half of the time
    "en": [(360, "light"), (1280, "dark")],
    "ar": [(360, "dark"), (1280, "light")],
}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PUBLIC = [
    "home",
    "stocktaking:projects",
    "reference:matrix",
    "help",
    "data",
    "accessibility",
    "privacy",
    "terms",
    "account_login",
    "account_signup",
]
OWN = [
    "stocktaking:my-projects",
    "stocktaking:project-new",
    "account-profile",
    "account_email",
]
# without letters that one of the two Unicode tables may not know yet
ANY_TEXT = st.one_of(
    st.text(st.characters(exclude_categories=["Cs", "Cn", "Co"])),
    st.text("aбع字ー가_-'’ \n1٢½ée\u0301\u0651"),
)
TEXTS = [
    "",
    "one two",
    "l’e-mail d'un-e",
    "مشروع القرى الرقمية",
    "教育技术 and more",
    "a_b 12.5 — x",
]


@pytest.fixture
def projects():
    """An entry that comes from a source, one in Arabic, one long."""
    with_files = ProjectFactory(
        source="A public list", source_note="Country inferred", end_year=2026
    )
    attached(with_files, "Evaluation of the second phase, by the university")
    attached(with_files, "The mast of Lodwar", alt="A mast on a hill")
    return [
        with_files,
        ProjectFactory(
            language="ar", title="قرى رقمية", summary="مراكز في القرى البعيدة."
        ),
        ProjectFactory(
            title="W" * 120, summary="Long " * 150, results="Many.\n\nMore."
        ),
    ]


def sign_in(page, live_server, user):
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies(
        [{"name": name, "value": client.cookies[name].value, "url": live_server.url}]
    )


def look_at(page, width, scheme, name):
    """Give the page that look; keep a picture of it where pictures are wanted."""
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(
        color_scheme=scheme, reduced_motion="reduce"
    )  # no half-way colours
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(
            path=Path(folder) / f"{name}-{width}-{scheme}.png", full_page=True
        )


def violations(page):
    """What axe finds on the page as it is now: (rule, first element)."""
    if page.evaluate("window.axe === undefined"):  # once for all looks of a page
        page.evaluate(Axe().axe_script)
    asked = {"runOnly": RULES, "resultTypes": ["violations"]}
    found = page.evaluate(
        "asked => axe.run(document, asked).then(r => r.violations)", asked
    )
    return [(v["id"], v["nodes"][0]["html"][:200]) for v in found]


def faults(page, url, language, name):
    """What axe finds on the page, and by how many pixels it is too wide."""
    found = []
    page.goto(url)
    for width, scheme in LOOKS if os.environ.get("SCREENSHOTS") else ASKED[language]:
        look_at(page, width, scheme, f"{language}-{name}")
        too_wide = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        look = (name, width, scheme)
        found += [(*look, *violation) for violation in violations(page)]
        found += [(*look, "too wide", too_wide)] if too_wide else []
    return found


def walk(page, live_server, language, addresses):
    found = []
    for name, path in addresses:
        found += faults(page, live_server.url + path, language, name.replace(":", "-"))
    return found


@pytest.mark.parametrize("language", ["en", "ar"])
def test_public_pages_can_be_read_by_everybody(page, live_server, projects, language):
    with translation.override(language):
        addresses = [(name, reverse(name)) for name in PUBLIC]
        addresses += [
            (f"project-{n}", p.get_absolute_url()) for n, p in enumerate(projects)
        ]
        text_of(
            projects[0], "approved", "ar", title="قرى رقمية", summary="مراكز في القرى."
        )
        text_of(projects[0], "shown", "fr")
        addresses += [("machine", f"{projects[0].get_absolute_url()}?text=fr")]
        register = reverse("stocktaking:projects")
    addresses += [
        ("filtered", f"{register}?sdg=9&country=KE&sort=title"),
        ("nothing", f"{register}?q=xylophone"),
        ("unknown", f"{register}?region=MOON&page=0"),
    ]

    assert walk(page, live_server, language, addresses) == []


@pytest.mark.parametrize("language", ["en", "ar"])
def test_pages_of_members_can_be_used_by_everybody(page, live_server, language):
    user = UserFactory()
    draft = ProjectFactory(owner=user, status=Status.DRAFT)
    attached(draft, "Evaluation", scan="held")
    attached(draft, "", alt="A mast on a hill")
    sign_in(page, live_server, user)
    with translation.override(language):
        addresses = [(name, reverse(name)) for name in OWN]
        addresses += [
            (name, reverse(f"stocktaking:{name}", args=[draft.pk]))
            for name in ("project", "project-edit", "project-check", "project-preview")
        ]
        edit = reverse("stocktaking:project-edit", args=[draft.pk])
        addresses += [(f"step-{step.slug}", f"{edit}{step.slug}/") for step in STEPS]
        addresses += [("step-complete", f"{edit}what/?complete")]
        new = revision_of(
            ProjectFactory(owner=user), title="Digital villages, second phase"
        )
        attached(new)
        addresses += [
            ("revision", new.get_absolute_url()),
            ("revision-edit", reverse("stocktaking:revision-edit", args=[new.pk])),
            ("versions", reverse("stocktaking:versions", args=[new.project_id])),
        ]
        told = text_of(
            new.project, "submitted", "ar", title="قرى رقمية", summary="مراكز في القرى."
        )
        addresses += [
            ("texts", reverse("stocktaking:texts", args=[new.project_id])),
            ("text", told.get_absolute_url()),
            (
                "text-edit",
                reverse("stocktaking:text-edit", args=[new.project_id, "fr"]),
            ),
        ]

    assert walk(page, live_server, language, addresses) == []


def test_words_are_counted_alike_in_browser_and_portal(context, live_server):
    user = UserFactory()
    draft = ProjectFactory(owner=user, status=Status.DRAFT)
    page = context.new_page()
    sign_in(page, live_server, user)
    with translation.override("en"):
        page.goto(
            live_server.url
            + reverse("stocktaking:project-step", args=[draft.pk, "what"])
        )

    left = []
    for text in TEXTS:
        page.fill("#id_summary", text)
        left.append(page.inner_text("[data-counts=id_summary]"))

    assert left == [f"Words left: {200 - count_words(text)}" for text in TEXTS]

    @hypothesis.settings(deadline=None, max_examples=30)
    @hypothesis.given(st.lists(ANY_TEXT, min_size=5, max_size=40))
    def counted_alike(texts):
        counted = page.evaluate(
            "texts => texts.map(t => (t.match(WORD) || []).length)", texts
        )
        assert counted == [count_words(text) for text in texts]

    counted_alike()


def test_filters_stand_open_on_a_desk_and_closed_on_a_phone(
    browser, live_server, projects
):
    seen = {}
    for width in (360, 1280):
        page = browser.new_page(viewport={"width": width, "height": 800})
        page.goto(f"{live_server.url}/en/projects/")
        box = page.locator("input[name=country]").first
        seen[width] = (box.is_visible(), page.locator(".facets > summary").is_visible())
        page.close()

    assert seen == {360: (False, True), 1280: (True, False)}


def test_errors_are_summed_up_and_lead_to_their_fields(context, live_server):
    user = UserFactory()
    draft = ProjectFactory(owner=user, status=Status.DRAFT, title="", sdgs=[])
    page = context.new_page()
    sign_in(page, live_server, user)
    with translation.override("en"):
        page.goto(
            live_server.url
            + reverse("stocktaking:project-step", args=[draft.pk, "when"])
        )

    page.fill("#id_start_date", "1066")
    page.fill("#id_end_date", "9999")
    page.click("button[name=next]")
    page.wait_for_selector(".error-summary")

    assert page.title().startswith("Error: ")
    assert page.evaluate("document.activeElement.className").startswith("error-summary")
    links = [a.get_attribute("href") for a in page.locator(".error-summary a").all()]
    assert links == ["#id_start_date", "#id_end_date"]
    assert [page.locator(link).count() for link in links] == [1, 1]
