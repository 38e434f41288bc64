"""The report of a session and its minutes: who writes, what is kept, what is asked."""

import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from common.moves.models import StatusChange
from forum.outcome.models import Minutes, OutcomeReport
from tests.factories import ActionLineFactory, SDGFactory, UserFactory
from tests.forum.page.test_two_tabs import opened
from tests.forum.records import (
    MinutesFactory,
    OutcomeFactory,
    PersonFactory,
    ReportCallFactory,
    officer,
    released,
)

pytestmark = pytest.mark.django_db
SCRIPT = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def no_second_factor(settings):
    settings.REQUIRE_STAFF_MFA = False


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def address(session, name="outcome-edit"):
    return reverse(f"forum:{name}", args=[session.pk])


def text(client, url):
    html = client.get(url).content.decode()
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def test_a_report_says_what_was_discussed_who_came_and_what_a_machine_wrote():
    speaker = PersonFactory(name="Amina Otieno", organization="")
    session = released(owner=UserFactory(), speakers=[speaker])
    organizer = signed_in(session.owner)
    organizer.post(
        address(session),
        {
            "language": "fr",
            "summary": "Les villages sont d’accord.",
            "challenges": "Le courant.",
            "action_lines": [ActionLineFactory(code="C2").pk],
            "sdgs": [SDGFactory(code="9").pk],
            "attended": [speaker.pk],
            "on_site": "80",
            "on_site_women": "41",
            "remote": "12",
            "by_machine": "on",
            "hand_in": "1",
        },
    )
    officer_ = officer()
    signed_in(officer_).post(
        address(session),
        opened(signed_in(officer_), address(session))
        | {
            "action_lines": "C2",
            "sdgs": "9",
            "attended": speaker.pk,
            "by_machine": "on",
        }
        | {"on_site": "80", "on_site_women": "41", "remote": "12", "publish": "1"},
    )

    page = text(Client(), address(session, "outcome"))

    assert "Challenges Le courant." in page
    assert "Parts of this text were written by a machine" in page
    assert "Amina Otieno" in page
    assert "People in the room 80 · of these women: 41" in page
    assert "People who took part remotely 12" in page
    moves = StatusChange.objects.filter(record_kind="forum.outcomereport")
    assert [row.move for row in moves.order_by("pk")] == ["hand_in", "publish"]


def test_a_draft_saves_itself_and_a_field_with_an_error_costs_no_other():
    session = released(owner=UserFactory())
    organizer = signed_in(session.owner)
    sent = opened(organizer, address(session)) | {
        "language": "en",
        "summary": "Masts.",
        "on_site": "10",
        "on_site_women": "11",
    }

    answer = organizer.post(address(session), sent, headers=SCRIPT)

    report = OutcomeReport.objects.get()
    assert answer["X-Draft"] == "saved"
    assert "Women and men together are more than 10." in answer.content.decode()
    assert (report.summary, report.on_site, report.on_site_women) == (
        "Masts.",
        None,
        None,
    )
    assert (report.handed_in_at, report.by) == (None, session.owner)


def test_marks_of_the_answer_let_the_same_window_save_again():
    session = released(owner=UserFactory())
    organizer = signed_in(session.owner)
    sent = opened(organizer, address(session)) | {"summary": "Masts."}
    first = organizer.post(address(session), sent, headers=SCRIPT).content.decode()
    marks = re.search(r'name="opened_with"\s+value="([^"]*)"', first)[1]

    second = organizer.post(
        address(session),
        sent | {"summary": "Masts and cables.", "opened_with": marks},
        headers=SCRIPT,
    )

    assert second["X-Draft"] == "saved"
    assert OutcomeReport.objects.get().summary == "Masts and cables."


def test_a_script_of_an_older_window_overwrites_nothing_and_shows_both_texts():
    session = released(owner=UserFactory())
    organizer, desk = signed_in(session.owner), signed_in(officer())
    first, second = (opened(one, address(session)) for one in (organizer, desk))
    organizer.post(address(session), first | {"summary": "محطات"}, headers=SCRIPT)

    answer = desk.post(address(session), second | {"summary": "Cables"}, headers=SCRIPT)

    html = answer.content.decode()
    assert (answer.status_code, answer["X-Draft"]) == (409, "conflict")
    assert ("محطات" in html, "Cables" in html) == (True, True)
    assert OutcomeReport.objects.get().summary == "محطات"


def test_every_text_that_another_replaces_can_be_read_again():
    session = released(owner=UserFactory())
    organizer, desk = signed_in(session.owner), signed_in(officer())
    for client, words in (
        (organizer, "First words."),
        (organizer, "First words, longer."),
        (desk, "Words of the desk."),
        (organizer, "Words of the end."),
    ):
        sent = opened(client, address(session)) | {"summary": words}
        client.post(address(session), sent, headers=SCRIPT)

    page = text(organizer, address(session, "outcome-versions"))

    kept = re.findall(r"(First words[^.]*\.|Words of the \w+\.)", page)
    assert kept == ["Words of the end.", "Words of the desk.", "First words, longer."]
    assert re.findall(r"Version (\d)", page) == ["3", "2", "1"]


def test_versions_of_minutes_are_counted_apart_from_those_of_the_report():
    session = released(owner=UserFactory())
    organizer = signed_in(session.owner)
    for name, field in (("outcome-edit", "summary"), ("minutes-edit", "text")):
        sent = opened(organizer, address(session, name)) | {field: f"Of {field}."}
        organizer.post(address(session, name), sent)

    page = text(organizer, address(session, "minutes-versions"))

    assert ("Of text." in page, "Of summary." in page) == (True, False)
    assert re.findall(r"Version (\d)", page) == ["1"]


def test_a_rapporteur_writes_and_a_panellist_does_not():
    session = released(owner=UserFactory())
    rapporteur, panellist = UserFactory(), UserFactory()
    for role, user in (("rapporteur", rapporteur), ("panellist", panellist)):
        session.participations.create(role=role, person=PersonFactory(user=user))

    answers = [
        signed_in(user).get(address(session, name)).status_code
        for user in (rapporteur, panellist)
        for name in ("outcome-edit", "minutes-edit")
    ]

    assert answers == [200, 200, 404, 404]
    assert "Write the outcome report" in text(
        signed_in(rapporteur), session.get_absolute_url()
    )


def test_unpublished_texts_are_read_by_their_writers_alone():
    session = released(owner=UserFactory())
    OutcomeFactory(session=session, published_at=None)
    MinutesFactory(session=session, published_at=None)

    def answers(client):
        return [
            client.get(address(session, name)).status_code
            for name in ("outcome", "minutes")
        ]

    assert answers(Client()) == answers(signed_in(UserFactory())) == [404, 404]
    assert (
        answers(signed_in(session.owner)) == answers(signed_in(officer())) == [200, 200]
    )


def test_what_the_edition_does_not_ask_is_not_on_the_form_and_stays_stored():
    session = released(owner=UserFactory())
    OutcomeFactory(session=session, published_at=None, outlook="Kept.")
    ReportCallFactory(asked=["challenges"], required=["challenges"])
    organizer = signed_in(session.owner)
    sent = opened(organizer, address(session))

    refused = organizer.post(address(session), sent | {"hand_in": "1"})

    assert {"summary", "challenges"} <= sent.keys()
    assert sent.keys().isdisjoint({"outlook", "on_site"})
    assert refused.context["form"].errors == {"challenges": ["This field is required."]}
    organizer.post(address(session), sent | {"challenges": "Rain.", "hand_in": "1"})
    report = OutcomeReport.objects.get()
    assert (report.challenges, report.outlook) == ("Rain.", "Kept.")


def test_an_organizer_does_not_change_what_is_published():
    session = released(owner=UserFactory())
    organizer = signed_in(session.owner)
    sent = opened(organizer, address(session, "minutes-edit"))
    MinutesFactory(session=session, text="As published.")

    answer = organizer.post(
        address(session, "minutes-edit"), sent | {"text": "Later."}, headers=SCRIPT
    )

    assert (answer.status_code, answer["X-Draft"]) == (409, "closed")
    assert Minutes.objects.get().text == "As published."


def test_minutes_of_a_machine_say_that_they_are_not_authoritative():
    session = MinutesFactory(by_machine=True, text="नमस्ते from the captions").session

    page = text(Client(), address(session, "minutes"))

    assert "It is not an authoritative record." in page
    assert "नमस्ते from the captions" in page
    assert "Read the minutes of this session" in text(
        Client(), session.get_absolute_url()
    )
