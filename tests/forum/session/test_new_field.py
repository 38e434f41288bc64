"""A new field of sessions costs three files and at most twenty lines, and is then everywhere.

What is asked in the copy of the portal that has it stands in new_field.py.
"""

import re

from tests.new_fields import ask, changed_lines, copied, put_before, put_beside

MODEL = "forum/session/description.py"
TABLE = "forum/session/fields.py"
MIGRATION = "forum/migrations/0001_initial.py"
ON_THE_MODEL = """\
    accessibility = models.TextField(_("accessibility"), blank=True, max_length=10000)
"""
IN_THE_TABLE = """\
    SessionField(
        "accessibility",
        step="what",
        weight="C",
        heading=_("Accessibility"),
        column="accessibility",
        column_names="accessibilité; accesibilidad; доступность; إمكانية الوصول; 无障碍",
    ),
"""
MENTIONS = (
    r"\('description', models\.\w+\(blank=True, max_length=10000",
    r"'description'(?=, 'audience')",
    r"(?<='title', )'description'(?=\))",
)


def test_a_new_field_is_three_files_and_is_then_everywhere(tmp_path):
    copy = copied(tmp_path)
    put_before(copy / MODEL, "    type = models.ForeignKey", ON_THE_MODEL)
    put_before(copy / TABLE, '    SessionField("audience"', IN_THE_TABLE)
    put_beside(copy / MIGRATION, "description", "accessibility", MENTIONS)

    changed = changed_lines(copy, (MODEL, TABLE, MIGRATION))
    said = ask(copy, "tests/forum/session/new_field.py")

    assert sum(map(len, changed.values())) <= 20, changed
    assert re.search(r"\b10 passed\b", said), said
