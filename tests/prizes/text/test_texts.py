"""An entry in several languages: written by its people, approved by staff, beside the original."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from accounts.role.roles import Role
from common.records.models import Change
from common.translation.workflow import TextStatus
from prizes.contest.models import Contest
from prizes.entry.models import Entry
from prizes.entry.workflow import Status
from prizes.panel.models import Conflict
from prizes.text.models import EntryTranslation
from stocktaking.text.models import ProjectText
from tests.factories import ProjectFactory, UserFactory
from tests.prizes.records import (
    ContestFactory,
    EntryFactory,
    coeditor,
    expert,
    set_phases,
    voter,
)

pytestmark = pytest.mark.django_db
ARABIC = {"title": "قوارب <الصيد>", "description": "كيف تتصل الموانئ بالشبكة."}
FRENCH = {"title": "Ports de pêche", "description": "Comment un port se connecte."}


@pytest.fixture(autouse=True)
def _staff_without_codes(settings):
    settings.REQUIRE_STAFF_MFA = False


@pytest.fixture
def contest():
    return ContestFactory(slug="2044", year=2044)


@pytest.fixture
def entry(contest):
    return EntryFactory(contest=contest, title="Fishing ports", line="C4")


def officer():
    return UserFactory(role=Role.SECRETARIAT)


def address(entry, language="fr", name="entry-text", page="en"):
    with translation.override(page):
        rest = [language] if name != "entry-texts" else []
        return reverse(f"prizes:{name}", args=[entry.contest.slug, entry.pk, *rest])


def approved(entry, language="ar", kind="human", engine="", **texts):
    text = EntryTranslation.objects.create(
        entry=entry, language=language, kind=kind, engine=engine, **(texts or ARABIC)
    )
    by = officer()
    text.move("submit", by)
    return text.move("approve", by)


def read(client, language, name, *args):
    with translation.override(language):
        return client.get(reverse(name, args=args)).content.decode()


def pages(client, entry, language):
    """Entry, gallery, ballot and comparison, as a voter of this language reads them."""
    slug, line = entry.contest.slug, entry.category.code
    return {
        "entry": read(client, language, "prizes:nominee", slug, entry.pk),
        "gallery": read(client, language, "prizes:category", slug, line),
        "ballot": read(client, language, "prizes:ballot-category", slug, line),
    }


# --- from the writer to the reader ---


def test_from_the_entrants_words_to_the_voters_page(client):
    contest = ContestFactory(now="submission", slug="2045", year=2045)
    project = ProjectFactory()
    entry = EntryFactory(
        contest=contest, project=project, title="Fishing ports", status=Status.DRAFT
    )
    client.force_login(project.owner)
    form = client.get(address(entry)).content.decode()
    client.post(address(entry), FRENCH | {"kind": "human"})
    client.post(address(entry, name="entry-text-move"), {"move": "submit"})
    refused = client.post(address(entry, name="entry-text-move"), {"move": "approve"})
    own = client.get(address(entry, name="entry-texts")).content.decode()
    secretariat = officer()
    client.force_login(secretariat)
    sealed = [
        client.get(address(entry)).status_code,
        client.get(address(entry, name="entry-texts")).status_code,
    ]
    desk = client.get(reverse("admin:prizes_entrytranslation_changelist"))
    set_phases(contest, "voting")
    Entry.objects.filter(pk=entry.pk).update(status=Status.NOMINATED)
    waiting = client.get(reverse("admin:prizes_entrytranslation_changelist"))
    before = read(client, "fr", "prizes:nominee", contest.slug, entry.pk)
    client.post(address(entry, name="entry-text-move"), {"move": "approve"})
    client.force_login(voter())

    assert "Fishing ports" in form
    assert 'lang="fr"' in form
    assert refused.status_code == 403
    assert FRENCH["title"] in own
    assert sealed == [404, 404]
    assert FRENCH["title"] not in desk.content.decode()
    assert FRENCH["title"] not in before
    assert address(entry) in waiting.content.decode()
    for page in pages(client, entry, "fr").values():
        assert f"<strong>{FRENCH['title']}</strong>" in page
        assert "approuvé" in page
        assert "Fishing ports" in page  # the original stays


@pytest.mark.parametrize(
    ("language", "shown"), [("ar", True), ("fr", False), ("zh-hans", False)]
)
def test_each_reader_gets_the_text_in_their_language(client, entry, language, shown):
    approved(entry)
    client.force_login(voter())

    for page in pages(client, entry, language).values():
        assert ("<strong>قوارب &lt;الصيد&gt;</strong>" in page) == shown
        assert ('<div class="reading stack" lang="ar"' in page) == shown
        assert "Fishing ports" in page


def test_a_text_of_the_entry_goes_before_that_of_its_project(client, entry):
    ProjectText.objects.create(
        project=entry.project,
        language="ar",
        title="نص المشروع",
        based_on=1,
        original="0" * 64,
        status="approved",
    )
    before = read(client, "ar", "prizes:nominee", "2044", entry.pk)
    approved(entry)

    page = read(client, "ar", "prizes:nominee", "2044", entry.pk)

    assert "نص المشروع" in before
    assert "نص المشروع" not in page
    assert ARABIC["description"] in page


def test_a_machines_text_and_an_older_one_say_so(client, entry):
    approved(entry, kind="machine", engine="Example MT 3")
    fresh = read(client, "en", "prizes:nominee", "2044", entry.pk)
    machine = read(client, "ar", "prizes:nominee", "2044", entry.pk)
    entry.description = "Other words."
    entry.save()

    older = read(client, "ar", "prizes:category", "2044", "C4")

    assert ARABIC["description"] not in fresh
    assert "ترجمة آلية" in machine
    assert "تغيّر الأصل منذ اعتماد هذا النص." not in machine
    assert "تغيّر الأصل منذ اعتماد هذا النص." in older


def test_what_was_approved_stays_while_a_newer_text_waits_and_goes_when_removed(
    client, entry
):
    text = approved(entry)
    text.move("revise", officer())
    EntryTranslation.objects.update(title="عنوان آخر")

    waiting = read(client, "ar", "prizes:nominee", "2044", entry.pk)
    text = EntryTranslation.objects.get().move("submit", officer())
    text.move("approve", officer())
    newer = read(client, "ar", "prizes:nominee", "2044", entry.pk)
    text.move("take_down", officer(), "Wrong entry.")
    removed = read(client, "ar", "prizes:nominee", "2044", entry.pk)

    assert "قوارب" in waiting
    assert "عنوان آخر" not in waiting
    assert "عنوان آخر" in newer
    assert "عنوان آخر" not in removed


def test_the_api_gives_the_approved_texts_by_language(client, entry):
    approved(entry)
    EntryTranslation.objects.create(entry=entry, language="fr", **FRENCH)

    (row,) = client.get("/api/v1/prizes/entries/").json()["results"]
    one = client.get(f"/api/v1/prizes/entries/{entry.pk}/").json()

    assert row["texts"] == {"ar": ARABIC | {"kind": "human", "engine": ""}}
    assert one["texts"] == row["texts"]
    assert row["title"] == "Fishing ports"


@pytest.mark.django_db(transaction=True)
def test_an_approval_is_a_public_change_and_a_draft_is_none():
    entry = EntryFactory(contest=ContestFactory())
    log = Change.objects.filter(record_kind="prizes.entry", record_id=str(entry.pk))
    before = log.count()

    text = EntryTranslation.objects.create(entry=entry, language="ar", **ARABIC)
    drafted = log.count()
    text.move("submit", officer())
    text.move("approve", officer())

    assert (drafted, log.count()) == (before, before + 1)


# --- who may, and when ---


def test_co_editors_write_too_until_the_entry_is_handed_in(client):
    contest = ContestFactory(now="submission", slug="2045", year=2045)
    project = ProjectFactory()
    entry = EntryFactory(contest=contest, project=project, status=Status.DRAFT)
    client.force_login(coeditor(project))
    client.post(address(entry), FRENCH | {"kind": "human"})
    Entry.objects.filter(pk=entry.pk).update(status=Status.SUBMITTED)

    late = client.post(
        address(entry), {"title": "Autre titre", "description": "", "kind": "human"}
    )
    moved = client.post(address(entry, name="entry-text-move"), {"move": "submit"})
    listed = client.get(address(entry, name="entry-texts")).content.decode()

    assert late.status_code == 409
    assert "its texts stand as they are" in late.content.decode()
    assert "Autre titre" in late.content.decode()  # what was typed is not lost
    assert moved.status_code == 403
    assert EntryTranslation.objects.get().title == FRENCH["title"]
    assert "its texts stand as they are" in listed
    assert address(entry, "es") not in listed


def test_after_the_deadline_a_draft_is_closed_for_its_owner_and_open_for_staff(
    client, entry
):
    client.force_login(entry.owner)
    closed = client.post(address(entry), FRENCH | {"kind": "human"})
    client.force_login(officer())
    staff = client.post(address(entry), FRENCH | {"kind": "human"})

    assert closed.status_code == 409
    assert staff.status_code == 302
    assert EntryTranslation.objects.get().title == FRENCH["title"]


def test_an_officer_decides_on_no_text_of_an_entry_that_concerns_them(client, entry):
    text = EntryTranslation.objects.create(entry=entry, language="ar", **ARABIC)
    text.move("submit", officer())
    concerned = officer()
    Conflict.objects.create(entry=entry, expert=concerned, reason="A cousin")
    client.force_login(concerned)

    answer = client.post(
        address(entry, "ar", name="entry-text-move"), {"move": "approve"}
    )

    assert answer.status_code in (403, 404)
    assert EntryTranslation.objects.get().status == TextStatus.SUBMITTED


def test_strangers_and_experts_get_nothing(client, contest, entry):
    EntryTranslation.objects.create(entry=entry, language="fr", **FRENCH)
    for person in (UserFactory(), expert(entry.category)):
        client.force_login(person)
        for name in ("entry-texts", "entry-text"):
            assert client.get(address(entry, name=name)).status_code == 404
        post = client.post(address(entry), FRENCH | {"kind": "human"})
        assert post.status_code == 404


def test_experts_who_review_without_names_see_no_translation(client, contest):
    set_phases(contest, "nomination")
    Contest.objects.filter(pk=contest.pk).update(reviews_anonymous=True)
    entry = EntryFactory(contest=contest, line="C4", status=Status.ACCEPTED)
    approved(entry)
    client.force_login(expert(entry.category))

    page = read(client, "ar", "prizes:nominee", contest.slug, entry.pk)

    assert "قوارب" not in page


@pytest.mark.parametrize("language", ["en", "xx", "de"])
def test_a_language_that_is_none_or_the_originals_is_not_found(client, entry, language):
    client.force_login(officer())

    assert client.get(address(entry, language)).status_code == 404


# --- what is typed ---


def test_an_incomplete_text_is_not_submitted_and_a_refusal_needs_a_reason(
    client, entry
):
    client.force_login(officer())
    client.post(address(entry), {"title": "Ports", "kind": "human"})

    move = address(entry, name="entry-text-move")
    answer = client.post(move, {"move": "submit"})
    EntryTranslation.objects.update(description="Bien.")
    client.post(move, {"move": "submit"})
    unexplained = client.post(move, {"move": "refuse"})

    assert "Enter the title and the short description first." in answer.content.decode()
    assert unexplained.status_code in (400, 409)
    assert EntryTranslation.objects.get().status == TextStatus.SUBMITTED


def test_nothing_is_overwritten_by_a_second_tab(client, entry):
    client.force_login(officer())
    opened = client.get(address(entry)).context["form"]["opened_with"].value()
    client.post(address(entry), FRENCH | {"kind": "human"})

    answer = client.post(
        address(entry),
        {"title": "Autre", "description": "", "kind": "human", "opened_with": opened},
    )

    assert answer.status_code == 409
    assert EntryTranslation.objects.get().title == FRENCH["title"]
    assert "Autre" in answer.content.decode()


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"title": "x" * 251, "kind": "human"}, "title"),
        ({"title": "x", "kind": "poem"}, "kind"),
        ({"title": "x", "description": "y" * 4001, "kind": "human"}, "description"),
        ({"title": "x\ufffd", "kind": "human"}, "title"),
    ],
)
def test_bad_input_gets_a_sentence(client, entry, sent, field):
    client.force_login(officer())

    answer = client.post(address(entry), sent)

    assert answer.status_code == 400
    assert field in answer.context["form"].errors
    assert not EntryTranslation.objects.exists()


# --- queries ---


@pytest.mark.parametrize("name", ["prizes:category", "prizes:ballot-category"])
def test_cards_cost_one_query_more_and_none_for_each(client, contest, name):
    client.force_login(voter())
    EntryFactory(contest=contest, line="C4")

    def count(language):
        read(client, language, name, contest.slug, "C4")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            read(client, language, name, contest.slug, "C4")
        return len(queries)

    english, one = count("en"), count("ar")
    approved(Entry.objects.get())
    with_text = count("ar")
    for _n in range(7):
        approved(EntryFactory(contest=contest, line="C4"))
    full = count("ar")

    # in Arabic: the texts of the entries, and of the projects of those that have none
    assert one == english + 2
    assert with_text == full == english + 1


def test_the_api_asks_as_often_for_more_entries(client, contest):
    def count():
        with CaptureQueriesContext(connection) as queries:
            client.get("/api/v1/prizes/entries/")
        return len(queries)

    approved(EntryFactory(contest=contest))
    count()
    one = count()
    for _n in range(9):
        approved(EntryFactory(contest=contest))

    assert count() == one
