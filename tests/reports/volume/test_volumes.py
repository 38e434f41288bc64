"""The directory of a large register in volumes: the rule, the files, and who lists them."""

import io
import json
import re

import pytest
from pypdf import PdfReader

from reports.build import job
from reports.layout.layout import Document
from reports.publication.workflow import Status
from reports.volume import planning
from tests.factories import CountryFactory, ProjectFactory, RegionFactory
from tests.reports.records import (
    approved_and_published,
    built,
    close,
    file_of,
    requested,
    secretariat,
    sheet_of,
)

pytestmark = pytest.mark.django_db(transaction=True)

TEXT = "Broadband for villages and schools. " * 30


@pytest.fixture
def small_volumes(monkeypatch):
    """Volumes of four pages at most: a title page, contents, projects and an index."""
    monkeypatch.setattr(planning, "PAGES_AT_MOST", 6)


@pytest.fixture
def register():
    """Thirty projects of Africa, three of the Americas and one without a country."""
    africa = CountryFactory(region=RegionFactory(code="AFR", name="Africa"))
    americas = CountryFactory(region=RegionFactory(code="AMS", name="The Americas"))
    for number in range(30):
        ProjectFactory(title=f"African {number:02}", summary=TEXT, country=africa)
    for number in range(3):
        ProjectFactory(title=f"American {number}", summary=TEXT, country=americas)
    ProjectFactory(title="From nowhere", summary=TEXT, country=None)


def text_of(file):
    with file.file.open() as content:
        reader = PdfReader(io.BytesIO(content.read()))
        return len(reader.pages), close("".join(p.extract_text() for p in reader.pages))


def volumes_of(publication):
    return list(publication.artefacts.filter(volume__gt=0))


@pytest.mark.usefixtures("register")
def test_a_small_directory_stays_in_the_report():
    publication = built(requested())

    assert volumes_of(publication) == []
    assert publication.snapshots.get().volumes == []
    assert "African17" in text_of(publication.artefacts.get(format="pdf"))[1]


@pytest.mark.usefixtures("register", "small_volumes")
def test_volumes_are_by_region_and_number_and_no_longer_than_allowed():
    publication = built(requested())

    files = volumes_of(publication)
    snapshot = publication.snapshots.get()
    names = [volume["title"] for volume in snapshot.volumes]
    assert len(files) == len(names) > 3
    assert names[-1] == "Not stated"
    for name in set(names) - {"The Americas", "Not stated"}:
        assert re.fullmatch(r"Africa, WSIS-\d+-\d+ to WSIS-\d+-\d+", name)
    for file, name in zip(files, names, strict=True):
        pages, text = text_of(file)
        assert file.pages == pages <= planning.PAGES_AT_MOST
        assert file.title == f"Volume {file.volume}: {name}"
        assert close(file.title) in text
    assert sum(file.projects for file in files) == 34


@pytest.mark.usefixtures("register", "small_volumes")
def test_page_volumes_and_spreadsheet_list_the_same_projects(client):
    publication = built(requested())
    publication = approved_and_published(publication)

    index = client.get(f"/en/reports/{publication.pk}/index/").content.decode()
    printed = "".join(text_of(file)[1] for file in volumes_of(publication))
    report = text_of(publication.artefacts.get(format="pdf", volume=0))[1]
    rows = sheet_of(publication, "projects")

    assert len(rows) == 34
    for row in rows:
        title = row[1]
        assert title in index
        assert printed.count(close(title)) == 2  # with its text, and in the index
        assert close(title) not in report


@pytest.mark.usefixtures("register", "small_volumes")
def test_the_report_the_page_the_api_and_the_json_list_the_volumes(client):
    publication = approved_and_published(built(requested()))
    files = volumes_of(publication)

    report = text_of(publication.artefacts.get(format="pdf", volume=0))[1]
    page = client.get(publication.get_absolute_url()).content.decode()
    (row,) = client.get("/api/v1/reports/").json()["results"]
    data = json.loads(file_of(publication, "json"))["volumes"]

    said = [
        (one["title"], one["pages"], one["projects"], one["size"])
        for one in row["files"]
        if one["volume"]
    ]
    assert said == [(f.title, f.pages, f.projects, f.size) for f in files]
    assert [(o["title"], o["pages"], o["projects"], o["size"]) for o in data] == said
    for file in files:
        assert close(f"{file.title}{file.pages}{file.projects}") in report
        assert f'href="{file.get_absolute_url()}"' in page
        answer = client.get(file.get_absolute_url())
        assert b"".join(answer).startswith(b"%PDF-1.7")
        assert f"volume-{file.volume}.pdf" in answer["Content-Disposition"]


@pytest.mark.usefixtures("register", "small_volumes")
def test_a_volume_is_not_public_before_the_report_is(client):
    publication = built(requested())
    address = volumes_of(publication)[0].get_absolute_url()

    assert client.get(address).status_code == 404
    assert (
        client.get(address.replace("volume-1", f"volume-{10**30}")).status_code == 404
    )
    client.force_login(secretariat())
    assert client.get(address).status_code == 200


@pytest.mark.usefixtures("register", "small_volumes")
def test_a_volume_that_comes_out_too_long_is_made_in_parts(monkeypatch, client):
    monkeypatch.setattr(planning, "FULL", 1.5)  # the estimate is far too low

    publication = approved_and_published(built(requested()))

    files = volumes_of(publication)
    parts = [file for file in files if file.part]
    first = parts[0]
    assert [f.part for f in parts if f.volume == first.volume][:2] == [1, 2]
    assert first.title.startswith(f"Volume {first.volume}, part 1: Africa")
    assert all(file.pages <= planning.PAGES_AT_MOST for file in files)
    assert sum(file.projects for file in files) == 34
    answer = client.get(parts[1].get_absolute_url())
    assert f"volume-{first.volume}-part-2.pdf" in answer["Content-Disposition"]


@pytest.mark.usefixtures("register", "small_volumes")
def test_the_report_waits_for_its_volumes():
    publication = requested()
    steps = publication.build().steps
    for kind in ("snapshot", "charts"):
        job.work_at(steps.get(kind=kind).pk)

    pdf = steps.get(kind="pdf").pk
    assert job.work_at(pdf) == "held by another worker, not ready, or over"
    for step in steps.filter(kind="volume"):
        assert job.work_at(step.pk) == "done"
    assert job.work_at(pdf) == "done"


@pytest.mark.usefixtures("register", "small_volumes")
@pytest.mark.parametrize("language", ["ar", "zh-hans", "ru"])
def test_volumes_speak_the_language_of_the_report(language):
    publication = built(requested(language=language))

    file = volumes_of(publication)[0]
    with file.file.open() as content:
        reader = PdfReader(io.BytesIO(content.read()))
    assert publication.status == Status.READY
    assert reader.trailer["/Root"]["/Lang"].startswith(language[:2])
    assert file.title in reader.metadata.title


def projects(count: int) -> list[Document]:
    return [
        {"pk": n, "number": f"WSIS-2024-{n:06}", "title": "网络" * 20, "summary": TEXT}
        for n in range(count)
    ]


@pytest.mark.parametrize("count", [1, 2, 7, 100])
def test_a_region_is_divided_evenly_and_loses_nobody(count):
    entries = projects(count)
    heights = {one["pk"]: planning.height(one) for one in entries}
    total = sum(heights.values())

    runs = list(planning.divided(entries, heights, total / 3))

    assert [one for run in runs for one in run] == entries
    assert len(runs) == min(count, 3)
