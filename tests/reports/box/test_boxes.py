"""Owners confirm, amend or refuse how their projects appear in boxes; ten days, by a link."""

import datetime
import re

import pytest
from django.urls import reverse

from common.mail.models import OutgoingMail
from reports.asking.models import BoxQuestion, today
from reports.report.models import Report
from tests.factories import ProjectFactory, UserFactory
from tests.markup import compact
from tests.reports.records import built, requested, secretariat
from tests.reports.report.pages import Editor
from tests.reports.report.records import report, section_of
from tests.reports.report.test_checklist import codes

pytestmark = pytest.mark.django_db
LINK = re.compile(r"https?://[^/\s]+(/\S+/boxes/\S+/)")


@pytest.fixture
def owner():
    return UserFactory(language="fr")


@pytest.fixture
def projects(owner):
    """Two of one owner and one of another; all in the years of the report."""
    mine = ProjectFactory.create_batch(
        2, year=2024, owner=owner, summary="We dig wells."
    )
    return [*mine, ProjectFactory(year=2024, summary="Radio.")]


@pytest.fixture
def block(client, projects):
    client.force_login(secretariat())
    section = section_of(report(), kind="foreword")
    Editor(client, section).press("add", "boxes")
    return section.blocks.get(kind="boxes")


def page_of(block):
    place = [block.section.report_id, block.section_id, block.pk]
    return reverse("reports:boxes", args=place)


def asked(client, block):
    """The editor presses “Ask the owners”."""
    return compact(
        client.post(page_of(block), {"ask": "1"}, follow=True).content.decode()
    )


def link_to(person):
    return LINK.search(OutgoingMail.objects.filter(to=person.email).latest("pk").body)[
        1
    ]


def answer(client, project, said, **typed):
    question = BoxQuestion.objects.get(project=project)
    data = {said: str(question.pk)}
    data |= {f"q{question.pk}-{name}": text for name, text in typed.items()}
    return client.post(link_to(project.owner), data, follow=True)


def test_each_owner_gets_one_mail_in_their_language(client, block, owner, projects):
    page = compact(client.get(page_of(block)).content.decode())
    assert all(project.title in page for project in projects)
    assert "chosen by the rule" in page

    assert "2 owners were asked." in asked(client, block)
    letters = OutgoingMail.objects.filter(to=owner.email)
    assert letters.count() == 1
    assert letters.get().once
    assert link_to(owner).startswith("/fr/")
    block.refresh_from_db()
    assert all(project.number in block.settings["numbers"] for project in projects)

    assert "All owners were asked before." in asked(client, block)
    assert OutgoingMail.objects.filter(to=owner.email).count() == 1


def test_strangers_ask_nobody(client, block):
    client.force_login(UserFactory())
    assert client.get(page_of(block)).status_code == 404
    assert client.post(page_of(block), {"ask": "1"}).status_code == 404
    assert client.get("/en/reports/boxes/nothing/").status_code == 404


def test_the_owner_sees_the_box_and_confirms_it_without_an_account(
    client, block, owner, projects
):
    asked(client, block)
    client.logout()
    page = client.get(link_to(owner))
    assert page.content.decode().count("We dig wells.") >= 2
    assert projects[2].title not in page.content.decode()
    assert "no-store" in page["Cache-Control"]

    answer(client, projects[0], "confirmed")

    question = BoxQuestion.objects.get(project=projects[0])
    assert (question.state, question.text) == ("confirmed", "We dig wells.")
    assert BoxQuestion.objects.get(project=projects[1]).state == "asked"


def test_a_proposed_text_waits_for_the_editor(client, block, projects):
    asked(client, block)
    answer(client, projects[0], "amended", text="We dig deep wells.")
    assert codes(block.section.report) == ["OWNER_AMENDED"]
    question = BoxQuestion.objects.get(project=projects[0])
    page = client.get(page_of(block)).content.decode()
    assert "We dig deep wells." in page

    client.post(page_of(block), {"accept": str(question.pk)})
    assert codes(block.section.report) == []
    question.refresh_from_db()
    assert question.state == "amended"


@pytest.mark.parametrize("text", ["", "x" * 2001])
def test_a_text_that_cannot_be_taken_has_a_sentence(client, block, projects, text):
    asked(client, block)
    response = answer(client, projects[0], "amended", text=text)
    question = BoxQuestion.objects.get(project=projects[0])
    assert response.status_code == 400
    assert f'id="id_q{question.pk}-text_error"' in response.content.decode()
    assert question.answer == ""


def test_a_refused_box_is_an_error_until_the_editor_leaves_it_out(
    client, block, projects
):
    asked(client, block)
    answer(client, projects[0], "refused")
    assert codes(block.section.report) == ["OWNER_REFUSED"]

    client.post(page_of(block), {"leave-out": projects[0].number})

    block.refresh_from_db()
    assert projects[0].number not in block.settings["numbers"]
    assert codes(block.section.report) == []


def test_the_last_project_is_not_left_out(client, block, projects):
    asked(client, block)
    for project in projects:
        page = client.post(
            page_of(block), {"leave-out": project.number}, follow=True
        ).content.decode()
    block.refresh_from_db()
    assert "It is the last project of the block" in page
    assert block.settings["numbers"] == projects[2].number


def test_after_ten_days_nobody_answers_any_more(client, block, owner, projects):
    asked(client, block)
    assert BoxQuestion.objects.first().ends_on == today() + datetime.timedelta(days=10)
    BoxQuestion.objects.update(ends_on=today() - datetime.timedelta(days=1))

    assert client.get(link_to(owner)).status_code == 410
    answer(client, projects[0], "confirmed")
    assert {one.state for one in BoxQuestion.objects.all()} == {"silent"}


@pytest.mark.django_db(transaction=True)
def test_a_build_prints_what_owners_said_and_freezes_how(client, mailoutbox):
    people = [UserFactory() for _number in range(4)]
    confirmed, amended, refused, silent = (
        ProjectFactory(year=2024, owner=person, summary="As we wrote it.")
        for person in people
    )
    publication = requested(language="en", from_year=2024, to_year=2024)
    section = section_of(Report.objects.get(), kind="foreword")
    client.force_login(secretariat())
    Editor(client, section).press("add", "boxes")
    block = section.blocks.get(kind="boxes")
    asked(client, block)
    links = {letter.to[0]: LINK.search(letter.body) for letter in mailoutbox}
    said = {confirmed: "confirmed", amended: "amended", refused: "refused"}
    for project, word in said.items():
        question = BoxQuestion.objects.get(project=project)
        data = {word: question.pk, f"q{question.pk}-text": "In our words."}
        client.post(links[project.owner.email][1], data)
    question = BoxQuestion.objects.get(project=amended)
    client.post(page_of(block), {"accept": question.pk})
    # what is in the database changes, what was confirmed does not
    type(confirmed).objects.filter(pk=confirmed.pk).update(summary="Another text.")
    BoxQuestion.objects.filter(answer="").update(
        ends_on=today() - datetime.timedelta(days=1)
    )

    publication = built(publication)

    entries = {
        entry["pk"]: entry
        for part in publication.snapshots.get().body
        for one in part["blocks"]
        if one["kind"] == "boxes"
        for entry in one["entries"]
    }
    assert {pk: (e["summary"], e["box"]) for pk, e in entries.items()} == {
        confirmed.pk: ("As we wrote it.", "confirmed"),
        amended.pk: ("In our words.", "amended"),
        silent.pk: ("", "silent"),
    }


def test_owners_who_do_not_exist_cannot_be_asked(client, block, projects):
    for project in projects:
        project.owner = None
        project.save()

    page = compact(client.get(page_of(block)).content.decode())

    assert page.count("It has no owner who could be asked") == 3
    assert "Ask the owners" not in page


def test_a_text_that_is_too_long_is_told_and_not_truncated(client, block, projects):
    asked(client, block)
    assert (
        "At most 2000 characters."
        in client.get(link_to(projects[2].owner)).content.decode()
    )

    answered = answer(client, projects[2], "amended", text="y" * 2001)

    assert answered.status_code == 400
    page = answered.content.decode()
    assert "has at most 2000 characters (it has 2001)" in page
    assert "maxlength" not in page
    assert BoxQuestion.objects.get(project=projects[2]).text == ""
