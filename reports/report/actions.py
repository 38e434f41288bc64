"""What the buttons of the editor's page do, after what was typed has been saved."""

from collections.abc import Callable, Mapping

from django.shortcuts import get_object_or_404
from django.utils import timezone

from common.moves.actors import Person
from common.text.digits import BIGGEST_ID, whole_number
from reports.report import arranging
from reports.report.forms import SectionForm, name_of
from reports.report.models import Block, Report, Section
from reports.report.segments import Comment, Segment, hash_of

Posted = Mapping[str, str]


def act(
    report: Report, section: Section | None, language: str, posted: Posted, user: Person
) -> str:
    """Do what the pressed button says; the address to go on at. Raises ValidationError."""
    if "add-section" in posted:
        choice = posted.get("new-section", "")
        return arranging.add_section(report, section, choice).edit_url(language)
    if section is None:
        return report.edit_url(language)
    for button, action in BUTTONS.items():
        if button in posted:
            return action(section, language, posted[button], user)
    return section.edit_url(language)


def block_in(section: Section, number: str) -> Block:
    """The block that a button names; raises Http404 when somebody has removed it."""
    pk = min(whole_number(number) or 0, BIGGEST_ID)
    return get_object_or_404(section.blocks, pk=pk)


def add(section: Section, language: str, kind: str, user: Person) -> str:
    return section.edit_url(language, arranging.add_block(section, kind))


def up(section: Section, language: str, number: str, user: Person) -> str:
    block = block_in(section, number)
    arranging.move(section.blocks.all(), block, -1)
    return section.edit_url(language, block)


def down(section: Section, language: str, number: str, user: Person) -> str:
    block = block_in(section, number)
    arranging.move(section.blocks.all(), block, +1)
    return section.edit_url(language, block)


def remove(section: Section, language: str, number: str, user: Person) -> str:
    """Ask first when a text or a comment would go along."""
    block = block_in(section, number)
    has_text = block.segments.exclude(text="").exists()
    asked = block.contributions.exists() or block.box_questions.exists()
    if has_text or asked or block.comments.exists():
        url = section.get_absolute_url()
        return f"{url}?language={language}&remove={block.pk}#b{block.pk}"
    return remove_surely(section, language, number, user)


def remove_surely(section: Section, language: str, number: str, user: Person) -> str:
    block_in(section, number).delete()
    section.report.touch()
    return section.edit_url(language)


def section_up(section: Section, language: str, number: str, user: Person) -> str:
    arranging.move(section.report.sections.all(), section, -1)
    return section.edit_url(language)


def section_down(section: Section, language: str, number: str, user: Person) -> str:
    arranging.move(section.report.sections.all(), section, +1)
    return section.edit_url(language)


def section_level(section: Section, language: str, number: str, user: Person) -> str:
    """Under the chapter before it, or a chapter of its own."""
    section.level = 2 if section.level == 1 else 1
    section.save(update_fields=["level"])
    section.report.touch()
    return section.edit_url(language)


def section_remove(section: Section, language: str, number: str, user: Person) -> str:
    """Ask first when a text or a comment would go along."""
    of_section = Segment.objects.filter(section=section) | Segment.objects.filter(
        block__section=section
    )
    comments = Comment.objects.filter(block__section=section)
    if of_section.exclude(text="").exists() or comments.exists():
        return f"{section.get_absolute_url()}?language={language}&remove=section"
    return section_remove_surely(section, language, number, user)


def section_remove_surely(
    section: Section, language: str, number: str, user: Person
) -> str:
    report = section.report
    section.delete()
    report.touch()
    return report.edit_url(language)


def confirm(section: Section, language: str, name: str, user: Person) -> str:
    """The translation still says what the changed original says."""
    for owner in (section, *section.blocks.all()):
        for field in owner.fields:
            segment = owner.segment(field.name, language)
            if name_of(owner, field.name) == name and segment:
                original = owner.segment(field.name, section.report.language)
                segment.original_hash = hash_of(original)
                segment.save(update_fields=["original_hash"])
    return section.edit_url(language)


def resolve(section: Section, language: str, number: str, user: Person) -> str:
    pk = min(whole_number(number) or 0, BIGGEST_ID)
    comments = Comment.objects.filter(block__section=section)
    comment = get_object_or_404(comments, pk=pk)
    if comment.resolved_at is None:
        comment.resolved_by, comment.resolved_at = user, timezone.now()
        comment.save(update_fields=["resolved_by", "resolved_at"])
    return section.edit_url(language, comment.block)


BUTTONS: dict[str, Callable[[Section, str, str, Person], str]] = {
    "add": add,
    "up": up,
    "down": down,
    "remove": remove,
    "remove-surely": remove_surely,
    "section-up": section_up,
    "section-down": section_down,
    "section-level": section_level,
    "section-remove": section_remove,
    "section-remove-surely": section_remove_surely,
    "confirm": confirm,
    "resolve": resolve,
}


def comment_on(form: SectionForm, user: Person) -> None:
    """Store the comments that were typed, whichever button was pressed."""
    for block in form.blocks:
        text = form.cleaned_data.get(name_of(block, "comment"), "")
        if text.strip():
            block.comments.create(text=text, by=user)
