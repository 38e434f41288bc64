"""The text of a report: its scope, template, segments and earlier texts."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from reports.publication.models import Publication
from reports.report.kinds import BlockKind, SectionKind, State
from reports.report.models import Block, Report, Section
from tests.factories import UserFactory
from tests.reports.records import secretariat
from tests.reports.report.records import report, section_of

pytestmark = pytest.mark.django_db


def test_publications_of_one_scope_share_a_report_in_all_languages():
    english = Publication.objects.create(series="global", to_year=2024)
    french = Publication.objects.create(series="global", to_year=2024, language="fr")
    later = Publication.objects.create(series="global", to_year=2025)

    assert english.report == french.report != later.report
    assert english.report.language == "en"


def test_the_state_of_the_roadmap_has_no_text_of_an_editor():
    with pytest.raises(IntegrityError), transaction.atomic():
        Publication.objects.create(
            series="roadmap_state", as_of=timezone.now().date(), report=report()
        )


def test_a_new_global_report_has_all_parts_of_the_2020_report():
    sections = list(report().sections.select_related("action_line"))

    kinds = [section.kind for section in sections if not section.action_line]
    assert kinds == [
        "foreword",
        "acknowledgements",
        "introduction",
        "summary",
        "methodology",
        "chapter",
        "conclusions",
        "annex",
        "disclaimer",
    ]
    lines = [section for section in sections if section.action_line]
    assert len(lines) == 19  # the eighteen, and C7 itself above its parts
    parts = [line.action_line_id for line in lines if line.level == 2]
    assert len(parts) == 8
    assert all(code.startswith("C7-") for code in parts)


def test_a_regional_report_is_shorter():
    regional = report(series="regional", region_id="AFR")

    assert not regional.sections.exclude(action_line=None).exists()
    assert regional.sections.filter(kind="foreword").exists()


def test_an_untouched_report_prints_only_what_the_portal_writes():
    printed = Report.objects.with_outline().get(pk=report().pk).printed_sections()

    assert [section.kind for section in printed] == [
        "introduction",
        "summary",
        "methodology",
        "chapter",
        "conclusions",
        "annex",
        "disclaimer",
    ]


def test_a_written_part_brings_its_chapter_along():
    text = report()
    part = section_of(text, action_line_id="C7-EGOV")
    part.blocks.get().write("text", "en", "Services moved online.", secretariat())

    printed = Report.objects.with_outline().get(pk=text.pk).printed_sections()
    codes = [section.action_line_id for section in printed if section.action_line_id]
    assert codes == ["C7", "C7-EGOV"]


def test_headings_are_those_of_the_kind_until_somebody_writes_one():
    section = section_of(report(), kind=SectionKind.FOREWORD)
    assert str(section) == "Foreword"
    with translation.override("fr"):
        assert str(section_of(section.report, action_line_id="C9")) == "C9 Médias"

    section.write("heading", "en", "A word before", secretariat())
    assert str(section) == "A word before"


def test_a_translation_is_out_of_date_when_the_original_changed():
    writer = secretariat()
    block = section_of(report(), kind=SectionKind.FOREWORD).blocks.get()
    original = block.write("text", "en", "Dear reader", writer)
    french = block.write("text", "fr", "Chers lecteurs", writer)
    assert (original.state, french.state) == (State.ORIGINAL, State.TRANSLATED)
    assert not french.is_outdated(original)

    changed = block.write("text", "en", "Dear readers", writer)
    assert french.is_outdated(changed)
    assert not changed.is_outdated(changed)


def test_a_text_that_is_missing_in_a_language_is_read_in_the_original():
    block = section_of(report(), kind=SectionKind.FOREWORD).blocks.get()
    assert block.read("text", "fr") is None
    block.write("text", "en", "Dear reader", secretariat())

    assert block.read("text", "fr").language == "en"


def test_what_somebody_else_wrote_is_kept():
    block = section_of(report(), kind=SectionKind.FOREWORD).blocks.get()
    first, second = secretariat(), secretariat()
    block.write("text", "en", "Mine", first)
    segment = block.write("text", "en", "Yours", second)

    kept = segment.earlier.get()
    assert (kept.text, kept.by) == ("Mine", first)


def test_one_sitting_keeps_one_text_and_whatever_most_of_it_went():
    block = section_of(report(), kind=SectionKind.FOREWORD).blocks.get()
    writer = secretariat()
    for text in ("One", "One two", "One two three", "One two three four", ""):
        segment = block.write("text", "en", text, writer)

    assert [row.text for row in segment.earlier.all()] == ["One two three four", "One"]

    segment.earlier.update(replaced_at=timezone.now() - timedelta(minutes=11))
    block.write("text", "en", "Again", writer)
    block.write("text", "en", "Again and again", writer)
    assert segment.earlier.first().text == "Again"


def test_only_staff_and_its_editors_may_read_the_text():
    text = report()
    editor, member = UserFactory(), UserFactory()
    text.editorships.create(user=editor)

    def sees(user):
        return Report.objects.visible_to(user).filter(pk=text.pk).exists()

    assert [sees(secretariat()), sees(editor)] == [True, True]
    assert [sees(member), sees(AnonymousUser())] == [False, False]


def test_a_text_has_a_limit():
    block = section_of(report(), kind=SectionKind.FOREWORD).blocks.get()
    segment = block.segments.create(
        field="text", language="en", state=State.ORIGINAL, text="a" * 100_000
    )
    segment.text += "a"
    with pytest.raises(ValidationError):
        segment.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        segment.save()


@contextmanager
def at_once():
    """A savepoint in which constraints that wait for the end are checked without waiting."""
    with transaction.atomic():
        yield
        transaction.get_connection().check_constraints()


def test_sections_and_blocks_have_their_own_place():
    text = report()
    with pytest.raises(IntegrityError), at_once():
        Section.objects.create(report=text, position=1, kind="text")
    section = text.sections.first()
    Block.objects.create(section=section, position=2, kind=BlockKind.QUOTE)
    with pytest.raises(IntegrityError), at_once():
        Block.objects.create(section=section, position=2, kind=BlockKind.TEXT)
