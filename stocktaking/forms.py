"""The entry form, and the small forms around it."""

from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from common.digits import whole_number
from common.kept_uploads import kept
from common.uploads import FORMATS, MAX_BYTES, CleanImage, clean_image
from common.workflow import NOTE_MAX_LENGTH
from stocktaking.models import Project
from stocktaking.scanning import require_clean


class Step(NamedTuple):
    """A page of the entry form: its name in the address, its heading, what to know, its fields."""

    slug: str
    legend: Any
    hint: Any
    fields: tuple[str, ...]


# The task list, the summary before submitting, the admin and the mail follow this order.
STEPS = (
    Step(
        "what",
        _("What"),
        "",
        ("title", "language", "activity_type", "summary", "website"),
    ),
    Step(
        "who",
        _("Who"),
        _(
            "The contact person is not published: only the secretariat sees the name and address."
        ),
        (
            "organisation_name",
            "organisation_country",
            "stakeholder_type",
            "partners",
            "contact_name",
            "contact_email",
        ),
    ),
    Step(
        "where",
        _("Where"),
        _("Choose “International” if the activity is not in a single country."),
        ("country", "coverage"),
    ),
    Step("when", _("When"), "", ("timescale", "start_date", "end_date")),
    Step(
        "lines",
        _("Action lines and SDGs"),
        _("The main action line is the one the activity serves most."),
        (
            "main_action_line",
            "other_action_lines",
            "sdgs",
            "target_groups",
            "technologies",
        ),
    ),
    Step(
        "results",
        _("Results and lessons"),
        _("All of this is optional, but it is what others learn most from."),
        ("results", "replicability", "sustainability"),
    ),
    Step(
        "evidence",
        _("Evidence"),
        _("Images and documents are optional."),
        ("image", "image_alt"),
    ),
)
FIELDSETS = tuple((step.legend, step.hint, step.fields) for step in STEPS)
FIELDS = tuple(name for _legend, _hint, names in FIELDSETS for name in names)
REQUIRED = frozenset((*Project.REQUIRED_TO_SUBMIT, "sdgs", "language"))
UNREADABLE = "\ufffd"  # what the decoder puts in place of bytes that are no text


def refuse_unreadable(value: Any) -> None:
    """Bytes that are no UTF-8 arrive as U+FFFD: say so, rather than store a damaged text."""
    if isinstance(value, str) and UNREADABLE in value:
        raise ValidationError(
            _("Some characters could not be read (“�”). Type them again."),
            code="unreadable",
        )


def with_code(term: Any) -> str:
    """Code and name of a term: people know action lines and goals by their codes."""
    return f"{term.pk} – {term}"


class ImageForm(forms.ModelForm):
    """What the member's form and the admin share: an image judged by content, or taken away."""

    image = forms.FileField(
        label=_("Image"),
        required=False,
        widget=forms.FileInput(
            attrs={"accept": ",".join(f"image/{f.lower()}" for f in FORMATS)}
        ),
        help_text=format_lazy(
            _(
                "JPEG, PNG, WebP or GIF, at most {limit} MB. Of a moving picture, the first frame "
                "is kept and shown."
            ),
            limit=MAX_BYTES // 1024**2,
        ),
    )
    remove_image = forms.BooleanField(label=_("Remove the image"), required=False)
    website = forms.URLField(
        label=_("Website"), required=False, max_length=500, assume_scheme="https"
    )

    class Meta:
        model = Project
        fields: tuple[str, ...] = ()

    def clean_image(self) -> Any:
        """The new picture drawn anew; what is stored when none was sent."""
        sent = self.cleaned_data["image"]
        if "image" not in self.changed_data:
            return self._kept_image() or sent
        drawn = clean_image(sent)
        require_clean(
            sent
        )  # without an answer the drawn picture is kept: nothing else is in it
        return drawn

    def _kept_image(self) -> CleanImage | None:
        """The picture that was chosen before this page came back with an error."""
        upload = kept(self.data.get("kept_image"))
        if upload is None or upload["kind"] != "image":
            return None
        drawn = CleanImage(upload["content"], name="image.webp")
        drawn.is_animated = upload["is_animated"]
        return drawn

    @property
    def first_frame_only(self) -> bool:
        """Whether the picture that was just chosen moved; pages say that it does so no more."""
        return bool(getattr(self.cleaned_data.get("image"), "is_animated", False))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.pop("remove_image", False):
            data["image"], data["image_alt"] = "", ""
        return data


def chosen_ids(text: str, limit: int) -> list[int]:
    """“4,5,6” as ids, at most `limit`; what is no id is left out."""
    ids = [whole_number(part) for part in text.split(",")[:limit]]
    return [pk for pk in ids if pk is not None]


class MoveForm(forms.Form):
    """The reason that goes with a move; the move table says when one is needed."""

    note = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=NOTE_MAX_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        validators=[refuse_unreadable],
        help_text=_("Sent to the person concerned. At most 2,000 characters."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].widget.attrs.pop("maxlength", None)
