"""Every page that readers and members meet: no axe violation, no sideways scroll, in two
languages, light and dark, on a phone and on a desk. SCREENSHOTS=folder keeps the pictures."""

import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import translation

from common.words import count_words
from stocktaking.forms import STEPS
from stocktaking.workflow import Status
from tests.factories import ProjectFactory, UserFactory
from tests.stocktaking.records import attached, revision_of

pytestmark = pytest.mark.django_db(transaction=True)
LOOKS = [(width, scheme) for width in (360, 1280) for scheme in ("light", "dark")]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PUBLIC = [
    "home", "stocktaking:projects", "reference:matrix", "help", "data", "accessibility", "privacy",
    "terms", "account_login", "account_signup",
]  # fmt: skip
OWN = ["stocktaking:my-projects", "stocktaking:project-new", "account-profile", "account_email"]
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
        ProjectFactory(language="ar", title="قرى رقمية", summary="مراكز في القرى البعيدة."),
        ProjectFactory(title="W" * 120, summary="Long " * 150, results="Many.\n\nMore."),
    ]


def sign_in(page, live_server, user):
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies(
        [{"name": name, "value": client.cookies[name].value, "url": live_server.url}]
    )


def faults(page, url, name):
    """What axe finds on the page, and by how many pixels it is too wide; keeps a picture."""
    found = []
    page.goto(url)
    for width, scheme in LOOKS:
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # no half-way colours
        if folder := os.environ.get("SCREENSHOTS"):
            page.screenshot(path=Path(folder) / f"{name}-{width}-{scheme}.png", full_page=True)
        too_wide = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        violations = Axe().run(page, options={"runOnly": RULES}).response["violations"]
        look = (name, width, scheme)
        found += [(*look, v["id"], v["nodes"][0]["html"][:200]) for v in violations]
        found += [(*look, "too wide", too_wide)] if too_wide else []
    return found


def walk(page, live_server, language, addresses):
    found = []
    for name, path in addresses:
        found += faults(page, live_server.url + path, f"{language}-{name.replace(':', '-')}")
    return found


@pytest.mark.parametrize("language", ["en", "ar"])
def test_public_pages_can_be_read_by_everybody(page, live_server, projects, language):
    with translation.override(language):
        addresses = [(name, reverse(name)) for name in PUBLIC]
        addresses += [(f"project-{n}", p.get_absolute_url()) for n, p in enumerate(projects)]
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
        new = revision_of(ProjectFactory(owner=user), title="Digital villages, second phase")
        attached(new)
        addresses += [
            ("revision", new.get_absolute_url()),
            ("revision-edit", reverse("stocktaking:revision-edit", args=[new.pk])),
            ("versions", reverse("stocktaking:versions", args=[new.project_id])),
        ]

    assert walk(page, live_server, language, addresses) == []


def test_words_are_counted_alike_in_browser_and_portal(context, live_server):
    user = UserFactory()
    draft = ProjectFactory(owner=user, status=Status.DRAFT)
    page = context.new_page()
    sign_in(page, live_server, user)
    with translation.override("en"):
        page.goto(live_server.url + reverse("stocktaking:project-step", args=[draft.pk, "what"]))

    left = []
    for text in TEXTS:
        page.fill("#id_summary", text)
        left.append(page.inner_text("[data-counts=id_summary]"))

    assert left == [f"Words left: {200 - count_words(text)}" for text in TEXTS]


def test_filters_stand_open_on_a_desk_and_closed_on_a_phone(browser, live_server, projects):
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
        page.goto(live_server.url + reverse("stocktaking:project-step", args=[draft.pk, "when"]))

    page.fill("#id_start_year", "1066")
    page.fill("#id_end_year", "9999")
    page.click("button[name=next]")
    page.wait_for_selector(".error-summary")

    assert page.title().startswith("Error: ")
    assert page.evaluate("document.activeElement.className").startswith("error-summary")
    links = [a.get_attribute("href") for a in page.locator(".error-summary a").all()]
    assert links == ["#id_start_year", "#id_end_year"]
    assert [page.locator(link).count() for link in links] == [1, 1]
