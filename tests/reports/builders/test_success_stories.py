"""Success stories: what is public of the prizes, the same in every form, and nothing invented."""

import csv
import datetime
import io
import json

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from prizes.contest.rules import Figure
from reports.builders import success_stories
from reports.builders.checks import FiguresDisagreeError, require_agreement
from reports.builders.figures import table_named
from reports.publication.models import Publication
from tests.markup import compact
from tests.prizes.records import ContestFactory, EntryFactory
from tests.reports.records import (
    approved_and_published,
    awarded_contest,
    built,
    close,
    file_of,
    from_source,
    pdf_text,
    secretariat,
    sheet_of,
    stories,
)

HOSTILE = [
    '=HYPERLINK("http://x.example") #show: *not* $markup$ @now [x](y)',
    "<script>alert(1)</script><b>&amp;",
    "\u202eoverride\u202c plain",
    "+1 @sum -2",
]


def collected(contest):
    return success_stories.collect(success_stories.Scope(contest))


def column(figures, name, index):
    rows = table_named(figures, name)["rows"]
    return {row["code"]: row["values"][index] for row in rows if row["values"][index]}


@pytest.mark.django_db
def test_entries_are_counted_by_category_region_and_type():
    figures, entries = collected(awarded_contest())

    assert (figures["total"], figures["champions"], figures["winners"]) == (3, 1, 1)
    assert column(figures, "category", 0) == {"C7-EGOV": 2, "C1": 1}
    assert column(figures, "category", 2) == {"C7-EGOV": 1}
    assert column(figures, "region", 0) == {"AFR": 2, "": 1}
    assert column(figures, "stakeholder_type", 0) == {"": 3}
    assert [e["outcome"] for e in entries] == ["nominated", "winner", "champion"]
    require_agreement(figures, entries)


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["category", "region", "stakeholder_type", "country"])
def test_one_entry_too_many_is_refused(name):
    figures, entries = collected(awarded_contest())
    table_named(figures, name)["rows"][-1]["values"][0] += 1

    with pytest.raises(FiguresDisagreeError):
        require_agreement(figures, entries)


@pytest.mark.django_db
def test_what_sources_state_stands_side_by_side():
    scope = success_stories.Scope(awarded_contest())
    figures, _entries = success_stories.collect(scope)

    rows = [row["values"] for row in table_named(figures, "stated")["rows"]]
    said = success_stories.compose(scope, figures)["summary"]

    assert rows == [["945", "A", "2019", ""], ["over 1,000", "B", "", ""]]
    assert said[-1].startswith("Sources differ on: Entries submitted.")


@pytest.mark.django_db
def test_an_unconfirmed_figure_keeps_the_word():
    contest = awarded_contest()
    Figure.objects.create(
        contest=contest, kind="votes", value="2 million", source="C", unconfirmed=True
    )

    figures, _entries = collected(contest)

    assert table_named(figures, "stated")["rows"][-1]["values"][3] == "unconfirmed"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("champions", "winners", "seen"),
    [(1, 2, ["nominated"]), (-1, 1, ["champion"]), (-2, -1, ["winner"])],
)
def test_what_is_under_embargo_does_not_exist(champions, winners, seen):
    """Days from now on which champions and winners become public."""
    contest = ContestFactory(now="selection")
    days = {
        name: timezone.now() + datetime.timedelta(days=n)
        for name, n in (("champions_at", champions), ("winners_at", winners))
    }
    type(contest).objects.filter(pk=contest.pk).update(**days)
    EntryFactory(contest=contest, status="winner")

    figures, entries = collected(contest)

    assert [e["outcome"] for e in entries] == seen
    assert figures["winners"] == seen.count("winner")


@pytest.mark.django_db
def test_entries_before_voting_are_not_there():
    contest = ContestFactory(now="nomination")
    EntryFactory(contest=contest, status="nominated")
    EntryFactory(contest=contest, status="accepted")

    assert collected(contest)[1] == []


@pytest.mark.django_db
def test_there_is_no_report_before_a_winner_is_public():
    publication = Publication(series="success_stories", contest=ContestFactory())

    with pytest.raises(ValidationError) as refused:
        publication.full_clean(exclude=["report"])  # which comes with saving

    assert refused.value.message_dict == {
        "contest": ["No winners of these prizes have been published yet."]
    }


@pytest.mark.django_db(transaction=True)
def test_page_chapters_pdf_sheet_csv_and_json_agree(client):
    report = built(stories())
    report = approved_and_published(report)

    figures = report.snapshots.get().figures
    page = compact(client.get(report.get_absolute_url()).content.decode())
    chapter = client.get(f"{report.get_absolute_url()}lines/C7-EGOV/").content.decode()
    data = json.loads(file_of(report, "json"))
    rows = list(csv.DictReader(io.StringIO(file_of(report, "csv").decode("utf-8-sig"))))
    printed = pdf_text(report)
    assert [a.format for a in report.artefacts.all()] == [
        "pdf",
        "brief",
        "docx",
        "pptx",
        "xlsx",
        "csv",
        "json",
    ]
    assert data["figures"] == figures
    assert len(rows) == len(data["entries"]) == len(sheet_of(report, "entries")) == 3
    for table in figures["tables"]:
        part = page.split(f'id="table-{table["name"]}"')[1].split("</section>")[0]
        assert [list(row[2:]) for row in sheet_of(report, table["name"])] == [
            [value if value != "" else None for value in row["values"]]
            for row in table["rows"]
        ]
        for row in table["rows"]:
            cells = "".join(str(value) for value in row["values"])
            assert close(row["label"] + cells) in printed
            assert all(f">{value}</td>" in part for value in row["values"])
    for text in (
        "Village radio",
        "Radio for villages.",
        "(project title not given in the source)",
        "The source gives no description.",
    ):
        assert text in chapter
        assert close(text) in printed
    assert "School mesh" not in chapter


@pytest.mark.django_db(transaction=True)
def test_hostile_titles_are_only_text(client):
    contest = awarded_contest()
    for title in HOSTILE:
        from_source(contest, "champion", title=title, description=title)

    report = built(stories(contest))
    report = approved_and_published(report)

    chapter = client.get(f"{report.get_absolute_url()}lines/C7-EGOV/").content.decode()
    sheet = {row[3] for row in sheet_of(report, "entries")}
    text = file_of(report, "csv").decode("utf-8-sig")
    assert "<script>alert" not in chapter
    assert set(HOSTILE) <= sheet
    assert ",'+1 @sum -2" in text
    assert close(HOSTILE[0])[-30:] in pdf_text(report)
    assert close(HOSTILE[1]) in pdf_text(report)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("language", ["ar", "zh-hans", "ru", "fr", "es"])
def test_every_language_compiles(language):
    report = built(stories(language=language))

    assert report.status == "ready"


@pytest.mark.django_db(transaction=True)
def test_chapters_that_are_not_there(client):
    report = built(stories())
    report = approved_and_published(report)

    assert client.get(f"{report.get_absolute_url()}lines/C99/").status_code == 404


@pytest.mark.django_db
def test_the_form_asks_for_the_year_beside_the_field(client):
    client.force_login(secretariat())

    answer = client.post(
        "/en/reports/new/", {"series": "success_stories", "language": "en"}
    )

    assert answer.status_code == 400
    assert answer.context["form"].errors == {
        "contest": ["Choose the year of the prizes."]
    }
    assert Publication.objects.count() == 0


@pytest.mark.django_db
def test_a_demonstration_has_no_success_stories(client):
    contest = awarded_contest()
    type(contest).objects.filter(pk=contest.pk).update(is_demonstration=True)
    client.force_login(secretariat())

    data = {"series": "success_stories", "language": "en", "contest": contest.pk}
    answer = client.post("/en/reports/new/", data)

    assert (answer.status_code, list(answer.context["form"].errors)) == (
        400,
        ["contest"],
    )
