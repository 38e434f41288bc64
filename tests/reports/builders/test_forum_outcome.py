"""The outcome document of an edition: one click, and the same numbers wherever it is read."""

import csv
import io
import re
from html import unescape

import pytest
from django.urls import reverse

from forum.outcome.models import OutcomeReport
from reports.builders import forum_outcome
from reports.publication.models import Publication
from tests.factories import ActionLineFactory, CountryFactory, SDGFactory, UserFactory
from tests.forum.records import (
    CapacityFactory,
    ChairSummaryFactory,
    EditionFactory,
    OutcomeFactory,
    PersonFactory,
    SessionTypeFactory,
    at,
    officer,
    registered,
    released,
)
from tests.reports.output.test_word import opened, words
from tests.reports.records import (
    approved_and_published,
    built,
    close,
    file_of,
    pdf_text,
    requested,
    secretariat,
    sheet_of,
)


@pytest.fixture(autouse=True)
def no_second_factor(settings):
    settings.REQUIRE_STAFF_MFA = False


def edition_with_reports():
    """Three sessions out of order, two of them with a report, one written by a machine."""
    speaker = PersonFactory(name="Amina Otieno", organization="")
    last = released(title="Last masts", start=at(16), end=at(17), speakers=[speaker])
    first = released(title="محطات القرى", language="ar", start=at(9), end=at(10))
    released(
        title="Silent lunch",
        start=at(12),
        end=at(13),
        type=SessionTypeFactory(code="LUNCH", name="Lunch"),
    )
    told = OutcomeFactory(
        session=last,
        published_at=None,
        summary="Masts stand.\n\nThey hold & <b>last</b>.",
        outcomes="Thirty more.",
        on_site=80,
        on_site_women=41,
        remote=12,
        by_machine=True,
    )
    told.action_lines.set([ActionLineFactory(code="C2"), ActionLineFactory(code="C9")])
    told.sdgs.set([SDGFactory(code="9"), SDGFactory(code="11")])
    told.attended.set([speaker])
    OutcomeFactory(session=first, language="ar", summary="اتفقت القرى.", on_site=1020)
    CapacityFactory(places=None)
    CapacityFactory(attendance="remote", places=None)
    for attendance, code in (("on_site", "KE"), ("on_site", "KE"), ("remote", "JP")):
        one = registered(attendance=attendance, country=CountryFactory(code=code))
        one.move("approve", officer())
    registered()  # not approved: does not count
    ChairSummaryFactory(text="We have listened.\nWe go on.")
    return last.edition


def visible(html):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


@pytest.mark.django_db(transaction=True)
def test_page_pdf_and_word_say_the_same_in_the_order_of_the_agenda(client):
    edition = edition_with_reports()
    document = approved_and_published(
        built(requested(series="forum_outcome", edition=edition))
    )

    figures = document.snapshots.get().figures
    page = client.get(document.get_absolute_url()).content.decode()
    texts = {
        "page": close(visible(page)),
        "pdf": pdf_text(document),
        "docx": close(words(opened(file_of(document, "docx")))),
    }
    numbers = [
        "Sessions in the programme: 3. People with a part in them: 1.",
        "Reports on sessions: 2. Sessions without a report: 1.",
        "Approved registrations: 3. Countries that they name: 2.",
        "Participation that reports state (2 of them): 1,100 in the room, 12 remotely.",
        "written by a machine, and which are marked: 1.",
        "In the room: 80 (women 41) · Remotely: 12",
    ]
    spoken = [
        "Parts of this text were written by a machine",
        "We have listened.",
        "They hold & <b>last</b>.",
        "Outcomes and commitments: Thirty more.",
        "People of the programme who took part: Amina Otieno",
        "5 July 2027, 16:00–17:00",
    ]
    missing = {
        (name, sentence)
        for name, text in texts.items()
        for sentence in (*numbers, *spoken)
        if close(sentence) not in text
    }
    assert missing == set()
    assert "اتفقت القرى." in page
    assert (figures["total"], figures["reports"], figures["on_site"]) == (3, 2, 1100)
    for text in (texts["page"], texts["docx"]):
        reports = text.rpartition("Reportsofsessions")[2]
        order = [reports.index(part) for part in ("محطات", "Lastmasts", "Silentlunch")]
        assert order == sorted(order)
    for table in figures["tables"]:
        part = page.split(f'id="table-{table["name"]}"')[1].split("</section>")[0]
        rows = [list(row[2:]) for row in sheet_of(document, table["name"])]
        assert rows == [row["values"] for row in table["rows"]]
        for row in table["rows"]:
            cells = "".join(str(value) for value in row["values"])
            assert close(row["label"] + cells) in close(visible(part))
            if row["label"].isascii():
                assert close(row["label"] + cells) in texts["pdf"]
                assert close(row["label"] + cells) in texts["docx"]
    rows = csv.DictReader(io.StringIO(file_of(document, "csv").decode("utf-8-sig")))
    assert [row["title"] for row in rows] == [
        "محطات القرى",
        "Silent lunch",
        "Last masts",
    ]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("language", ["ar", "zh-hans"])
def test_the_document_compiles_in_other_scripts_and_without_any_report(language):
    edition = released().edition

    document = built(
        requested(series="forum_outcome", edition=edition, language=language)
    )

    figures = document.snapshots.get().figures
    assert (figures["total"], figures["reports"], figures["chair"]) == (1, 0, None)


@pytest.mark.django_db
def test_one_click_begins_the_build_and_leads_to_its_progress_with_a_way_to_cancel(
    client,
):
    edition = released().edition
    client.force_login(secretariat())
    desk = client.get(reverse("forum:reports", args=[edition.slug])).content.decode()
    action = re.search(r'action="([^"]*outcome/2027/)"', desk)[1]

    answer = client.post(action, {"language": "fr"}, follow=True)

    html = answer.content.decode()
    publication = Publication.objects.get()
    assert (publication.edition, publication.language) == (edition, "fr")
    assert publication.status == "building"
    assert "Cancel the build" in html
    again = client.post(action, {"language": "fr"}, follow=True)
    assert Publication.objects.get().build().version == 1
    assert "Cancel the build" in again.content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_second_click_makes_a_new_version_with_the_reports_of_today(client):
    session = released()
    client.force_login(secretariat())
    address = reverse("reports:compile-outcome", args=["2027"])
    client.post(address, {"language": "en"})
    approved_and_published(built(Publication.objects.get()))
    OutcomeFactory(session=session, published_at=None)

    client.post(address, {"language": "en"})

    document = built(Publication.objects.get())
    reports = [one.figures["reports"] for one in document.snapshots.order_by("version")]
    assert (document.published_version, reports) == (1, [0, 1])


@pytest.mark.django_db
def test_an_edition_without_a_released_agenda_is_refused_with_a_sentence(client):
    EditionFactory()
    client.force_login(secretariat())
    address = reverse("reports:compile-outcome", args=["2027"])

    answer = client.post(address, follow=True)

    assert Publication.objects.count() == 0
    assert (
        "No session of this edition is in a released agenda." in answer.content.decode()
    )


@pytest.mark.django_db
def test_a_member_compiles_nothing(client):
    released()
    client.force_login(UserFactory())

    answer = client.post(reverse("reports:compile-outcome", args=["2027"]))

    assert (answer.status_code, Publication.objects.count()) == (403, 0)


@pytest.mark.django_db
def test_a_draft_that_was_not_submitted_is_not_printed():
    session = released()
    OutcomeFactory(session=session, published_at=None, handed_in_at=None)

    figures, (entry,) = forum_outcome.collect(forum_outcome.Scope(session.edition))

    assert (figures["reports"], entry["summary"]) == (0, "")
    assert OutcomeReport.objects.exists()


@pytest.mark.django_db
def test_once_published_the_pages_of_the_edition_lead_to_it(client):
    edition = edition_with_reports()
    document = requested(series="forum_outcome", edition=edition)
    pages = (
        reverse("forum:documents", args=[edition.slug]),
        edition.get_absolute_url(),
        reverse("forum:documents", args=[EditionFactory(slug="2031").slug]),
    )
    address = f'href="{document.get_absolute_url()}"'

    before = [address in client.get(page).content.decode() for page in pages]
    type(document).objects.update(published_version=1)
    after = [address in client.get(page).content.decode() for page in pages]

    assert before == [False, False, False]
    assert after == [True, True, False]
