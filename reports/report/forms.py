"""One section of a report as one form: its heading, and the texts and settings of its blocks.

A field is named by its block, `b12-text`; that of the section is `heading`. The form saves itself
while somebody types, and two tabs keep each other's texts (common/forms/autosave.py).
"""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from common.forms.autosave import AutosavedMixin
from common.forms.values import refuse_unreadable
from common.moves.actors import Person
from reports.report.kinds import HEADING, MAX_COMMENT, TEXTS_OF, State, TextField
from reports.report.models import Block, Section, Written
from reports.report.segments import Segment
from reports.report.settings import SETTINGS_OF
from stocktaking.text.reading import direction

OF_TRANSLATIONS = [
    (state.value, state.label)
    for state in (State.MACHINE, State.TRANSLATED, State.APPROVED)
]


TEXTS = {field.name for fields in TEXTS_OF.values() for field in fields} | {"comment"}


def name_of(owner: Written, field: str) -> str:
    return f"b{owner.pk}-{field}" if isinstance(owner, Block) else field


class SectionForm(AutosavedMixin, forms.Form):
    """The section in one language. The original has settings, translations have a state."""

    def __init__(
        self,
        section: Section,
        language: str,
        data: QueryDict | None = None,
        files: Any = None,
    ) -> None:
        super().__init__(data, files)
        self.section, self.language = section, language
        self.left_alone = set()
        self.is_original = language == section.report.language
        self.blocks = list(section.blocks.all())
        owners: list[Written] = [section, *self.blocks]
        self.owners: dict[str, tuple[Written, TextField]] = {
            name_of(owner, field.name): (owner, field)
            for owner in owners
            for field in owner.fields
        }
        for name, (owner, field) in self.owners.items():
            self._add_text(name, owner, field)
        if self.is_original:
            for block in self.blocks:
                self._add_settings(block)
        for block in self.blocks:
            self.fields[name_of(block, "comment")] = comment_field()
        self.not_compared = frozenset(
            name
            for name, field in self.fields.items()
            if isinstance(field, forms.FileField) or name.endswith("-comment")
        )

    def _add_text(self, name: str, owner: Written, field: TextField) -> None:
        widget = forms.Textarea if field.is_long else forms.TextInput
        segment = owner.segment(field.name, self.language)
        attrs: dict[str, Any] = {"lang": self.language, "dir": direction(self.language)}
        if field.is_long:
            attrs["rows"] = rows_for(segment)
        self.fields[name] = forms.CharField(
            label=field.label,
            required=False,
            max_length=field.limit,
            widget=widget(attrs=attrs),
            validators=[refuse_unreadable],
        )
        # A browser would truncate a long text silently; the server reports it.
        self.fields[name].widget.attrs.pop("maxlength", None)
        if field == HEADING and isinstance(owner, Section):
            self.fields[name].widget.attrs["placeholder"] = owner.usual_heading
        self.initial[name] = segment.text if segment else ""
        if not self.is_original:
            self.fields[f"{name}-state"] = forms.ChoiceField(
                label=_("State"), choices=OF_TRANSLATIONS, required=False
            )
            self.initial[f"{name}-state"] = (
                segment.state if segment else State.TRANSLATED
            )

    def _add_settings(self, block: Block) -> None:
        form = SETTINGS_OF[block.kind](series=self.section.report.series)
        for name, field in form.fields.items():
            self.fields[name_of(block, name)] = field
            self.initial[name_of(block, name)] = block.settings.get(name)

    def _compared(self) -> list[forms.BoundField]:
        """Of a form that was sent, the fields that came with it."""
        compared = super()._compared()
        return [one for one in compared if not self.is_bound or one.name in self.data]

    # --- keeping ---

    def keep(self, user: Person) -> None:
        """Store what is valid and was changed here; what is not keeps its stored value."""
        self.is_valid()
        for name, (owner, field) in self.owners.items():
            if self._is_new(name) or self._is_new(f"{name}-state"):
                state = self.cleaned_data.get(f"{name}-state", "")
                text = self.cleaned_data[name].replace("\r\n", "\n")
                owner.write(field.name, self.language, text, user, state)
        if self.is_original:
            for block in self.blocks:
                self._keep_settings(block)

    def _is_new(self, name: str) -> bool:
        """Whether the field was changed here, is valid, and nobody else changed it."""
        if name not in self.fields or name in self.left_alone or name in self.errors:
            return False
        if name not in self.data and name not in self.files:
            return False  # a program may send one field
        return name in self.changed_data

    def _keep_settings(self, block: Block) -> None:
        form = SETTINGS_OF[block.kind]
        names = {name: name_of(block, name) for name in form.base_fields}
        if not any(self._is_new(name) for name in names.values()):
            return
        values = {
            name: self.cleaned_data.get(full, block.settings.get(name))
            for name, full in names.items()
        }
        files = MultiValueDict({name: [value] for name, value in values.items()})
        judged = form(values, files, series=self.section.report.series)
        if not judged.is_valid():
            for name, errors in judged.errors.items():
                self.add_error(names.get(name), list(errors))
            return
        block.settings = judged.settings(block)
        block.save(update_fields=["settings"])
        self.section.report.touch()

    # --- for the page ---

    def parts(self) -> Iterator[tuple[Block, list[tuple[forms.BoundField, Any]]]]:
        """Each block with its fields; beside a text of a translation its original."""
        for block in self.blocks:
            yield block, [self.beside(name) for name in self._names_of(block)]

    def _names_of(self, block: Block) -> list[str]:
        """What is drawn comes before the words about it."""
        texts = [name_of(block, field.name) for field in block.fields]
        settings = [
            name_of(block, name) for name in SETTINGS_OF[block.kind].base_fields
        ]
        return [name for name in (*settings, *texts) if name in self.fields]

    def comment(self, block: Block) -> forms.BoundField:
        return self[name_of(block, "comment")]

    def beside(self, name: str) -> tuple[forms.BoundField, Any]:
        return self[name], self.original_of(name)

    def original_of(self, name: str) -> dict[str, Any] | None:
        """What stands beside a translation: the original, its state, whether it is out of date."""
        if self.is_original or name not in self.owners:
            return None
        owner, field = self.owners[name]
        original = owner.segment(field.name, self.section.report.language)
        segment = owner.segment(field.name, self.language)
        return {
            "segment": original,
            "state": self[f"{name}-state"],
            "is_missing": bool(original and original.text)
            and not (segment and segment.text),
            "is_outdated": segment is not None and segment.is_outdated(original),
            "translation": segment,
        }

    def of_section(self) -> tuple[forms.BoundField, Any]:
        return self.beside("heading")


def comment_field() -> forms.CharField:
    """A new comment; it is stored by any button, not while it is typed."""
    return forms.CharField(
        label=_("New comment"),
        required=False,
        max_length=MAX_COMMENT,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        validators=[refuse_unreadable],
    )


def rows_for(segment: Segment | None) -> int:
    """The height of the field of a long text: about its lines, within what a screen shows."""
    letters = len(segment.text) if segment else 0
    return min(24, max(6, letters // 80 + 2))


def texts_of_gone(section: Section, data: QueryDict) -> list[str]:
    """What was typed into blocks that somebody else has removed meanwhile."""
    present = {f"b{block.pk}" for block in section.blocks.all()}
    return [
        str(text)
        for name, text in data.items()
        if (parts := name.partition("-"))[0] not in present
        and parts[0][:1] == "b"
        and parts[0][1:].isdecimal()
        and parts[2] in TEXTS
        and str(text).strip()
    ]
