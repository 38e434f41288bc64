"""The desk: two editors, clashes, the clock of Geneva, releases, uploads."""

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from forum.consultation.workflow import SUBMISSION_WORKFLOW, SubmissionStatus
from forum.outcome.models import Document
from forum.people.models import Role
from forum.registration.workflow import REGISTRATION_WORKFLOW
from forum.session.models import Session
from forum.session.workflow import SESSION_WORKFLOW, SessionStatus
from tests.forum.records import (
    CapacityFactory,
    EditionFactory,
    PersonFactory,
    RoomFactory,
    SessionFactory,
    SubmissionFactory,
    in_status,
    officer,
    registered,
    scheduled,
)

pytestmark = pytest.mark.django_db
LIST = "admin:forum_session_changelist"
CHANGE = "admin:forum_session_change"


@pytest.fixture(autouse=True)
def desk(client, settings):
    settings.REQUIRE_STAFF_MFA = False
    user = officer()
    client.force_login(user)
    return user


def posted(session, people=(), **changes):
    """The change form as the browser posts it back, times by the clock of Geneva."""
    start, end = (
        moment.astimezone(session.edition.zone)
        for moment in (session.start, session.end)
    )
    data = {
        "seen": session.version,
        "edition": session.edition_id,
        "title": session.title,
        "language": "en",
        "description": session.description,
        "type": session.type_id,
        "mode": session.mode,
        "room": session.room_id or "",
        "precision": "time",
        "start_0": f"{start:%Y-%m-%d}",
        "start_1": f"{start:%H:%M}",
        "end_0": f"{end:%Y-%m-%d}",
        "end_1": f"{end:%H:%M}",
        "interpretation": ["en", "fr"],
        "action_lines": ["C4"],
        "participations-TOTAL_FORMS": len(people),
        "participations-INITIAL_FORMS": 0,
        "organizers-TOTAL_FORMS": 0,
        "organizers-INITIAL_FORMS": 0,
    }
    for number, person in enumerate(people):
        data[f"participations-{number}-person"] = person.pk
        data[f"participations-{number}-role"] = Role.PANELLIST
        data[f"participations-{number}-order"] = number
        data[f"participations-{number}-session"] = session.pk
    return data | changes


def change(client, session, **data):
    return client.post(reverse(CHANGE, args=[session.pk]), data)


def test_a_change_is_saved_with_its_author(client, desk):
    session = SessionFactory()

    response = change(client, session, **posted(session, title="Renamed"))

    session.refresh_from_db()
    assert response.status_code == 302
    assert (session.title, session.version, session.updated_by) == ("Renamed", 2, desk)
    assert session.interpretation == ["en", "fr"]


def test_the_second_of_two_editors_is_told_of_the_first(client, desk):
    session = SessionFactory()
    mine = posted(session, title="Mine")
    change(client, session, **posted(session, title="The first"))

    response = change(client, session, **mine)

    session.refresh_from_db()
    (sentence,) = response.context["adminform"].form.non_field_errors()
    assert session.title == "The first"
    assert sentence.startswith(f"{desk} changed this session at ")
    assert 'value="Mine"' in response.content.decode()


def test_a_form_as_the_browser_opened_it_is_saved_once(client, desk):
    session = SessionFactory()
    form = client.get(reverse(CHANGE, args=[session.pk])).context["adminform"].form
    hidden = {name: form[name].value() for name in ("seen", "opened_with")}

    first = change(client, session, **posted(session, title="Renamed", **hidden))
    older = change(client, session, **posted(session, description="Mine", **hidden))

    (sentence,) = older.context["adminform"].form.non_field_errors()
    session.refresh_from_db()
    assert (first.status_code, session.title, session.version) == (302, "Renamed", 2)
    assert sentence.startswith(f"{desk} changed this session at ")
    assert session.description != "Mine"


def test_times_are_typed_by_the_clock_of_geneva_wherever_the_editor_is(client, desk):
    desk.time_zone = "Asia/Tokyo"
    desk.save()
    session = SessionFactory()

    change(client, session, **posted(session, start_1="09:34", end_1="10:30"))

    session.refresh_from_db()
    shown = client.get(reverse(CHANGE, args=[session.pk])).content.decode()
    assert session.start == datetime.datetime(2027, 7, 5, 7, 34, tzinfo=datetime.UTC)
    assert 'value="09:34:00"' in shown


def test_a_room_that_is_taken_is_refused_with_the_other_session(client):
    room = RoomFactory(name="Popov", building="")
    scheduled(room=room, title="The first")
    session = scheduled(title="The second")

    response = change(client, session, **posted(session, room=room.pk))

    assert response.context["adminform"].form.errors["room"] == [
        "“Popov” is occupied by “The first”, 5 July 2027, 10:00–11:00."
    ]


def test_a_person_who_is_elsewhere_is_refused_with_the_other_session(client):
    person = PersonFactory(name="Amara")
    scheduled(title="The first", speakers=[person])
    session = scheduled(title="The second")

    response = change(client, session, **posted(session, [person]))

    formsets = response.context["inline_admin_formsets"]
    assert formsets[0].formset.non_form_errors() == [
        "Amara is in “The first” at this time, 5 July 2027, 10:00–11:00."
    ]
    assert session.participations.count() == 0


def test_a_draft_may_be_planned_over_others(client):
    person, room = PersonFactory(), RoomFactory()
    scheduled(room=room, speakers=[person])
    draft = SessionFactory()

    response = change(client, draft, **posted(draft, [person], room=room.pk))

    assert response.status_code == 302


@pytest.mark.parametrize("status", SessionStatus.values)
def test_the_record_shows_the_moves_that_are_open(client, status):
    session = in_status(status)

    response = client.get(reverse(CHANGE, args=[session.pk]))

    expected = [
        m.name
        for m in SESSION_WORKFLOW
        if status in m.sources and "secretariat" in m.by and m.offered
    ]
    assert [move.name for move in response.context["moves"]] == expected


def test_a_move_from_the_record_and_its_refusal(client):
    session = SessionFactory(room=None, title="Villages")
    url = reverse("admin:forum_session_move", args=[session.pk])

    refused = client.post(url, {"move": "schedule"}, follow=True)
    Session.objects.filter(pk=session.pk).update(room=RoomFactory())
    made = client.post(url, {"move": "schedule"}, follow=True)

    assert [str(m) for m in refused.context["messages"]] == [
        "Villages: “Villages” has no room: choose one, or hold it remotely."
    ]
    assert [str(m) for m in made.context["messages"]] == ["Villages: Scheduled"]


@pytest.mark.parametrize(
    ("model", "make", "workflow"),
    [
        ("session", SessionFactory, SESSION_WORKFLOW),
        (
            "submission",
            lambda: SubmissionFactory(status=SubmissionStatus.SUBMITTED),
            SUBMISSION_WORKFLOW,
        ),
        (
            "registration",
            lambda: CapacityFactory() and registered(),
            REGISTRATION_WORKFLOW,
        ),
    ],
)
def test_moves_are_offered_for_many(client, model, make, workflow):
    record = make()
    url = reverse(f"admin:forum_{model}_changelist")

    response = client.get(url)

    offered = {
        name
        for name, _label in response.context["action_form"].fields["action"].choices
    }
    wanted = {m.name for m in workflow if "secretariat" in m.by and m.offered}
    assert offered - {""} == wanted | (
        {"make_sessions", "merge_into_session"} if model == "submission" else set()
    )
    name = sorted(
        m.name
        for m in workflow
        if m.name in wanted and record.status in m.sources and not m.needs_note
    )[0]
    client.post(url, {"action": name, "_selected_action": [record.pk]})
    record.refresh_from_db()
    assert record.status == workflow[name].target


@pytest.mark.parametrize(
    "query",
    [
        {"q": "fishing"},
        {"q": "133"},
        {"q": "Amara"},
        {"status__exact": "scheduled"},
        {"room__id__exact": "room"},
        {"day": "2027-07-05"},
        {"type__code__exact": "WORKSHOP"},
        {"action_lines__code__exact": "C4"},
    ],
)
def test_the_desk_finds_sessions(client, query):
    session = scheduled(
        title="Fishing ports",
        number="133",
        speakers=[PersonFactory(name="Amara")],
        action_lines=["C4"],
    )
    SessionFactory(title="Other", type=None, start=None, end=None, action_lines=["C5"])
    if "room__id__exact" in query:
        query = {"room__id__exact": session.room_id}

    response = client.get(reverse(LIST), query)

    assert list(response.context["cl"].result_list) == [session]


@pytest.mark.parametrize("rows", [1, 10])
def test_desk_queries(client, django_assert_max_num_queries, rows):
    for _row in range(rows):
        SessionFactory()
    client.get(reverse(LIST))

    # session, user, roles; count, rows; choices of seven filters
    with django_assert_max_num_queries(15):
        response = client.get(reverse(LIST))

    assert len(response.context["cl"].result_list) == rows


PDF = b"%PDF-1.7\n1 0 obj\nendobj\n%%EOF\n"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (PDF, ""),
        (
            b"<html><script>1</script>",
            "This is not a PDF file, whatever its name says.",
        ),
        (
            PDF[:12],
            "The document is damaged or cut off. Export it again and choose the new file.",
        ),
        (b"GIF89a" + PDF, "This is not a PDF file, whatever its name says."),
        (b"", "The submitted file is empty."),
    ],
)
def test_uploads_are_judged_by_their_content(client, content, sentence):
    edition = EditionFactory()
    data = {
        "edition": edition.pk,
        "kind": "outcome",
        "title": "Outcome",
        "language": "en",
        "version": 1,
        "is_public": "on",
        "file": SimpleUploadedFile("evil.pdf", content),
    }

    response = client.post(reverse("admin:forum_document_add"), data)

    if sentence:
        assert response.context["adminform"].form.errors["file"] == [sentence]
    else:
        document = Document.objects.get()
        assert (response.status_code, document.size) == (302, len(PDF))
        assert "evil" not in document.file.name


def test_a_secret_calendar_address_is_not_shown_at_the_desk(client, desk):
    from_page = client.post(reverse("forum:calendar-key"))
    key = desk.forum_calendar

    html = client.get(
        reverse("admin:forum_calendarkey_change", args=[key.pk])
    ).content.decode()

    assert from_page.status_code == 302
    assert key.token not in html
