"""Pages of the roadmap: filters, weights, numbers of queries, what goes wrong in forms."""

import brotli
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation

from accounts.role.roles import Role
from roadmap.milestone.workflow import Status
from roadmap.position.models import ReconciliationNote
from tests.factories import UserFactory
from tests.roadmap.records import (
    AgencyFactory,
    MeetingFactory,
    MilestoneFactory,
    ResolutionFactory,
    RoadmapFactory,
    focal_point,
    published,
)

pytestmark = pytest.mark.django_db
WORDS = (
    "consultation",
    "digital",
    "financing",
    "regional",
    "measurement",
    "youth",
    "rural",
)


def get(client, name, query="", *args):
    return client.get(reverse(f"roadmap:{name}", args=args) + query)


def test_three_roadmaps_of_two_hundred_are_light(client, django_assert_max_num_queries):
    agencies = [AgencyFactory(code=code) for code in ("ITU", "CSTD", "UNESCO")]
    for number, agency in enumerate(agencies):
        roadmap = RoadmapFactory(code=agency.code)
        for n in range(200):
            words = " ".join(WORDS[(n * 3 + k * number + k) % 7] for k in range(6))
            MilestoneFactory(
                roadmap=roadmap,
                title=f"{n} {words}",
                lead=agency,
                start=f"20{20 + n % 10}-{n % 12 + 1:02}",
                kept=None,
            )

    for language in ("en", "ar"):
        with translation.override(language), django_assert_max_num_queries(15):
            response = get(client, "timeline")
        assert len(response.context["milestones"]) == 600
        assert len(brotli.compress(response.content, quality=5)) <= 60 * 1024


@pytest.mark.parametrize("rows", [1, 10])
def test_time_line_queries(client, rows, django_assert_num_queries):
    itu = focal_point("ITU", approves=True)
    for milestone in MilestoneFactory.create_batch(rows):
        published(milestone, itu)
    get(client, "timeline")

    # milestones, their roadmaps and leads; choices of roadmaps, bodies, agencies, resolutions
    with django_assert_num_queries(7):
        response = get(client, "timeline")

    assert len(response.context["milestones"]) == rows


@pytest.mark.parametrize("rows", [1, 10])
@pytest.mark.parametrize(
    ("name", "queries"),
    [("updates", 4), ("resolutions", 4), ("meetings", 3), ("bodies", 2)],
)
def test_lists_ask_the_same_however_much_there_is(
    client, name, queries, rows, django_assert_max_num_queries
):
    itu = focal_point("ITU", approves=True)
    for _n in range(rows):
        published(MilestoneFactory(), itu)
        MeetingFactory(), ResolutionFactory()

    with django_assert_max_num_queries(queries):
        assert get(client, name).status_code == 200


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("?track=ITU", ["Event", "Old"]),
        ("?agency=UNESCO", ["Event"]),
        ("?year=2025", ["Event", "Report"]),
        ("?kind=event", ["Event"]),
        ("?q=report", ["Report"]),
        ("?status=done", ["Old"]),
        ("?action_line=C2", ["Report"]),
        ("?track=ITU&year=2003", ["Old"]),
    ],
)
def test_filters_of_the_time_line(client, query, titles):
    event = MilestoneFactory(title="Event", kind="event", start="2025-07-07")
    event.set_links({"co_owner": [AgencyFactory(code="UNESCO").pk]})
    MilestoneFactory(title="Old", start="2003", progress="done")
    report = MilestoneFactory(
        title="Report", roadmap=RoadmapFactory(code="GA"), start="2024", end="2026"
    )
    report.action_lines.set(["C2"])

    found = get(client, "timeline", query).context["milestones"]

    assert sorted(m.title for m in found) == titles


@pytest.mark.parametrize(
    "query",
    ["?track=MOON", "?year=12", "?year=x", "?colour=red", "?kind=party", "?agency=X"],
)
def test_unknown_filters_are_told(client, query):
    response = get(client, "timeline", query)

    assert response.status_code == 400
    assert "There is a problem" in response.content.decode()


@pytest.mark.parametrize("at", ["yesterday", "2025-02-30", "", "99999-01-01"])
def test_state_of_no_day(client, at):
    assert get(client, "state", f"?at={at}").status_code == 400


GOOD = {"version": "0", "completion": "limited", "text": "Some.", "language": "en"}


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"completion": "complete"}, "“Complete” requires evidence"),
        ({"completion": "perfect"}, "Select a valid choice"),
        ({"text": ""}, "This field is required."),
        ({"text": "word " * 101}, "Enter at most 100 words; you have 101."),
        ({"expected": "soon"}, "Enter a date such as"),
        ({"links": "nowhere"}, "Enter a valid URL."),
        ({"links": "https://example.org/x\n" * 21}, "Enter at most 20 links."),
        ({"version": "x"}, "Enter a whole number."),
        ({"document": "99"}, "Select a valid choice"),
    ],
)
def test_a_bad_position_is_refused_beside_its_field(client, values, sentence):
    milestone = MilestoneFactory()
    client.force_login(focal_point("ITU"))

    response = client.post(
        reverse("roadmap:position", args=[milestone.pk, "ITU"]), GOOD | values
    )

    assert response.status_code == 400
    assert sentence in response.content.decode()
    assert milestone.positions.count() == 0


def test_a_colleague_was_quicker_and_the_text_stays(client):
    milestone, itu = MilestoneFactory(), focal_point("ITU")
    client.force_login(itu)
    address = reverse("roadmap:position", args=[milestone.pk, "ITU"])
    assert client.post(address, GOOD).status_code == 302

    response = client.post(address, GOOD | {"text": "My own words."})

    html = response.content.decode()
    assert response.status_code == 409
    assert "My own words." in html
    assert "A colleague saved" in html
    assert milestone.positions.count() == 1


def test_drafts_are_for_their_agency_only(client):
    milestone, itu = MilestoneFactory(), focal_point("ITU")
    client.force_login(itu)
    client.post(
        reverse("roadmap:position", args=[milestone.pk, "ITU"]),
        GOOD | {"text": "Secret."},
    )

    def sees(user):
        client.logout()
        if user:
            client.force_login(user)
        return "Secret." in client.get(milestone.get_absolute_url()).content.decode()

    others = [
        None,
        focal_point("UNESCO"),
        UserFactory(),
        UserFactory(role=Role.SECRETARIAT),
    ]
    assert [sees(user) for user in others] == [False] * 4
    assert sees(itu)


def test_evidence_must_be_a_pdf_and_is_a_download(client):
    milestone, itu = MilestoneFactory(), focal_point("ITU")
    client.force_login(itu)
    address = reverse("roadmap:position", args=[milestone.pk, "ITU"])
    html = SimpleUploadedFile("x.pdf", b"<script>alert(1)</script>")
    pdf = SimpleUploadedFile("report.pdf", b"%PDF-1.4\n%%EOF\n")

    refused = client.post(address, GOOD | {"file": html})
    client.post(address, GOOD | {"file": pdf, "completion": "complete"})
    piece = milestone.positions.get().evidence.get()
    answer = client.get(piece.address)
    client.logout()

    assert "This is not a PDF file" in refused.content.decode()
    assert (answer.status_code, answer["Content-Disposition"][:10]) == (
        200,
        "attachment",
    )
    assert b"".join(answer.streaming_content).startswith(b"%PDF-")
    assert client.get(piece.address).status_code == 404


def test_a_note_without_words_is_refused(client):
    milestone = MilestoneFactory()
    client.force_login(UserFactory(role=Role.SECRETARIAT))

    response = client.post(
        reverse("roadmap:reconcile", args=[milestone.pk]), {"text": ""}
    )

    assert (response.status_code, ReconciliationNote.objects.count()) == (400, 0)


def test_feed_has_what_was_published(client):
    milestone, itu = MilestoneFactory(), focal_point("ITU", approves=True)
    published(milestone, itu)

    response = get(client, "feed")

    assert response["Content-Type"].startswith("application/atom+xml")
    assert "ITU says limited." in response.content.decode()


def test_what_was_done_stands_among_the_milestones_reached_of_its_lines(client):
    done, ahead = (
        MilestoneFactory(title="Done", progress="done"),
        MilestoneFactory(title="Ahead"),
    )
    for milestone in (done, ahead, MilestoneFactory(progress="done", status="draft")):
        milestone.action_lines.set(["C2", "C7-EGOV"])

    for code in ("C2", "C7-EGOV"):
        page = client.get(reverse("roadmap:action-line", args=[code]))
        reached = {
            str(label): rows for label, _reviews, rows in page.context["sections"]
        }
        assert reached == {
            "Milestones reached": [done],
            "Challenges": [],
            "Emerging trends": [],
        }
        assert list(page.context["milestones"]) == [ahead]
        assert page.content.decode().count("No reports yet.") == 2
    lines = client.get(reverse("roadmap:action-lines")).content.decode()
    assert lines.count("1 milestone reached") == 2


def test_action_line_says_that_nothing_was_reported(client):
    html = client.get(reverse("roadmap:action-line", args=["C7-EHEA"])).content.decode()

    assert html.count("No reports yet.") == 3


def test_a_milestone_shows_its_meetings_and_paragraphs_and_they_show_it(client):
    milestone = MilestoneFactory(title="Road maps of the facilitators")
    hidden = MilestoneFactory(title="Not public", status=Status.DRAFT)
    MeetingFactory(title="Facilitators meet", milestone=milestone)
    resolution = ResolutionFactory(symbol="A/RES/80/173")
    paragraph = resolution.paragraphs.create(
        number="113", summary="Write road maps.", source="S"
    )
    for record in (milestone, hidden):
        record.paragraphs.add(paragraph)

    page = get(client, "milestone", "", milestone.pk).content.decode()
    decision = get(client, "resolution", "", resolution.pk).content.decode()

    assert "Facilitators meet" in page
    assert "A/RES/80/173" in page
    assert "§ 113" in page
    assert "Write road maps." in page
    assert "Road maps of the facilitators" in decision
    assert "Not public" not in decision
