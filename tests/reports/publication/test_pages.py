"""Pages, files and API of the reports: who sees what, the same figures, bad input."""

import re

import pytest
from django.template.loader import render_to_string
from django.urls import reverse

from reports.build.models import Build, Step
from reports.publication.models import Publication
from reports.publication.workflow import Status
from tests.factories import ProjectFactory, UserFactory
from tests.markup import compact
from tests.reports.records import frozen, requested, secretariat

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client):
    """The client of somebody of the secretariat."""
    client.force_login(secretariat())
    return client


def address(name, publication, **more):
    return reverse(f"reports:{name}", kwargs={"pk": publication.pk} | more)


def pages_of(publication):
    return [
        address("publication", publication),
        address("chapter", publication, code="C7-EGOV"),
        address("download", publication, version=1, file_format="pdf"),
    ]


def test_everybody_reads_what_is_published(client):
    ProjectFactory()
    publication = frozen()

    statuses = [client.get(url).status_code for url in pages_of(publication)]

    assert statuses == [200, 200, 200]


@pytest.mark.parametrize("signed_in", [False, True])
def test_strangers_find_nothing_unpublished(client, signed_in):
    ProjectFactory()
    publication = frozen(status=Status.READY)
    if signed_in:
        client.force_login(UserFactory())

    statuses = [client.get(url).status_code for url in pages_of(publication)]

    assert statuses == [404, 404, 404]


def test_the_secretariat_reads_it_before(desk):
    ProjectFactory()
    publication = frozen(status=Status.READY)

    assert [desk.get(url).status_code for url in pages_of(publication)] == [
        200,
        200,
        200,
    ]


@pytest.mark.parametrize("name", ["new", "build", "move"])
def test_making_reports_is_for_the_secretariat(client, name):
    publication = requested()
    client.force_login(UserFactory())
    url = reverse("reports:new") if name == "new" else address(name, publication)

    answer = client.post(url, {"move": "cancel"}) if name == "move" else client.get(url)

    assert answer.status_code == 403
    assert (
        "This page is only for: Secretariat, Administrator." in answer.content.decode()
    )


def test_the_page_shows_the_figures_of_the_snapshot(client):
    ProjectFactory.create_batch(3)
    publication = frozen()
    ProjectFactory.create_batch(2)

    html = client.get(publication.get_absolute_url()).content.decode()

    for table in publication.snapshots.get().figures["tables"]:
        part = html.split(f'id="table-{table["name"]}"')[1].split("</section>")[0]
        shown = [int(n) for n in re.findall(r"<td>(\d+)</td>", part)]
        frozen_values = [value for row in table["rows"] for value in row["values"]]
        assert shown[: len(frozen_values)] == frozen_values
    assert '<svg role="img"' in html


def test_the_page_obeys_the_strict_policy(client):
    html = client.get(frozen().get_absolute_url()).content.decode()

    assert re.findall(r' style="|<style|<script(?! src=)', html) == []


def test_a_report_in_arabic_is_mirrored_on_an_english_page(client):
    response = client.get(frozen(language="ar").get_absolute_url())
    html = compact(response.content.decode())

    assert '<article class="report-text" lang="ar" dir="rtl">' in html


def test_links_to_files_say_format_and_size(client):
    html = client.get(frozen().get_absolute_url()).content.decode()

    assert "<bdi>PDF, 20\xa0bytes</bdi>" in html


def test_a_file_is_an_attachment_that_browsers_do_not_sniff(client):
    publication = frozen()

    answer = client.get(pages_of(publication)[2])

    assert answer["Content-Type"] == "application/pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"] == (
        f'attachment; filename="wsis-global-report-{publication.pk}-en-v1.pdf"'
    )
    assert b"".join(answer.streaming_content) == b"%PDF-1.7 of the test"


def test_a_known_file_is_not_sent_again(client):
    url = pages_of(frozen())[2]

    answer = client.get(url, headers={"If-None-Match": f'"{"0" * 64}"'})

    assert answer.status_code == 304


@pytest.mark.parametrize(
    ("version", "file_format"), [(2, "pdf"), (1, "xlsx"), (1, "exe"), (10**18, "pdf")]
)
def test_files_that_are_not_there(client, version, file_format):
    publication = frozen()

    url = address("download", publication, version=version, file_format=file_format)

    assert client.get(url).status_code == 404


@pytest.mark.parametrize("pk", [0, 10**30])
def test_reports_that_are_not_there(client, pk):
    assert (
        client.get(reverse("reports:publication", kwargs={"pk": pk})).status_code == 404
    )


@pytest.mark.parametrize("cursor", ["x", "-1", "9" * 40, "٣"])
def test_broken_places_in_the_list(client, cursor):
    answer = client.get(reverse("reports:publications"), {"cursor": cursor})

    assert (answer.status_code, bool(answer.context["page"].error)) == (200, True)


def test_an_amendment_in_the_making_is_not_public(client):
    publication = frozen()
    publication.move("amend", secretariat(), "Corrected.")

    html = client.get(publication.get_absolute_url()).content.decode()

    assert "Version 1" in html
    assert "Version 2" not in html


def test_a_request_starts_a_build_and_leads_to_its_progress(desk):
    answer = desk.post(reverse("reports:new"), {"series": "global", "language": "fr"})

    publication = Publication.objects.get()
    assert answer["Location"] == address("build", publication)
    assert (publication.status, publication.build().state) == ("building", "queued")


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"series": "local", "language": "en"}, "series"),
        ({"series": "global", "language": "tlh"}, "language"),
        ({"series": "global", "language": "en", "from_year": "1066"}, "from_year"),
        ({"series": "global", "language": "en", "from_year": "9" * 30}, "from_year"),
        ({"series": "global", "language": "en", "to_year": "soon"}, "to_year"),
        ({"series": "regional", "language": "en"}, "__all__"),
        ({"series": "global", "region": "AFR", "language": "en"}, "__all__"),
        (
            {
                "series": "global",
                "language": "en",
                "from_year": "2020",
                "to_year": "2019",
            },
            "__all__",
        ),
    ],
)
def test_a_bad_request_gets_a_sentence_and_keeps_what_was_typed(desk, data, field):
    answer = desk.post(reverse("reports:new"), data)

    assert answer.status_code == 400
    assert list(answer.context["form"].errors) == [field]
    assert answer.context["form"].data.dict() == data
    assert list(Publication.objects.all()) == []


def test_the_officer_chooses_the_series(desk):
    page = desk.get(reverse("reports:new")).content.decode()
    answer = desk.post(reverse("reports:new"), {"language": "en"})

    assert 'value="global"' in page
    assert not re.search(r'name="series"[^>]*checked', page)
    assert answer.status_code == 400
    assert answer.context["form"].errors == {"series": ["Choose a series."]}
    assert answer.content.decode().count("Choose a series.") == 2  # above, and beside
    assert not Publication.objects.exists()


def test_the_same_report_is_not_built_twice_at_once(desk):
    requested()

    answer = desk.post(reverse("reports:new"), {"series": "global", "language": "en"})

    assert answer.status_code == 400
    assert "being built now" in answer.content.decode()


def test_progress_refreshes_without_scripts_and_polls_with_them(desk):
    publication = requested()
    Build.objects.update(percent=40)
    Step.objects.filter(kind__in=("snapshot", "charts")).update(state="done")

    page = compact(desk.get(address("build", publication)).content.decode())
    polled = desk.get(address("build", publication), headers={"HX-Request": "true"})
    part = compact(polled.content.decode())

    assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in page
    assert part.lstrip().startswith('<div id="progress"')
    assert '<progress class="progress" id="percent" max="100" value="40">' in part
    assert part.count('class="done"') == 2


def test_progress_leads_on_when_the_build_is_over(desk):
    publication = frozen(status=Status.READY)

    page = desk.get(address("build", publication))
    part = desk.get(address("build", publication), headers={"HX-Request": "true"})

    assert page["Location"] == part["HX-Redirect"] == publication.get_absolute_url()


def test_moves_by_the_buttons_of_the_page(desk):
    publication = frozen(status=Status.READY)

    for move in ("approve", "publish"):
        desk.post(address("move", publication), {"move": move})

    publication.refresh_from_db()
    assert (publication.status, publication.published_version) == ("published", 1)


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({"move": "approve"}, 409),
        ({"move": "withdraw"}, 400),
        ({"move": "finish"}, 403),
        ({"move": "fly"}, 404),
        ({"move": "withdraw", "note": "x" * 2001}, 400),
    ],
)
def test_refused_moves_change_nothing(desk, data, status):
    publication = frozen()

    answer = desk.post(address("move", publication), data)

    publication.refresh_from_db()
    assert (answer.status_code, publication.status) == (status, "published")


@pytest.mark.parametrize("rows", [1, 10])
def test_list_queries(client, django_assert_num_queries, rows):
    for _ in range(rows):
        frozen()

    with django_assert_num_queries(5):  # how many, publications, files, dates, archive
        answer = client.get(reverse("reports:publications"))

    assert len(answer.context["page"].object_list) == rows


@pytest.mark.parametrize("rows", [1, 10])
def test_report_and_chapter_queries(client, django_assert_num_queries, rows):
    ProjectFactory.create_batch(rows)
    publication = frozen()

    # publication, snapshot, its body, files, versions, who could read it before
    with django_assert_num_queries(6):
        client.get(pages_of(publication)[0])
    with django_assert_num_queries(3):  # publication, snapshot, entries
        answer = client.get(pages_of(publication)[1])

    assert len(answer.context["records"]) == rows


def test_pages_of_the_list_follow_each_other(client, monkeypatch):
    monkeypatch.setattr("reports.page.views.PAGE_SIZE", 2)
    made = [frozen() for _ in range(3)]

    first = client.get(reverse("reports:publications"))
    second = client.get(
        f"{reverse('reports:publications')}{first.context['page'].next}"
    )

    assert first.context["page"].object_list == [made[2], made[1]]
    assert (second.context["page"].object_list, second.context["page"].next) == (
        [made[0]],
        None,
    )


@pytest.mark.parametrize("rows", [1, 10])
def test_api_queries(client, django_assert_num_queries, rows):
    for _ in range(rows):
        frozen()

    with django_assert_num_queries(3):  # publications, files, when each has changed
        answer = client.get("/api/v1/reports/")

    assert len(answer.json()["results"]) == rows


def test_the_api_names_the_files_of_published_reports_only(client):
    frozen(status=Status.READY)
    publication = frozen()

    (row,) = client.get("/api/v1/reports/").json()["results"]

    path = address("download", publication, version=1, file_format="pdf")
    assert (row["id"], row["published_version"]) == (publication.pk, 1)
    assert row["files"] == [
        {
            "format": "pdf",
            "volume": 0,
            "part": 0,
            "title": "",
            "pages": None,
            "projects": None,
            "size": 20,
            "sha256": "0" * 64,
            "url": f"http://testserver{path}",
        }
    ]


def test_admin_moves_go_through_the_table(desk):
    publication = frozen(status=Status.READY)

    desk.post(
        reverse("admin:reports_publication_changelist"),
        {"action": "approve", "_selected_action": [publication.pk]},
    )

    publication.refresh_from_db()
    assert publication.status == "approved"


def test_the_address_of_the_methodology_is_a_link_after_a_chinese_colon():
    address = "https://wsis.itu.int/zh-hans/reports/methodology/"

    page = render_to_string(
        "reports/document/_standard.html",
        {
            "name": "methodology",
            "texts": {"methodology": [f"方法，第1版：{address}"]},
        },
    )

    assert f'方法，第1版：<a href="{address}" rel="nofollow">{address}</a>' in page
