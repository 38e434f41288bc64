"""The drawing of the workflows in the documentation is that of the tables."""

from wsis_portal.management.commands.draw_workflows import TARGET, document


def test_documentation_shows_the_tables_as_they_are():
    assert TARGET.read_text(encoding="utf-8") == document(), (
        "run: python manage.py draw_workflows"
    )
