"""A session in several languages: written by organizers, approved by staff, public by a release."""

import pytest
from django.urls import reverse
from icalendar import Calendar

from common.translation.workflow import TextStatus
from forum.agenda.models import ReleasedSession
from forum.session.models import Session
from forum.text.models import SessionTranslation
from tests.factories import UserFactory
from tests.forum.records import (
    PersonFactory,
    RoomFactory,
    officer,
    release,
    released,
)

pytestmark = pytest.mark.django_db
FRENCH = {
    "title": "Les villages numériques",
    "description": "Comment un village s’éveille.",
}
ARABIC = {"title": "القرى الرقمية", "description": "كيف تتصل القرى بالشبكة."}


@pytest.fixture
def session():
    return released(owner=UserFactory(), title="Digital villages")


def address(session, language="fr", name="session-text"):
    return reverse(f"forum:{name}", args=[session.pk, language])


def approved(session, language="fr", kind="human", engine="", **texts):
    """A text that staff have approved; not public before the next release."""
    text = SessionTranslation.objects.create(
        session=session,
        language=language,
        kind=kind,
        engine=engine,
        **(texts or FRENCH),
    )
    text.move("submit", officer())
    return text.move("approve", officer())


def page(client, session, language="en", query=""):
    return client.get(
        f"/{language}/forum/sessions/{session.pk}/{query}"
    ).content.decode()


@pytest.fixture
def _staff_without_codes(settings):
    settings.REQUIRE_STAFF_MFA = False


@pytest.mark.usefixtures("_staff_without_codes")
def test_from_the_organizers_words_to_the_readers_page(client, session):
    client.force_login(session.owner)
    form = client.get(address(session)).content.decode()
    client.post(address(session), FRENCH | {"kind": "human"})
    client.post(address(session, name="session-text-move"), {"move": "submit"})
    refused = client.post(
        address(session, name="session-text-move"), {"move": "approve"}
    )
    client.force_login(officer())
    waiting = client.get(reverse("forum:session-texts", args=[session.pk]))
    client.post(address(session, name="session-text-move"), {"move": "approve"})
    client.logout()
    before = page(client, session, "fr")
    made = release()

    assert "Digital villages" in form
    assert 'lang="fr"' in form
    assert refused.status_code == 403
    assert FRENCH["title"] in waiting.content.decode()
    assert SessionTranslation.objects.get().status == TextStatus.APPROVED
    assert FRENCH["title"] not in before
    after = page(client, session, "fr")
    assert f'lang="fr" dir="auto">{FRENCH["title"]}</h1>' in after
    assert "Comment un village s’éveille." in after
    assert "(original)" in after
    path = made.get_absolute_url().replace("/fr/", "/en/")
    history = client.get(path).content.decode()
    assert "titles in other languages" in history.lower()
    assert f"Français: {FRENCH['title']}" in history


def test_each_reader_gets_a_text_of_people_in_their_language_else_the_original(
    client, session
):
    approved(session)
    approved(session, "ar", **ARABIC)
    release()

    in_arabic, in_russian = (page(client, session, code) for code in ("ar", "ru"))

    assert f'lang="ar" dir="auto">{ARABIC["title"]}</h1>' in in_arabic
    assert 'lang="en" dir="auto">Digital villages</h1>' in in_russian
    assert f'lang="fr" dir="auto">{FRENCH["title"]}</h1>' in page(
        client, session, "ru", "?text=fr"
    )
    assert 'lang="en" dir="auto">Digital villages</h1>' in page(
        client, session, "fr", "?text=en"
    )
    for wrong in ("?text=es", "?text=x", "?text=zh"):
        answer = client.get(f"/en/forum/sessions/{session.pk}/{wrong}")
        assert answer.status_code == 404


def test_agenda_api_calendar_and_schedule_say_it_in_the_readers_language(
    client, session
):
    approved(session)
    release()

    agenda = client.get("/fr/forum/2027/agenda/").content.decode()
    rooms = client.get("/fr/forum/2027/agenda/?day=2027-07-05&view=rooms").content
    english = client.get("/en/forum/2027/agenda/").content.decode()
    row = client.get(f"/api/v1/forum/sessions/{session.pk}/?lang=fr").json()
    calendar = client.get("/fr/forum/2027/agenda.ics").content
    xml = client.get("/fr/forum/2027/schedule.xml").content.decode()

    assert f">{FRENCH['title']}</a>" in agenda
    assert "tag tag-language" in agenda
    assert FRENCH["title"] in rooms.decode()
    assert FRENCH["title"] not in english
    assert row["title"] == "Digital villages"
    assert row["names"]["title"] == FRENCH["title"]
    assert row["names"]["title_language"] == "fr"
    assert row["titles"] == {"fr": FRENCH["title"]}
    assert row["texts"]["fr"] == FRENCH | {"kind": "human", "engine": ""}
    (event,) = Calendar.from_ical(calendar).walk("VEVENT")
    assert event["summary"] == FRENCH["title"]
    assert "Comment un village" in event["description"]
    assert f"<title>{FRENCH['title']}</title>" in xml


def test_a_machine_translation_is_shown_on_request_and_says_so(client, session):
    approved(session, kind="machine", engine="Example MT 3")
    release()

    own = page(client, session, "fr")
    asked = page(client, session, "en", "?text=fr")

    assert "Digital villages</h1>" in own
    assert FRENCH["title"] not in client.get("/fr/forum/2027/agenda/").content.decode()
    assert f"{FRENCH['title']}</h1>" in asked
    assert "Machine translation" in asked
    assert "Example MT 3" in asked
    assert "(machine translation)" in page(client, session)


@pytest.mark.parametrize("words", ["éveille", "village", "القرى", "digital"])
def test_words_of_every_language_are_found(client, session, words):
    approved(session)
    approved(session, "ar", **ARABIC)
    released(title="Another matter", description="None of it.", room=RoomFactory())

    found = client.get(reverse("forum:agenda", args=["2027"]), {"q": words})

    titles = [row.title for row in found.context["page"].rows]
    assert titles == ["Digital villages"]


def test_what_was_approved_stays_while_a_newer_text_waits(client, session):
    text = approved(session)
    release()
    text.move("revise", session.owner)
    SessionTranslation.objects.update(title="Un autre titre")
    SessionTranslation.objects.get().move("submit", session.owner)
    Session.objects.filter(pk=session.pk).update(number="77")
    release()

    assert ReleasedSession.objects.get().titles == {"fr": FRENCH["title"]}
    SessionTranslation.objects.get().move("approve", officer())
    made = release()
    assert ReleasedSession.objects.get().titles == {"fr": "Un autre titre"}
    (row,) = made.changes["changed"]
    assert (row["old"]["titles"], row["new"]["titles"]) == (
        {"fr": FRENCH["title"]},
        {"fr": "Un autre titre"},
    )


def test_a_text_that_is_removed_goes_with_the_next_release(client, session):
    text = approved(session)
    release()
    text.move("take_down", officer(), "Wrong session.")
    release()

    assert FRENCH["title"] not in page(client, session, "fr")
    assert SessionTranslation.objects.get().history()[0].note == "Wrong session."


def test_an_incomplete_text_is_not_submitted_and_a_refusal_needs_a_reason(
    client, session
):
    client.force_login(session.owner)
    client.post(address(session), {"title": "Les villages", "kind": "human"})

    answer = client.post(address(session, name="session-text-move"), {"move": "submit"})

    assert "Enter the title and the description first." in answer.content.decode()
    SessionTranslation.objects.update(description="Bien.")
    text = SessionTranslation.objects.get().move("submit", session.owner)
    client.force_login(officer())
    unexplained = client.post(
        address(session, name="session-text-move"), {"move": "refuse"}
    )
    assert unexplained.status_code == 400
    assert SessionTranslation.objects.get(pk=text.pk).status == TextStatus.SUBMITTED


def test_nothing_is_overwritten_by_a_second_tab(client, session):
    client.force_login(session.owner)
    opened = client.get(address(session)).context["form"]["opened_with"].value()
    client.post(address(session), FRENCH | {"kind": "human"})

    answer = client.post(
        address(session),
        {"title": "Autre", "description": "", "kind": "human", "opened_with": opened},
    )

    assert answer.status_code == 409
    assert SessionTranslation.objects.get().title == FRENCH["title"]
    assert "Autre" in answer.content.decode()


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"title": "x" * 301, "kind": "human"}, "title"),
        ({"title": "x", "kind": "poem"}, "kind"),
        ({"title": "x", "description": "y" * 10001, "kind": "human"}, "description"),
    ],
)
def test_bad_input_gets_a_sentence(client, session, sent, field):
    client.force_login(session.owner)

    answer = client.post(address(session), sent)

    assert answer.status_code == 400
    assert field in answer.context["form"].errors
    assert not SessionTranslation.objects.exists()


def test_who_may(client, session):
    stranger, speaker = UserFactory(), UserFactory()
    released(speakers=[PersonFactory(user=speaker)], room=RoomFactory())
    for user in (stranger, speaker):
        client.force_login(user)
        for path in (
            reverse("forum:session-texts", args=[session.pk]),
            address(session),
        ):
            assert client.get(path).status_code == 404
        assert client.post(address(session), FRENCH).status_code == 404
    client.force_login(session.owner)
    assert client.get(address(session, "en")).status_code == 404
    assert client.get(address(session, "xx")).status_code == 404


@pytest.mark.parametrize("rows", [1, 10])
def test_a_release_of_texts_asks_no_more_of_many(
    client, django_assert_max_num_queries, rows
):
    for _row in range(rows):
        approved(released(room=RoomFactory()))

    with django_assert_max_num_queries(40):
        release()
    with django_assert_max_num_queries(4):
        html = client.get("/fr/forum/2027/agenda/").content.decode()

    assert html.count(FRENCH["title"]) == rows
