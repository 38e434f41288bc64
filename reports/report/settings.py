"""The settings of a block: one form for each kind judges them, whoever sends them."""

import re
import uuid
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.utils.translation import gettext_lazy as _
from PIL import Image

from common.files.images import FORMATS, MAX_BYTES, CleanImage, clean_image
from common.files.scanner import require_clean
from common.forms.values import refuse_unreadable
from common.text.sentences import filled
from reference.action_line.models import ActionLine
from reference.country.models import Region
from reports.asking.models import MAX_NAME
from reports.builders import stocktaking, success_stories
from reports.builders.added import MAP, crossed_headings
from reports.builders.scope import INTERNATIONAL
from reports.living.grammar import TokenError, parse, unbraced
from reports.report.kinds import BlockKind, Series, Standard, parts_of
from reports.report.models import Block

MAX_BOXES = 24
MAX_TOKEN = 300  # characters
NUMBER = re.compile(r"WSIS-\d{4}-\d{1,9}")
NOTHING = ("", _("Choose …"))


def offered_by(series: str) -> Any:
    """What a report of the series has: its tables, charts and their headings."""
    return success_stories if series == Series.SUCCESS_STORIES else stocktaking


def named(series: str, names: Iterable[str]) -> list[tuple[Any, Any]]:
    """Tables or charts with their headings in the active language, and the choice of none."""
    heads = offered_by(series).texts.headings()
    return [NOTHING, *((name, heads[name]) for name in names)]


class SettingsForm(forms.Form):
    """`settings` gives what is stored: plain values, {} while nothing is chosen."""

    def __init__(self, *args: Any, series: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in self.choices_of(series).items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]  # of a choice

    def choices_of(self, series: str) -> dict[str, Any]:
        """The choices of fields in which series differ."""
        return {}

    def settings(self, block: Block) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if value}


class StandardForm(SettingsForm):
    name = forms.ChoiceField(label=_("Part"))

    def choices_of(self, series: str) -> dict[str, Any]:
        return {"name": list(parts_of(series).items())}


class KeyNumberForm(SettingsForm):
    token = forms.CharField(
        label=_("Key number"),
        max_length=MAX_TOKEN,
        required=False,
        help_text=_("Such as {{count: region=ARB, year=2024}} or {{total}}."),
        widget=forms.TextInput(attrs={"dir": "ltr", "lang": "en"}),
    )

    def clean_token(self) -> str:
        """One number, with or without its braces. Says what is wrong with it."""
        source = unbraced(self.cleaned_data["token"])
        if not source:
            return ""
        try:
            question = parse(source)
        except TokenError as error:
            raise ValidationError(error.sentence) from error
        if question.is_claim:
            raise ValidationError(
                _("Enter a number, such as {{total}}: these are words about numbers.")
            )
        return f"{{{{{source}}}}}"


class TableForm(SettingsForm):
    table = forms.ChoiceField(label=_("Table"), required=False)

    def choices_of(self, series: str) -> dict[str, Any]:
        return {"table": named(series, offered_by(series).TABLES)}


class ChartForm(SettingsForm):
    chart = forms.ChoiceField(label=_("Chart"), required=False)

    def choices_of(self, series: str) -> dict[str, Any]:
        charts = offered_by(series).CHARTS
        return {"chart": named(series, [name for name, _table, _column in charts])}


def maps() -> list[tuple[Any, Any]]:
    regions = Region.objects.exclude(code=INTERNATIONAL)
    return [
        (MAP, _("All countries")),
        *((f"{MAP}-{region.code}", region.name) for region in regions),
    ]


def lines() -> list[tuple[Any, Any]]:
    every = ActionLine.objects.order_by("order")
    return [NOTHING, *((line.code, f"{line.code} {line.name}") for line in every)]


class MapForm(SettingsForm):
    map = forms.ChoiceField(label=_("Countries"), choices=maps)


class CrossedForm(SettingsForm):
    crossed = forms.ChoiceField(
        label=_("Table"),
        choices=lambda: [NOTHING, *crossed_headings().items()],
        required=False,
    )


class LineForm(SettingsForm):
    line = forms.ChoiceField(label=_("Action line"), choices=lines, required=False)


class PictureForm(SettingsForm):
    file = forms.FileField(
        label=_("Picture"),
        required=False,
        widget=forms.FileInput(
            attrs={"accept": ",".join(f"image/{f.lower()}" for f in FORMATS)}
        ),
        help_text=filled(
            _("JPEG, PNG, WebP or GIF, at most %(limit)s MB."),
            limit=MAX_BYTES // 1024**2,
        ),
    )

    def clean_file(self) -> CleanImage | None:
        sent = self.cleaned_data["file"]
        if sent is None:
            return None
        drawn = clean_image(sent)
        require_clean(sent)
        return drawn

    def settings(self, block: Block) -> dict[str, Any]:
        """A new picture gets a new name: built versions show the one that they were built with."""
        drawn = self.cleaned_data["file"]
        if drawn is None:
            return block.settings
        with Image.open(drawn) as image:
            width, height = image.size
        drawn.seek(0)
        name = f"reports/pictures/{block.section.report_id}/{uuid.uuid4().hex}.webp"
        path = default_storage.save(name, drawn)
        return {"file": path, "width": width, "height": height}


class BoxesForm(SettingsForm):
    """By rule, unless projects are named by hand."""

    by = forms.ChoiceField(
        label=_("Balanced by"),
        choices=[
            ("country", _("Country")),
            ("main_action_line", _("Action line")),
            ("stakeholder_type", _("Stakeholder type")),
        ],
    )
    count = forms.IntegerField(
        label=_("Number of projects"), min_value=1, max_value=MAX_BOXES
    )
    line = forms.ChoiceField(
        label=_("Only of this action line"), choices=lines, required=False
    )
    numbers = forms.CharField(
        label=_("Projects chosen by hand"),
        max_length=600,
        required=False,
        help_text=_(
            "Numbers of projects such as WSIS-2026-004512, separated by commas. Then the "
            "rule above is not used."
        ),
        widget=forms.TextInput(attrs={"dir": "ltr"}),
    )

    def clean_numbers(self) -> str:
        """The numbers as they are stored, in the order in which they were typed."""
        typed = self.cleaned_data["numbers"].replace(",", " ").split()
        if wrong := [one for one in typed if not NUMBER.fullmatch(one)]:
            raise ValidationError(
                _("“%(number)s” is not the number of a project, such as %(example)s."),
                params={"number": wrong[0][:40], "example": "WSIS-2026-004512"},
            )
        if len(typed) > MAX_BOXES:
            raise ValidationError(
                _("Name at most %(limit)s projects."), params={"limit": MAX_BOXES}
            )
        return ", ".join(dict.fromkeys(typed))


class AuthorForm(SettingsForm):
    author = forms.CharField(
        label=_("Agency that is named as the author"),
        max_length=MAX_NAME,
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto"}),
        validators=[refuse_unreadable],
    )


SETTINGS_OF: dict[str, type[SettingsForm]] = {
    BlockKind.TEXT: SettingsForm,
    BlockKind.STANDARD: StandardForm,
    BlockKind.KEY_NUMBER: KeyNumberForm,
    BlockKind.TABLE: TableForm,
    BlockKind.CHART: ChartForm,
    BlockKind.QUOTE: SettingsForm,
    BlockKind.PICTURE: PictureForm,
    BlockKind.BOXES: BoxesForm,
    BlockKind.MAP: MapForm,
    BlockKind.HEAT_MAP: CrossedForm,
    BlockKind.CROSS_TABLE: CrossedForm,
    BlockKind.CURVE: LineForm,
    BlockKind.REVIEWS: LineForm,
    BlockKind.CONTRIBUTION: AuthorForm,
}
FIRST_SETTINGS: dict[str, dict[str, Any]] = {
    BlockKind.STANDARD: {"name": Standard.INTRODUCTION.value},
    BlockKind.BOXES: {"by": "country", "count": 6},
    BlockKind.MAP: {"map": MAP},
}
