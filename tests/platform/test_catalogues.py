"""Catalogues and logs: what is compiled, and what never reaches a log."""

import gettext

import pytest
from babel.messages.pofile import read_po
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import translation
from django.utils.translation import reloader

from wsis_portal.logs.json_lines import without_secrets
from wsis_portal.management.commands.compilemessages import compile_catalogue

HEADER = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'


def test_catalogue_is_compiled_once(tmp_path):
    source = tmp_path / "django.po"
    source.write_text(HEADER + 'msgid "Projects"\nmsgstr "مشاريع"\n')

    written = [compile_catalogue(source), compile_catalogue(source)]

    with (tmp_path / "django.mo").open("rb") as compiled:
        assert gettext.GNUTranslations(compiled).gettext("Projects") == "مشاريع"
    assert written == [True, False]


@pytest.mark.parametrize("compiled_by", ["this process", "another one"])
def test_catalogue_compiled_late_is_read_by_a_process_that_looked_before(
    tmp_path, settings, compiled_by
):
    settings.LOCALE_PATHS = [tmp_path]
    source = tmp_path / "fr/LC_MESSAGES/django.po"
    source.parent.mkdir(parents=True)
    source.write_text(HEADER + 'msgid "not yet there"\nmsgstr "maintenant là"\n')
    with translation.override("fr"):
        before = translation.gettext("not yet there")

        if compiled_by == "another one":
            compile_catalogue(source)
        call_command("compilemessages", verbosity=0)

        after = translation.gettext("not yet there")
    reloader.translation_file_changed(None, source.with_suffix(".mo"))
    assert (before, after) == ("not yet there", "maintenant là")


def test_broken_catalogue_is_named(tmp_path):
    source = tmp_path / "django.po"
    source.write_text("msgid Projects\n")

    with pytest.raises(CommandError, match=r"django\.po"):
        compile_catalogue(source)


def test_all_languages_have_the_same_messages_and_none_is_empty():
    found = {}
    for source in sorted(
        (settings.BASE_DIR / "locale").glob("*/LC_MESSAGES/django.po")
    ):
        with source.open("rb") as lines:
            messages = [message for message in read_po(lines) if message.id]
        found[source.parts[-3]] = {
            (message.context, message.id) for message in messages
        }
        empty = [
            message.id
            for message in messages
            if not all(message.string if message.pluralizable else [message.string])
        ]
        assert empty == [], source

    assert len(found) == len(settings.LANGUAGES) - 1
    assert len({frozenset(ids) for ids in found.values()}) == 1


def test_log_keeps_no_key_of_an_address_that_a_line_names():
    event = {"event": "Not Found: /en/accounts/password/reset/key/4-abc-def/"}

    assert without_secrets(None, "info", event) == {
        "event": "Not Found: /en/accounts/password/reset/key/…/"
    }
