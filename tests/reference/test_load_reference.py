"""Loading: what changes, what stays, and what is refused with file and line."""

import csv
import io
import shutil

import pytest
from django.core.management import CommandError, call_command

from reference.action_line.models import SDG
from reference.country.models import Country
from reference.loading.files import DATA
from reference.term.models import Technology

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(DATA, tmp_path / "data")


def load(folder, **options):
    out = io.StringIO()
    call_command("load_reference", folder=folder, stdout=out, **options)
    return out.getvalue().splitlines()


def change(folder, file, edit):
    """Rewrite a file with what `edit` makes of its rows (a list of dicts)."""
    path = folder / f"{file}.csv"
    with path.open(encoding="utf-8", newline="") as source:
        reader = csv.DictReader(source)
        rows, columns = list(reader), reader.fieldnames
    edit(rows)
    with path.open("w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, columns)
        writer.writeheader()
        writer.writerows(rows)


def refusal(folder):
    with pytest.raises(CommandError) as refused:
        load(folder)
    return str(refused.value).splitlines()[1:]


def test_a_second_load_changes_nothing(folder, django_assert_num_queries):
    with django_assert_num_queries(
        14
    ):  # 11 tables, commissions of countries, savepoint twice
        said = load(folder)

    assert said == [
        "action_lines: 0 created, 0 updated, 19 unchanged",
        "sdgs: 0 created, 0 updated, 17 unchanged",
        "matrix: 0 created, 0 updated, 124 unchanged",
        "regions: 0 created, 0 updated, 7 unchanged",
        "commissions: 0 created, 0 updated, 5 unchanged",
        "countries: 0 created, 0 updated, 196 unchanged",
        "stakeholder_types: 0 created, 0 updated, 7 unchanged",
        "activity_types: 0 created, 0 updated, 10 unchanged",
        "coverage_levels: 0 created, 0 updated, 4 unchanged",
        "target_groups: 0 created, 0 updated, 10 unchanged",
        "technologies: 0 created, 0 updated, 9 unchanged",
    ]


def test_an_edit_in_a_file_reaches_the_table(folder):
    def edit(rows):
        rows[3].update(
            name_en="Renamed", name_fr="Renommé", commissions="ECE;ESCAP", aliases="A;B"
        )

    change(folder, "countries", edit)

    said = load(folder)

    country = Country.objects.get(name_en="Renamed")
    assert "countries: 0 created, 1 updated, 195 unchanged" in said
    assert (country.name, country.name_fr, country.aliases) == (
        "Renamed",
        "Renommé",
        ["A", "B"],
    )
    assert sorted(country.commissions.values_list("pk", flat=True)) == ["ECE", "ESCAP"]
    assert "countries: 0 created, 0 updated, 196 unchanged" in load(folder)


def test_only_the_commissions_changed(folder):
    change(folder, "countries", lambda rows: rows[0].update(commissions=""))

    said = load(folder)

    assert "countries: 0 created, 1 updated, 195 unchanged" in said
    assert Country.objects.get(pk="AD").commissions.count() == 0


def test_a_new_row_is_created_with_all_its_names(folder):
    def edit(rows):
        rows.append(
            rows[0] | {"code": "6G", "name_en": "6G", "name_ar": "الجيل السادس"}
        )

    change(folder, "technologies", edit)

    said = load(folder)

    new = Technology.objects.get(pk="6G")
    assert "technologies: 1 created, 0 updated, 9 unchanged" in said
    assert (new.name_en, new.name_ar, new.name_ru) == (
        "6G",
        "الجيل السادس",
        "Искусственный интеллект",
    )


def test_a_row_that_the_file_lost_stays_and_is_named(folder):
    change(folder, "technologies", lambda rows: rows.pop(4))

    said = load(folder)

    assert Technology.objects.filter(pk="5G").exists()
    assert (
        "technologies: in the table but not in the file, left as they are: 5G" in said
    )


def test_checking_writes_nothing(folder):
    change(folder, "sdgs", lambda rows: rows[0].update(name_en="Renamed"))

    said = load(folder, check=True)

    assert "sdgs: 17 rows are in order" in said
    assert SDG.objects.get(pk="1").name_en == "No Poverty"


@pytest.mark.parametrize(
    ("file", "row", "cells", "sentence"),
    [
        (
            "sdgs",
            2,
            {"name_ar": ""},
            "4: name_ar is empty: every name is needed in six languages",
        ),
        ("sdgs", 2, {"code": "2"}, "4: code 2 stands already in line 3"),
        ("action_lines", 1, {"number": "1"}, "3: number 1 stands already in line 2"),
        ("countries", 0, {"region": "XX"}, "2: region XX is not known"),
        ("countries", 0, {"commissions": "ECE;UN"}, "2: commissions UN is not known"),
        ("countries", 0, {"is_ldc": "yes"}, "2: is_ldc must be 0 or 1"),
        (
            "countries",
            1,
            {"aliases": "Kenya"},
            "88: “kenya” is also a name of AE (line 3)",
        ),
        ("matrix", 0, {"sdg": "18"}, "2: sdg 18 is not known"),
        ("matrix", 0, {"action_line": ""}, "2: action_line is empty"),
        (
            "regions",
            0,
            {"code": "A" * 13},
            "2: code Ensure this value has at most 12 characters",
        ),
        (
            "regions",
            0,
            {"order": "first"},
            "2: order “first” value must be an integer.",
        ),
    ],
)
def test_what_is_wrong_is_said_with_file_and_line(folder, file, row, cells, sentence):
    change(folder, file, lambda rows: rows[row].update(cells))

    said = refusal(folder)

    assert [
        line for line in said if line.startswith(f"{file}.csv line {sentence}")
    ] != []


def test_nothing_is_loaded_when_one_file_is_broken(folder):
    change(folder, "sdgs", lambda rows: rows[0].update(name_en="Renamed"))
    (folder / "technologies.csv").unlink()

    said = refusal(folder)

    assert said == ["technologies.csv is missing"]
    assert SDG.objects.get(pk="1").name_en == "No Poverty"


def test_bad_bytes_columns_and_cells(folder):
    (folder / "sdgs.csv").write_bytes(b"code,colour\xff\n")
    (folder / "regions.csv").write_text("code,title\nAFR,Africa\n", encoding="utf-8")
    with (folder / "technologies.csv").open("a", encoding="utf-8") as file:
        file.write("QUBIT,Quantum\n")

    said = refusal(folder)

    assert said[:3] == [
        "sdgs.csv is not UTF-8: byte 11 cannot be read",
        "regions.csv line 1: column name_ar is missing; column name_en is missing;"
        " column name_es is missing; column name_fr is missing; column name_ru is missing;"
        " column name_zh_hans is missing; column order is missing; column source is missing;"
        " column title is unknown",
        "technologies.csv line 11: the line has more or fewer cells than the header",
    ]
