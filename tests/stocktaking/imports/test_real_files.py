"""Sheets as offices have them: encodings, title rows, merged cells, six languages, local dates."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.html import escape
from openpyxl import Workbook, load_workbook

from accounts.role.roles import Role
from common.dates.written import read
from common.imports.encodings import decode
from common.imports.models import ImportJob
from common.text.detection import language_of
from stocktaking.project.models import Project
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
NEW = reverse("imports:list", args=["projects"])
FRENCH = ["Titre du projet", "Organisme", "Pays", "Lignes d’action", "ODD", "Source"]
FRENCH_ROW = [
    "Écoles numériques",
    "Ministère de l’Éducation",
    "Côte d’Ivoire",
    "C1, C3",
    "4, 9",
    "Rapport annuel",
]


@pytest.fixture
def staff(client):
    client.force_login(UserFactory(role=Role.SECRETARIAT))
    return client


@pytest.fixture
def run(staff, django_capture_on_commit_callbacks):
    """Press a button of an import and let the worker work; returns the page afterwards."""

    def press(job, act, **more):
        data = {f"column-{name}": place for name, place in job.mapping.items()}
        with django_capture_on_commit_callbacks(execute=True):
            staff.post(
                reverse("imports:act", args=["projects", job.pk]),
                data | {"act": act} | more,
            )
        job.refresh_from_db()
        return staff.get(job.get_absolute_url()).content.decode()

    return press


def upload(client, content, name):
    client.post(NEW, {"file": SimpleUploadedFile(name, content)})
    return ImportJob.objects.latest("pk")


def as_csv(*rows, encoding="utf-8", delimiter=";"):
    target = io.StringIO()
    csv.writer(target, delimiter=delimiter).writerows(rows)
    return target.getvalue().encode(encoding)


def as_xlsx(*rows, merged=()):
    book, target = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    for area in merged:
        book.active.merge_cells(area)
    book.save(target)
    return target.getvalue()


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("cp1252", "Windows-1252"),
        ("mac_roman", "Macintosh"),
        ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16"),
        ("utf-16-be", "UTF-16"),
    ],
)
def test_a_french_sheet_comes_in_from_any_encoding_with_a_word(
    staff, run, encoding, name
):
    job = upload(staff, as_csv(FRENCH, FRENCH_ROW, encoding=encoding), "projets.csv")
    page = staff.get(job.get_absolute_url()).content.decode()
    run(job, "check")
    run(job, "import")

    project = Project.objects.get()
    assert f"The file was in the encoding {name} and was converted" in page
    assert (project.title, project.organization_name) == tuple(FRENCH_ROW[:2])
    assert (project.country_id, project.main_action_line_id) == ("CI", "C1")
    assert [line.pk for line in project.other_action_lines.all()] == ["C3"]
    assert sorted(project.sdgs.values_list("pk", flat=True)) == ["4", "9"]
    assert project.language == "fr"


@pytest.mark.parametrize(
    ("encoding", "rows", "country", "language"),
    [
        (
            "cp1251",
            [
                ["Название", "Организация", "Страна", "Источник"],
                ["Цифровые школы", "Министерство связи", "Кыргызстан", "Доклад"],
            ],
            "KG",
            "ru",
        ),
        (
            "cp1256",
            [
                ["اسم المشروع", "الجهة", "البلد", "المصدر"],
                ["القرى الرقمية", "وزارة الاتصالات", "مصر", "تقرير"],
            ],
            "EG",
            "ar",
        ),
        (
            "gb18030",
            [
                ["项目名称", "机构", "国家", "来源"],
                ["数字乡村建设", "信息产业部", "中国", "年度报告"],
            ],
            "CN",
            "zh-hans",
        ),
        (
            "utf-8",
            [
                ["Título", "Organización", "País", "Fuente"],
                ["Escuelas digitales en los Andes", "Ministerio", "Perú", "Informe"],
            ],
            "PE",
            "es",
        ),
    ],
)
def test_other_scripts_come_in_with_their_language(
    staff, run, encoding, rows, country, language
):
    job = upload(staff, as_csv(*rows, encoding=encoding), "sheet.csv")
    run(job, "check")
    run(job, "import")

    project = Project.objects.get()
    assert (project.title, project.country_id, project.language) == (
        rows[1][0],
        country,
        language,
    )


def test_title_rows_and_blank_rows_above_the_heading_are_passed_over(staff, run):
    content = as_xlsx(["Inventaire 2020"], [], ["Version 3", "mai"], FRENCH, FRENCH_ROW)
    job = upload(staff, content, "inventaire.xlsx")
    run(job, "check")

    assert (job.heading, job.created, job.failed) == (4, 1, 0)


def test_the_heading_can_be_chosen_by_hand(staff, run):
    rows = [["Titre", "Organisme"], ["Intitulé long", "Structure"], ["A", "B"]]
    job = upload(staff, as_csv(*rows), "x.csv")
    page = staff.get(job.get_absolute_url()).content.decode()

    staff.post(
        reverse("imports:act", args=["projects", job.pk]),
        {"act": "heading", "heading": "2"},
    )

    job.refresh_from_db()
    assert "2: Intitulé long | Structure" in page
    assert job.heading == 2


def test_merged_cells_say_what_the_first_one_says(staff, run):
    rows = [
        [*FRENCH_ROW[:5], "Rapport"],
        ["Deuxième projet", None, None, "C4", "9", None],
    ]
    content = as_xlsx(FRENCH, *rows, merged=["B2:B3", "C2:C3", "F2:F3"])
    job = upload(staff, content, "x.xlsx")
    run(job, "check")
    run(job, "import")

    second = Project.objects.get(title="Deuxième projet")
    assert (job.created, job.failed) == (2, 0)
    assert (second.organization_name, second.country_id) == (FRENCH_ROW[1], "CI")


def dated(*dates):
    head = ["Title", "Organization", "Start date", "Source"]
    return as_csv(
        head, *([f"P{n}", "Org", date, "Report"] for n, date in enumerate(dates))
    )


def test_a_local_date_is_shown_as_it_was_read_and_the_order_can_be_chosen(staff, run):
    job = upload(staff, dated("04/05/2020"), "x.csv")
    page = run(job, "check")
    other = run(job, "check", date_order="mdy")
    run(job, "import")

    assert "04/05/2020</bdi> was read as <bdi>4 May 2020" in page
    assert "04/05/2020</bdi> was read as <bdi>5 April 2020" in other
    assert "Choose the order of day and month" in page
    assert Project.objects.get().start_date == "2020-04-05"


def test_dates_that_can_be_read_in_one_way_decide_for_the_others(staff, run):
    job = upload(staff, dated("04/05/2020", "04/25/2020"), "x.csv")
    run(job, "check")
    run(job, "import")

    assert sorted(Project.objects.values_list("start_date", flat=True)) == [
        "2020-04-05",
        "2020-04-25",
    ]


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("5 mai 2020", "2020-05-05"),
        ("31.12.2020", "2020-12-31"),
        ("٢٠٢٠", "2020"),
        ("٣١/١٢/٢٠٢٠", "2020-12-31"),
        ("4 мая 2020 г.", "2020-05-04"),
        ("mayo de 2021", "2021-05"),
        ("2020年5月4日", "2020-05-04"),
        ("٥ مايو ٢٠٢٠", "2020-05-05"),
        ("March 2019", "2019-03"),
        ("1er août 2018", "2018-08-01"),
        ("05/2020", "2020-05"),
        ("Dec-2019", "2019-12"),
        ("2020-05-04 00:00:00", "2020-05-04"),
        ("43831", "2020-01-01"),
        ("2004–2009", "2004"),
    ],
)
def test_dates_as_people_write_them(staff, run, written, iso):
    job = upload(staff, dated(written), "x.csv")
    run(job, "check")
    run(job, "import")

    assert Project.objects.get().start_date == iso


@pytest.mark.parametrize(
    "text", ["30/02/2020", "soon", "13/13/2020", "99", "", "2020-13"]
)
def test_what_is_no_date_is_not_read_as_one(text):
    assert read(text) is None


def test_one_bad_date_gets_one_sentence(staff, run):
    job = upload(staff, dated("30/02/2020"), "x.csv")
    run(job, "check")

    assert [error[1] for error in job.errors] == ["start_year"]
    assert "30/02/2020" in job.errors[0][2]


def test_the_sheet_of_errors_holds_the_rows_and_can_be_mended_and_sent_again(
    staff, run
):
    bad = ["Zweites Projekt", "Ministère", "Atlantide", "C1", "99", "Rapport"]
    job = upload(staff, as_xlsx(["Inventaire"], FRENCH, FRENCH_ROW, bad), "x.xlsx")
    page = run(job, "check")
    sheet = staff.get(reverse("imports:errors", args=["projects", job.pk, "xlsx"]))
    rows = [list(row) for row in load_workbook(io.BytesIO(sheet.content)).active.values]
    rows[1][2], rows[1][4] = "Mali", "9"
    mended = upload(staff, as_xlsx(*rows), "mended.xlsx")
    run(mended, "check")

    assert rows[0] == [*FRENCH, "What is wrong"]
    assert rows[1][:2] == ["Zweites Projekt", "Ministère"]
    assert "Country:" in rows[1][6]
    assert "Download the rejected rows (XLSX)" in page
    assert "country_iso2</td>" not in page
    assert (mended.created, mended.failed) == (1, 0)


def test_columns_are_named_in_words_of_the_reader(staff, run):
    job = upload(staff, as_csv(FRENCH, FRENCH_ROW), "x.csv")
    page = staff.get(job.get_absolute_url()).content.decode()

    assert ">country_iso2" not in page
    assert "Sustainable Development Goals" in page


def test_there_is_one_page_for_imports_and_the_admin_leads_to_it(staff):
    page = staff.get(reverse("admin:stocktaking_project_changelist")).content.decode()

    assert f'href="{NEW}"' in page
    assert staff.get("/en/admin/stocktaking/project/import/").status_code in (302, 404)


@pytest.mark.parametrize(
    "data", [b"\xff\xfe\x00", b"\x00", bytes(range(128, 256)), b"\x89PNG\0\0"]
)
def test_what_is_no_text_is_refused(staff, data):
    page = staff.post(NEW, {"file": SimpleUploadedFile("x.csv", data)})

    assert page.status_code == 400
    assert not ImportJob.objects.exists()


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Telecentres in villages", "en"),
        ("القرى الرقمية project", "ar"),
        ("数字乡村 WiFi", "zh-hans"),
        ("Цифровые школы", "ru"),
        ("Formation des jeunes aux métiers", "fr"),
        ("", "en"),
        ("Centros comunitarios digitales en Perú", "es"),
        ("Accès aux soins", "fr"),
        ("123", "en"),
        ("Water network management system", "en"),
        ("Capacitación rural", "es"),
    ],
)
def test_a_text_has_a_language(text, language):
    assert language_of(text) == language


@pytest.mark.parametrize(
    "encoding", ["cp1252", "cp1251", "cp1256", "mac_roman", "gb18030"]
)
def test_plain_ascii_is_never_converted(encoding):
    assert decode("title;organization\nA;B".encode(encoding)).encoding == "utf-8"


@pytest.mark.parametrize(
    ("title", "piece"),
    [
        ("Ã‰coles numÃ©riques", "numÃ©riques"),
        ("Ð¦Ð¸Ñ„Ñ€Ð¾Ð²Ñ‹Ðµ ÑˆÐºÐ¾Ð»Ñ‹", "ÑˆÐºÐ¾Ð»Ñ‹"),
        ("Women &amp; ICT", "&amp;"),
    ],
)
def test_text_that_a_wrong_encoding_damaged_is_named_with_its_row(
    staff, run, title, piece
):
    """A file that was read wrongly once and saved as UTF-8 then."""
    head = ["Title", "Organization", "Source"]
    whole = ["Écoles & écoles", "Ministère de l’Éducation", "Report"]
    job = upload(staff, as_csv(head, whole, [title, "Org", "Report"]), "x.csv")

    page = run(job, "check")
    run(job, "import")

    assert "Text that may be damaged" in page
    assert f"Row 3, Title: <bdi>{escape(piece)}</bdi>" in page
    assert "Row 2, Title" not in page
    assert Project.objects.filter(title=title).exists()
