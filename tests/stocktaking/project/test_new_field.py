"""A new field of projects costs three files and at most twenty lines, and is then everywhere.

What is asked in the copy of the portal that has it stands in new_field.py.
"""

import re

from tests.new_fields import ask, changed_lines, copied, put_before, put_beside

MODEL = "stocktaking/project/description.py"
TABLE = "stocktaking/project/fields.py"
MIGRATION = "stocktaking/migrations/0001_initial.py"
ON_THE_MODEL = '    safeguards = long_text(_("safeguards"))\n'
IN_THE_TABLE = """\
    long_text(
        "safeguards",
        step="results",
        hint=_("How people are protected. At most 1,000 words."),
        heading=_("How people are protected"),
        column_names="safeguards; garanties; salvaguardias; гарантии; الضمانات; 保障措施",
        in_report=True,
    ),
"""
MENTIONS = (
    r"\('sustainability', models",
    r"(?<!\()'sustainability'",
    r"\('sustainability', 'D'\)",
    r'part\."sustainability"',
)


def test_a_new_field_is_three_files_and_is_then_everywhere(tmp_path):
    copy = copied(tmp_path)
    put_before(copy / MODEL, "    image_alt = ", ON_THE_MODEL)
    put_before(copy / TABLE, '    Field("image", ', IN_THE_TABLE)
    put_beside(copy / MIGRATION, "sustainability", "safeguards", MENTIONS)

    changed = changed_lines(copy, (MODEL, TABLE, MIGRATION))
    said = ask(copy, "tests/stocktaking/project/new_field.py")

    assert sum(map(len, changed.values())) <= 20, changed
    assert re.search(r"\b15 passed\b", said), said
