"""A facilitator's text: asked for by an editor, written behind a link, accepted, printed."""

import datetime
import io
import re

import pytest
from django.urls import reverse
from django.utils import timezone
from docx import Document

from common.mail.delivery_reports import Return
from common.mail.models import OutgoingMail
from reports.asking import models as asking
from reports.asking.models import Contribution, State
from reports.contribution.tasks import remind_of_contributions
from reports.report.models import Report
from roadmap.agency.models import Agency, AgencyMembership
from tests.admin.pages import Form
from tests.factories import ProjectFactory, UserFactory
from tests.markup import compact
from tests.reports.records import built, file_of, pdf_text, requested, secretariat
from tests.reports.report.pages import BY_ITSELF, Editor
from tests.reports.report.records import report, section_of
from tests.reports.report.test_checklist import codes

pytestmark = pytest.mark.django_db
LINK = re.compile(r"https?://[^/\s]+(/\S+/contributions/\S+/)")


@pytest.fixture
def chapter():
    """A chapter of a report of the years to 2024."""
    return section_of(report(), action_line="C3")


@pytest.fixture
def desk(client):
    client.force_login(secretariat())
    return client


@pytest.fixture
def focal_point():
    """Somebody who writes for UNESCO, which leads C3."""
    agency, _made = Agency.objects.get_or_create(
        code="UNESCO", defaults={"short": "UNESCO", "name": "UNESCO", "source": "S"}
    )
    person = UserFactory(first_name="Awa", last_name="Diop", language="fr")
    AgencyMembership.objects.create(user=person, agency=agency)
    return person


def own_page(block):
    place = [block.section.report_id, block.section_id, block.pk]
    return reverse("reports:contribution", args=place)


def fields_of(client, url):
    """What the form that asks would send as it is served."""
    return Form(client.get(url).content.decode(), "ask").data


def added(desk, chapter):
    """The editor adds the block with the button of the page."""
    Editor(desk, chapter).press("add", "contribution")
    return chapter.blocks.get(kind="contribution")


def asked(desk, chapter, **typed):
    block = added(desk, chapter)
    url = own_page(block)
    person = {"name": "Awa Diop", "email": "awa@unesco.example", "agency": "UNESCO"}
    data = fields_of(desk, url) | person | {"language": "en"} | typed | {"ask": "1"}
    answer = desk.post(url, data)
    assert answer.status_code == 302, answer.content.decode()
    return block.contributions.get()


def mail(address="awa@unesco.example"):
    return OutgoingMail.objects.filter(to=address).latest("pk")


def link(message):
    return LINK.search(message.body)[1]


def test_an_editor_asks_and_the_person_gets_a_link_in_their_language(desk, chapter):
    one = asked(desk, chapter, language="fr")
    message = mail()

    assert link(message).startswith("/fr/")
    assert message.once
    assert str(one.deadline.year) in message.body
    token = link(message).rstrip("/").rpartition("/")[2]
    assert token not in str(one.tokens)
    assert len(one.tokens) == 1
    assert one.state == State.ASKED


def test_a_stranger_does_not_ask(client, desk, chapter):
    block = added(desk, chapter)
    client.logout()
    assert client.get(own_page(block)).status_code == 302
    client.force_login(UserFactory())
    assert client.get(own_page(block)).status_code == 404
    assert client.post(own_page(block), {"ask": "1"}).status_code == 404
    overview = reverse("reports:contributions", args=[block.section.report_id])
    assert client.get(overview).status_code == 404


def test_the_focal_point_of_the_facilitator_is_suggested(desk, chapter, focal_point):
    block = added(desk, chapter)

    data = fields_of(desk, own_page(block))

    assert data["email"] == focal_point.email
    assert data["agency"] == "UNESCO"
    assert "fr" in data["language"]


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("email", "nobody", "Enter a valid e-mail address."),
        ("deadline", "2020-01-01", "Choose a day from today to a year from now."),
        ("deadline", "soon", "Enter a valid date."),
        ("words", "1", "Ensure this value is greater than or equal to 50."),
        ("question", "x" * 2001, "at most 2000 characters"),
    ],
)
def test_what_cannot_be_asked_has_a_sentence(desk, chapter, name, value, sentence):
    block = added(desk, chapter)
    person = {"name": "A", "email": "a@b.example", "agency": "U", "language": "en"}
    data = fields_of(desk, own_page(block)) | person | {name: value, "ask": "1"}

    answer = desk.post(own_page(block), data)

    assert answer.status_code == 400
    assert sentence in answer.content.decode()
    assert not Contribution.objects.exists()


def test_the_person_writes_without_an_account_and_goes_on_later(client, desk, chapter):
    ProjectFactory(year=2024, main_action_line_id="C3")
    one = asked(desk, chapter)
    url = link(mail())
    client.logout()

    page = client.get(url)
    html = compact(page.content.decode())
    assert "1 project" in html
    assert one.question in html
    assert "About 500 words" in html
    assert "Geneva time" in html
    assert "no-store" in page["Cache-Control"]
    data = Form(page.content.decode(), "entry").data

    saved = client.post(url, data | {"text": "A first line", "later": "1"})
    assert saved.status_code == 302
    again = client.get(url).content.decode()
    assert "A first line" in again
    assert "Saved. The link in your e-mail leads back to this page." in again
    one.refresh_from_db()
    assert one.state == State.OPENED
    chapter.refresh_from_db()
    assert one.block.segments.count() == 0  # a draft is nobody else's


def test_it_saves_itself_and_two_windows_keep_each_others_text(client, desk, chapter):
    asked(desk, chapter)
    url = link(mail())
    first = Form(client.get(url).content.decode(), "entry").data
    second = dict(first)

    answer = client.post(url, first | {"text": "One"}, headers=BY_ITSELF)
    assert answer["X-Draft"] == "saved"
    other = client.post(url, second | {"text": "Two"}, headers=BY_ITSELF)
    assert other["X-Draft"] == "conflict"
    assert other.status_code == 409

    button = client.post(url, second | {"text": "Two", "send": "1"})
    assert button.status_code == 409
    assert Contribution.objects.get().text == "One"
    assert Contribution.objects.get().sent_at is None


def sent(client, url, text="C3 **grew**."):
    data = Form(client.get(url).content.decode(), "entry").data
    return client.post(url, data | {"text": text, "send": "1"}, follow=True)


def test_sent_read_sent_back_sent_again_and_accepted(client, desk, chapter):
    one = asked(desk, chapter)
    url = link(mail())
    assert codes(one.block.section.report, severity="warning").count(
        "CONTRIBUTION_AWAITED"
    )

    assert "Write the text before you send it." in sent(
        client, url, " "
    ).content.decode().replace("&#x27;", "'")
    assert "Your text was sent" in sent(client, url).content.decode()
    assert "A text of UNESCO has come" in mail(one.by.email).subject
    assert codes(chapter.report) == ["CONTRIBUTION_OPEN"]
    closed = client.post(url, {"text": "Late"}, headers=BY_ITSELF)
    assert closed["X-Draft"] == "closed"
    block = chapter.blocks.get(kind="contribution")
    assert block.read("text", "en").text == "C3 **grew**."

    # the editor changes a word, then sends it back
    Editor(desk, chapter).press(**{f"b{block.pk}_text": "C3 **grew** much."})
    desk.post(own_page(block), {"return": "1", "note": "By how much?"})
    assert "By how much?" in mail().body
    assert url not in mail().body
    again = client.get(link(mail())).content.decode()
    assert "By how much?" in again
    assert "C3 **grew** much." in again
    assert "By how much?" in client.get(url).content.decode()  # the first link as well

    sent(client, url, "C3 grew by 3.")
    earlier = block.segments.get().earlier.values_list("text", flat=True)
    assert set(earlier) == {"C3 **grew**.", "C3 **grew** much."}
    desk.post(own_page(block), {"accept": "1"})
    one.refresh_from_db()
    assert one.state == State.ACCEPTED
    assert codes(chapter.report) == []


def test_a_withdrawn_link_ends_and_somebody_else_is_asked(client, desk, chapter):
    one = asked(desk, chapter)
    url = link(mail())
    desk.post(own_page(one.block), {"withdraw": "1"})

    page = client.get(url)
    assert page.status_code == 410
    assert "The request was withdrawn." in page.content.decode()
    data = fields_of(desk, own_page(one.block)) | {"language": "en", "ask": "1"}
    person = {"name": "B", "email": "b@who.example", "agency": "WHO"}
    desk.post(own_page(one.block), data | person)
    assert client.get(link(mail("b@who.example"))).status_code == 200
    assert one.block.contributions.standing().get().agency == "WHO"


def test_a_link_ends_after_its_last_day_unless_the_editor_gives_more_time(
    client, desk, chapter
):
    one = asked(desk, chapter)
    url = link(mail())
    past = asking.today() - datetime.timedelta(days=1)
    Contribution.objects.update(deadline=past, ends_on=past)
    assert client.get(url).status_code == 410
    one.refresh_from_db()
    assert one.state == State.LATE

    day = str(asking.today() + datetime.timedelta(days=5))
    wrong = desk.post(
        own_page(one.block),
        {"dates": "1", "deadline": day, "ends_on": str(asking.today())},
    )
    assert "The link ends before the deadline." in wrong.content.decode()
    desk.post(own_page(one.block), {"dates": "1", "deadline": day, "ends_on": day})
    assert client.get(url).status_code == 200


def test_an_unknown_link_says_so(client):
    page = client.get(reverse("reports:contribute", args=["nothing"]))
    assert page.status_code == 404
    assert "This link is not valid" in page.content.decode()


def test_people_are_reminded_once_before_and_once_after_the_deadline(desk, chapter):
    one = asked(desk, chapter)
    assert remind_of_contributions() == 0

    day = asking.today()
    Contribution.objects.update(deadline=day, ends_on=day)
    assert [remind_of_contributions(), remind_of_contributions()] == [1, 0]
    assert mail().subject.startswith("Your text is due on")
    late = day - datetime.timedelta(days=1)
    Contribution.objects.update(deadline=late, ends_on=day)
    assert [remind_of_contributions(), remind_of_contributions()] == [1, 0]
    assert mail().subject.startswith("Your text is late")

    Contribution.objects.update(
        sent_at=timezone.now(), late_reminded_at=None, reminded_at=None
    )
    assert remind_of_contributions() == 0
    assert OutgoingMail.objects.filter(to=one.email).count() == 3


def test_the_facilitators_of_all_chapters_are_asked_at_once(desk, chapter, focal_point):
    url = reverse("reports:contributions", args=[chapter.report.pk])
    data = fields_of(desk, url)
    ticked = [name for name in data if name.endswith("-ask")]
    assert f"s{chapter.pk}-ask" in ticked

    wrong = desk.post(url, data | {f"s{chapter.pk}-email": "nobody"})
    assert wrong.status_code == 400
    assert "Nothing was sent" in wrong.content.decode()
    assert not Contribution.objects.exists()

    answer = desk.post(url, data, follow=True)
    assert f"{len(ticked)} texts were asked for." in answer.content.decode()
    assert Contribution.objects.count() == len(ticked)
    assert chapter.blocks.filter(kind="contribution").count() == 1
    assert f"s{chapter.pk}-ask" not in fields_of(desk, url)


def test_a_contribution_goes_only_after_a_question(desk, chapter):
    one = asked(desk, chapter)
    page = Editor(desk, chapter)
    page.press("remove", one.block.pk)
    assert Contribution.objects.exists()
    page.press("remove-surely", one.block.pk)
    assert not Contribution.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_page_pdf_and_word_print_the_text_with_its_author(client, mailoutbox):
    publication = requested(language="en")
    chapter = section_of(Report.objects.get(), action_line="C3")
    client.force_login(secretariat())
    one = asked(client, chapter)
    assert mail().body == ""  # it held the link
    sent(client, link(mailoutbox[-1]), "C3 has {{total}} projects.")
    client.post(own_page(one.block), {"accept": "1"})

    publication = built(publication)

    (frozen,) = (
        block
        for section in publication.snapshots.get().body
        for block in section["blocks"]
        if block["kind"] == "contribution"
    )
    assert frozen["author"]["text"] == "UNESCO"
    page = compact(client.get(publication.get_absolute_url()).content.decode())
    assert "—UNESCO" in re.sub(r"<[^>]+>| ", "", page)
    assert "C3has0projects.—UNESCO" in pdf_text(publication)
    word = Document(io.BytesIO(file_of(publication, "docx")))
    assert "— UNESCO" in [paragraph.text for paragraph in word.paragraphs]


def test_a_wrong_address_is_told_once(desk, chapter):
    block = chapter.blocks.create(kind="contribution", position=40)
    typed = fields_of(desk, own_page(block)) | {"email": "no address", "ask": "1"}

    page = desk.post(own_page(block), typed).content.decode()

    summary, field = page.split('name="email"')[0].split("<form", 1)[0], page
    assert summary.count("Enter a valid e-mail address.") == 1
    assert field.count("Enter a valid e-mail address.") == 2  # once beside the field


def test_a_link_that_came_back_is_said_to_whoever_asked(desk, chapter):
    one = asked(desk, chapter)
    earlier = OutgoingMail.objects.create(to=one.email, subject="S", body="B")
    OutgoingMail.objects.filter(pk=earlier.pk).update(
        created_at=one.asked_at - datetime.timedelta(days=9),
        came_back_at=timezone.now(),
        answer="550 long ago",
    )
    url = own_page(one.block)
    assert "came back" not in desk.get(url).content.decode()

    OutgoingMail.objects.filter(pk=earlier.pk).delete()
    answer = Return(mail().reference, "5.2.2", "552 صندوق البريد ممتلئ")
    assert OutgoingMail.objects.note_return(answer) == 1

    page = desk.get(url).content.decode()
    assert "An e-mail came back on" in page
    assert "<bdi>552 صندوق البريد ممتلئ</bdi>" in page
