"""Characters that a wrong encoding leaves behind: found in any language, and only those."""

import csv
from pathlib import Path

import pytest

from common.text.broken import broken_parts

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    "text",
    [
        "Circuit informatis̩ de la depense",
        "les t̩l̩communications en Afrique",
        "Int̩gr̩ des Financements",
        "Puntos M̩xico",
        "๊Utokapat Foundation",
        "TÃ©lÃ©communications",
        "cafÃ©",
        "Ð¿Ñ€Ð¾ÐµÐºÑ‚",
        "РџСЂРѕРµРєС‚",
        "T√©l√©com",
        "R&eacute;gion",
        "don\u0092t",
        "bytes \ufffd lost",
        "Espa&#241;a",
    ],
)
def test_damaged_text_is_found(text):
    assert broken_parts(text)


@pytest.mark.parametrize(
    "text",
    [
        "Télécommunications",
        "Cafe\u0301",
        "مشروعٌ تجريبيّ",
        "проект «Мир» — всё",
        "项目《数字》",
        "नमस्ते",
        "ไทย ก็",
        "Việt Nam",
        "Łódź",
        "İstanbul",
        "Ọ̀ṣun",
        "AT&T; R&D",
        "Côte d’Ivoire",
        "שָׁלוֹם",
        "Œuvre £5 ½",
        "‘q’ €100",
        "°C ±5 µm",
        "Ngāti n̄",
    ],
)
def test_text_of_many_scripts_is_left_alone(text):
    assert broken_parts(text) == []


def test_no_shipped_file_has_damaged_text():
    damaged = {}
    for path in sorted(ROOT.glob("*/data/*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            cells = [cell for row in csv.reader(file) for cell in row]
        found = {part for cell in cells for part in broken_parts(cell)}
        if found:
            damaged[path.name] = found

    assert damaged == {}
